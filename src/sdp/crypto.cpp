// RFC 4568 §9.1 (grammar of a=crypto), §6.1 (inline keys), §6.3 (session parameters).
#include "sdp/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::sdp {
namespace {

constexpr std::string_view kInline = "inline:";
constexpr std::size_t kTagDigitsMax = 9;
constexpr std::size_t kSuiteMax = 64;
constexpr std::size_t kKeyTextMax = 128;
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Octets of base64 text; padding may be missing, as some phones leave it out.
std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string octets;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    octets += static_cast<char>((bits >> held) & 0xff);
  }
  if (octets.empty() || held >= 6) return std::nullopt;
  return octets;
}

std::string to_base64(std::string_view octets) {
  std::string text;
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    const auto group = octets.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = (bits << 8) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= group.size() ? kBase64[(bits >> (18 - 6 * i)) & 63] : '=';
  }
  return text;
}

/// Whether a session parameter changes nothing here: a replay window's size is our own matter, a derivation rate of 0
/// is the default, and "-" says that it may be ignored.
bool harmless(std::string_view parameter) {
  return parameter.starts_with('-') || parameter.starts_with("WSH=") || parameter == "KDR=0";
}

/// "inline:" key ["|" lifetime] ["|" MKI ":" length]
Result<std::string> read_key(std::string_view text) {
  if (text.size() < kInline.size() || !text::equal_ignoring_case(text.substr(0, kInline.size()), kInline))
    return fail("crypto line is malformed");
  text.remove_prefix(kInline.size());
  if (text.size() > kKeyTextMax) return fail("crypto line is malformed");
  const auto parts = text::split(text, '|');
  if (parts.size() > 3) return fail("crypto line is malformed");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].find(':') != std::string_view::npos) return fail("crypto line has a key identifier");
  }
  auto key = from_base64(parts[0]);
  if (!key) return fail("crypto line is malformed");
  return std::move(*key);
}

}  // namespace

Result<Crypto> parse_crypto(std::string_view value) {
  std::vector<std::string_view> words;
  for (const auto word : text::split(value, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() < 3) return fail("crypto line is malformed");
  const auto tag = text::parse_decimal<std::uint32_t>(words[0]);
  if (!tag || words[0].size() > kTagDigitsMax || words[1].size() > kSuiteMax)
    return fail("crypto line is malformed");
  if (words[2].find(';') != std::string_view::npos) return fail("crypto line has several keys");
  auto key = read_key(words[2]);
  if (!key) return Unexpected{key.error()};
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (!harmless(words[i])) return fail("crypto line has an unknown parameter");
  }
  return Crypto{*tag, std::string(words[1]), std::move(*key)};
}

std::string write_crypto(const Crypto& crypto) {
  return fmt::format("{} {} {}{}", crypto.tag, crypto.suite, kInline, to_base64(crypto.key));
}

std::vector<Crypto> cryptos_of(const Media& media) {
  std::vector<Crypto> cryptos;
  std::size_t looked_at = 0;
  for (const auto& attribute : media.attributes) {
    if (attribute.name != "crypto" || !attribute.value) continue;
    if (++looked_at > kCryptosMax) break;
    auto crypto = parse_crypto(*attribute.value);
    const bool repeated = crypto && std::any_of(cryptos.begin(), cryptos.end(),
                                                [&](const Crypto& c) { return c.tag == crypto->tag; });
    if (crypto && !repeated) cryptos.push_back(std::move(*crypto));
  }
  return cryptos;
}

bool is_secure_profile(std::string_view protocol) {
  return protocol == "RTP/SAVP" || protocol == "RTP/SAVPF";
}

std::string without_keys(std::string_view text) {
  std::string shown;
  while (true) {
    const auto found = std::search(text.begin(), text.end(), kInline.begin(), kInline.end(),
                                   [](char a, char b) { return text::lower(a) == b; });
    if (found == text.end()) return shown.append(text);
    const auto key = static_cast<std::size_t>(found - text.begin()) + kInline.size();
    shown.append(text.substr(0, key)).append("***");
    text.remove_prefix(key);
    text.remove_prefix(std::min(text.find_first_of("|; \t\r\n\""), text.size()));
  }
}

}  // namespace xivo::sdp
