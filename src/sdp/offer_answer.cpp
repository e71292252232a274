#include "sdp/offer_answer.hpp"

#include <algorithm>

namespace xivo::sdp {
namespace {

const Format* find_codec(const std::vector<Format>& formats, const Format& wanted) {
  const auto at =
      std::find_if(formats.begin(), formats.end(), [&](const Format& f) { return f.same_codec(wanted); });
  return at == formats.end() ? nullptr : &*at;
}

/// The protocol without the F of feedback: a side that sends no feedback still talks AVPF.       RFC 4585 §3
std::string_view profile(std::string_view protocol) {
  if (protocol.ends_with("AVPF")) protocol.remove_suffix(1);
  return protocol;
}

/// What both sides have, in the offer's order and numbers, with our parameters.                 RFC 3264 §6.1
std::vector<Format> common_formats(const std::vector<Format>& offered, const std::vector<Format>& local) {
  std::vector<Format> codecs;
  for (const Format& theirs : offered) {
    const Format* ours = find_codec(local, theirs);
    if (!ours) continue;
    Format agreed = theirs;
    agreed.fmtp = ours->fmtp;
    codecs.push_back(std::move(agreed));
  }
  const auto is_event = [](const Format& f) { return f.is_telephone_event(); };
  const auto is_beside = [](const Format& f) { return f.is_telephone_event() || f.is_comfort_noise(); };
  if (std::all_of(codecs.begin(), codecs.end(), is_beside)) return {};
  const auto fits = [&](const Format& event) {
    return std::any_of(codecs.begin(), codecs.end(),
                       [&](const Format& f) { return !is_event(f) && f.clock_rate == event.clock_rate; });
  };
  // RFC 4733 §2.5.1.3 wants the rate of the audio; a phone that offers 8000 beside Opus alone still hears it.
  const bool any_fits =
      std::any_of(codecs.begin(), codecs.end(), [&](const Format& f) { return is_event(f) && fits(f); });
  if (any_fits) std::erase_if(codecs, [&](const Format& f) { return is_event(f) && !fits(f); });
  return codecs;
}

void set_transport(Media& media, const Capabilities& local) {
  media.port = local.rtp.port;
  if (local.rtcp) {
    media.rtcp = RtcpPort{local.rtcp->port, std::nullopt};
    if (local.rtcp->ip != local.rtp.ip) media.rtcp->connection = Connection::of(local.rtcp->ip);
  }
  media.ptime_ms = local.ptime_ms;
}

Session empty_session(const Capabilities& local, Origin origin) {
  Session session;
  session.origin = std::move(origin);
  session.origin.address_type = local.rtp.ip.is_v4() ? "IP4" : "IP6";
  session.origin.address = local.rtp.ip.to_string();
  session.connection = Connection::of(local.rtp.ip);
  session.attributes = local.session_attributes;
  return session;
}

/// Where RTCP goes when muxing was or was not agreed, whatever the peer's description alone would say.
std::optional<SocketAddress> rtcp_of(const Session& session, Media media, bool mux) {
  media.rtcp_mux = mux;
  return session.rtcp_address_of(media);
}

/// RFC 3264 §6: "the stream is rejected by port zero"; formats are echoed because m= needs at least one.
Media refused(const Media& offered) {
  Media media;
  media.type = offered.type;
  media.protocol = offered.protocol;
  for (const Format& f : offered.formats) {
    Format echo;
    echo.token = f.token;
    echo.payload_type = f.payload_type;
    media.formats.push_back(std::move(echo));
  }
  return media;
}

}  // namespace

Format make_format(std::uint8_t payload_type, std::string name, std::uint32_t clock_rate,
                   std::uint8_t channels, std::string fmtp) {
  return {std::to_string(payload_type), payload_type, std::move(name), clock_rate, channels, std::move(fmtp)};
}

Session offer(const Capabilities& local, Origin origin) {
  Session session = empty_session(local, std::move(origin));
  Media media;
  media.protocol = local.protocol;
  media.formats = local.formats;
  media.direction = local.direction;
  media.rtcp_mux = local.rtcp_mux;
  media.attributes = local.attributes;
  set_transport(media, local);
  session.medias.push_back(std::move(media));
  return session;
}

Result<Session> answer(const Session& offered, const Capabilities& local, Origin origin) {
  Session session = empty_session(local, std::move(origin));
  bool audio_offered = false;
  bool accepted = false;
  for (const Media& theirs : offered.medias) {
    Media media = refused(theirs);
    const bool candidate = theirs.type == "audio" && theirs.port != 0 && theirs.is_rtp();
    audio_offered = audio_offered || candidate;
    const bool wanted = local.only_media.value_or(session.medias.size()) == session.medias.size();
    if (candidate && wanted && !accepted && profile(theirs.protocol) == profile(local.protocol)) {
      auto formats = common_formats(theirs.formats, local.formats);
      if (!formats.empty()) {
        accepted = true;
        media.formats = std::move(formats);
        media.direction = intersection(reversed(offered.direction_of(theirs)), local.direction);
        media.rtcp_mux = theirs.rtcp_mux && local.rtcp_mux;
        media.attributes = local.attributes;
        set_transport(media, local);
      }
    }
    session.medias.push_back(std::move(media));
  }
  if (!audio_offered) return fail("no audio offered");
  if (!accepted) return fail("no codec in common");
  return session;
}

std::optional<std::size_t> first_audio(const Session& session) {
  for (std::size_t i = 0; i < session.medias.size(); ++i) {
    const Media& media = session.medias[i];
    if (media.type == "audio" && media.port != 0 && media.is_rtp()) return i;
  }
  return std::nullopt;
}

Result<Agreed> accept_offer(const Session& offered, const Session& answered) {
  const auto index = first_audio(answered);
  if (!index || *index >= offered.medias.size()) return fail("media was refused");
  const Media& theirs = offered.medias[*index];
  const Media& ours = answered.medias[*index];
  Agreed agreed;
  agreed.media_index = *index;
  for (const Format& f : ours.formats) {
    const Format* offered_format = theirs.format(f.payload_type);
    agreed.formats.push_back(offered_format ? *offered_format : f);
  }
  agreed.direction = answered.direction_of(ours);
  agreed.rtp = offered.rtp_address_of(theirs);
  agreed.rtcp_mux = ours.rtcp_mux;
  agreed.rtcp = rtcp_of(offered, theirs, agreed.rtcp_mux);
  agreed.ptime_ms = theirs.ptime_ms;
  return agreed;
}

Result<Agreed> accept_answer(const Session& offered, const Session& answered) {
  if (answered.medias.size() != offered.medias.size()) return fail("answer has another number of medias");
  const auto index = first_audio(answered);
  if (!index) return fail("media was refused");
  const Media& ours = offered.medias[*index];
  const Media& theirs = answered.medias[*index];
  Agreed agreed;
  agreed.media_index = *index;
  for (Format format : theirs.formats) {
    if (format.name.empty()) {  // a dynamic number without rtpmap: it can only mean what we offered under it
      if (const Format* same_number = ours.format(format.payload_type)) {
        format = *same_number;
        format.fmtp.clear();
      }
    }
    if (find_codec(ours.formats, format)) agreed.formats.push_back(std::move(format));
  }
  const bool audible = std::any_of(agreed.formats.begin(), agreed.formats.end(), [](const Format& f) {
    return !f.is_telephone_event() && !f.is_comfort_noise();
  });
  if (!audible) return fail("answer takes a codec that was not offered");
  agreed.direction = intersection(reversed(answered.direction_of(theirs)), offered.direction_of(ours));
  agreed.rtp = answered.rtp_address_of(theirs);
  agreed.rtcp_mux = theirs.rtcp_mux && ours.rtcp_mux;
  agreed.rtcp = rtcp_of(answered, theirs, agreed.rtcp_mux);
  agreed.ptime_ms = theirs.ptime_ms;
  return agreed;
}

}  // namespace xivo::sdp
