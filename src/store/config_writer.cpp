#include "store/config_writer.hpp"

#include "base/log.hpp"

namespace xivo::store {

ConfigWriter::Outcome ConfigWriter::run(const model::Transaction& transaction) {
  const model::ConfigSnapshot current = source_.current();
  auto applied = model::apply(*current, transaction, {clock_.wall(), rng_.next()});
  if (!applied) return Unexpected{Refusal{applied.error(), std::nullopt}};
  if (applied->changes.empty()) {
    applied->config = current;
    return Reviewed{std::move(*applied), {}};
  }
  if (transaction.review != model::Review::None && current->revision() != 0) {
    Reviewed tried = reviewed(std::move(*applied), current);
    auto problems = model::review::refused(tried.review, transaction, tried.ids);
    if (!problems.empty())
      return Unexpected{Refusal{std::move(problems), std::nullopt, std::move(tried.review)}};
    return save(std::move(tried));
  }
  return save({std::move(*applied), {}});
}

Reviewed ConfigWriter::reviewed(model::Applied applied, const model::ConfigSnapshot& before) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.wall());
  auto outcome = reviewer_.review(before, applied.config, now);
  return {std::move(applied), std::move(outcome)};
}

ConfigWriter::Outcome ConfigWriter::save(Reviewed made) {
  if (const auto durable = store_.commit(made); !durable) {
    log::error("store", "revision {} was not written: {}", made.revision, durable.error().what);
    return Unexpected{Refusal{{}, durable.error()}};
  }
  source_.publish(made.config);
  if (told_) told_(made);
  return made;
}

bool ConfigWriter::submit(model::Transaction transaction, OnDone on_done) {
  return worker_.submit([this, transaction = std::move(transaction), on_done = std::move(on_done)] {
    on_done(run(transaction));
  });
}

ConfigWriter::Outcome ConfigWriter::write(model::Transaction transaction) {
  std::optional<Outcome> outcome;
  const bool accepted =
      submit(std::move(transaction), [&outcome](Outcome made) { outcome.emplace(std::move(made)); });
  if (accepted) worker_.drain();
  if (!outcome) return Unexpected{Refusal{{}, Error("too many configuration changes are waiting")}};
  return std::move(*outcome);
}

Result<Reviewed, model::Problems> ConfigWriter::dry_run(const model::Transaction& transaction) const {
  const model::ConfigSnapshot current = source_.current();
  auto applied = model::apply(*current, transaction, {clock_.wall(), 0});
  if (!applied) return Unexpected{applied.error()};
  if (applied->changes.empty()) return Reviewed{std::move(*applied), {}};
  return reviewed(std::move(*applied), current);
}

}  // namespace xivo::store
