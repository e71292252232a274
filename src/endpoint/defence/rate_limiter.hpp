#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <unordered_map>

#include "base/ip_network.hpp"
#include "runtime/clock.hpp"

namespace xivo::endpoint {

/// How many requests a source may send before anybody knows who it is, and how often it was not worth listening to.
/// Costs a hash look-up a request. Bounded: a source that has been silent makes room; when none has, new sources share one
/// allowance, so that a flood of forged addresses costs those that are known nothing.
/// Thread  the shard's.
class RateLimiter {
 public:
  enum class Kind : std::uint8_t { Register, Invite, Other };
  /// A bucket of tokens: `burst` at once, then so many a second.
  struct Rate {
    std::uint32_t per_second;
    std::uint32_t burst;
  };
  struct Limits {
    Rate registers{20, 100};
    Rate invites{10, 50};
    Rate requests{50, 200};  // of every kind together
    std::size_t sources_max = 16'384;
    runtime::Duration silent_after = std::chrono::seconds(10);  // may make room
    runtime::Duration count_window = std::chrono::minutes(10);  // of the two counts below
  };
  static constexpr Rate kRefusals{1, 3};  // answers that say "later"; what is beyond gets none

  explicit RateLimiter(const Limits& limits) : limits_(limits) {}

  bool admit(const IpAddress& from, Kind kind, runtime::Instant now);
  /// Whether a source that was not admitted may be told so.
  bool may_refuse(const IpAddress& from, runtime::Instant now);

  /// Each returns how many there were within the window; 0 for a source that has no record of its own.
  std::uint32_t count_malformed(const IpAddress& from, runtime::Instant now);
  std::uint32_t count_unanswered(const IpAddress& from, runtime::Instant now);
  /// Forgets both counts.
  void forgive(const IpAddress& from);
  [[nodiscard]] std::size_t size() const { return by_network_.size(); }

 private:
  enum Bucket : std::uint8_t { Registers, Invites, Requests, Refusals };
  struct Source {
    IpNetwork network;
    runtime::Instant filled{};
    std::array<std::uint64_t, 4> tokens{};  // millionths
    runtime::Instant window_start{};
    std::uint32_t malformed = 0;
    std::uint32_t unanswered = 0;
  };
  using Order = std::list<Source>;

  [[nodiscard]] Rate rate(Bucket bucket) const;
  Source& source_of(const IpAddress& from, runtime::Instant now);
  void start(Source& source, runtime::Instant now) const;
  void fill(Source& source, runtime::Instant now) const;
  void count_from(Source& source, runtime::Instant now) const;
  static bool take(Source& source, Bucket bucket);

  const Limits limits_;
  Order order_;  // the latest heard of first
  std::unordered_map<IpNetwork, Order::iterator> by_network_;
  Source crowd_;  // whoever finds the table full
};

}  // namespace xivo::endpoint
