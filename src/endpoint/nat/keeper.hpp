#pragma once

#include <functional>

#include "endpoint/registrar.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"

namespace xivo::endpoint {

/// Whether a phone is reached through a NAT that forgets: registered by UDP, from another address than its Contact names.
bool is_behind_nat(const Binding& binding);

/// Keeps the way to phones behind NAT open: every interval a double CRLF goes down the path of each such registration. Phones ignore it,
/// routers see that the path is in use (most forget a quiet UDP path after 30 s). Streams keep themselves open.
/// Thread  the shard's.
/// Source  RFC 5626 §3.5.1 (what a keep-alive looks like; here it goes the other way)
class NatKeeper {
 public:
  static constexpr auto kIntervalDefault = std::chrono::seconds(25);
  using Visit = std::function<void(const std::function<void(const Binding&)>&)>;

  /// `interval` 0: never.
  NatKeeper(const runtime::Scheduler& scheduler, sip::Wire& wire, Visit bindings,
            std::chrono::seconds interval);
  ~NatKeeper();
  NatKeeper(const NatKeeper&) = delete;
  NatKeeper& operator=(const NatKeeper&) = delete;

 private:
  void arm();
  void keep();

  const runtime::Scheduler scheduler_;
  sip::Wire& wire_;
  const Visit bindings_;
  const std::chrono::seconds interval_;
  runtime::TimerId timer_;
};

}  // namespace xivo::endpoint
