// RFC 8122 §5 (grammar of a=fingerprint), RFC 4145 §4 (a=setup).
#include "sdp/dtls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::sdp {
namespace {

struct Hash {
  std::string_view name;
  std::size_t octets;
};
// Best first: a side that says several means that any of them will do.
constexpr std::array<Hash, 5> kHashes{
    {{"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}, {"sha-224", 28}, {"sha-1", 20}}};

constexpr std::array<std::string_view, 4> kSetups{"actpass", "active", "passive", "holdconn"};

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char lower = text::lower(c);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint8_t>(lower - 'a' + 10);
  return std::nullopt;
}

/// "4A:AD:..." as octets.
std::optional<std::string> read_digest(std::string_view text, std::size_t octets) {
  if (text.size() != octets * 3 - 1) return std::nullopt;
  std::string digest;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const auto high = hex_digit(text[at]);
    const auto low = hex_digit(text[at + 1]);
    const bool parted = at + 2 == text.size() || text[at + 2] == ':';
    if (!high || !low || !parted) return std::nullopt;
    digest += static_cast<char>(*high << 4 | *low);
  }
  return digest;
}

std::size_t rank(const Fingerprint& fingerprint) {
  const auto at = std::find_if(kHashes.begin(), kHashes.end(),
                               [&](const Hash& hash) { return hash.name == fingerprint.hash; });
  return static_cast<std::size_t>(at - kHashes.begin());
}

std::optional<Fingerprint> best_of(const std::vector<Attribute>& attributes) {
  std::optional<Fingerprint> best;
  std::size_t looked_at = 0;
  for (const auto& attribute : attributes) {
    if (attribute.name != "fingerprint" || !attribute.value) continue;
    if (++looked_at > kFingerprintsMax) break;
    auto fingerprint = parse_fingerprint(*attribute.value);
    if (fingerprint && (!best || rank(*fingerprint) < rank(*best))) best = std::move(fingerprint);
  }
  return best;
}

}  // namespace

std::string_view name(Setup setup) { return kSetups[static_cast<std::size_t>(setup)]; }

bool is_dtls_profile(std::string_view protocol) {
  return protocol == "UDP/TLS/RTP/SAVPF" || protocol == "UDP/TLS/RTP/SAVP";
}

std::optional<Fingerprint> parse_fingerprint(std::string_view value) {
  value = text::trim(value);
  const auto blank = value.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto wanted = value.substr(0, blank);
  const auto hash = std::find_if(kHashes.begin(), kHashes.end(), [&](const Hash& known) {
    return text::equal_ignoring_case(known.name, wanted);
  });
  if (hash == kHashes.end()) return std::nullopt;
  auto digest = read_digest(text::trim(value.substr(blank)), hash->octets);
  if (!digest) return std::nullopt;
  return Fingerprint{std::string(hash->name), std::move(*digest)};
}

std::string write_fingerprint(const Fingerprint& fingerprint) {
  std::string text = fingerprint.hash;
  char mark = ' ';
  for (const char octet : fingerprint.digest) {
    text += fmt::format("{}{:02X}", mark, static_cast<unsigned char>(octet));
    mark = ':';
  }
  return text;
}

std::optional<Fingerprint> fingerprint_of(const Session& session, const Media& media) {
  const bool own = media.attribute("fingerprint") != nullptr;
  return best_of(own ? media.attributes : session.attributes);
}

std::optional<Setup> setup_of(const Session& session, const Media& media) {
  const auto* said = media.attribute("setup");
  if (said == nullptr) said = session.attribute("setup");
  if (said == nullptr || !said->value) return std::nullopt;
  const auto at = std::find(kSetups.begin(), kSetups.end(), text::trim(*said->value));
  if (at == kSetups.end()) return std::nullopt;
  return static_cast<Setup>(at - kSetups.begin());
}

}  // namespace xivo::sdp
