#pragma once

#include <cstdint>

#include "rtp/rtcp.hpp"

namespace xivo::rtp {

/// Follows one source's sequence numbers and timestamps: what was expected, lost, and how regularly it came.
/// Shape   the expected begin is the first packet given; a jump that two packets in a row confirm starts anew and keeps
///         the losses counted until then
/// Source  RFC 3550 §A.1 (sequence), §A.3 (loss), §A.8 (jitter)
class Reception {
 public:
  enum class Outcome : std::uint8_t {
    First,  // of this source
    InOrder,  // next, or with a gap that is allowed for
    Late,  // reordered or duplicate
    Jump,  // far away; the next one tells whether the source has restarted
    Restart,  // it has
  };

  /// Counts a packet.
  Outcome on_sequence(std::uint16_t sequence) noexcept;
  /// Updates the jitter estimate. `arrival`: receive time in the units of `timestamp`, from any begin.
  void on_timing(std::uint32_t timestamp, std::uint32_t arrival) noexcept;
  /// The next packet starts a new source or follows a pause: no loss and no jitter across it.
  void pause() noexcept;

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint32_t highest_sequence() const { return cycles_ + max_; }
  /// Expected minus received over everything; duplicates never make it negative.
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_before_ + lost_now(); }
  [[nodiscard]] std::uint32_t jitter() const { return jitter_scaled_ >> 4; }  // timestamp units

  /// The block for a report about this source; each call starts a new interval for `fraction_lost`.
  ReportBlock report(std::uint32_t ssrc) noexcept;

 private:
  void start(std::uint16_t sequence) noexcept;
  [[nodiscard]] std::uint32_t expected() const { return highest_sequence() - base_ + 1; }
  [[nodiscard]] std::uint32_t lost_now() const noexcept;

  std::uint32_t cycles_ = 0;  // wraps so far, times 65,536
  std::uint32_t base_ = 0;
  std::uint32_t bad_ = kNoBad;  // the sequence that would confirm a jump
  std::uint32_t received_ = 0;
  std::uint32_t expected_prior_ = 0;
  std::uint32_t received_prior_ = 0;
  std::uint32_t lost_before_ = 0;
  std::uint32_t transit_ = 0;
  std::uint32_t jitter_scaled_ = 0;  // times 16
  std::uint32_t last_timestamp_ = 0;
  std::uint16_t max_ = 0;
  bool started_ = false;
  bool timed_ = false;

  static constexpr std::uint32_t kNoBad = 0x10000;
};

}  // namespace xivo::rtp
