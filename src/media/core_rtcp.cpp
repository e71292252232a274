// RFC 3550 §6: what a media loop does with RTCP. See the class comment of Core for what passes and what does not.
#include <fmt/format.h>

#include "media/core.hpp"
#include "rtp/demultiplex.hpp"
#include "rtp/ntp.hpp"

namespace xivo::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kReportInterval = seconds(5);  // RFC 3550 §6.2, the minimum
// So much rarer than media that a flood shows at once: five a second, and a burst of ten.
constexpr auto kRtcpInterval = milliseconds(200);
constexpr int kRtcpBurst = 10;
// Video asks for lost packets and whole pictures as it needs them.
constexpr auto kFeedbackInterval = milliseconds(20);
constexpr int kFeedbackBurst = 50;
// The other leg's reports count as coming while the last is no older than this.
constexpr auto kRelayedFresh = seconds(12);
constexpr std::size_t kCompoundMax = 1400;
constexpr auto kRoundTripMax = seconds(60);

rtp::NtpTime ntp_of(runtime::WallTime wall) {
  return rtp::ntp_from_unix_us(
      std::chrono::duration_cast<std::chrono::microseconds>(wall.time_since_epoch()).count());
}

void note_sent(SessionMargin& extra, rtp::NtpTime ntp, runtime::Instant now) {
  extra.sent_reports[1] = extra.sent_reports[0];
  extra.sent_reports[0] = {rtp::ntp_middle(ntp), now};
}

void write_name(rtp::RtcpWriter& writer, std::uint32_t ssrc, std::uint64_t name) {
  char text[17];
  const auto end = fmt::format_to_n(text, sizeof text, "{:016x}", name).out;
  writer.canonical_name(ssrc, {text, static_cast<std::size_t>(end - text)});
}

}  // namespace

bool Core::takes_rtcp(const Session& session, SessionMargin& extra, const SocketAddress* from) const {
  if (!session.latch.known()) return false;
  if (session.ice) return session.rtcp_mux;
  if (from == nullptr || *from == extra.rtcp_described || *from == extra.rtcp_learned) return true;
  if (from->ip != session.latch.target().ip) return false;
  if (*from == session.latch.target()) return true;  // RTP and RTCP on one port, RFC 5761
  if (extra.rtcp_learned.port != 0) return false;
  extra.rtcp_learned = *from;
  return true;
}

void Core::on_rtcp(Slot slot, Session& session, const SocketAddress* from, rtp::Bytes bytes,
                   runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  const auto interval = session.video ? kFeedbackInterval : kRtcpInterval;
  const int burst = session.video ? kFeedbackBurst : kRtcpBurst;
  if (!takes_rtcp(session, extra, from) || !extra.rtcp_rate.allows(interval, burst, now)) {
    refuse(session);
    return;
  }
  const auto compound = rtp::parse_compound(bytes);
  if (!compound) {
    refuse(session);
    return;
  }
  extra.heard = now;
  for (const auto& part : *compound) {
    if (const auto report = rtp::parse_report(part)) read_report(extra, *report, now);
  }
  // What is transcoded has another SSRC, other losses and another clock: its reports would tell lies about our packets.
  const bool relayed = session.conversion == nullptr || !session.conversion->sends;
  if (!session.listens() || session.peer == kNoSlot || !relayed) return;
  // Nor are reports true where one side has our numbers in place of the other's.
  if (session.one_source() || find(session.peer)->one_source()) return;
  forward_reports(slot, *compound, now);
}

void Core::read_report(SessionMargin& extra, const rtp::Report& report, runtime::Instant now) const {
  if (report.sender) {
    extra.received_report = rtp::ntp_middle(report.sender->ntp);
    extra.received_report_at = now;
  }
  if (report.block_count == 0) return;
  const auto& block = report.blocks[0];
  extra.remote_loss_permille = block.fraction_lost * 1000u / 256u;
  if (block.last_sender_report == 0) return;
  for (const auto& sent : extra.sent_reports) {
    if (sent.ntp_middle != block.last_sender_report) continue;
    const auto trip = (now - sent.at) - runtime::Duration(rtp::us_from_ntp_short(block.delay_since_report));
    if (trip >= runtime::Duration::zero() && trip < kRoundTripMax) {
      extra.round_trip_us = static_cast<std::uint32_t>(trip.count());
    }
    return;
  }
}

void Core::forward_reports(Slot from, const rtp::RtcpCompound& compound, runtime::Instant now) {
  const Slot to = find(from)->peer;
  Session& other = *find(to);
  if (other.stream != kNoStream || !other.may_send()) return;
  SessionMargin& extra = margin(to);
  std::array<std::uint8_t, kCompoundMax> buffer;
  rtp::RtcpWriter writer(buffer);
  std::optional<std::uint32_t> reporter;
  for (const auto& part : compound) {
    const auto report = rtp::parse_report(part);
    if (!report) continue;
    if (report->sender) note_sent(extra, report->sender->ntp, now);
    reporter = report->ssrc;
    writer.report(*report);
  }
  if (reporter) {
    write_name(writer, *reporter, margin(from).name);
    extra.rtcp_relayed = now;
    extra.report_due = now + kReportInterval;
  }
  if (other.video) {
    for (const auto& part : compound) writer.feedback(part);
  }
  if (writer.written().empty()) return;
  send_rtcp(to, other, writer.written());
}

void Core::send_own_report(Slot slot, Session& session, runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  if (now < extra.report_due || !session.may_send()) return;
  extra.report_due = now + kReportInterval;
  const bool plays = originates(session, extra, now);
  const bool relayed = session.peer != kNoSlot && now - extra.rtcp_relayed < kRelayedFresh;
  if (relayed && !plays) return;

  rtp::Report report;
  report.ssrc = extra.own_ssrc;
  if (plays) {
    const auto ntp = ntp_of(clock_.wall());
    const auto since = std::chrono::duration_cast<milliseconds>(now - extra.play_clock).count();
    report.sender = rtp::SenderFigures{
        ntp, extra.play_timestamp + static_cast<std::uint32_t>(since * (extra.play_rate / 1000)),
        extra.play_packets, extra.play_octets};
    note_sent(extra, ntp, now);
  }
  if (session.reception.started()) {
    report.blocks[0] = session.reception.report(session.ssrc);
    if (extra.received_report != 0) {
      report.blocks[0].last_sender_report = extra.received_report;
      report.blocks[0].delay_since_report = rtp::ntp_short_from_us((now - extra.received_report_at).count());
    }
    report.block_count = 1;
  }
  if (!report.sender && report.block_count == 0) return;
  std::array<std::uint8_t, 256> buffer;
  rtp::RtcpWriter writer(buffer);
  writer.report(report);
  write_name(writer, extra.own_ssrc, extra.name);
  send_rtcp(slot, session, writer.written());
}

// To the address that RTCP came from, or to the described one; behind a NAT there may be neither, and then nothing goes.
void Core::send_rtcp(Slot slot, Session& session, rtp::Bytes bytes) {
  if (session.secure) {
    const auto sealed = seal(slot, true, bytes);
    if (!sealed) return;
    bytes = *sealed;
  }
  const SessionMargin& extra = margin(slot);
  const auto& latch = session.latch;
  const bool one_port = extra.rtcp_described.port != 0 && extra.rtcp_described == latch.described();
  if (session.rtcp_mux || one_port) {
    network_.send(slot, PortKind::Rtp, latch.connected() ? nullptr : &latch.target(), bytes);
  } else if (extra.rtcp_learned.port != 0) {
    network_.send(slot, PortKind::Rtcp, &extra.rtcp_learned, bytes);
  } else if (extra.rtcp_described.port != 0 && latch.target().ip == latch.described().ip) {
    network_.send(slot, PortKind::Rtcp, &extra.rtcp_described, bytes);
  }
}

}  // namespace xivo::media
