// RFC 3550 §5.1: the RTP fixed header, contributors, extension and padding.
#include "rtp/packet.hpp"

namespace xivo::rtp {

Result<Packet> parse(Bytes bytes) noexcept {
  if (bytes.size() < kHeaderSize)
    return fail("shorter than an rtp header", static_cast<std::int64_t>(bytes.size()));
  if (bytes[0] >> 6 != 2) return fail("rtp version is not 2");
  Packet packet;
  packet.header.marker = (bytes[1] & 0x80) != 0;
  packet.header.payload_type = bytes[1] & 0x7f;
  packet.header.sequence = read16(bytes, 2);
  packet.header.timestamp = read32(bytes, 4);
  packet.header.ssrc = read32(bytes, 8);

  std::size_t at = kHeaderSize;
  const std::size_t contributors_size = 4u * (bytes[0] & 0x0f);
  if (bytes.size() - at < contributors_size)
    return fail("contributor list is cut", static_cast<std::int64_t>(at));
  packet.contributors = bytes.subspan(at, contributors_size);
  at += contributors_size;

  if ((bytes[0] & 0x10) != 0) {
    if (bytes.size() - at < 4) return fail("header extension is cut", static_cast<std::int64_t>(at));
    packet.has_extension = true;
    packet.extension_profile = read16(bytes, at);
    const std::size_t extension_size = 4u * read16(bytes, at + 2);
    at += 4;
    if (bytes.size() - at < extension_size)
      return fail("header extension is cut", static_cast<std::int64_t>(at));
    packet.extension = bytes.subspan(at, extension_size);
    at += extension_size;
  }

  if ((bytes[0] & 0x20) != 0) {
    packet.padding = bytes.back();
    if (packet.padding == 0 || packet.padding > bytes.size() - at) {
      return fail("padding does not fit", static_cast<std::int64_t>(bytes.size() - 1));
    }
  }
  packet.payload = bytes.subspan(at, bytes.size() - at - packet.padding);
  return packet;
}

std::size_t write(const Header& header, std::span<std::uint8_t, kHeaderSize> out) noexcept {
  out[0] = 0x80;
  out[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | (header.payload_type & 0x7f));
  write16(out, 2, header.sequence);
  write32(out, 4, header.timestamp);
  write32(out, 8, header.ssrc);
  return kHeaderSize;
}

}  // namespace xivo::rtp
