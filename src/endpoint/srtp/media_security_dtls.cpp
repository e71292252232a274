// RFC 5763 §5 (offer and answer of a=fingerprint and a=setup), RFC 8842 §5 (when a new association begins), RFC 8839 §4.2, §4.4 (ICE).
#include "endpoint/srtp/media_security.hpp"
#include "media/engine.hpp"
#include "sdp/dtls.hpp"
#include "sdp/ice.hpp"
#include "sdp/offer_answer.hpp"

namespace xivo::endpoint {
namespace {

using Role = media::KeyExchange::Role;
using sdp::Setup;

// 41 and 134 bits: RFC 8445 §5.3 wants 24 and 128.
constexpr std::size_t kFragmentSize = 8;
constexpr std::size_t kPasswordSize = 26;

media::IceCredentials new_credentials(runtime::Rng& rng) {
  return {rng.token(kFragmentSize), rng.token(kPasswordSize)};
}

media::IceCredentials to_media(const sdp::IceCredentials& said) { return {said.fragment, said.password}; }

/// Who begins, from both sides' a=setup; the side that was given the choice has to have made it.
std::optional<Role> role_of(std::optional<Setup> ours, std::optional<Setup> theirs) {
  if (ours == Setup::Passive) return Role::Server;
  if (ours == Setup::Active) return Role::Client;
  if (theirs == Setup::Passive) return Role::Client;
  // RFC 4145 §4: what is not said is "active".
  if (!theirs || theirs == Setup::Active) return Role::Server;
  return std::nullopt;
}

}  // namespace

void MediaSecurity::add_dtls(sdp::Capabilities& ours, std::string_view setup, bool ice) {
  auto& said = ours.attributes;
  ours.rtcp_mux = true;
  ours.rtcp.reset();
  if (!ours.protocol.starts_with("UDP/TLS")) ours.protocol = "UDP/TLS/RTP/SAVPF";
  said.push_back({"setup", std::string(setup)});
  said.push_back({"fingerprint", sdp::write_fingerprint({fingerprint_.hash, fingerprint_.digest})});
  if (!ice) return;
  if (ice_.fragment.empty()) ice_ = new_credentials(*rng_);
  ours.session_attributes.push_back({"ice-lite", std::nullopt});
  said.push_back({"ice-ufrag", ice_.fragment});
  said.push_back({"ice-pwd", ice_.password});
  said.push_back({"candidate", sdp::write_host_candidate(ours.rtp)});
  said.push_back({"end-of-candidates", std::nullopt});
}

void MediaSecurity::answer_dtls(sdp::Capabilities& ours, const sdp::Session& offer, std::size_t index) {
  const auto& theirs = offer.medias[index];
  const auto ice = sdp::ice_credentials_of(offer, theirs);
  if (exchange_ && exchange_->ice && ice) {
    // Other credentials mean that they look for a path anew, and are answered by other ones.     RFC 8839 §4.4.1.1
    const bool same = to_media(*ice) == exchange_->ice->theirs;
    ice_ = same ? exchange_->ice->ours : new_credentials(*rng_);
  }
  const auto setup = sdp::setup_of(offer, theirs);
  const bool was_client = exchange_ && exchange_->role == Role::Client;
  const bool begins = setup == Setup::Passive || (setup == Setup::ActPass && was_client);
  add_dtls(ours, begins ? "active" : "passive", ice.has_value());
  // Browsers tell media apart by it.                                                           RFC 5888 §9.1
  if (const auto* mid = theirs.attribute("mid")) ours.attributes.push_back(*mid);
}

Result<bool> MediaSecurity::agree_by_dtls(const sdp::Session& ours, const sdp::Session& theirs,
                                          std::size_t index) {
  const auto& mine = ours.medias[index];
  const auto& media = theirs.medias[index];
  if (!sdp::is_dtls_profile(media.protocol) || !media.rtcp_mux) return fail("answer has another profile");
  const auto fingerprint = sdp::fingerprint_of(theirs, media);
  if (!fingerprint) return fail("answer has no fingerprint");
  const auto role = role_of(sdp::setup_of(ours, mine), sdp::setup_of(theirs, media));
  if (!role) return fail("nobody begins the handshake");
  media::KeyExchange agreed{*role, {fingerprint->hash, fingerprint->digest}, std::nullopt, 1};
  const auto their_ice = sdp::ice_credentials_of(theirs, media);
  if (mine.attribute("ice-ufrag") != nullptr && their_ice) agreed.ice = {ice_, to_media(*their_ice)};
  if (exchange_) {
    const bool same = exchange_->role == agreed.role && exchange_->theirs == agreed.theirs;
    agreed.generation = exchange_->generation + (same ? 0 : 1);
  }
  exchange_ = std::move(agreed);
  return false;
}

}  // namespace xivo::endpoint
