#include "endpoint/sdp_mapping.hpp"

#include "call/negotiation.hpp"

namespace xivo::endpoint {
namespace {

std::vector<media::Codec> codecs_of(const std::vector<sdp::Format>& formats) {
  std::vector<media::Codec> codecs;
  for (const auto& format : formats) {
    if (format.name.empty()) continue;  // a dynamic payload type that nobody explained
    codecs.push_back({format.name, format.clock_rate, format.channels, format.payload_type, format.fmtp});
  }
  return codecs;
}

}  // namespace

media::Direction to_media(sdp::Direction direction) {
  switch (direction) {
    case sdp::Direction::SendOnly: return media::Direction::SendOnly;
    case sdp::Direction::RecvOnly: return media::Direction::RecvOnly;
    case sdp::Direction::Inactive: return media::Direction::Inactive;
    case sdp::Direction::SendRecv: break;
  }
  return media::Direction::SendRecv;
}

sdp::Direction to_sdp(media::Direction direction) {
  switch (direction) {
    case media::Direction::SendOnly: return sdp::Direction::SendOnly;
    case media::Direction::RecvOnly: return sdp::Direction::RecvOnly;
    case media::Direction::Inactive: return sdp::Direction::Inactive;
    case media::Direction::SendRecv: break;
  }
  return sdp::Direction::SendRecv;
}

media::Description describe(const sdp::Session& session) {
  const auto index = sdp::first_audio(session);
  return index ? describe(session, *index) : media::Description{};
}

media::Description describe(const sdp::Session& session, std::size_t media_index) {
  media::Description description;
  const auto& audio = session.medias[media_index];
  description.codecs = codecs_of(audio.formats);
  description.direction = to_media(session.direction_of(audio));
  description.ptime_ms = audio.ptime_ms;
  description.rtp = session.rtp_address_of(audio).value_or(SocketAddress{});
  description.rtcp = session.rtcp_address_of(audio).value_or(SocketAddress{});
  description.rtcp_mux = audio.rtcp_mux;
  return description;
}

media::Description describe(const sdp::Agreed& agreed) {
  media::Description description;
  description.codecs = codecs_of(agreed.formats);
  // Agreed has our view; a description has the writer's.
  description.direction = to_media(sdp::reversed(agreed.direction));
  description.ptime_ms = agreed.ptime_ms;
  description.rtp = agreed.rtp.value_or(SocketAddress{});
  description.rtcp = agreed.rtcp.value_or(SocketAddress{});
  description.rtcp_mux = agreed.rtcp_mux;
  return description;
}

sdp::Capabilities capabilities(const std::vector<media::Codec>& codecs, const SocketAddress& rtp,
                               const SocketAddress& rtcp, media::Direction direction) {
  sdp::Capabilities capabilities;
  for (const auto& codec : codecs) {
    capabilities.formats.push_back(
        sdp::make_format(codec.payload_type, codec.name, codec.clock_rate, codec.channels, codec.fmtp));
  }
  capabilities.rtp = rtp;
  if (rtcp.port != rtp.port + 1) capabilities.rtcp = rtcp;
  capabilities.direction = to_sdp(direction);
  capabilities.ptime_ms = 20;
  return capabilities;
}

media::Remote remote_of(const media::Description& peer, const std::vector<media::Codec>& negotiated,
                        const IpAddress& signalling) {
  media::Remote remote;
  remote.rtp = peer.rtp;
  remote.rtcp = peer.rtcp;
  remote.signalling = signalling;
  remote.nat_suspect = peer.rtp.port != 0 && peer.rtp.ip != signalling;
  for (const auto& codec : negotiated) remote.payload_types.push_back(codec.payload_type);
  remote.codecs = negotiated;
  if (const auto* events = media::event_codec(negotiated)) {
    remote.telephone_event = events->payload_type;
  } else {
    remote.detect_tones = true;  // then its keys come as tones or not at all
  }
  if (const auto* audio = call::first_audio(negotiated)) remote.clock_rate = audio->clock_rate;
  if (peer.ptime_ms != 0) remote.ptime_ms = peer.ptime_ms;
  return remote;
}

}  // namespace xivo::endpoint
