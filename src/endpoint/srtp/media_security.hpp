#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "media/dtls/key_exchange.hpp"
#include "media/srtp/protection.hpp"
#include "runtime/rng.hpp"

namespace xivo::media {
struct Remote;
}
namespace xivo::model {
struct SipLine;
}
namespace xivo::sdp {
struct Capabilities;
struct Media;
struct Session;
}  // namespace xivo::sdp

namespace xivo::endpoint {

/// What a line wants of its media. Dtls: WebRTC, whose keys are agreed on in the media itself.
enum class Encryption : std::uint8_t { No, Optional, Required, Dtls };
/// "no", "optional", "required"; anything else is No.
Encryption encryption_of(std::string_view setting);
/// A line of profile webrtc has no choice.
Encryption encryption_of(const model::SipLine& line);

/// The audio media of an offer that the line's setting allows us to take: the first, but a protected one before a plain one.
/// Errors  "encryption is required" (the offer has none that we can do), "encryption is not wanted" (it has nothing else),
///         "encryption is to be by DTLS" (it has none with a fingerprint and a=rtcp-mux)
Result<std::size_t> takeable_audio(const sdp::Session& offer, Encryption encryption);

/// The same of its video; nothing when there is none that can be taken.
std::optional<std::size_t> takeable_video(const sdp::Session& offer, Encryption encryption);

/// How one stream of a dialog is protected: what our offers and answers say of it, and what was agreed on last.
///
/// Keys in the session description (SDES): `required` offers RTP/SAVP alone; `optional` offers RTP/AVP with a=crypto, which is what
/// phones with "optional" encryption send and understand (RFC 4568 has no form of its own for it, and two media lines for one stream
/// confuse more phones): an answer without a=crypto then means plain RTP. Suites are offered with the one that every phone
/// has first, since some look at nothing else.
///
/// Keys agreed on in the media (DTLS-SRTP, the way of browsers): RTP and RTCP on one port, and ICE, of which we are the lite side: we offer
/// it always and answer it when it is offered. Whoever offers lets the other side choose who begins, and we choose to wait.
/// Thread  the shard's
/// Source  RFC 4568, RFC 5763, RFC 8827 §6.5, RFC 8839
class MediaSecurity {
 public:
  /// `ours`: of the certificate that the media shows.
  void want(Encryption encryption, runtime::Rng& rng, const media::Fingerprint& ours);
  [[nodiscard]] Encryption wanted() const { return encryption_; }

  /// Adds to our offer what the line's setting asks for. What is in force goes on with its keys.
  void offer(sdp::Capabilities& ours);
  /// Adds to our answer to media `index` of the offer what answers its part. A phone that repeats its key keeps ours; one
  /// that has changed it gets a new one.
  void answer(sdp::Capabilities& ours, const sdp::Session& offer, std::size_t index);

  /// What both sides have said of media `index` amounts to; it is in force from now on. Returns whether that means other keys
  /// in the description. An error changes nothing.
  /// Errors  "encryption is required", "answer has another profile", "answer names no key of ours", "answer has no fingerprint",
  ///         "nobody begins the handshake"
  Result<bool> agree(const sdp::Session& ours, const sdp::Session& theirs, std::size_t index);
  /// Forgets what was agreed on: the stream is gone.
  void forget();

  void apply(media::Remote& remote) const;
  /// Keys of the description that are in force; nothing: plain, or agreed on elsewhere.
  [[nodiscard]] const std::optional<media::Protection>& protection() const { return protection_; }

 private:
  Result<bool> agree_by_sdes(const sdp::Media& ours, const sdp::Media& theirs);
  Result<bool> agree_by_dtls(const sdp::Session& ours, const sdp::Session& theirs, std::size_t index);
  void add_dtls(sdp::Capabilities& ours, std::string_view setup, bool ice);
  void answer_dtls(sdp::Capabilities& ours, const sdp::Session& offer, std::size_t index);

  Encryption encryption_ = Encryption::No;
  runtime::Rng* rng_ = nullptr;
  media::Fingerprint fingerprint_;
  media::IceCredentials ice_;  // ours
  std::optional<media::Protection> protection_;
  std::optional<media::KeyExchange> exchange_;
};

}  // namespace xivo::endpoint
