#include "endpoint/abilities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

// "replaces" is understood, though nobody is replaced before transfers exist: see UserAgent::refuse_replaces().
constexpr std::array<std::string_view, 3> kKnown = {"100rel", "timer", "replaces"};

std::string_view phrase(int warning) {
  switch (warning) {
    case 304: return "Media type not available";
    case 305: return "Incompatible media format";
    default: return "Incompatible session description";
  }
}

}  // namespace

std::string unsupported_line(const sip::Message& request) {
  std::string line;
  for (const auto token : request.tokens(sip::HeaderId::Require)) {
    const bool known = std::any_of(kKnown.begin(), kKnown.end(),
                                   [&](auto each) { return text::equal_ignoring_case(each, token); });
    if (known) continue;
    line += line.empty() ? "Unsupported: " : ", ";
    line += token;
  }
  return line.empty() ? line : line + "\r\n";
}

std::string warning_line(int code, std::string_view host) {
  return fmt::format("Warning: {} {} \"{}\"\r\n", code, host, phrase(code));
}

int forwards_of(const sip::Message& request) {
  constexpr unsigned kDefault = 70;
  constexpr unsigned kMost = 255;
  const auto forwards = request.number(sip::HeaderId::MaxForwards);
  return static_cast<int>(forwards ? std::min(forwards->value_or(kDefault), kMost) : kDefault);
}

SessionBody session_body(const sip::Message& message) {
  SessionBody body;
  if (message.body().empty()) return body;
  const auto encoding = message.header(sip::HeaderId::ContentEncoding).value_or("identity");
  const bool plain = text::equal_ignoring_case(encoding, "identity");
  const auto disposition = message.header(sip::HeaderId::ContentDisposition).value_or(std::string_view{});
  const auto semicolon = std::min(disposition.find(';'), disposition.size());
  const auto kind = text::trim(disposition.substr(0, semicolon));
  const bool session = kind.empty() || text::equal_ignoring_case(kind, "session") ||
                       text::equal_ignoring_case(kind, "early-session");
  if (plain && session && text::equal_ignoring_case(message.content_type(), "application/sdp")) {
    body.sdp = message.body();
    return body;
  }
  const auto handling = sip::find_parameter(disposition.substr(semicolon), "handling");
  const bool optional = handling && text::equal_ignoring_case(*handling, "optional");
  if (!optional) body.refused = 415;
  return body;
}

}  // namespace xivo::endpoint
