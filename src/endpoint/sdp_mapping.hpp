#pragma once

#include "media/description.hpp"
#include "media/engine.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/session.hpp"

/// Between session descriptions on the wire and the descriptions that calls pass around.
namespace xivo::endpoint {

media::Direction to_media(sdp::Direction direction);
sdp::Direction to_sdp(media::Direction direction);

/// The first audio stream of a description; no codecs when there is none.
media::Description describe(const sdp::Session& session);
/// One stream of it.
media::Description describe(const sdp::Session& session, std::size_t media_index);
/// What an answer settled.
media::Description describe(const sdp::Agreed& agreed);

/// One audio stream as this side can do it.
sdp::Capabilities capabilities(const std::vector<media::Codec>& codecs, const SocketAddress& rtp,
                               const SocketAddress& rtcp, media::Direction direction);

/// Where the peer's packets are to be expected from.
/// NAT is suspected when the described address is not where the signalling comes from; a private address that is
/// the signalling source is a phone on our own network and gets no such latitude.
media::Remote remote_of(const media::Description& peer, const std::vector<media::Codec>& negotiated,
                        const IpAddress& signalling);

}  // namespace xivo::endpoint
