// Key presses by SIP INFO, and in which way a phone gets them.                     RFC 6086, RFC 4733, ITU-T Q.23
#include "endpoint/session/key_presses.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";

/// The value of "Signal=" in a body of such lines.
std::string_view signal_of(std::string_view body) {
  for (auto line : text::split(body, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    if (text::equal_ignoring_case(text::trim(line.substr(0, equals)), "Signal"))
      return text::trim(line.substr(equals + 1));
  }
  return {};
}

}  // namespace

DtmfMode dtmf_mode_of(std::string_view word) {
  if (word == "rfc4733") return DtmfMode::Rfc4733;
  if (word == "info") return DtmfMode::Info;
  return word == "inband" ? DtmfMode::Inband : DtmfMode::Auto;
}

std::optional<char> info_digit(std::string_view content_type, std::string_view body) {
  std::string_view signal;
  if (text::equal_ignoring_case(content_type, "application/dtmf")) {
    signal = text::trim(body.substr(0, body.find_first_of("\r\n")));
  } else if (text::equal_ignoring_case(content_type, "application/dtmf-relay")) {
    signal = signal_of(body);
  }
  if (signal.size() != 1 || kKeys.find(signal[0]) == std::string_view::npos) return std::nullopt;
  return signal[0];
}

std::string info_of_digit(char digit) { return fmt::format("Signal={}\r\nDuration=160\r\n", digit); }

std::optional<char> KeyQueue::press(char digit, runtime::Instant now) {
  if (began_ && now - *began_ < kLongest) {
    if (waiting_.size() < kWaitingMax) waiting_.push_back(digit);
    return std::nullopt;
  }
  waiting_.clear();
  began_ = now;
  return digit;
}

std::optional<char> KeyQueue::ended(runtime::Instant now) {
  began_.reset();
  if (waiting_.empty()) return std::nullopt;
  const char next = waiting_.front();
  waiting_.pop_front();
  began_ = now;
  return next;
}

}  // namespace xivo::endpoint
