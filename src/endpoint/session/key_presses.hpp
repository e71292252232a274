#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/clock.hpp"

namespace xivo::endpoint {

/// How a line's phone sends and takes key presses.
enum class DtmfMode : std::uint8_t {
  Auto,     // telephone events (RFC 4733) where the phone knows them, else tones
  Rfc4733,  // telephone events or nothing
  Info,     // SIP INFO
  Inband,   // tones in the sound
};
/// The configuration's word; Auto for any other.
DtmfMode dtmf_mode_of(std::string_view word);

/// The key of "Signal=5" (application/dtmf-relay) or "5" (application/dtmf); nothing when the message is about something else.
std::optional<char> info_digit(std::string_view content_type, std::string_view body);
/// The body of such a message, application/dtmf-relay.
std::string info_of_digit(char digit);

/// Key presses that are played to a phone, one after the other.
/// Thread  the shard's
class KeyQueue {
 public:
  static constexpr std::size_t kWaitingMax = 32;  // more are dropped
  /// A press that has not ended after this was stopped by something else that the phone hears.
  static constexpr auto kLongest = std::chrono::milliseconds(500);

  /// The press to play at once, if any: `digit`, unless another is still being played, behind which it waits.
  std::optional<char> press(char digit, runtime::Instant now);
  /// One has come to its end. The next to play.
  std::optional<char> ended(runtime::Instant now);

 private:
  std::optional<runtime::Instant> began_;
  std::deque<char> waiting_;
};

}  // namespace xivo::endpoint
