#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// Makes guessing the password of one account slow even when the guesses come from many addresses: once there were
/// some failures, each attempt from an address that the account has never signed in from is looked at later. Nobody is
/// locked out by it, and an unknown name is treated like a known one.
/// Thread  the web loop.
class NameGuard {
 public:
  static constexpr std::size_t kNamesMax = 4096;  // remembered; one that never signed in makes room first
  static constexpr std::size_t kHomesMax = 8;  // addresses that an account has signed in from
  static constexpr int kFreeFailures = 5;  // before anybody has to wait
  static constexpr runtime::Duration kFirstDelay = std::chrono::milliseconds(500);
  static constexpr runtime::Duration kDelayMax = std::chrono::seconds(4);
  static constexpr runtime::Duration kForgetAfter = std::chrono::minutes(15);  // failures, since the last

  /// How long to wait before an attempt is looked at.
  [[nodiscard]] runtime::Duration delay(const std::string& name, const IpAddress& from,
                                        runtime::Instant now) const;
  [[nodiscard]] int failures(const std::string& name, runtime::Instant now) const;
  void failed(const std::string& name, runtime::Instant now);
  void succeeded(const std::string& name, const IpAddress& from, runtime::Instant now);
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  struct Record {
    int failures = 0;
    runtime::Instant last{};
    std::vector<IpAddress> homes;  // the latest last
  };
  Record& record_of(const std::string& name);

  std::unordered_map<std::string, Record> records_;
};

}  // namespace xivo::api
