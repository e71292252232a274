#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"
#include "sdp/session.hpp"

/// The offer/answer model as pure functions.                                                    RFC 3264
namespace xivo::sdp {

/// One audio stream as this side can do it now.
struct Capabilities {
  std::vector<Format> formats;  // in order of preference; telephone-event among them
  SocketAddress rtp;            // where this side receives
  std::optional<SocketAddress> rtcp;  // nothing: rtp.port + 1, not written
  bool rtcp_mux = false;
  Direction direction = Direction::SendRecv;  // this side's view; the widest it wants
  std::uint32_t ptime_ms = 20;  // 0: do not say
  std::string protocol = "RTP/AVP";
  std::vector<Attribute> attributes;  // written in the media that is offered or accepted: a=crypto
  std::vector<Attribute> session_attributes;  // and above all media: a=ice-lite
  std::optional<std::size_t> only_media;  // answers take this media of the offer or none
};

/// A Format with the numbers of the static table, or a dynamic one of the caller's choosing.
Format make_format(std::uint8_t payload_type, std::string name, std::uint32_t clock_rate,
                   std::uint8_t channels = 1, std::string fmtp = {});

/// A first offer with one audio media. `origin` gives session id and version; its address is set from `local.rtp`.
Session offer(const Capabilities& local, Origin origin);

/// Answers an offer: same number of medias in the same order; the first audio media that has a codec in common is
/// accepted with the offer's payload types in the offer's order, everything else is refused with port 0. The direction
/// is the offer's reversed, cut down to `local.direction`. telephone-event is kept in the clock rates of the accepted
/// codecs, or in any rate both sides have when none fits. a=rtcp-mux is accepted when both want it. AVP and AVPF (and
/// SAVP and SAVPF) count as the same protocol, the offer's is echoed; plain and secure do not.
/// Shape   the result's medias.size() == offered.medias.size()
/// Errors  "no codec in common" when the offer has audio but nothing could be accepted (answer 488); "no audio offered"
/// Source  RFC 3264 §6, RFC 4733 §2.5.1, RFC 5761 §5.1.1
Result<Session> answer(const Session& offered, const Capabilities& local, Origin origin);

/// What one audio media was agreed to be, seen from this side after offer and answer.
struct Agreed {
  std::size_t media_index = 0;
  std::vector<Format> formats;  // what may be sent to the peer, with the peer's payload types, best first
  Direction direction = Direction::SendRecv;  // this side's view
  std::optional<SocketAddress> rtp;  // where to send; nothing: nowhere (held by 0.0.0.0)
  std::optional<SocketAddress> rtcp;
  bool rtcp_mux = false;
  std::uint32_t ptime_ms = 0;  // the peer's wish
};

/// What our own answer to the peer's offer agreed on; `answered` is what answer() returned for `offered`.
/// Errors  "media was refused"
Result<Agreed> accept_offer(const Session& offered, const Session& answered);

/// Reads the peer's answer to our offer.
/// Errors  "answer has another number of medias", "answer takes a codec that was not offered", "media was refused"
Result<Agreed> accept_answer(const Session& offered, const Session& answered);

/// The first audio media of a description that is not refused, or nothing.
std::optional<std::size_t> first_audio(const Session& session);

}  // namespace xivo::sdp
