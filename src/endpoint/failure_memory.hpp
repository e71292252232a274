#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "runtime/clock.hpp"
#include "sip/flow.hpp"

namespace xivo::endpoint {

enum class FailureReason : std::uint8_t {
  UnknownUser, WrongSecret, WrongRealm, WrongTransport, WrongPort, TooManyContacts, Disabled, FixedHost, StaleNonce, ReplayedNonce,
  Malformed, IntervalTooBrief,
};

/// One reason why attempts of an account from an address failed, repeats counted.
struct Failure {
  std::string account;      // as claimed; cut at 64 bytes, control characters removed
  SocketAddress source;
  sip::Transport transport = sip::Transport::Udp;
  FailureReason reason{};
  std::string method;       // "REGISTER", "INVITE"
  std::string user_agent;   // cut at 128 bytes
  std::string detail;       // what was claimed and what was expected, never a secret
  runtime::WallTime first;
  runtime::WallTime last;
  std::uint32_t count = 1;
};

/// Remembers why attempts failed, by account and by address, so that "why is this phone not registered?" has an
/// answer. Bounded: the oldest goes first.
/// Thread  the shard's.
class FailureMemory {
 public:
  static constexpr std::size_t kFailuresMax = 10'000;
  static constexpr std::size_t kPerAddressMax = 50;  // one scanner cannot push the others out

  void remember(Failure failure);
  /// A success ends the story: the account's failures from that address are forgotten.
  void forget(std::string_view account, const IpAddress& source);
  [[nodiscard]] std::vector<Failure> all() const;  // newest first
  [[nodiscard]] std::vector<Failure> of_account(std::string_view account) const;
  [[nodiscard]] std::vector<Failure> of_address(const IpAddress& source) const;

 private:
  std::deque<Failure> failures_;
};

}  // namespace xivo::endpoint
