#include "console/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace xivo::console::protocol {
namespace {

constexpr std::array<std::pair<std::string_view, FrameKind>, 6> kFrameNames = {{
    {"welcome", FrameKind::Welcome},
    {"out", FrameKind::Out},
    {"done", FrameKind::Done},
    {"words", FrameKind::Words},
    {"async", FrameKind::Async},
    {"bye", FrameKind::Bye},
}};
constexpr std::size_t kFrameHeadMax = 24;
constexpr int kVerboseMax = 99;

Result<Request> parse_hello(std::string_view rest) {
  Request request;
  request.kind = RequestKind::Hello;
  const auto words = text::split(rest, ' ');
  if (words.size() < 2) return fail("malformed hello");
  if (words[0] != std::to_string(kVersion)) return fail("unsupported protocol version");
  if (words[1] != "interactive" && words[1] != "batch") return fail("malformed hello");
  request.interactive = words[1] == "interactive";
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const auto name = words[i].substr(0, equals);
    const auto value = equals == std::string_view::npos ? "" : words[i].substr(equals + 1);
    if (name == "verbose") {
      const auto level = text::parse_decimal<int>(value);
      if (!level) return fail("malformed hello");
      request.verbose = std::min(*level, kVerboseMax);
    } else if (name == "language" && (value == "fr" || value == "en")) {
      request.language = value == "fr" ? Language::French : Language::English;
    } else {
      return fail("malformed hello");
    }
  }
  return request;
}

}  // namespace

Result<Request> parse_request(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const auto blank = line.find(' ');
  const auto name = line.substr(0, blank);
  const auto rest = blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
  Request request;
  request.text = rest;
  if (name == "hello") return parse_hello(rest);
  if (name == "run") {
    request.kind = RequestKind::Run;
  } else if (name == "complete") {
    request.kind = RequestKind::Complete;
  } else if (name == "bye" && rest.empty()) {
    request.kind = RequestKind::Bye;
  } else {
    return fail("unknown request");
  }
  return request;
}

std::string write_request(const Request& request) {
  switch (request.kind) {
    case RequestKind::Hello:
      return fmt::format("hello {} {} verbose={} language={}\n", kVersion,
                         request.interactive ? "interactive" : "batch", request.verbose,
                         request.language == Language::French ? "fr" : "en");
    case RequestKind::Run: return fmt::format("run {}\n", request.text);
    case RequestKind::Complete: return fmt::format("complete {}\n", request.text);
    case RequestKind::Bye: break;
  }
  return "bye\n";
}

std::string write_frame(FrameKind kind, std::string_view payload) {
  payload = payload.substr(0, kFrameMax);
  const auto found = std::find_if(kFrameNames.begin(), kFrameNames.end(),
                                  [&](const auto& name) { return name.second == kind; });
  return fmt::format("{} {}\n{}", found->first, payload.size(), payload);
}

std::string write_greeting(const Greeting& greeting) {
  return fmt::format("version={}\nhost={}\nprocess={}\n", greeting.version, greeting.host, greeting.process);
}

Greeting parse_greeting(std::string_view payload) {
  Greeting greeting;
  for (const auto line : text::split(payload, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = line.substr(0, equals);
    const auto value = line.substr(equals + 1);
    if (name == "version") greeting.version = value;
    if (name == "host") greeting.host = value;
    if (name == "process") greeting.process = text::parse_decimal<std::int64_t>(value).value_or(0);
  }
  return greeting;
}

Result<std::optional<Frame>> FrameReader::next() {
  const auto end = buffer_.find('\n');
  if (end == std::string::npos) {
    if (buffer_.size() > kFrameHeadMax) return fail("malformed frame");
    return std::optional<Frame>();
  }
  const auto head = std::string_view(buffer_).substr(0, end);
  const auto blank = head.find(' ');
  if (blank == std::string_view::npos) return fail("malformed frame");
  const auto found = std::find_if(kFrameNames.begin(), kFrameNames.end(),
                                  [&](const auto& name) { return name.first == head.substr(0, blank); });
  const auto size = text::parse_decimal<std::size_t>(head.substr(blank + 1));
  if (found == kFrameNames.end() || !size || *size > kFrameMax) return fail("malformed frame");
  if (buffer_.size() - end - 1 < *size) return std::optional<Frame>();
  Frame frame{found->second, buffer_.substr(end + 1, *size)};
  buffer_.erase(0, end + 1 + *size);
  return std::optional<Frame>(std::move(frame));
}

}  // namespace xivo::console::protocol
