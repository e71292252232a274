#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "rtp/bytes.hpp"

namespace xivo::rtp {

/// The fixed part of an RTP packet. Source  RFC 3550 §5.1
struct Header {
  bool marker = false;
  std::uint8_t payload_type = 0;  // 0..127
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;  // in the codec's clock
  std::uint32_t ssrc = 0;
};

inline constexpr std::size_t kHeaderSize = 12;
inline constexpr std::size_t kContributorsMax = 15;

/// A parsed packet; the views end with the bytes that were parsed.
struct Packet {
  Header header;
  Bytes contributors;                   // CSRC list, four bytes each
  bool has_extension = false;           // RFC 3550 §5.3.1
  std::uint16_t extension_profile = 0;  // "defined by profile"
  Bytes extension;                      // a whole number of 32-bit words
  Bytes payload;                        // without padding; may be empty
  std::uint8_t padding = 0;             // octets after the payload, their count included

  [[nodiscard]] std::size_t contributor_count() const { return contributors.size() / 4; }
  [[nodiscard]] std::uint32_t contributor(std::size_t index) const { return read32(contributors, index * 4); }
};

/// Reads one RTP packet; refuses what does not add up within `bytes`.
/// Errors  the phrase names the field, `detail` is the offset
/// Source  RFC 3550 §5.1, §A.1
Result<Packet> parse(Bytes bytes) noexcept;

/// Writes a header without contributors, extension or padding. Returns kHeaderSize.
std::size_t write(const Header& header, std::span<std::uint8_t, kHeaderSize> out) noexcept;

}  // namespace xivo::rtp
