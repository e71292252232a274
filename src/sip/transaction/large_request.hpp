#pragma once

#include <unordered_map>

#include "sip/transaction/core.hpp"

namespace xivo::sip {

/// Requests of ours that are too large for a datagram whose way nobody knows: they go by TCP, and by UDP after all when the
/// peer takes no connection or says nothing by it for a second. A peer that did so is not tried again for a while.
/// Source  RFC 3261 §18.1.1
class LargeRequests {
 public:
  static constexpr std::size_t kDatagramMax = 1'300;  // bytes, where the MTU is unknown
  static constexpr std::size_t kRefusersMax = 4'096;
  static constexpr auto kRefusalLasts = std::chrono::minutes(10);

  LargeRequests(Core& core) : core_(core) {}

  /// Before the transaction is added.
  void choose(ClientTransaction& transaction) const;
  /// After start() for a request that goes by TCP for its size.
  [[nodiscard]] runtime::Duration patience() const { return 2 * core_.timers.t1; }
  /// Makes it go by UDP; to be started anew. False: it went by what it was meant to.
  bool fall_back(ClientTransactionId id, ClientTransaction& transaction);

 private:
  Core& core_;
  std::unordered_map<SocketAddress, runtime::Instant> refusers_;  // and until when
};

}  // namespace xivo::sip
