// RFC 8839 §5.1 (a=candidate), §5.4 (a=ice-ufrag, a=ice-pwd).
#include "sdp/ice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xivo::sdp {
namespace {

constexpr std::size_t kFragmentMin = 4;
constexpr std::size_t kPasswordMin = 22;
constexpr std::size_t kTextMax = 256;
// 126 for a host, the local preference of a machine with one address, component 1.             RFC 8445 §5.1.2.1, §5.1.2.2
constexpr std::uint32_t kPriority = (126u << 24) | (65'535u << 8) | 255u;

bool is_ice_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
}

std::optional<std::string> value_of(const Session& session, const Media& media, std::string_view wanted,
                                    std::size_t least) {
  const auto* said = media.attribute(wanted);
  if (said == nullptr) said = session.attribute(wanted);
  if (said == nullptr || !said->value) return std::nullopt;
  const auto& value = *said->value;
  const bool fits = value.size() >= least && value.size() <= kTextMax;
  if (!fits || !std::all_of(value.begin(), value.end(), is_ice_char)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<IceCredentials> ice_credentials_of(const Session& session, const Media& media) {
  auto fragment = value_of(session, media, "ice-ufrag", kFragmentMin);
  auto password = value_of(session, media, "ice-pwd", kPasswordMin);
  if (!fragment || !password) return std::nullopt;
  return IceCredentials{std::move(*fragment), std::move(*password)};
}

std::string write_host_candidate(const SocketAddress& address) {
  return fmt::format("1 1 UDP {} {} {} typ host", kPriority, address.ip.to_string(), address.port);
}

}  // namespace xivo::sdp
