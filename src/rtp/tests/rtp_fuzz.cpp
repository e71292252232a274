// Any bytes as a datagram on an RTP port: demultiplexing, header, telephone event, sequence tracking.
#include <cstdlib>

#include "rtp/demultiplex.hpp"
#include "rtp/packet.hpp"
#include "rtp/reception.hpp"
#include "rtp/telephone_event.hpp"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_packet(xivo::rtp::Bytes bytes, const xivo::rtp::Packet& packet) {
  check(packet.contributors.size() % 4 == 0 && packet.contributor_count() <= xivo::rtp::kContributorsMax);
  for (std::size_t i = 0; i < packet.contributor_count(); ++i) static_cast<void>(packet.contributor(i));
  const auto extension = packet.has_extension ? 4 + packet.extension.size() : 0;
  check(xivo::rtp::kHeaderSize + packet.contributors.size() + extension + packet.payload.size() +
            packet.padding ==
        bytes.size());
  std::array<std::uint8_t, xivo::rtp::kHeaderSize> written;
  xivo::rtp::write(packet.header, written);
  const auto again = xivo::rtp::parse(written);
  check(again.has_value() && again->header.sequence == packet.header.sequence &&
        again->header.ssrc == packet.header.ssrc && again->header.timestamp == packet.header.timestamp &&
        again->header.payload_type == packet.header.payload_type &&
        again->header.marker == packet.header.marker);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The input is a row of datagrams, each after one octet that tells its size.
  xivo::rtp::Reception reception;
  xivo::rtp::PressDetector presses;
  std::uint32_t arrival = 0;
  xivo::rtp::Bytes left(data, size);
  while (!left.empty()) {
    const auto length = std::min<std::size_t>(left[0], left.size() - 1);
    const auto datagram = left.subspan(1, length);
    left = left.subspan(1 + length);
    static_cast<void>(xivo::rtp::classify(datagram));
    const auto packet = xivo::rtp::parse(datagram);
    if (!packet) continue;
    check_packet(datagram, *packet);
    reception.on_sequence(packet->header.sequence);
    reception.on_timing(packet->header.timestamp, arrival += 160);
    if (const auto event = xivo::rtp::parse_telephone_event(packet->payload))
      presses.on_packet(packet->header, *event);
  }
  static_cast<void>(reception.report(1));
  return 0;
}
