// Looks at no more of a message than says where it belongs; the shard that gets it parses it.       RFC 3261 §7.3.1
#include "app/shard_of.hpp"

#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace xivo::app {
namespace {

constexpr std::string_view kResponse = "SIP/2.0 ";
constexpr std::string_view kRegister = "REGISTER ";
constexpr std::string_view kOurBranch = "branch=z9hg4bk-";
constexpr std::string_view kOurTag = "tag=s";
constexpr std::string_view kInvite = "INVITE ";
constexpr std::string_view kOurReplacedTag = "to-tag=s";

struct Header {
  std::string_view name;
  std::string_view value;
};

/// Without white space around it, line ends of a folded field included.
std::string_view stripped(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  const auto begin = text.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhite) + 1 - begin);
}

/// Takes the next header off `rest`, continuation lines included; nothing at the end of the head.
std::optional<Header> take_header(std::string_view& rest) {
  std::size_t end = rest.find('\n');
  while (end != std::string_view::npos && end + 1 < rest.size() && end > 1 &&
         (rest[end + 1] == ' ' || rest[end + 1] == '\t')) {
    end = rest.find('\n', end + 1);
  }
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.empty() || line == "\r") return std::nullopt;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return Header{};
  return Header{stripped(line.substr(0, colon)), stripped(line.substr(colon + 1))};
}

bool is(const Header& header, std::string_view name, std::string_view compact) {
  return text::equal_ignoring_case(header.name, name) || text::equal_ignoring_case(header.name, compact);
}

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted) {
  for (std::size_t at = 0; at + wanted.size() <= text.size(); ++at) {
    if (text::equal_ignoring_case(text.substr(at, wanted.size()), wanted)) return at;
  }
  return std::string_view::npos;
}

/// "<shard>-" after `before`; nothing when it is not there or names no shard of ours.
std::optional<unsigned> named(std::string_view value, std::string_view before, unsigned shards) {
  const auto at = find_ignoring_case(value, before);
  if (at == std::string_view::npos) return std::nullopt;
  value.remove_prefix(at + before.size());
  const auto dash = value.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto shard = text::parse_decimal<unsigned>(value.substr(0, dash));
  return shard && *shard < shards ? shard : std::nullopt;
}

/// FNV-1a, then mixed: its low bits alone are poor. Unkeyed: to send everything to one shard somebody must first be believed.
unsigned spread(std::string_view call_id, unsigned shards) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : call_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15u;
  return static_cast<unsigned>((hash >> 32) % shards);
}

}  // namespace

unsigned shard_of(std::string_view bytes, unsigned shards) {
  if (shards <= 1) return 0;
  while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n')) bytes.remove_prefix(1);
  if (bytes.substr(0, kRegister.size()) == kRegister) return 0;
  const bool response = bytes.substr(0, kResponse.size()) == kResponse;
  const auto first = bytes.find('\n');
  if (first == std::string_view::npos) return 0;
  auto rest = bytes.substr(first + 1);
  std::optional<std::string_view> call_id;
  bool seen = false;  // the field that may name a shard
  std::optional<unsigned> replaced;
  const bool invite = bytes.substr(0, kInvite.size()) == kInvite;
  while (!call_id || !seen || invite) {
    const auto header = take_header(rest);
    if (!header) break;
    if (is(*header, "call-id", "i")) {
      if (!call_id) call_id = header->value;
    } else if (!seen && (response ? is(*header, "via", "v") : is(*header, "to", "t"))) {
      seen = true;
      if (const auto shard = named(header->value, response ? kOurBranch : kOurTag, shards)) return *shard;
    } else if (invite && text::equal_ignoring_case(header->name, "replaces")) {
      replaced = named(header->value, kOurReplacedTag, shards);
    }
  }
  if (replaced) return *replaced;
  return call_id ? spread(*call_id, shards) : 0;
}

}  // namespace xivo::app
