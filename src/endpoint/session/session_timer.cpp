// How a call whose phone has vanished is noticed.                                                      RFC 4028
#include "endpoint/session/session_timer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

enum class Refresher : std::uint8_t { Unsaid, Uac, Uas };

struct SessionExpires {
  std::uint32_t interval = 0;
  Refresher refresher = Refresher::Unsaid;
};

/// "1800;refresher=uac"
std::optional<SessionExpires> parse_session_expires(std::string_view value) {
  const auto semicolon = std::min(value.find(';'), value.size());
  const auto interval = text::parse_decimal<std::uint32_t>(text::trim(value.substr(0, semicolon)));
  if (!interval) return std::nullopt;
  SessionExpires parsed;
  parsed.interval = *interval;
  if (const auto refresher = sip::find_parameter(value.substr(semicolon), "refresher")) {
    if (text::equal_ignoring_case(*refresher, "uac")) parsed.refresher = Refresher::Uac;
    if (text::equal_ignoring_case(*refresher, "uas")) parsed.refresher = Refresher::Uas;
    if (parsed.refresher == Refresher::Unsaid) return std::nullopt;
  }
  return parsed;
}

std::optional<std::uint32_t> min_se_of(const sip::Message& message) {
  const auto value = message.header(sip::HeaderId::MinSE);
  if (!value) return std::nullopt;
  return text::parse_decimal<std::uint32_t>(text::trim(value->substr(0, value->find(';'))));
}

bool knows_timer(const sip::Message& message) {
  return message.has_token(sip::HeaderId::Supported, "timer") ||
         message.has_token(sip::HeaderId::Require, "timer");
}

}  // namespace

std::variant<SessionTimer::Accepted, SessionTimer::TooSmall, SessionTimer::Malformed> SessionTimer::judge(
    const sip::Message& request) const {
  const bool supported = knows_timer(request);
  const auto asked = request.header(sip::HeaderId::SessionExpires);
  std::optional<SessionExpires> wanted;
  if (asked) {
    wanted = parse_session_expires(*asked);
    if (!wanted) return Malformed{};
  }
  if (!wanted && !supported) return Accepted{};
  if (wanted && wanted->interval < options_.session_minse) {
    // Only who knows the extension understands 422; a proxy's too small wish is then left unanswered.
    if (supported) return TooSmall{};
    return Accepted{};
  }
  Accepted accepted;
  const auto ours = std::max(options_.session_expires, min_se_of(request).value_or(0));
  accepted.terms.interval = wanted ? std::min(wanted->interval, ours) : ours;
  accepted.terms.we_refresh = !wanted || wanted->refresher != Refresher::Uac;
  accepted.lines =
      fmt::format("Session-Expires: {};refresher={}\r\n{}", accepted.terms.interval,
                  accepted.terms.we_refresh ? "uas" : "uac", supported ? "Require: timer\r\n" : "");
  return accepted;
}

std::string SessionTimer::min_se_line(const Options& options) {
  return fmt::format("Min-SE: {}\r\n", options.session_minse);
}

std::string SessionTimer::request_lines() const {
  const auto interval = std::max(terms_.interval == 0 ? options_.session_expires : terms_.interval, min_se_);
  const auto least = std::max(min_se_, options_.session_minse);
  std::string_view refresher;  // in the first request: the phone may choose
  if (terms_.interval != 0) refresher = terms_.we_refresh ? ";refresher=uac" : ";refresher=uas";
  return fmt::format("Session-Expires: {}{}\r\nMin-SE: {}\r\n", interval, refresher, least);
}

SessionTerms SessionTimer::agreed(const sip::Message& response) const {
  const auto value = response.header(sip::HeaderId::SessionExpires);
  const auto parsed = value ? parse_session_expires(*value) : std::nullopt;
  if (!parsed || parsed->interval == 0) return {};
  // No interval is shorter than what we said we could bear.
  return {std::max(parsed->interval, options_.session_minse), parsed->refresher != Refresher::Uas};
}

bool SessionTimer::raise(const sip::Message& response) {
  const auto least = min_se_of(response);
  if (!least || *least <= min_se_ || *least > kMinSeMax) return false;
  min_se_ = *least;
  return true;
}

void SessionTimer::start(const SessionTerms& terms) {
  stop();
  terms_ = terms;
  if (terms.interval == 0) return;
  const auto interval = std::chrono::seconds(terms.interval);
  const auto margin = std::min(std::chrono::seconds(32), interval / 3);  // §10
  expiry_timer_ = scheduler_.timers.set(interval - margin, [this] { user_.expired(); });
  if (terms.we_refresh) refresh_timer_ = scheduler_.timers.set(interval / 2, [this] { user_.refresh(); });
}

void SessionTimer::stop() {
  scheduler_.timers.cancel(refresh_timer_);
  scheduler_.timers.cancel(expiry_timer_);
  refresh_timer_ = {};
  expiry_timer_ = {};
}

}  // namespace xivo::endpoint
