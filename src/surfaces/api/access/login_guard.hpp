#pragma once

#include <unordered_map>

#include "base/address.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// Makes guessing passwords slow: per address (an IPv6 network of 64 bits counts as one), each failure is answered
/// later than the one before, and after kFailuresMax nothing is looked at for a while.
/// Thread  the web loop.
class LoginGuard {
 public:
  static constexpr std::size_t kAddressesMax = 4096;  // remembered; the one silent for longest makes room
  static constexpr int kFailuresMax = 20;
  static constexpr int kPendingMax = 4;  // attempts of one address being looked at or held back
  static constexpr runtime::Duration kFirstDelay = std::chrono::milliseconds(200);
  static constexpr runtime::Duration kDelayMax = std::chrono::seconds(5);
  static constexpr runtime::Duration kForgetAfter = std::chrono::minutes(15);  // since the last failure

  /// Whether an attempt may be looked at; when it may, accepted() or failed() and answered() must follow.
  bool admit(const IpAddress& from, runtime::Instant now);
  /// How long an address that was not admitted should wait.
  [[nodiscard]] runtime::Duration wait_of(const IpAddress& from, runtime::Instant now) const;
  /// Returns how long to hold back the answer.
  runtime::Duration failed(const IpAddress& from, runtime::Instant now);
  void answered(const IpAddress& from);
  void accepted(const IpAddress& from);
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  struct Record {
    int failures = 0;
    int pending = 0;
    runtime::Instant last{};
  };
  void make_room();

  std::unordered_map<IpAddress, Record> records_;
};

}  // namespace xivo::api
