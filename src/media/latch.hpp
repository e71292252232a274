#pragma once

#include <array>
#include <cstdint>

#include "base/address.hpp"
#include "rtp/packet.hpp"
#include "runtime/clock.hpp"

namespace xivo::media {

/// How well a source fits what signalling said of the far side, weakest first.
enum class Claim : std::uint8_t {
  None,       // a stranger
  AnySource,  // nobody we know, but the far side is behind a NAT and its call has just been answered
  SameHost,   // the described or signalling address, another port
  Exact,      // the described address and port, or the one learned before a silence
};

/// Sources that are proving themselves: up to four at a time, so that a stranger who sprays packets cannot keep the true
/// one from three in a row. The weakest and oldest gives way, never a stronger to a weaker.
class LatchCandidates {
 public:
  static constexpr std::size_t kMax = 4;

  /// Counts valid packets of `from` that follow each other with one SSRC; returns how many did, this one included.
  std::uint8_t note(const SocketAddress& from, Claim claim, const rtp::Header& header, runtime::Instant now);
  /// Whether a source of a stronger claim has sent something lately.
  [[nodiscard]] bool stronger_alive(Claim claim, runtime::Instant now) const;
  void clear() { *this = {}; }

 private:
  struct Candidate {
    SocketAddress from;
    std::uint16_t next_sequence = 0;
    Claim claim = Claim::None;  // None = free
    std::uint8_t in_row = 0;
    std::uint32_t ssrc = 0;
    runtime::Instant seen{};
  };
  Candidate* place_for(const SocketAddress& from, Claim claim);

  std::array<Candidate, kMax> candidates_;
};

/// Whose packets are taken for the far side's, and where ours go.
///
/// Nothing is learned from one packet: a source is locked to after kProofPackets valid ones in a row. The described
/// address is believed at once (its packets are taken from the first one) and pre-empts weaker sources; a
/// lock on a mere AnySource can be taken over by a stronger one until the start window is over, and only then is the socket
/// connected. After that the kernel drops strangers. What is learned is forgotten only by expect() with another
/// address, and doubted only by relearn().
/// Shape   a "valid" packet has been parsed and carries a negotiated payload type: the caller checks that
/// Thread  the media loop's
class Latch {
 public:
  static constexpr std::uint8_t kProofPackets = 3;
  static constexpr auto kStartWindow = std::chrono::seconds(5);

  enum class Verdict : std::uint8_t {
    Accepted,
    Unproven,  // may become the far side; this packet is not used
    Stranger,
  };

  /// A description has come (answer, re-INVITE). Returns true when its address is new, and all that was learned is gone.
  bool expect(const SocketAddress& described, const IpAddress& signalling, bool nat_suspect,
              runtime::Instant now);
  /// Believes one source from now on, which a check of the path or a handshake has proved. Its socket is not connected:
  /// the next check may prove another.
  void follow(const SocketAddress& proven);
  /// Whether a source may be the far side's, as far as signalling tells.
  [[nodiscard]] bool might_be(const SocketAddress& from, runtime::Instant now) const {
    return claim_of(from, now) != Claim::None;
  }
  /// After silence: others may prove themselves again; until one does, we go on sending to the learned address.
  void relearn();

  /// Judges a valid packet by its source. Not called for a connected socket, whose packets are all Accepted.
  Verdict judge(const SocketAddress& from, const rtp::Header& header, LatchCandidates& candidates,
                runtime::Instant now);

  [[nodiscard]] bool known() const { return described_.port != 0 || follows_; }
  [[nodiscard]] bool locked() const { return locked_; }
  /// The socket should be connected to target() now.
  [[nodiscard]] bool wants_connect(runtime::Instant now) const;
  [[nodiscard]] bool connected() const { return connected_; }
  /// `worked` false: the kernel refused, so sources go on being compared here.
  void set_connected(bool worked);

  /// Where our packets go: the learned address, or else the described one.
  [[nodiscard]] const SocketAddress& target() const { return learned_.port != 0 ? learned_ : described_; }
  [[nodiscard]] const SocketAddress& described() const { return described_; }

 private:
  [[nodiscard]] Claim claim_of(const SocketAddress& from, runtime::Instant now) const;

  SocketAddress described_;
  SocketAddress learned_;  // port 0 = nothing yet
  IpAddress signalling_;
  Claim claim_ = Claim::None;  // of the lock
  bool nat_suspect_ = false;
  bool locked_ = false;
  bool connected_ = false;
  bool cannot_connect_ = false;
  bool follows_ = false;  // learned_ was proved by other means than packets in a row
  runtime::Instant window_end_{};
};

}  // namespace xivo::media
