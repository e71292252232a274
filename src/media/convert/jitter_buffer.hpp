#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "rtp/packet.hpp"
#include "runtime/clock.hpp"

namespace xivo::media {

/// Puts the packets of one RTP stream back into order and time, for a decoder that asks for sound at its own pace.
///
/// Time: each packet's transit (arrival less timestamp) is kept for the last 128 packets. The least of them is a packet that
/// nothing held up; how much the others exceed it is the jitter, and the delay aimed at is what 97 in 100 stay within.
/// next() compares the delay that the sound now has with that aim: too little, and it asks for a stretch; too much,
/// and it asks for a shrink; both in silence, unless they cannot wait. A clock that drifts moves the least transit,
/// so it is made up for in the same way. Positions are timestamps, not counts of packets: silence that was not sent (DTX), any
/// packet length and lost packets need nothing else.
///
/// No allocation after construction: payloads lie in chains of small blocks.
/// Units   positions and lengths in ticks of the RTP clock
/// Source  RFC 3550 §5.1; the idea of a quantile of transits: NetEQ
/// Thread  one at a time
class JitterBuffer {
 public:
  static constexpr std::size_t kPacketsMax = 64;
  static constexpr std::size_t kBlockSize = 80;  // 10 ms of G.711
  static constexpr std::size_t kBlocks = 128;  // 1.28 s of G.711, 10 kB
  static constexpr std::size_t kPayloadBytesMax = 1'500;

  struct Options {
    std::uint32_t clock_rate = 8'000;
    std::chrono::milliseconds delay_min{20};
    std::chrono::milliseconds delay_start{40};
    std::chrono::milliseconds delay_max{200};
  };
  enum class Put : std::uint8_t {
    Kept,
    Duplicate,
    Late,  // its time has passed: counts for the delay, not for the sound
    Restarted,  // kept; another source, or a jump in its time: all before it is forgotten
    Refused,  // longer than a packet can be
  };
  struct Next {
    enum class Kind : std::uint8_t {
      Waiting,  // nothing has come yet, or its delay has not passed: silence
      Packet,  // `payload`, valid until the next call; advance() by what it held
      Lost,  // packets after it are there: conceal `missing`, then advance() by it
      Empty,  // nothing is there: conceal, then advance() by it
      Stretch,  // conceal and do not advance
    };
    Kind kind = Kind::Waiting;
    rtp::Bytes
        payload;  // Packet: its own. Lost: of the packet that follows directly, if it is alone in being lost
    std::uint8_t payload_type = 0;
    std::uint32_t missing = 0;
    bool shrink = false;  // leave out a frame's length as soon as there is enough
  };
  struct Figures {
    std::uint64_t kept = 0;
    std::uint64_t late = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t overflowed = 0;
    std::uint64_t lost = 0;  // gaps that were concealed
    std::uint64_t stretched = 0;
    std::uint64_t shrunk = 0;
    std::uint64_t restarted = 0;
  };

  explicit JitterBuffer(const Options& options);

  Put put(const rtp::Header& header, rtp::Bytes payload, runtime::Instant now);
  /// What to play now. `queued`: sound decoded before that is still to be played. `quiet`: what is played now may be
  /// stretched or left out unheard.
  Next next(runtime::Instant now, runtime::Duration queued, bool quiet);
  void advance(std::uint32_t ticks) { position_ += ticks; }
  /// Forgets everything, as for a new stream; the clock may be another.
  void restart(std::uint32_t clock_rate);

  /// The delay aimed at.
  [[nodiscard]] runtime::Duration target() const { return target_; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] const Figures& figures() const { return figures_; }

 private:
  static constexpr std::uint8_t kNoBlock = 0xff;
  static constexpr std::size_t kTransits = 128;
  struct Slot {
    std::int64_t timestamp = 0;
    std::uint16_t size = 0;
    std::uint8_t first_block = kNoBlock;
    std::uint8_t payload_type = 0;
    bool used = false;
  };
  static_assert(kBlocks < kNoBlock);

  [[nodiscard]] std::int64_t to_us(std::int64_t ticks) const {
    return ticks * 1'000'000 / options_.clock_rate;
  }
  [[nodiscard]] std::int64_t ms(std::int64_t milliseconds) const {
    return milliseconds * options_.clock_rate / 1000;
  }
  [[nodiscard]] Slot& slot(std::int64_t sequence) {
    return slots_[static_cast<std::size_t>(sequence) % kPacketsMax];
  }
  void begin_stream(const rtp::Header& header, std::int64_t arrival_us);
  void note_transit(std::int64_t transit_us);
  void aim();
  [[nodiscard]] bool jumped(std::int64_t sequence, std::int64_t transit_us) const;
  Put keep(std::int64_t sequence, std::int64_t timestamp, const rtp::Header& header, rtp::Bytes payload);
  bool store(Slot& slot, rtp::Bytes payload);
  rtp::Bytes load(const Slot& slot);
  void drop(Slot& slot);
  void drop_oldest();
  /// The first packet in order of sequence; nullptr when there is none. Forgets those whose time has passed.
  Slot* head();
  void begin_playing();
  void skip_hopeless(std::int64_t lag_us);
  Next take(Slot& first, std::int64_t lag_us, bool quiet);
  Next lose(Slot& first, std::int64_t gap);

  Options options_;
  std::array<Slot, kPacketsMax> slots_{};
  std::array<std::uint8_t, kBlocks> next_block_{};
  std::array<std::array<std::uint8_t, kBlockSize>, kBlocks> blocks_{};
  std::array<std::uint8_t, kPayloadBytesMax> scratch_{};
  std::uint8_t free_block_ = kNoBlock;
  std::size_t free_blocks_ = 0;

  bool started_ = false;
  bool playing_ = false;
  std::uint32_t ssrc_ = 0;
  std::size_t count_ = 0;
  std::int64_t lowest_ = 0;  // extended sequence numbers
  std::int64_t newest_ = 0;
  std::int64_t newest_timestamp_ = 0;
  std::int64_t position_ = 0;  // what is to be decoded next
  std::int64_t first_arrival_us_ = 0;
  int late_in_a_row_ = 0;

  std::array<std::int32_t, kTransits> transits_{};  // µs beyond transit_origin_
  std::size_t transit_count_ = 0;
  std::int64_t transit_origin_ = 0;
  std::int64_t base_us_ = 0;  // the least of them
  runtime::Duration target_;
  Figures figures_;
};

}  // namespace xivo::media
