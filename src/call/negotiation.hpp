#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/description.hpp"

namespace xivo::model {
struct SipLine;
}

/// Which codecs two sides may use: pure functions on descriptions.
namespace xivo::call {

/// What a line lets its phone use.
struct Allowance {
  explicit Allowance(std::vector<std::string> names) : codecs(std::move(names)) {}
  Allowance(std::initializer_list<std::string> names) : codecs(names) {}
  /// `dtmf_mode`: the configuration's word.
  Allowance(std::vector<std::string> names, std::string_view dtmf_mode);
  explicit Allowance(const model::SipLine& line);

  std::vector<std::string> codecs;  // by the configuration's names, best first
  bool key_events = true;  // telephone-event; without it key presses come as tones or by SIP INFO
};

/// The codec that a line's configuration calls "alaw", "ulaw", "g722", "opus", with its usual payload type.
std::optional<media::Codec> codec_by_name(std::string_view config_name);
/// The configuration's name of a codec ("alaw"); empty for one it has no name for (telephone-event).
std::string_view config_name(const media::Codec& codec);

/// All codecs of a line plus telephone events, as an offer.
std::vector<media::Codec> offer_of(const Allowance& line);

/// What of `offer` the line allows, in the offer's order with the offer's payload types; comfort noise stays, and so does
/// telephone-event where the line has it.
std::vector<media::Codec> allowed(const std::vector<media::Codec>& offer, const Allowance& line);

/// A description of nothing but codecs: what a leg is told to offer or to answer with.
media::Description of_codecs(std::vector<media::Codec> codecs);

/// What of `offer` is also in `other`, in `other`'s order with the offer's payload types.
std::vector<media::Codec> common(const std::vector<media::Codec>& offer,
                                 const std::vector<media::Codec>& other);

/// Whether every audio codec of `sender` is also in `receiver`: packets of the one may then be handed to the other as they are.
bool covers(const std::vector<media::Codec>& receiver, const std::vector<media::Codec>& sender);

/// What to offer to a line that `caller` calls: what of the caller's it allows, first and under the caller's numbers, so that the
/// two may agree on a codec of their own; then what else the line allows, since the system can transcode.
std::vector<media::Codec> offer_to(const std::vector<media::Codec>& caller, const Allowance& line);
/// What to answer a caller's `offer` with once the other side has taken `answer`: what both have, in the answer's order,
/// with the offer's numbers and the other side's parameters, and the offer's telephone events; when they have no codec in common, the best of the offer that the
/// system can transcode. No audio when there is none either.
std::vector<media::Codec> answer_for(const std::vector<media::Codec>& offer,
                                     const std::vector<media::Codec>& answer);

/// Whether a codec is in the list, and not only what comes beside one.
bool has_audio(const std::vector<media::Codec>& codecs);
/// The first that is a codec (neither telephone-event nor comfort noise); null when there is none.
const media::Codec* first_audio(const std::vector<media::Codec>& codecs);

/// For a call that the system itself answers: the first codec offered that it can encode (else the first one offered), telephone
/// events and comfort noise of its clock rate.
std::vector<media::Codec> playable(const std::vector<media::Codec>& offer);

/// The direction that answers `offered` when this side wants to send and receive.       RFC 3264 §6.1
media::Direction answer_to(media::Direction offered);

}  // namespace xivo::call
