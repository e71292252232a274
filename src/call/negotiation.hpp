#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/description.hpp"

/// Which codecs two sides may use: pure functions on descriptions.
namespace xivo::call {

/// The codec that a line's configuration calls "alaw", "ulaw", "g722", "opus", with its usual payload type.
std::optional<media::Codec> codec_by_name(std::string_view config_name);
/// The configuration's name of a codec ("alaw"); empty for one it has no name for (telephone-event).
std::string_view config_name(const media::Codec& codec);

/// All codecs of a line plus telephone events, as an offer.
std::vector<media::Codec> offer_of(const std::vector<std::string>& line_codecs);

/// What of `offer` the line allows, in the offer's order with the offer's payload types; telephone-event stays.
std::vector<media::Codec> allowed(const std::vector<media::Codec>& offer,
                                  const std::vector<std::string>& line_codecs);

/// A description of nothing but codecs: what a leg is told to offer or to answer with.
media::Description of_codecs(std::vector<media::Codec> codecs);

/// What of `offer` is also in `other`, in `other`'s order with the offer's payload types.
std::vector<media::Codec> common(const std::vector<media::Codec>& offer,
                                 const std::vector<media::Codec>& other);

/// Whether every audio codec of `sender` is also in `receiver`: packets of the one may then be handed to the other as they are.
bool covers(const std::vector<media::Codec>& receiver, const std::vector<media::Codec>& sender);

/// Whether anything but telephone events is in the list.
bool has_audio(const std::vector<media::Codec>& codecs);
/// The first codec that is not telephone-event; null when there is none.
const media::Codec* first_audio(const std::vector<media::Codec>& codecs);

/// For a call that the system itself answers: the one audio codec it can play prompts in (A-law first, then mu-law), else the
/// first one offered, plus telephone events.
std::vector<media::Codec> playable(const std::vector<media::Codec>& offer);

/// The direction that answers `offered` when this side wants to send and receive.       RFC 3264 §6.1
media::Direction answer_to(media::Direction offered);

}  // namespace xivo::call
