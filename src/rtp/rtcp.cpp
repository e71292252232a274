// RFC 3550 §6: RTCP compounds, sender and receiver reports, source descriptions, goodbyes.
#include "rtp/rtcp.hpp"

#include <algorithm>
#include <cstring>

namespace xivo::rtp {
namespace {

constexpr std::size_t kCommonHeaderSize = 4;
constexpr std::size_t kReportBlockSize = 24;
constexpr std::size_t kSenderFiguresSize = 20;
constexpr std::uint8_t kCanonicalNameItem = 1;
constexpr std::size_t kItemTextMax = 255;

std::string_view text_at(Bytes bytes, std::size_t at, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()) + at, size};
}

ReportBlock read_block(Bytes bytes, std::size_t at) {
  ReportBlock block;
  block.ssrc = read32(bytes, at);
  block.fraction_lost = bytes[at + 4];
  const auto lost = read24(bytes, at + 5);
  block.cumulative_lost = static_cast<std::int32_t>(lost << 8) >> 8;  // sign of 24 bits
  block.highest_sequence = read32(bytes, at + 8);
  block.jitter = read32(bytes, at + 12);
  block.last_sender_report = read32(bytes, at + 16);
  block.delay_since_report = read32(bytes, at + 20);
  return block;
}

void write_block(const ReportBlock& block, WritableBytes out, std::size_t at) {
  write32(out, at, block.ssrc);
  out[at + 4] = block.fraction_lost;
  write24(out, at + 5, static_cast<std::uint32_t>(block.cumulative_lost) & 0xffffff);
  write32(out, at + 8, block.highest_sequence);
  write32(out, at + 12, block.jitter);
  write32(out, at + 16, block.last_sender_report);
  write32(out, at + 20, block.delay_since_report);
}

}  // namespace

Result<RtcpCompound> parse_compound(Bytes bytes) noexcept {
  if (bytes.size() < kCommonHeaderSize) return fail("shorter than an rtcp header");
  RtcpCompound compound;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto left = bytes.size() - at;
    if (left < kCommonHeaderSize) return fail("rtcp packet is cut", static_cast<std::int64_t>(at));
    if (bytes[at] >> 6 != 2) return fail("rtcp version is not 2", static_cast<std::int64_t>(at));
    const std::size_t size = (std::size_t{read16(bytes, at + 2)} + 1) * 4;
    if (size > left) return fail("rtcp length exceeds the datagram", static_cast<std::int64_t>(at));
    RtcpPart part{bytes[at + 1], static_cast<std::uint8_t>(bytes[at] & 0x1f),
                  bytes.subspan(at + kCommonHeaderSize, size - kCommonHeaderSize)};
    if ((bytes[at] & 0x20) != 0) {
      const std::size_t padding = bytes[at + size - 1];
      if (size != left || padding == 0 || padding > part.body.size()) {
        return fail("rtcp padding does not fit", static_cast<std::int64_t>(at));
      }
      part.body = part.body.first(part.body.size() - padding);
    }
    if (compound.size < kRtcpPartsMax) compound.parts[compound.size++] = part;
    at += size;
  }
  return compound;
}

Result<Report> parse_report(const RtcpPart& part) noexcept {
  const bool from_sender = part.is(RtcpType::SenderReport);
  if (!from_sender && !part.is(RtcpType::ReceiverReport)) return fail("not an rtcp report");
  std::size_t at = 4 + (from_sender ? kSenderFiguresSize : 0);
  if (part.body.size() < at + part.count * kReportBlockSize) return fail("rtcp report is cut");
  Report report;
  report.ssrc = read32(part.body, 0);
  if (from_sender) {
    report.sender = SenderFigures{read64(part.body, 4), read32(part.body, 12), read32(part.body, 16),
                                  read32(part.body, 20)};
  }
  for (std::size_t i = 0; i < part.count; ++i, at += kReportBlockSize)
    report.blocks[i] = read_block(part.body, at);
  report.block_count = part.count;
  return report;
}

Result<std::optional<CanonicalName>> parse_canonical_name(const RtcpPart& part) noexcept {
  if (!part.is(RtcpType::SourceDescription)) return fail("not an rtcp source description");
  const auto body = part.body;
  std::size_t at = 0;
  for (std::size_t chunk = 0; chunk < part.count; ++chunk) {
    if (body.size() - at < 4) return fail("source description is cut", static_cast<std::int64_t>(at));
    const auto ssrc = read32(body, at);
    at += 4;
    while (at < body.size() && body[at] != 0) {
      if (body.size() - at < 2 || body.size() - at - 2 < body[at + 1]) {
        return fail("source description item is cut", static_cast<std::int64_t>(at));
      }
      if (body[at] == kCanonicalNameItem)
        return std::optional(CanonicalName{ssrc, text_at(body, at + 2, body[at + 1])});
      at += 2u + body[at + 1];
    }
    at = std::min((at + 4) & ~std::size_t{3},
                  body.size());  // at least one zero ends a chunk, up to the next word
  }
  return std::optional<CanonicalName>();
}

Result<Goodbye> parse_goodbye(const RtcpPart& part) noexcept {
  if (!part.is(RtcpType::Goodbye)) return fail("not an rtcp goodbye");
  const std::size_t sources_size = 4u * part.count;
  if (part.body.size() < sources_size) return fail("rtcp goodbye is cut");
  Goodbye goodbye;
  goodbye.source_count = part.count;
  for (std::size_t i = 0; i < part.count; ++i) goodbye.sources[i] = read32(part.body, i * 4);
  if (part.body.size() > sources_size) {
    const std::size_t reason_size = part.body[sources_size];
    if (part.body.size() - sources_size - 1 < reason_size) return fail("rtcp goodbye reason is cut");
    goodbye.reason = text_at(part.body, sources_size + 1, reason_size);
  }
  return goodbye;
}

Result<ApplicationPacket> parse_application(const RtcpPart& part) noexcept {
  if (!part.is(RtcpType::Application)) return fail("not an rtcp application packet");
  if (part.body.size() < 8) return fail("rtcp application packet is cut");
  return ApplicationPacket{part.count, read32(part.body, 0), text_at(part.body, 4, 4), part.body.subspan(8)};
}

WritableBytes RtcpWriter::part(RtcpType type, std::size_t count, std::size_t body) noexcept {
  if (out_.size() - size_ < kCommonHeaderSize + body) {
    ok_ = false;
    return {};
  }
  auto room = out_.subspan(size_, kCommonHeaderSize + body);
  room[0] = static_cast<std::uint8_t>(0x80 | count);
  room[1] = static_cast<std::uint8_t>(type);
  write16(room, 2, static_cast<std::uint16_t>(body / 4));
  size_ += room.size();
  return room.subspan(kCommonHeaderSize);
}

void RtcpWriter::report(const Report& report) noexcept {
  const auto type = report.sender ? RtcpType::SenderReport : RtcpType::ReceiverReport;
  const auto count = std::min(report.block_count, kRtcpCountMax);
  std::size_t at = 4 + (report.sender ? kSenderFiguresSize : 0);
  auto body = part(type, count, at + count * kReportBlockSize);
  if (body.empty()) return;
  write32(body, 0, report.ssrc);
  if (report.sender) {
    write64(body, 4, report.sender->ntp);
    write32(body, 12, report.sender->rtp_timestamp);
    write32(body, 16, report.sender->packets);
    write32(body, 20, report.sender->octets);
  }
  for (std::size_t i = 0; i < count; ++i, at += kReportBlockSize) write_block(report.blocks[i], body, at);
}

void RtcpWriter::canonical_name(std::uint32_t ssrc, std::string_view name) noexcept {
  name = name.substr(0, kItemTextMax);
  const auto body_size = (4 + 2 + name.size() + 1 + 3) & ~std::size_t{3};  // ends with one to four zeros
  auto body = part(RtcpType::SourceDescription, 1, body_size);
  if (body.empty()) return;
  std::fill(body.begin(), body.end(), std::uint8_t{0});
  write32(body, 0, ssrc);
  body[4] = kCanonicalNameItem;
  body[5] = static_cast<std::uint8_t>(name.size());
  std::memcpy(body.data() + 6, name.data(), name.size());
}

void RtcpWriter::feedback(const RtcpPart& message) noexcept {
  const bool known = message.is(RtcpType::TransportFeedback) || message.is(RtcpType::PayloadFeedback);
  if (!known || message.body.size() < 8 || message.body.size() % 4 != 0) return;
  const auto body = part(static_cast<RtcpType>(message.type), message.count, message.body.size());
  if (!body.empty()) std::copy(message.body.begin(), message.body.end(), body.begin());
}

void RtcpWriter::goodbye(std::span<const std::uint32_t> sources) noexcept {
  const auto count = std::min(sources.size(), kRtcpCountMax);
  if (count == 0) return;
  auto body = part(RtcpType::Goodbye, count, count * 4);
  if (body.empty()) return;
  for (std::size_t i = 0; i < count; ++i) write32(body, i * 4, sources[i]);
}

}  // namespace xivo::rtp
