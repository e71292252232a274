#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "rtp/bytes.hpp"
#include "rtp/ntp.hpp"

namespace xivo::rtp {

/// Source  RFC 3550 §12.1, RFC 4585 §6.1; others (207 XR) pass as parts that we do not read.
enum class RtcpType : std::uint8_t {
  SenderReport = 200,
  ReceiverReport = 201,
  SourceDescription = 202,
  Goodbye = 203,
  Application = 204,
  TransportFeedback = 205,
  PayloadFeedback = 206,
};

inline constexpr std::size_t kRtcpCountMax = 31;  // the 5-bit count of reports, chunks or sources
inline constexpr std::size_t kRtcpPartsMax = 16;  // parts of one datagram that we look at

/// One packet of a compound.
struct RtcpPart {
  std::uint8_t type = 0;   // RtcpType, or one that we do not read
  std::uint8_t count = 0;  // reports, chunks, sources, or the subtype
  Bytes body;              // what follows the four octets of the common header, without padding

  [[nodiscard]] bool is(RtcpType wanted) const { return type == static_cast<std::uint8_t>(wanted); }
};

struct RtcpCompound {
  std::array<RtcpPart, kRtcpPartsMax> parts;
  std::size_t size = 0;

  [[nodiscard]] const RtcpPart* begin() const { return parts.data(); }
  [[nodiscard]] const RtcpPart* end() const { return parts.data() + size; }
};

/// Cuts a datagram into its packets. Lenient as §A.2 advises for the content: any known or unknown type may come first
/// (RFC 5506) and parts past kRtcpPartsMax are left out; strict for the frame: version 2 in every part, lengths that
/// fill the datagram exactly, padding in the last part only.
/// Source  RFC 3550 §6.1, §A.2
Result<RtcpCompound> parse_compound(Bytes bytes) noexcept;

/// Source  RFC 3550 §6.4.1
struct ReportBlock {
  std::uint32_t ssrc = 0;  // whom it is about
  std::uint8_t fraction_lost = 0;  // of 256, since the last report
  std::int32_t cumulative_lost = 0;  // 24 bits, signed
  std::uint32_t highest_sequence = 0;  // with wraps in the upper half
  std::uint32_t jitter = 0;  // timestamp units
  std::uint32_t last_sender_report = 0;  // middle 32 bits of its NTP time; 0 = none came
  std::uint32_t delay_since_report = 0;  // 1/65536 s
};

struct SenderFigures {
  NtpTime ntp = 0;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  // of payload
};

/// A sender or receiver report.
struct Report {
  std::uint32_t ssrc = 0;  // of the reporter
  std::optional<SenderFigures> sender;  // set in a sender report
  std::array<ReportBlock, kRtcpCountMax> blocks;
  std::size_t block_count = 0;
};

/// Of a part whose type is SenderReport or ReceiverReport; profile-specific extensions after the blocks are skipped.
Result<Report> parse_report(const RtcpPart& part) noexcept;

/// The canonical name in a source description; the view ends with the bytes parsed.
struct CanonicalName {
  std::uint32_t ssrc = 0;
  std::string_view name;
};

/// The first canonical name of a SourceDescription part; nothing when it has none. Source  RFC 3550 §6.5
Result<std::optional<CanonicalName>> parse_canonical_name(const RtcpPart& part) noexcept;

/// Source  RFC 3550 §6.6
struct Goodbye {
  std::array<std::uint32_t, kRtcpCountMax> sources{};
  std::size_t source_count = 0;
  std::string_view reason;
};
Result<Goodbye> parse_goodbye(const RtcpPart& part) noexcept;

/// Source  RFC 3550 §6.7
struct ApplicationPacket {
  std::uint8_t subtype = 0;
  std::uint32_t ssrc = 0;
  std::string_view name;  // four characters
  Bytes content;
};
Result<ApplicationPacket> parse_application(const RtcpPart& part) noexcept;

/// Writes a compound, part by part, into a buffer of the caller's; a part that does not fit is left out whole and
/// makes ok() false.
class RtcpWriter {
 public:
  explicit RtcpWriter(WritableBytes out) noexcept : out_(out) {}

  void report(const Report& report) noexcept;
  /// `name` is cut at 255 octets.
  void canonical_name(std::uint32_t ssrc, std::string_view name) noexcept;
  void goodbye(std::span<const std::uint32_t> sources) noexcept;
  /// A feedback message as it came; any other part is left out.
  void feedback(const RtcpPart& part) noexcept;

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] Bytes written() const { return out_.first(size_); }

 private:
  /// Room for a part of `body` octets (a multiple of four) and its common header, or an empty span.
  WritableBytes part(RtcpType type, std::size_t count, std::size_t body) noexcept;

  WritableBytes out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace xivo::rtp
