#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/exchange.hpp"
#include "api/strand.hpp"
#include "model/config.hpp"
#include "store/config_history.hpp"
#include "store/config_store.hpp"

namespace xivo::api {

/// The past of the configuration, for every route that looks at it: one question at a time, on a worker.
/// Thread  the web loop, or as a function says. Loop and workers outlive it.
class History {
 public:
  static constexpr std::size_t kWaitingMax = 64;

  /// Errors  those of the database
  static Result<std::shared_ptr<History>> open(runtime::Loop& loop, runtime::WorkerPool& workers,
                                               const model::ConfigSource& config, const std::string& path);

  using Question = std::function<void(store::ConfigHistory& past)>;
  /// Asks on a worker. When too many are asking the exchange is refused. From any thread.
  void ask(const ExchangePtr& exchange, Question question);

  /// The whole configuration as of a revision, for `use` on a worker; refuses when there is no such revision. The last one
  /// is kept, so that who leafs through a list does not read it anew each time.
  void as_of(const ExchangePtr& exchange, model::RevisionNumber revision,
             std::function<void(const model::Config& config)> use);

 private:
  struct State;
  explicit History(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace xivo::api
