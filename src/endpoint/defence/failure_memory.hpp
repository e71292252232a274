#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "runtime/clock.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

enum class FailureReason : std::uint8_t {
  UnknownUser,       // no line of that name
  WrongSecret,
  WrongRealm,        // the digest was made for another realm than ours
  WrongTransport,    // the line is restricted to another one
  WrongPort,         // the request names a port that it did not arrive on
  TooManyContacts,
  Disabled,          // the line exists and is switched off
  FixedHost,         // the line has a fixed address and does not register
  StaleNonce,        // right digest, nonce too old: the phone is to try again, and mostly does
  ReplayedNonce,     // right digest, seen before
  Malformed,         // what was wrong is in the detail
  IntervalTooBrief,  // 423
  OtherAccount,      // authenticated as one line, asked to register another
  LockedOut,         // not looked at: too many wrong secrets before
};
/// "unknown_user": stable, for surfaces to translate.
std::string_view name(FailureReason reason);

/// One reason why attempts of an account from an address failed, repeats counted.
struct Failure {
  std::string account;  // as claimed; cut at 64 bytes, control characters removed
  SocketAddress source;
  sip::Transport transport = sip::Transport::Udp;
  FailureReason reason{};
  std::string method;      // "REGISTER", "INVITE"
  std::string user_agent;  // cut at 128 bytes
  std::string detail;      // what was claimed and what was expected, never a secret
  runtime::WallTime first;
  runtime::WallTime last;
  std::uint32_t count = 1;
};

/// The failure of one request at `now`, with what the request tells about its sender.
Failure failure_of(const sip::Message& request, const sip::Flow& flow, runtime::WallTime now);

/// `text` as it may be shown: valid UTF-8 without control characters, cut at a character's end. Other bytes become '?'.
std::string printable(std::string_view text, std::size_t bytes_max);

/// Remembers why attempts failed, by account and by address, so that "why is this phone not registered?" has an
/// answer. Bounded: the oldest goes first.
/// Thread  the shard's.
class FailureMemory {
 public:
  static constexpr std::size_t kFailuresMax = 10'000;
  static constexpr std::size_t kPerAddressMax = 50;  // one scanner cannot push the others out
  static constexpr std::size_t kAccountBytesMax = 64;
  static constexpr std::size_t kMethodBytesMax = 32;
  static constexpr std::size_t kUserAgentBytesMax = 128;
  static constexpr std::size_t kDetailBytesMax = 256;

  FailureMemory() = default;
  FailureMemory(const FailureMemory&) = delete;
  FailureMemory& operator=(const FailureMemory&) = delete;

  /// A failure with the account, address and reason of a remembered one adds to its count and replaces what it says.
  void remember(Failure failure);
  /// A success ends the story: the account's failures from that address are forgotten.
  void forget(std::string_view account, const IpAddress& source);
  /// The account proved who it is: only the reasons that hindered the proof are forgotten.
  void forget_credentials(std::string_view account, const IpAddress& source);

  /// Told by forget(): other shards may remember more of the story.
  std::function<void(std::string_view account, const IpAddress& source)> on_forget;

  /// Told by remember(), with what is remembered now.
  std::function<void(const Failure& failure)> on_remember;

  [[nodiscard]] std::vector<Failure> all() const;  // newest first
  [[nodiscard]] std::vector<Failure> of_account(std::string_view account) const;
  [[nodiscard]] std::vector<Failure> of_address(const IpAddress& source) const;
  [[nodiscard]] std::size_t size() const { return failures_.size(); }

 private:
  using Failures = std::list<Failure>;  // newest first
  using Position = Failures::iterator;

  template <class Condition>
  void forget_if(const IpAddress& source, Condition condition);
  void drop(Position position);

  Failures failures_;
  std::unordered_map<IpAddress, std::vector<Position>>
      by_network_;  // oldest first, at most kPerAddressMax each
};

/// Limits how many lines of log refusals may cause, so that a flood of attempts does not become a flood of lines. What
/// watches the log (fail2ban) needs to see a source some ten times, not ten thousand times.
/// Thread  the shard's.
class RefusalLimit {
 public:
  static constexpr auto kWindow = std::chrono::seconds(10);
  static constexpr std::uint32_t kPerSourceMax = 20;  // lines a window
  static constexpr std::uint32_t kLinesMax = 1'000;  // lines a window, all sources together

  /// True when a line about `source` may be written now.
  bool admit(const IpAddress& source, runtime::Instant now);
  /// Refusals that were not written, since the start.
  [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; }

 private:
  runtime::Instant window_start_{};
  std::uint32_t lines_ = 0;
  std::uint64_t suppressed_ = 0;
  std::unordered_map<IpAddress, std::uint32_t> lines_by_source_;  // at most kLinesMax
};

}  // namespace xivo::endpoint
