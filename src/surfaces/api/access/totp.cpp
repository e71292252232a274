#include "api/access/totp.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "runtime/crypto/hmac.hpp"
#include "store/password.hpp"

namespace xivo::api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kIssuer = "XiVO";
constexpr std::size_t kRecoveryBytes = 10;

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = text::is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// HOTP of a secret that has been read.                                                         RFC 4226 §5.3
std::string code_of(std::string_view key, std::int64_t step) {
  std::string counter(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) counter[7 - i] = static_cast<char>((step >> (8 * i)) & 0xFF);
  const auto mac = runtime::hmac_sha1(key, counter);
  const std::size_t at = mac[19] & 0xF;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | mac[at + i];
  return fmt::format("{:0{}}", (number & 0x7FFFFFFF) % 1'000'000, Totp::kDigits);
}

}  // namespace

std::string to_base32(std::string_view bytes) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kAlphabet[(bits >> held) & 0x1F];
    }
  }
  if (held > 0) out += kAlphabet[(bits << (5 - held)) & 0x1F];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const char capital = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const auto value = kAlphabet.find(capital);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5 | static_cast<unsigned>(value)) & 0xFFFF;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> held) & 0xFF);
  }
  return out;
}

std::string make_totp_secret() { return to_base32(store::random_bytes(Totp::kSecretBytes)); }

std::int64_t totp_step(runtime::WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / Totp::kStep;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
  const auto key = from_base32(secret);
  return key && !key->empty() ? code_of(*key, step) : std::string();
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code,
                                          runtime::WallTime now, std::int64_t last_step) {
  const auto key = from_base32(secret);
  if (!key || key->empty()) return std::nullopt;
  const std::int64_t middle = totp_step(now);
  for (std::int64_t step = middle - Totp::kDrift; step <= middle + Totp::kDrift; ++step) {
    if (step > last_step && store::same_secret(code_of(*key, step), code)) return step;
  }
  return std::nullopt;
}

std::string totp_uri(std::string_view secret, std::string_view account) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits={}&period={}", kIssuer,
                     percent_encoded(account), secret, kIssuer, Totp::kDigits, Totp::kStep.count());
}

std::vector<std::string> make_recovery_codes(std::size_t count) {
  std::vector<std::string> codes;
  while (codes.size() < count) {
    std::string code = text::to_lower(to_base32(store::random_bytes(kRecoveryBytes)));
    for (const std::size_t at : {12U, 8U, 4U}) code.insert(at, "-");
    codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace xivo::api
