#pragma once

#include <array>
#include <string>

#include "base/address.hpp"
#include "media/dtls/key_exchange.hpp"
#include "media/rate_limit.hpp"
#include "rtp/bytes.hpp"
#include "runtime/clock.hpp"

namespace xivo::media {

/// The path that a far side finds by its connectivity checks. We are ICE-lite: it checks, we answer; it nominates, we follow.
///
/// A check counts when its name and its password are right; nothing else is answered. Its source may send media from then on,
/// and becomes the path with USE-CANDIDATE. Another one takes the path over if it is as good (PRIORITY) or better, or when
/// the path has been silent: a far side whose network went away nominates what it has left.
/// Source  RFC 8445 §2.5, §7.3, §8.2; RFC 8839 §5.4
/// Thread  the media loop's
class IcePath {
 public:
  static constexpr std::size_t kCheckedMax =
      8;  // sources: a browser rarely has more than three paths to one address
  static constexpr auto kSilent = std::chrono::seconds(3);
  static constexpr auto kConsent = std::chrono::seconds(30);  // RFC 7675 §5.1

  explicit IcePath(const KeyExchange::Ice& credentials) { renew(credentials); }

  /// ICE restart: only the new credentials count, and the next nomination. Until then the path stays.  RFC 8445 §9
  void renew(const KeyExchange::Ice& credentials);

  struct Outcome {
    rtp::Bytes answer;  // into `out`; empty: none
    bool valid = false;  // the check was the far side's
    bool moved = false;  // path() has changed
  };
  Outcome take(rtp::Bytes datagram, const SocketAddress& from, runtime::Instant now, rtp::WritableBytes out);
  /// An authentic media packet has come.
  void heard(const SocketAddress& from, runtime::Instant now);

  /// Whether the far side still wants what we send: it has checked or sent something lately.               RFC 7675
  [[nodiscard]] bool consents(runtime::Instant now) const { return now - alive_ < kConsent; }
  /// Whether a source has passed a check.
  [[nodiscard]] bool checked(const SocketAddress& from) const;
  /// Port 0: none has been nominated.
  [[nodiscard]] const SocketAddress& path() const { return path_; }
  /// The path, or else the first source that passed a check: where a handshake may begin.
  [[nodiscard]] const SocketAddress& likely() const { return path_.port != 0 ? path_ : checked_[0].from; }

 private:
  struct Checked {
    SocketAddress from;  // port 0 = free
    runtime::Instant at{};
  };
  void note(const SocketAddress& from, runtime::Instant now);
  bool nominate(const SocketAddress& from, std::uint32_t priority, runtime::Instant now);

  KeyExchange::Ice credentials_;
  std::string name_;  // "ours:theirs", what a check has to be for
  RateLimit rate_;
  std::array<Checked, kCheckedMax> checked_;
  SocketAddress path_;
  std::uint32_t priority_ = 0;
  runtime::Instant path_heard_{};  // its last nomination or packet
  runtime::Instant alive_{};  // the last valid check or authentic packet, from anywhere
};

}  // namespace xivo::media
