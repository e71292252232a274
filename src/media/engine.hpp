#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"
#include "base/slot_map.hpp"
#include "media/description.hpp"
#include "media/dtls/key_exchange.hpp"
#include "media/quality/series.hpp"
#include "media/srtp/protection.hpp"

namespace xivo::media {

/// How long a far side may send nothing before its session's user is told; 0: for ever.
struct SilenceLimits {
  std::chrono::seconds talking{0};  // packets should flow both ways
  std::chrono::seconds held{0};     // either side is on hold
};

struct SessionTag;
/// One leg's media: a local RTP/RTCP port pair and what happens to its packets.
using SessionId = Handle<SessionTag>;

/// What a leg's packets did, for the call record.  RFC 3550 §6.4.1
struct Statistics {
  std::uint64_t packets_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t bytes_received = 0;      // of payload, as RFC 3550 counts octets
  std::uint64_t bytes_sent = 0;
  std::uint64_t packets_lost = 0;        // expected - received, from sequence numbers
  std::uint32_t jitter_us = 0;           // interarrival jitter, last estimate
  std::uint32_t jitter_us_max = 0;
  std::uint32_t round_trip_us = 0;       // from the peer's receiver reports; 0 = unknown
  std::uint32_t remote_loss_permille = 0;  // what the peer reports of our packets
  std::uint64_t packets_refused = 0;     // from strangers, malformed, over rate, not authentic
  std::uint32_t mos_hundredths = 0;  // estimate of what came from the far side, 100 to 450; 0 = nothing came
  std::vector<QualitySample> quality;  // the same over time
};

/// Where the peer's packets are expected from and may go to; see the latching rules of media.md §5.
struct Remote {
  SocketAddress rtp;  // from its description; port 0 = nothing is sent
  SocketAddress rtcp;
  IpAddress signalling;  // source of its SIP messages
  bool nat_suspect = false;  // described address is private or is not the signalling source
  std::vector<std::uint8_t> payload_types;  // negotiated: others are refused
  std::uint8_t telephone_event = 255;  // 255 = none
  /// What may come from it and be sent to it, the codec to send first. Where two connected sessions differ, what
  /// one sends is decoded and encoded for the other. Empty: its packets are relayed as they are.
  std::vector<Codec> codecs;
  bool detect_tones = false;  // key presses may come as tones in the sound: they are told by on_digit()
  bool video = false;  // many packets at once, and RTCP feedback goes on to the other side (RFC 4585)
  std::uint32_t ptime_ms = 20;
  std::optional<Protection> protection;  // SRTP by keys that signalling has agreed on
  std::optional<KeyExchange>
      key_exchange;  // SRTP by keys that are agreed on in the media; with neither: plain
  bool rtcp_mux = false;  // RTP and RTCP on one port (RFC 5761)
  std::uint32_t clock_rate = 8000;  // of the audio codec's RTP timestamps; only the jitter figure needs it
};

/// Events of a session, told on the thread that opened it.
class SessionUser {
 public:
  virtual ~SessionUser() = default;
  /// play() has reached the end of its file, or could not (`reached_end` false). Not told after stop_playing() or close().
  virtual void on_play_ended(SessionId id, bool reached_end) = 0;
  /// A telephone event has begun (RFC 4733 §2.5.1.2), or a tone was heard (then `held` is 0), told once per key press:
  /// '0'..'9' '*' '#' 'A'..'D'.
  virtual void on_digit(SessionId id, char digit, std::chrono::milliseconds held) = 0;
  /// Nothing, RTP or RTCP, has come from the far side for as long as SilenceLimits allow. Told again after each such time.
  virtual void on_silent(SessionId /*id*/, std::chrono::seconds /*silence*/) {}
  /// A session with a KeyExchange: its keys are agreed on, by this suite ("AEAD_AES_128_GCM").
  virtual void on_keys_agreed(SessionId /*id*/, std::string_view /*suite*/) {}
  /// It has come to nothing, and no packet will pass: why, in a few words ("fingerprint does not match").
  virtual void on_key_exchange_failed(SessionId /*id*/, std::string_view /*reason*/) {}
  /// How the far side's stream was in the interval that has ended: every few seconds while packets flow.
  virtual void on_quality(SessionId /*id*/, const QualitySample& /*sample*/) {}
  /// Last of all, exactly once for each open(). Figures leave out what came while the direction was SendOnly or Inactive.
  virtual void on_closed(SessionId id, const Statistics& statistics) = 0;
};

/// The media plane as a call sees it. Calls return at once; the work is done by the media loop the session is pinned to.
/// Commands of one session take effect in order.
/// Thread  the shard's that owns this face.
class Engine {
 public:
  virtual ~Engine() = default;

  struct Opened {
    SessionId id;
    SocketAddress rtp;  // what to put into our SDP
    SocketAddress rtcp;
  };
  /// Takes a port pair from the pool. `local`: the address our SDP shall name (its family decides the socket's).
  /// `beside`: a session of the same call, whose media loop this one must share; empty for the first.
  /// Errors  "no free media port" when the pool is exhausted
  virtual Result<Opened> open(IpAddress local, SessionUser& user, SessionId beside) = 0;
  /// Sets or replaces the far side (answer, re-INVITE). A changed `rtp` address starts latching anew.
  virtual void set_remote(SessionId id, const Remote& remote) = 0;
  /// What the local side may do: SendOnly/Inactive here stop relaying from this leg's peer, RecvOnly/Inactive stop sending to it.
  virtual void set_direction(SessionId id, Direction direction) = 0;
  /// Packets of each go to the other, from now on, transcoded where their codecs differ; whatever either was playing
  /// stops. Sessions that were not opened
  /// beside each other may have to be brought together first, which can cost a few packets.
  virtual void connect(SessionId a, SessionId b) = 0;
  /// Each goes silent again.
  virtual void disconnect(SessionId id) = 0;
  /// Sends what arrives back to where it came from: payload, sequence and timestamp as they came, under an SSRC of our own
  /// (its own would look like a collision to the phone, RFC 3550 §8.2).
  virtual void echo(SessionId id, bool on) = 0;

  struct Play {
    std::string
        file;  // a prompt name ("cannot-complete-as-dialed"), resolved by language, "moh:default" for a class, or "dtmf:5"
    std::string language;  // "fr_FR", "en_US"; falls back to the other
    bool loop = false;
    Codec
        codec;  // as negotiated on this session; one that we cannot encode is refused. telephone-event: "dtmf:" only
  };
  virtual void play(SessionId id, const Play& what) = 0;
  virtual void stop_playing(SessionId id) = 0;

  /// Ends the session: nothing is sent any more, the port goes into quarantine, then on_closed() tells the figures.
  virtual void close(SessionId id) = 0;
  [[nodiscard]] virtual std::size_t open_count() const = 0;
  /// Of the certificate that our side of a KeyExchange shows; empty: there is none, and no session can have one.
  [[nodiscard]] virtual const Fingerprint& fingerprint() const {
    static const Fingerprint kNone;
    return kNone;
  }
};

}  // namespace xivo::media
