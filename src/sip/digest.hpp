#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "runtime/scheduler.hpp"

/// Digest access authentication.                          RFC 2617, RFC 7616, RFC 8760 (SHA-256 in SIP)
namespace xivo::sip::digest {

enum class Algorithm : std::uint8_t { Md5, Sha256 };
std::string_view name(Algorithm algorithm);  // "MD5", "SHA-256"

/// Lower-case hex of H(text).
std::string hash(Algorithm algorithm, std::string_view text);
/// H(username:realm:password), what a store may keep instead of the password.
std::string a1_hash(Algorithm algorithm, std::string_view username, std::string_view realm, std::string_view password);

/// The parameters of one Digest challenge or credentials value, unquoted and unescaped.
struct Parameters {
  std::string username, realm, nonce, uri, response, cnonce, opaque, qop, algorithm, nc, domain;
  bool stale = false;
};
/// Shape   value: what stands after "Authorization:" and the like, scheme included
/// Errors  not Digest; bad syntax; a parameter twice
Result<Parameters> parse(std::string_view value);

/// response= for the given parameters and H(A1).  `method`: the request's, `p.uri` as the client sent it.
std::string response(Algorithm algorithm, std::string_view a1_hash, std::string_view method, const Parameters& p);

/// Compares without telling by time how much was equal.
bool equal_constant_time(std::string_view a, std::string_view b);

enum class NonceState : std::uint8_t { Fresh, Stale, Forged, Replayed };

/// Our nonces: dated and signed with a key of this process, bound to nothing but the realm, so a restart only makes
/// them stale. nc must grow per nonce; seen counts are kept for a bounded number of nonces.
/// Thread  the shard's.
class NonceBook {
 public:
  static constexpr std::size_t kTrackedMax = 65'536;
  static constexpr auto kLifetime = std::chrono::seconds(300);

  explicit NonceBook(const runtime::Scheduler& scheduler);
  std::string issue();
  /// Forged: not ours. Stale: ours, but too old (or of an earlier process). Replayed: nc not above the last accepted one.
  /// `nc` as in the credentials ("00000001"); empty when the client sent no qop. Counts as accepted when Fresh.
  NonceState check(std::string_view nonce, std::string_view nc);

 private:
  struct Seen;
  const runtime::Scheduler scheduler_;
  std::string key_;
  std::unordered_map<std::string, std::uint32_t> last_nc_;
  std::vector<std::pair<std::string, runtime::Instant>> order_;
  std::size_t oldest_ = 0;
};

/// "Digest realm=..., nonce=..., algorithm=..., qop="auth"[, stale=true]"
std::string challenge(std::string_view realm, std::string_view nonce, Algorithm algorithm, bool stale);

/// What a client answers to a challenge.
struct Credentials {
  std::string username;
  std::string password;
};
/// The value of Authorization / Proxy-Authorization.
std::string answer(const Parameters& challenge, const Credentials& credentials, std::string_view method,
                   std::string_view uri, std::string_view cnonce, std::uint32_t nc);

}  // namespace xivo::sip::digest
