#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xivo::runtime {

/// HMAC-SHA-1, for one-time codes; SHA-1 holds inside HMAC.                                     RFC 2104, 4226
std::array<std::uint8_t, 20> hmac_sha1(std::string_view key, std::string_view message);

}  // namespace xivo::runtime
