#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "runtime/scheduler.hpp"
#include "sip/locate.hpp"

namespace xivo::endpoint {

/// Where the hosts are that dialogs name in Contact and Record-Route. Nobody waits for it: a request inside a dialog goes
/// the way the last one came until the name is found, and that is remembered for a while.
/// Thread  the shard's
class Hops {
 public:
  static constexpr std::size_t kKnownMax = 1'024;
  static constexpr auto kKnownFor = std::chrono::minutes(1);

  Hops(const runtime::Scheduler& scheduler, sip::Locator& locator)
      : scheduler_(scheduler), locator_(locator) {}

  std::optional<sip::Target> find(const sip::Whereabouts& where);

 private:
  struct Hop {
    std::optional<sip::Target> target;
    runtime::Instant until;
    bool asking = false;
  };

  const runtime::Scheduler scheduler_;
  sip::Locator& locator_;
  std::unordered_map<std::string, Hop> hops_;
};

}  // namespace xivo::endpoint
