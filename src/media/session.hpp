#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "media/convert/codec_table.hpp"
#include "media/dtls/agreement.hpp"
#include "media/engine.hpp"
#include "media/latch.hpp"
#include "media/quality/series.hpp"
#include "media/rate_limit.hpp"
#include "media/srtp/session.hpp"
#include "rtp/reception.hpp"
#include "rtp/telephone_event.hpp"
#include "runtime/clock.hpp"

namespace xivo::media {

/// A session's place in its media loop, which is its socket pair's as well; what epoll hands back.
using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = 0xffffffff;

enum class PortKind : std::uint8_t { Rtp, Rtcp };

/// A set of RTP payload types, 0..127.
class PayloadTypes {
 public:
  void insert(std::uint8_t type) {
    if (type < 128) bits_[type / 64] |= std::uint64_t{1} << (type % 64);
  }
  [[nodiscard]] bool has(std::uint8_t type) const {
    return type < 128 && ((bits_[type / 64] >> (type % 64)) & 1) != 0;
  }

 private:
  std::array<std::uint64_t, 2> bits_{};
};

/// A `Remote` without a vector in it: what crosses to the media loop.
struct FarSide {
  SocketAddress rtp;
  SocketAddress rtcp;
  IpAddress signalling;
  PayloadTypes payload_types;
  CodecTable codecs;
  std::uint32_t clock_rate = 8000;
  std::uint16_t ptime_ms = 20;
  std::uint8_t telephone_event = 255;
  bool nat_suspect = false;
  bool detects_tones = false;
  bool video = false;
  bool rtcp_mux = false;

  /// Bounds what came from outside: a packet time of 0 or beyond 200 ms counts as 20, an unspecified address as none; where ICE
  /// is to find the path, any described one.
  static FarSide of(const Remote& remote);
};

inline constexpr std::uint32_t kNoStream = 0xffffffff;

struct Conversion;

/// What every packet of a session looks at or counts: one of these an open session, in four cache lines.
struct Session {
  Latch latch;
  PayloadTypes payload_types;
  RateLimit rate;
  runtime::Instant last_packet{};  // accepted
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  Conversion* conversion = nullptr;  // nullptr: its packets are relayed as they are
  Slot peer = kNoSlot;
  std::uint32_t stream = kNoStream;  // what plays into it
  std::uint32_t packets_received = 0;
  std::uint32_t packets_sent = 0;
  std::uint32_t packets_refused = 0;
  std::uint32_t ssrc = 0;  // of the far side
  std::uint32_t jitter_max = 0;
  std::uint32_t clock_rate = 8000;
  rtp::Reception reception;
  rtp::PressDetector presses;
  std::uint16_t interval_ms = 10;  // half a packet time: twice the negotiated rate is the limit
  std::uint8_t telephone_event = 255;
  Direction direction = Direction::SendRecv;
  bool open = false;
  bool echo = false;
  bool watched = false;  // housekeeping visits it
  bool mark_next = false;  // a played stream has ended: the next relayed packet begins a talk spurt
  bool carried_packets = false;
  bool secure = false;  // SRTP; the ciphers are in the margin
  bool keyed = false;  // by keys that are agreed on in the media; the agreement is in the margin
  bool awaits_keys = false;  // which are not there yet, or not any more
  bool lost = false;  // it has not checked its path for so long that nothing may be sent there
  bool ice = false;  // its path is found by checks, not by latching
  bool rtcp_mux = false;
  bool rtcp_asked = false;  // its socket has been asked for, if it needs one
  bool video = false;

  /// There is somewhere to send to, and a way to protect it where that is wanted.
  [[nodiscard]] bool ready() const { return latch.known() && !awaits_keys && !lost; }
  [[nodiscard]] bool may_send() const {
    return ready() && (direction == Direction::SendRecv || direction == Direction::SendOnly);
  }
  /// A browser: all that it is sent of a sound comes from one source, ours.
  [[nodiscard]] bool one_source() const { return keyed && !video; }
  [[nodiscard]] bool listens() const {
    return direction == Direction::SendRecv || direction == Direction::RecvOnly;
  }
};
static_assert(sizeof(Session) <= 256);

/// What is needed now and then: proving sources, reports, the numbers of what we originate.
struct SessionMargin {
  SessionId id;
  std::uint16_t face = 0;
  LatchCandidates candidates;
  CodecTable codecs;  // what may come from the far side and be sent to it
  std::uint16_t packet_ms = 20;  // of sound in a packet, as it wishes
  bool detects_tones = false;

  SocketAddress rtcp_described;
  SocketAddress rtcp_learned;
  RateLimit rtcp_rate;
  runtime::Instant
      heard{};  // the last RTCP, or when packets were first to be expected, or when silence was told
  runtime::Instant report_due{};
  runtime::Instant rtcp_relayed{};  // when the far side last got a report of the other leg
  /// Sender reports that it got, the last two: what its receiver reports refer to.
  struct SentReport {
    std::uint32_t ntp_middle = 0;
    runtime::Instant at{};
  };
  std::array<SentReport, 2> sent_reports;
  std::uint32_t received_report = 0;  // middle of the NTP time of its last sender report
  runtime::Instant received_report_at{};
  std::uint32_t round_trip_us = 0;
  std::uint32_t remote_loss_permille = 0;

  std::uint64_t name = 0;  // random, the canonical name of our reports
  std::uint32_t own_ssrc = 0;  // of what we originate: playback, echo, reports
  std::uint32_t play_timestamp = 0;
  std::uint32_t play_rate = 8000;  // clock of play_timestamp
  runtime::Instant play_clock{};  // when play_timestamp was right
  std::uint32_t play_packets = 0;
  std::uint32_t play_octets = 0;
  std::uint16_t play_sequence = 0;
  bool transcoded = false;  // what we sent last was, or has been joined to our own source
  /// A source whose packets become part of ours: what is added to its numbers.
  struct Joined {
    std::uint32_t ssrc = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t sequence = 0;
    std::uint16_t next = 0;  // play_sequence after its last packet
    std::uint32_t count = 0;  // of sequence numbers since it was joined
  };
  Joined joined;

  std::unique_ptr<QualitySeries> quality;  // once packets flow
  std::unique_ptr<SrtpSession> srtp;  // of a secure session
  std::unique_ptr<KeyAgreement> agreement;  // of a keyed one
};

}  // namespace xivo::media
