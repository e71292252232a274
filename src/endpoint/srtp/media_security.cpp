// RFC 4568 §5.1 (offer and answer of a=crypto), §7.1 (subsequent offers). DTLS is in media_security_dtls.cpp.
#include "endpoint/srtp/media_security.hpp"

#include <algorithm>
#include <array>

#include "media/engine.hpp"
#include "model/kinds.hpp"
#include "sdp/crypto.hpp"
#include "sdp/dtls.hpp"
#include "sdp/offer_answer.hpp"

namespace xivo::endpoint {
namespace {

using media::Protection;
using Suite = Protection::Suite;

// In the order in which they are offered.
constexpr std::array<Suite, media::kProtectionSuites> kSuites{
    Suite::AesCm128HmacSha1_80, Suite::AeadAes256Gcm, Suite::AeadAes128Gcm, Suite::AesCm128HmacSha1_32};

std::optional<Suite> suite_of(const sdp::Crypto& crypto) {
  for (const auto suite : kSuites) {
    if (crypto.suite == media::name(suite) && crypto.key.size() == media::protection_key_size(suite))
      return suite;
  }
  return std::nullopt;
}

/// The first a=crypto that can be done: the writer's preference.
std::optional<sdp::Crypto> usable_crypto(const sdp::Media& media) {
  for (auto& crypto : sdp::cryptos_of(media)) {
    if (suite_of(crypto)) return std::move(crypto);
  }
  return std::nullopt;
}

std::string new_key(Suite suite, runtime::Rng& rng) {
  std::string key;
  while (key.size() < media::protection_key_size(suite)) {
    const auto random = rng.next();
    for (int byte = 0; byte < 8 && key.size() < media::protection_key_size(suite); ++byte)
      key += static_cast<char>((random >> (8 * byte)) & 0xff);
  }
  return key;
}

void add(sdp::Capabilities& ours, std::uint32_t tag, Suite suite, std::string key) {
  const sdp::Crypto crypto{tag, std::string(media::name(suite)), std::move(key)};
  ours.attributes.push_back({"crypto", sdp::write_crypto(crypto)});
}

bool is_stream(const sdp::Media& media, std::string_view type) {
  return media.type == type && media.port != 0 && media.is_rtp();
}
bool is_audio(const sdp::Media& media) { return is_stream(media, "audio"); }

bool takes(const sdp::Session& offer, std::size_t index, std::string_view type, Encryption encryption,
           bool secure) {
  const auto& media = offer.medias[index];
  if (!is_stream(media, type)) return false;
  if (encryption == Encryption::Dtls)
    return secure && sdp::is_dtls_profile(media.protocol) && media.rtcp_mux &&
           sdp::fingerprint_of(offer, media).has_value();
  if (sdp::is_secure_profile(media.protocol) != secure) return false;
  if (secure) return encryption != Encryption::No && usable_crypto(media).has_value();
  // What is left of the secure profiles agrees on keys by DTLS.
  return encryption != Encryption::Required && media.protocol.find("SAVP") == std::string::npos;
}

std::optional<std::size_t> takeable(const sdp::Session& offer, std::string_view type, Encryption encryption) {
  for (const bool secure : {true, false}) {
    for (std::size_t i = 0; i < offer.medias.size(); ++i) {
      if (takes(offer, i, type, encryption, secure)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

Encryption encryption_of(std::string_view setting) {
  if (setting == "optional") return Encryption::Optional;
  return setting == "required" ? Encryption::Required : Encryption::No;
}

Encryption encryption_of(const model::SipLine& line) {
  return line.profile == "webrtc" ? Encryption::Dtls : encryption_of(line.encryption);
}

std::optional<std::size_t> takeable_video(const sdp::Session& offer, Encryption encryption) {
  return takeable(offer, "video", encryption);
}

Result<std::size_t> takeable_audio(const sdp::Session& offer, Encryption encryption) {
  if (const auto index = takeable(offer, "audio", encryption)) return *index;
  if (std::none_of(offer.medias.begin(), offer.medias.end(), is_audio)) return fail("no audio offered");
  if (encryption == Encryption::Dtls) return fail("encryption is to be by DTLS");
  return encryption == Encryption::Required ? fail("encryption is required")
                                            : fail("encryption is not wanted");
}

void MediaSecurity::want(Encryption encryption, runtime::Rng& rng, const media::Fingerprint& ours) {
  encryption_ = encryption;
  rng_ = &rng;
  fingerprint_ = ours;
}

void MediaSecurity::offer(sdp::Capabilities& ours) {
  if (encryption_ == Encryption::No) return;
  if (encryption_ == Encryption::Dtls) return add_dtls(ours, "actpass", !exchange_ || exchange_->ice);
  if (encryption_ == Encryption::Required) ours.protocol = "RTP/SAVP";
  if (protection_) return add(ours, 1, protection_->suite, protection_->send_key);
  std::uint32_t tag = 0;
  for (const auto suite : kSuites) add(ours, ++tag, suite, new_key(suite, *rng_));
}

void MediaSecurity::answer(sdp::Capabilities& ours, const sdp::Session& offer, std::size_t index) {
  const auto& theirs = offer.medias[index];
  ours.only_media = index;
  ours.protocol = theirs.protocol;
  if (encryption_ == Encryption::Dtls) return answer_dtls(ours, offer, index);
  // An AVP offer with a=crypto to a line without encryption is answered as if it had none.
  const auto crypto = encryption_ == Encryption::No ? std::nullopt : usable_crypto(theirs);
  if (!crypto) return;
  const auto suite = *suite_of(*crypto);
  const bool same = protection_ && protection_->suite == suite && protection_->receive_key == crypto->key;
  add(ours, crypto->tag, suite, same ? protection_->send_key : new_key(suite, *rng_));
}

Result<bool> MediaSecurity::agree(const sdp::Session& ours, const sdp::Session& theirs, std::size_t index) {
  if (encryption_ == Encryption::Dtls) return agree_by_dtls(ours, theirs, index);
  return agree_by_sdes(ours.medias[index], theirs.medias[index]);
}

Result<bool> MediaSecurity::agree_by_sdes(const sdp::Media& ours, const sdp::Media& theirs) {
  const auto mine = sdp::cryptos_of(ours);
  const auto their_own = sdp::cryptos_of(theirs);
  const bool secure = sdp::is_secure_profile(ours.protocol);
  if (secure && !sdp::is_secure_profile(theirs.protocol)) return fail("answer has another profile");
  for (const auto& key : mine) {
    // Of an offer with several lines and an answer with one, the tag says which were meant for each other.
    const auto match = std::find_if(their_own.begin(), their_own.end(), [&](const sdp::Crypto& c) {
      return c.tag == key.tag && c.suite == key.suite && c.key.size() == key.key.size();
    });
    const auto suite = suite_of(key);
    if (match == their_own.end() || !suite) continue;
    Protection agreed{*suite, key.key, match->key, 1};
    bool same = false;
    if (protection_) {
      same = protection_->suite == agreed.suite && protection_->send_key == agreed.send_key &&
             protection_->receive_key == agreed.receive_key;
      agreed.generation = protection_->generation + (same ? 0 : 1);
    }
    protection_ = std::move(agreed);
    return !same;
  }
  if (secure || (!mine.empty() && !their_own.empty())) return fail("answer names no key of ours");
  if (encryption_ == Encryption::Required) return fail("encryption is required");
  protection_.reset();
  return false;
}

void MediaSecurity::forget() {
  protection_.reset();
  exchange_.reset();
}

void MediaSecurity::apply(media::Remote& remote) const {
  remote.protection = protection_;
  remote.key_exchange = exchange_;
  remote.rtcp_mux = exchange_.has_value();  // otherwise we neither offer nor accept it
}

}  // namespace xivo::endpoint
