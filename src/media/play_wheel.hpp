#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "media/session.hpp"
#include "media/sound.hpp"

namespace xivo::media {

/// One listener's place in what plays to it.
struct Stream {
  Slot session = kNoSlot;
  std::shared_ptr<const Playlist> sounds;
  std::uint32_t title = 0;
  std::uint32_t offset = 0;   // octets into the title
  std::uint32_t serial = 0;
  std::uint8_t payload_type = 0;
  bool loop = false;
  bool begins_spurt = true;   // the next packet carries the marker bit
  bool converts = false;      // paces a conversion; there are no sounds
  bool turning = false;       // on the wheel; otherwise it waits for the far side's address
  std::uint8_t wheel_slot = 0;
  std::uint32_t wheel_index = 0;
  std::uint64_t skips_seen = 0;
};

/// Paces all played streams of a media loop: a wheel of 20 slots of 1 ms that turns once a packet time. A stream keeps its
/// slot, so its packets leave 20 ms apart however many others there are; a new one goes into the emptiest slot.
///
/// Deadlines are absolute. After a stall each stream sends one packet and leaves out the others it has missed
/// (`skipped` tells their number, so that timestamps tell the truth). With fewer than `fine_from` streams only every fifth slot is filled,
/// so that the loop wakes every 5 ms at most, and only for slots that have streams.
/// Thread  the media loop's
class PlayWheel {
 public:
  static constexpr std::uint32_t kSlots = 20;
  static constexpr std::uint32_t kCoarseStep = 5;
  static constexpr std::size_t kFineFromDefault = 100;

  explicit PlayWheel(std::size_t fine_from = kFineFromDefault) : fine_from_(fine_from) {}

  std::uint32_t create(Stream stream);
  void destroy(std::uint32_t index);
  [[nodiscard]] Stream& at(std::uint32_t index) { return streams_[index]; }
  [[nodiscard]] const Stream& at(std::uint32_t index) const { return streams_[index]; }

  /// Puts a stream on the wheel, or takes it off without ending it.
  void start(std::uint32_t index, runtime::Instant now);
  void halt(std::uint32_t index);

  /// Calls `send(stream index, frames skipped)` for every stream whose time has come. `send` may not create, destroy,
  /// start or halt streams.
  template <class Send>
  void run(runtime::Instant now, Send&& send) {
    const auto last = tick_of(now);
    skip_missed(last);
    for (; next_tick_ <= last; ++next_tick_) {
      for (const auto index : slots_[next_tick_ % kSlots]) {
        Stream& stream = streams_[index];
        const auto skipped = skips_ - stream.skips_seen;
        stream.skips_seen = skips_;
        send(index, skipped);
      }
    }
  }

  /// When run() has next to be called; nothing when the wheel is empty.
  [[nodiscard]] std::optional<runtime::Instant> next_deadline() const;
  [[nodiscard]] std::size_t turning() const { return turning_; }
  [[nodiscard]] std::size_t slot_size(std::uint32_t slot) const { return slots_[slot].size(); }

 private:
  static std::uint64_t tick_of(runtime::Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch() / std::chrono::milliseconds(1));
  }
  void skip_missed(std::uint64_t last);
  [[nodiscard]] std::uint32_t emptiest_slot() const;
  [[nodiscard]] std::uint32_t step() const { return turning_ < fine_from_ ? kCoarseStep : 1; }

  std::size_t fine_from_;
  std::vector<Stream> streams_;
  std::vector<std::uint32_t> free_;
  std::array<std::vector<std::uint32_t>, kSlots> slots_;
  std::size_t turning_ = 0;
  std::uint64_t next_tick_ = 0;
  std::uint64_t skips_ = 0;  // turns left out since the beginning
};

}  // namespace xivo::media
