#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "media/srtp/protection.hpp"
#include "runtime/rng.hpp"

namespace xivo::sdp {
struct Capabilities;
struct Media;
struct Session;
}  // namespace xivo::sdp

/// SRTP by keys in the session description, as pure functions on what two sides say.              RFC 4568
///
/// What an offer of ours looks like: `required` offers RTP/SAVP alone; `optional` offers RTP/AVP with a=crypto, which is what
/// phones with "optional" encryption send and understand (RFC 4568 has no form of its own for it, and two media lines for one stream
/// confuse more phones): an answer without a=crypto then means plain RTP. Suites are offered with the one that every phone
/// has first, since some look at nothing else.
namespace xivo::endpoint {

/// What a line wants of its media.
enum class Encryption : std::uint8_t { No, Optional, Required };
/// "no", "optional", "required"; anything else is No.
Encryption encryption_of(std::string_view setting);

/// The audio media of an offer that the line's setting allows us to take: the first, but a protected one before a plain one.
/// Errors  "encryption is required" (the offer has none that we can do), "encryption is not wanted" (it has nothing else)
Result<std::size_t> takeable_audio(const sdp::Session& offer, Encryption encryption);

/// The same of its video; nothing when there is none that can be taken.
std::optional<std::size_t> takeable_video(const sdp::Session& offer, Encryption encryption);

/// Adds to our offer what the setting asks for. `current`: what is in force, and goes on with its keys.
void secure_offer(sdp::Capabilities& ours, Encryption encryption,
                  const std::optional<media::Protection>& current, runtime::Rng& rng);
/// Adds to our answer to media `index` of the offer what answers its a=crypto. A phone that repeats its key keeps ours; one
/// that has changed it gets a new one.
void secure_answer(sdp::Capabilities& ours, const sdp::Session& offer, std::size_t index,
                   Encryption encryption, const std::optional<media::Protection>& current, runtime::Rng& rng);

/// What both sides have said amounts to. `ours` and `theirs` are one media; who offered does not matter. Nothing: plain.
/// Errors  "encryption is required", "answer has another profile", "answer names no key of ours"
Result<std::optional<media::Protection>> agreed_protection(const sdp::Media& ours, const sdp::Media& theirs,
                                                           Encryption encryption,
                                                           const std::optional<media::Protection>& current);

}  // namespace xivo::endpoint
