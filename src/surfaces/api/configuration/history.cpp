#include "api/configuration/history.hpp"

namespace xivo::api {

struct History::State {
  State(runtime::Loop& l, runtime::WorkerPool& workers, const model::ConfigSource& c,
        std::unique_ptr<store::ConfigHistory> h, std::unique_ptr<store::ConfigStore> s)
      : loop(l), config(c), past(std::move(h)), store(std::move(s)), strand(l, workers, kWaitingMax) {}

  runtime::Loop& loop;
  const model::ConfigSource& config;
  const std::unique_ptr<store::ConfigHistory> past;  // the strand's
  const std::unique_ptr<store::ConfigStore> store;   // the strand's
  model::ConfigSnapshot kept;                        // the strand's
  Strand strand;
};

Result<std::shared_ptr<History>> History::open(runtime::Loop& loop, runtime::WorkerPool& workers,
                                               const model::ConfigSource& config, const std::string& path) {
  auto past = store::ConfigHistory::open(path);
  if (!past) return Unexpected{past.error()};
  auto store = store::ConfigStore::open(path);
  if (!store) return Unexpected{store.error()};
  auto state = std::make_shared<State>(loop, workers, config, std::move(*past), std::move(*store));
  return std::shared_ptr<History>(
      new History(std::move(state)));  // lint: allow raw-new the constructor is private
}

void History::ask(const ExchangePtr& exchange, Question question) {
  auto begin = [exchange, state = state_, question = std::move(question)] {
    auto work = [state, question] { question(*state->past); };
    if (!state->strand.run(std::move(work))) exchange->refuse(Refusal::Busy);
  };
  if (state_->loop.in_loop()) return begin();
  if (!state_->loop.post(std::move(begin))) exchange->refuse(Refusal::Busy);
}

void History::as_of(const ExchangePtr& exchange, model::RevisionNumber revision,
                    std::function<void(const model::Config&)> use) {
  auto work = [exchange, revision, use = std::move(use), state = state_] {
    const auto now = state->config.current();
    if (revision > now->revision()) return exchange->refuse(Refusal::NotFound);
    if (revision == now->revision()) return use(*now);
    if (!state->kept || state->kept->revision() != revision) {
      auto loaded = state->store->load_at(revision);
      if (!loaded) return exchange->refuse(storage_refusal(loaded.error(), exchange->language));
      state->kept = std::move(*loaded);
    }
    use(*state->kept);
  };
  if (!state_->strand.run(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
