#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"

/// Time-based one-time codes, the second factor that every telephone's authenticator knows.       RFC 6238
namespace xivo::api {

/// What every authenticator takes without being told.
struct Totp {
  static constexpr int kDigits = 6;
  static constexpr std::chrono::seconds kStep{30};
  static constexpr std::int64_t kDrift = 1;  // steps that a clock may be ahead or behind
  static constexpr std::size_t kSecretBytes = 20;
};

/// A new shared secret, in base32.
std::string make_totp_secret();
/// The number of a time step.
std::int64_t totp_step(runtime::WallTime at);
/// The code of a step; empty when the secret is no base32.
std::string totp_code(std::string_view secret, std::int64_t step);
/// The step, after `last_step`, whose code this is, if it is one of now; nothing otherwise.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code,
                                          runtime::WallTime now, std::int64_t last_step);
/// What an authenticator reads from a QR code: otpauth://totp/XiVO:<account>?secret=...
std::string totp_uri(std::string_view secret, std::string_view account);

/// Codes of 80 bits for who has lost the second factor: "abcd-efgh-ijkl-mnop".
std::vector<std::string> make_recovery_codes(std::size_t count);

/// Without padding, capital letters; reading takes small ones, too.                            RFC 4648 §6
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

}  // namespace xivo::api
