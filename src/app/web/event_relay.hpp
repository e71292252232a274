#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "api/live/event_stream.hpp"
#include "app/shard_team.hpp"
#include "app/web/live_copies.hpp"
#include "store/config_writer.hpp"

namespace xivo::app {

/// Carries what happens in the engine and in the configuration to the web loop, by message: a call never waits for who
/// watches it, and pays nothing while nobody does.
/// Thread  made before the shards run; destroyed after they have ended. The writer may live on.
class EventRelay {
 public:
  struct Parts {
    runtime::Loop& web_loop;
    ShardTeam& shards;
    const model::ConfigSource& config;
    store::ConfigWriter& writer;
    api::EventStream& events;
    std::shared_ptr<Departures> departures;  // kept up to date here
  };
  static constexpr unsigned kFailuresASecondMax = 20;  // of one shard; who scans us is no news

  explicit EventRelay(const Parts& parts);
  ~EventRelay();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace xivo::app
