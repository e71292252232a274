#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.hpp"
#include "base/result.hpp"
#include "runtime/guarded.hpp"
#include "runtime/scheduler.hpp"

/// Digest access authentication.                          RFC 2617, RFC 7616, RFC 8760 (SHA-256 in SIP)
namespace xivo::sip::digest {

/// What H() is in RFC 7616 §3.3.
enum class Algorithm : std::uint8_t { Md5, Sha256 };
std::string_view name(Algorithm algorithm);  // "MD5", "SHA-256"
/// Ignores case; empty is MD5 (RFC 7616 §3.3). Nothing for what we do not compute (MD5-sess, SHA-512-256 ...).
std::optional<Algorithm> algorithm_from(std::string_view text);

/// Lower-case hex of H(text).
std::string hash(Algorithm algorithm, std::string_view text);
/// H(username:realm:password), what a store may keep instead of the password.
std::string a1_hash(Algorithm algorithm, std::string_view username, std::string_view realm,
                    std::string_view password);

/// The parameters of one Digest challenge or credentials value, unquoted and unescaped. Parameters of other names are
/// passed over.
struct Parameters {
  std::string username, realm, nonce, uri, response, cnonce, opaque, qop, algorithm, nc, domain;
  bool stale = false;
};
/// Shape   value: what stands after "Authorization:" and the like, scheme included
/// Errors  not Digest; bad syntax; a parameter twice; more than kParametersMax
inline constexpr std::size_t kParametersMax = 32;
Result<Parameters> parse(std::string_view value);

/// response= for the given parameters and H(A1).  `method`: the request's, `p.uri` as the client sent it. With qop the form
/// of RFC 7616 §3.4.1, without it that of RFC 2069.
std::string response(Algorithm algorithm, std::string_view a1_hash, std::string_view method,
                     const Parameters& p);

/// Compares without telling by time how much was equal.
bool equal_constant_time(std::string_view a, std::string_view b);

/// What NonceBook::check() says; only Fresh may go on.
enum class NonceState : std::uint8_t { Fresh, Stale, Forged, Replayed };

/// What the nonce books of a process have in common: the key they sign with, and which nonces were used how often. So a nonce that one
/// shard sent is good at every other, and once at all of them.
/// Thread  any.
class NonceLedger {
 public:
  static constexpr std::size_t kTrackedMax = 65'536;

  explicit NonceLedger(const runtime::Scheduler& scheduler);

  [[nodiscard]] std::size_t tracked();

 private:
  friend class NonceBook;
  struct Use {
    std::uint64_t number;
    runtime::Instant expires;
  };
  struct Uses {
    std::unordered_map<std::uint64_t, std::uint32_t> last_nc;  // by number
    std::deque<Use> order;  // of the table's entries, oldest first
    std::uint64_t pushed_out = 0;  // no nonce up to this number is Fresh unless it is still in the table
  };
  using Key = std::array<std::uint64_t, 4>;

  /// How often a client says it has used a nonce; nothing when what it says is no count.
  struct Count {
    std::optional<std::uint32_t> value;
    bool once = false;  // it does not count (no qop): good for one request, and only as the first
  };
  NonceState count(std::uint64_t number, runtime::Instant expires, const Count& count, runtime::Instant now);

  const Key key_;
  const runtime::Instant start_;
  const std::uint32_t book_;  // tells our nonces from those of an earlier process
  std::atomic<std::uint64_t> next_number_{1};
  runtime::Guarded<Uses> uses_;
};

/// Our nonces: dated, numbered and signed with a key of this process, so that issuing one keeps nothing. Only nonces that
/// were used are remembered, and only while they live.
///
/// A nonce belongs to the address it was sent to: whoever writes another address into his packets has never seen one that
/// serves there. Ask probe() first, then check the response, then count by check(): a count is taken only from a client that
/// knows the password, and a stranger can neither use up a nonce nor fill the table.
/// Thread  the shard's.
class NonceBook {
 public:
  static constexpr auto kLifetime = std::chrono::seconds(300);

  NonceBook(const runtime::Scheduler& scheduler, std::shared_ptr<NonceLedger> ledger);
  ~NonceBook();
  NonceBook(NonceBook&&) noexcept;
  NonceBook(const NonceBook&) = delete;
  NonceBook& operator=(const NonceBook&) = delete;

  /// Shape   56 hex digits: book 4 bytes, issue time 4, number 8, signature 12
  std::string issue(const IpAddress& to = {});
  /// A nonce that was looked at, and nothing counted: Fresh, Stale or Forged.
  struct Probe {
    NonceState state;
    std::uint64_t number = 0;
    runtime::Instant expires{};
  };
  [[nodiscard]] Probe probe(std::string_view nonce, const IpAddress& from = {}) const;
  /// Forged: never issued to that address, by the look or by the signature. Stale: too old, of an earlier process,
  /// or pushed out of the table. Replayed: nc not above the last accepted one, or not eight hex digits.
  /// `nc` as in the credentials ("00000001"); empty when the client sent no qop: such a nonce serves one single request.
  /// Counts as accepted when Fresh.
  NonceState check(const Probe& probed, std::string_view nc);
  NonceState check(std::string_view nonce, std::string_view nc, const IpAddress& from = {}) {
    return check(probe(nonce, from), nc);
  }

 private:
  class Signer;

  const runtime::Scheduler scheduler_;
  std::shared_ptr<NonceLedger> ledger_;
  std::unique_ptr<Signer> signer_;
};

/// "Digest realm=..., nonce=..., algorithm=..., qop="auth"[, stale=true]"
std::string challenge(std::string_view realm, std::string_view nonce, Algorithm algorithm, bool stale);

/// What a client answers to a challenge.
struct Credentials {
  std::string username;
  std::string password;
};
/// The value of Authorization / Proxy-Authorization; empty when the challenge asks for an algorithm or a quality of
/// protection that we do not have (auth-int alone).
std::string answer(const Parameters& challenge, const Credentials& credentials, std::string_view method,
                   std::string_view uri, std::string_view cnonce, std::uint32_t nc);

}  // namespace xivo::sip::digest
