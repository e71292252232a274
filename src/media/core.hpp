#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "media/chunked_array.hpp"
#include "media/convert/conversion.hpp"
#include "media/engine.hpp"
#include "media/play_wheel.hpp"
#include "media/session.hpp"
#include "rtp/packet.hpp"
#include "rtp/rtcp.hpp"
#include "runtime/clock.hpp"
#include "runtime/rng.hpp"

namespace xivo::media {

/// The sockets of a media loop, as its packet logic sees them.
class MediaNetwork {
 public:
  virtual ~MediaNetwork() = default;
  /// `to`: nullptr on a locked RTP port. A packet that the kernel does not take at once is dropped.
  virtual void send(Slot slot, PortKind kind, const SocketAddress* to, rtp::Bytes bytes) = 0;
  /// Makes the RTP port receive from `remote` only and send to it. What the port had received before is still given to
  /// on_packet() with its source. Returns false when that is refused.
  virtual bool lock(Slot slot, const SocketAddress& remote) = 0;
  virtual void unlock(Slot slot) = 0;
  /// Media flows: from now on RTCP is wanted too. Called again and again; does nothing when its port is open.
  virtual void open_rtcp(Slot slot) = 0;
};

/// A session between two loops.
struct MovingSession {
  Session session;
  SessionMargin margin;
  std::optional<Stream> stream;
};

/// What a session has to tell to the face that opened it.
struct SessionEvent {
  enum class Kind : std::uint8_t {
    Digit,
    PlayEnded,
    Silent,  // `held` is for how long
    Quality,  // `quality` is how the last interval was
    KeysAgreed,  // `text` is the suite
    KeyExchangeFailed,  // `text` is why
    Closed,
    Released,  // nothing happened; `released` comes back, so that no media loop ever frees a sound
  };
  Kind kind = Kind::Digit;
  SessionId id;
  char digit = 0;
  bool reached_end = false;
  bool carried_packets = false;  // Closed: so its port needs its rest
  Slot slot = kNoSlot;
  std::uint32_t serial = 0;  // PlayEnded: of the order that ended
  std::chrono::milliseconds held{0};
  std::string_view text;  // static
  QualitySample quality;
  Statistics statistics;
  std::shared_ptr<const Playlist> released;
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Called amid the packet logic: must keep the event for later and not call back.
  virtual void tell(std::uint16_t face, SessionEvent event) = 0;
};

/// What play() asks of a media loop.
struct PlayOrder {
  std::shared_ptr<const Playlist> sounds;
  std::uint32_t first_title = 0;  // taken modulo the number of titles
  std::uint32_t serial = 0;  // comes back in PlayEnded
  std::uint8_t payload_type = 0;
  bool loop = false;
};

/// The packet logic of all sessions of one media loop: latching, relay, playback, digits, reports and figures. Knows no
/// sockets, threads or clock reading of its own, so production, simulation and tests run the same.
///
/// RTCP is regenerated, not passed: of a compound that the far side of one leg sends, its sender and receiver reports go on
/// to the other leg (SSRCs are the same on both, so the reports stay true end to end, and phones keep their own
/// round trip and loss figures), its names, addresses and application data do not (a company's host and user names are nobody's
/// business). A leg that gets no such reports gets ours every five seconds while media flows. Both ways we read the
/// round trip and the loss that the far side sees.
/// Thread  the media loop's
class Core {
 public:
  struct Options {
    std::size_t fine_from = PlayWheel::kFineFromDefault;
    SilenceLimits silence;
  };

  Core(MediaNetwork& network, EventSink& events, const runtime::Clock& clock, runtime::Rng& rng,
       const Options& options);

  /// `slot`: any small number; at most one open session has it at a time.
  void open(Slot slot, SessionId id, std::uint16_t face);
  void set_remote(Slot slot, const FarSide& far, runtime::Instant now);
  void set_direction(Slot slot, Direction direction, runtime::Instant now);
  void protect(Slot slot, SrtpChange change);
  void connect(Slot a, Slot b);
  void disconnect(Slot slot);
  void echo(Slot slot, bool on);
  void play(Slot slot, PlayOrder order, runtime::Instant now);
  void stop_playing(Slot slot);
  /// Tells Closed with the figures.
  void close(Slot slot);

  /// Takes a session out, to go on in another loop; it is connected to nobody then. Nothing when there is none.
  std::unique_ptr<MovingSession> take_out(Slot slot);
  void put_in(Slot slot, MovingSession moving, runtime::Instant now);

  /// A datagram has come. `from`: nullptr on a locked RTP port. The bytes may be changed in place.
  void on_packet(Slot slot, PortKind kind, const SocketAddress* from, rtp::WritableBytes bytes,
                 runtime::Instant now);
  /// Sends what is due and looks after sessions. To be called at next_deadline(), and harmless at any other time.
  void on_time(runtime::Instant now);
  /// Nothing when no stream plays and no packets flow: then the loop may sleep until the next packet.
  [[nodiscard]] std::optional<runtime::Instant> next_deadline() const;

  [[nodiscard]] Statistics statistics(Slot slot) const;
  [[nodiscard]] bool playing(Slot slot) const;
  [[nodiscard]] Slot peer(Slot slot) const;
  [[nodiscard]] std::size_t open_count() const { return open_count_; }

 private:
  static constexpr std::size_t kBeats = 4;  // housekeeping visits each session every fourth beat

  [[nodiscard]] Session* find(Slot slot) const {
    Session* session = sessions_.find(slot);
    return session != nullptr && session->open ? session : nullptr;
  }
  [[nodiscard]] SessionMargin& margin(Slot slot) const { return margins_[slot]; }

  void on_rtp(Slot slot, Session& session, const SocketAddress* from, rtp::WritableBytes bytes,
              runtime::Instant now);
  bool take_from(Slot slot, Session& session, const SocketAddress* from, const rtp::Packet& packet,
                 runtime::Instant now);
  void count(Session& session, const rtp::Packet& packet, runtime::Instant now);
  void detect_digit(Slot slot, Session& session, const rtp::Packet& packet);
  void forward(Slot slot, Session& session, const rtp::Packet& packet, rtp::WritableBytes bytes,
               runtime::Instant now);
  static void refuse(Session& session) { ++session.packets_refused; }

  // dtls/one_source.cpp
  [[nodiscard]] std::uint32_t rate_to(const Session& to, const SessionMargin& extra,
                                      std::uint8_t payload_type) const;
  bool join(Slot slot, Session& to, const rtp::Packet& packet, rtp::WritableBytes bytes,
            runtime::Instant now);

  // srtp/core.cpp
  std::optional<rtp::WritableBytes> open_sealed(Slot slot, bool rtcp, rtp::WritableBytes bytes);
  std::optional<rtp::Bytes> seal(Slot slot, bool rtcp, rtp::Bytes bytes);

  // dtls/core.cpp
  void agree(Slot slot, Session& session, std::unique_ptr<KeyAgreement> wanted);
  void drop_agreement(Slot slot, Session& session);
  [[nodiscard]] bool on_checked_path(Slot slot, PortKind kind, const SocketAddress* from) const;
  void on_exchange(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
                   runtime::Instant now);
  void on_check(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
                runtime::Instant now);
  void on_dtls(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
               runtime::Instant now);
  [[nodiscard]] bool look_for_consent(Slot slot, Session& session, runtime::Instant now) const;
  void begin_handshake(Slot slot, Session& session, runtime::Instant now);
  bool make_association(Slot slot, Session& session, runtime::Instant now);
  void settle_handshake(Slot slot, Session& session, runtime::Instant now);
  void adopt_keys(Slot slot, Session& session, runtime::Instant now);
  void end_agreement(Slot slot, Session& session, std::string_view reason);
  void arm_handshake(Slot slot, KeyAgreement& agreement, runtime::Instant deadline);
  void run_handshakes(runtime::Instant now);
  void turn_handshake(Slot slot, Session& session, runtime::Instant now);
  void tell_text(Slot slot, SessionEvent::Kind kind, std::string_view text);

  // convert/core.cpp
  static constexpr std::size_t kOwnPayloadMax = 1'960;  // 60 ms of L16 need as much
  void plan_conversion(Slot slot);
  void plan_conversions(Slot slot);
  void drop_conversion(Slot slot, Session& session);
  std::optional<std::uint8_t> convert(Slot slot, Session& session, const rtp::Packet& packet,
                                      runtime::Instant now);
  void convert_event(Session& session, const rtp::Packet& packet, runtime::Instant now);
  void turn_wheel(Slot slot, Conversion& conversion, runtime::Instant now);
  static void catch_up(SessionMargin& extra, std::uint32_t rate, runtime::Instant now);
  bool convert_frame(std::uint32_t index, runtime::Instant now);
  void tell_tone(Slot slot, char digit);
  void send_frame(Session& session, std::span<const std::int16_t> frame, runtime::Instant now);
  void send_sound(Slot slot, Session& other, Conversion& conversion, std::span<const std::int16_t> samples,
                  runtime::Instant now);
  void send_own(Slot slot, Session& session, rtp::Header header, rtp::Bytes payload);

  void send_rtp(Slot slot, Session& session, rtp::Bytes bytes, std::size_t payload_size);

  void on_rtcp(Slot slot, Session& session, const SocketAddress* from, rtp::Bytes bytes,
               runtime::Instant now);
  [[nodiscard]] bool takes_rtcp(const Session& session, SessionMargin& extra,
                                const SocketAddress* from) const;
  void read_report(SessionMargin& extra, const rtp::Report& report, runtime::Instant now) const;
  void forward_reports(Slot from, const rtp::RtcpCompound& compound, runtime::Instant now);
  void send_own_report(Slot slot, Session& session, runtime::Instant now);
  void send_rtcp(Slot slot, Session& session, rtp::Bytes bytes);

  bool play_frame(std::uint32_t index, std::uint64_t skipped, runtime::Instant now);
  void start_stream(Session& session, runtime::Instant now);
  void start_waiting_stream(Slot slot, Session& session, runtime::Instant now);
  void end_stream(Session& session);
  [[nodiscard]] bool originates(const Session& session, const SessionMargin& extra,
                                runtime::Instant now) const;
  void watch(Slot slot, Session& session, runtime::Instant now);
  void visit_from_now_on(Slot slot, Session& session, runtime::Instant now);
  [[nodiscard]] std::chrono::seconds silence_limit(const Session& session) const;
  void sample_quality(Slot slot, Session& session, runtime::Instant now);
  bool look_for_silence(Slot slot, Session& session, runtime::Instant now);
  void beat(runtime::Instant now);
  bool look_after(Slot slot, Session& session, runtime::Instant now);
  void cut(Slot slot);

  MediaNetwork& network_;
  EventSink& events_;
  const runtime::Clock& clock_;
  runtime::Rng& rng_;
  const SilenceLimits silence_;
  ChunkedArray<Session> sessions_;
  ChunkedArray<SessionMargin> margins_;
  ChunkedArray<std::unique_ptr<Conversion>> conversions_;  // of the few sessions that need one
  std::size_t open_count_ = 0;
  PlayWheel wheel_;
  std::vector<std::uint32_t> ended_;  // streams that came to their end in this turn of the wheel
  std::array<std::vector<Slot>, kBeats> watched_;
  std::size_t watched_count_ = 0;
  std::uint64_t next_beat_ = 0;
  std::vector<Slot> handshakes_;  // sessions with a deadline of theirs; some of them may be gone
  runtime::Instant next_handshake_ = runtime::Instant::max();
  std::array<std::uint8_t, 2048 + rtp::kSrtpOverheadMax> sealed_;  // one packet on its way out
};

}  // namespace xivo::media
