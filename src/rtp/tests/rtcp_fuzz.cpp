// Any bytes as a datagram on an RTCP port; what was read as a report must survive being written and read again.
#include <array>
#include <cstdlib>

#include "rtp/rtcp.hpp"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_report(const xivo::rtp::Report& report) {
  std::array<std::uint8_t, 1024> buffer;
  xivo::rtp::RtcpWriter writer(buffer);
  writer.report(report);
  check(writer.ok());
  const auto compound = xivo::rtp::parse_compound(writer.written());
  check(compound.has_value() && compound->size == 1);
  const auto again = xivo::rtp::parse_report(compound->parts[0]);
  check(again.has_value() && again->ssrc == report.ssrc && again->block_count == report.block_count &&
        again->sender.has_value() == report.sender.has_value());
  for (std::size_t i = 0; i < report.block_count; ++i) {
    check(again->blocks[i].cumulative_lost == report.blocks[i].cumulative_lost &&
          again->blocks[i].jitter == report.blocks[i].jitter);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto compound = xivo::rtp::parse_compound({data, size});
  if (!compound) return 0;
  for (const auto& part : *compound) {
    if (const auto report = xivo::rtp::parse_report(part)) check_report(*report);
    if (const auto name = xivo::rtp::parse_canonical_name(part); name && *name) {
      std::array<std::uint8_t, 512> buffer;
      xivo::rtp::RtcpWriter writer(buffer);
      writer.canonical_name((*name)->ssrc, (*name)->name);
      check(writer.ok());
    }
    if (const auto goodbye = xivo::rtp::parse_goodbye(part))
      check(goodbye->source_count <= xivo::rtp::kRtcpCountMax);
    if (const auto app = xivo::rtp::parse_application(part)) check(app->name.size() == 4);
  }
  return 0;
}
