#include "store/config_writer.hpp"

#include "base/log.hpp"

namespace xivo::store {

ConfigWriter::Outcome ConfigWriter::run(const model::Transaction& transaction) {
  const model::ConfigSnapshot current = source_.current();
  auto applied = model::apply(*current, transaction, {clock_.wall(), rng_.next()});
  if (!applied) return Unexpected{Refusal{applied.error(), std::nullopt}};
  if (applied->changes.empty()) {
    applied->config = current;
    return std::move(*applied);
  }
  if (const auto durable = store_.commit(*applied); !durable) {
    log::error("store", "revision {} was not written: {}", applied->revision, durable.error().what);
    return Unexpected{Refusal{{}, durable.error()}};
  }
  source_.publish(applied->config);
  if (told_) told_(*applied);
  return std::move(*applied);
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

Result<model::Applied, model::Problems> ConfigWriter::dry_run(const model::Transaction& transaction) const {
  return model::apply(*source_.current(), transaction, {clock_.wall(), 0});
}

}  // namespace xivo::store
