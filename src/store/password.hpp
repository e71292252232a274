#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The one place that calls libsodium.
namespace xivo::store {

/// argon2id with 2 passes over 19 MiB (OWASP's minimum for interactive use); the text carries its own parameters.
/// Nothing when memory is short.
std::optional<std::string> hash_password(std::string_view password);
bool password_matches(const std::string& hash, std::string_view password);

/// So many bytes of the kernel's randomness.
std::string random_bytes(std::size_t size);
/// 256 bits of it, as 64 hex digits.
std::string make_token();
/// Whether two secrets are the same, without telling by the time it takes how much of them is.
bool same_secret(std::string_view a, std::string_view b);
/// SHA-256 of a token, as 64 hex digits: what is stored of it.
std::string token_digest(std::string_view token);

}  // namespace xivo::store
