// Offers and answers of one dialog.                                                             RFC 3264, RFC 6337
#include "endpoint/offer_answer.hpp"

#include <fmt/format.h>

#include <utility>

#include "call/negotiation.hpp"
#include "endpoint/sdp_mapping.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {
namespace {

/// RFC 3264 §6 wants a line for each that was offered. Old phones leave the one for video out; they mean that they refuse it.
void refuse_missing(const sdp::Session& offered, sdp::Session& answered) {
  while (!answered.medias.empty() && answered.medias.size() < offered.medias.size()) {
    auto refused = offered.medias[answered.medias.size()];
    refused.port = 0;
    refused.attributes.clear();
    answered.medias.push_back(std::move(refused));
  }
}

}  // namespace

OfferAnswer::OfferAnswer(media::Engine& media) : media_(media), video_(media) {}
OfferAnswer::~OfferAnswer() = default;

Result<void> OfferAnswer::open(const IpAddress& local, media::SessionUser& user, media::SessionId beside,
                               runtime::Rng& rng) {
  auto opened = media_.open(local, user, beside);
  if (!opened) return Unexpected{opened.error()};
  session_ = *opened;
  sdp_session_id_ = rng.next() >> 2;
  video_.place(local, user, session_.id);
  return {};
}

bool OfferAnswer::held() const {
  return agreed() &&
         (remote_.direction == media::Direction::SendOnly || remote_.direction == media::Direction::Inactive);
}

sdp::Origin OfferAnswer::next_origin() {
  sdp::Origin origin;
  origin.session_id = sdp_session_id_;
  origin.version = ++sdp_version_;
  return origin;
}

void OfferAnswer::apply() {
  auto remote = remote_of(remote_, negotiated_, signalling_);
  security_.apply(remote);
  remote.detect_tones = remote.detect_tones && hears_tones_;
  media_.set_remote(session_.id, remote);
  media_.set_direction(session_.id, direction_);
  video_.apply(signalling_);
}

void OfferAnswer::secure(Encryption encryption, runtime::Rng& rng, Note note) {
  security_.want(encryption, rng, media_.fingerprint());
  video_.secure(encryption, rng);
  note_ = std::move(note);
}

// A media that cannot be protected as the line wants it is not taken.
bool OfferAnswer::take_protection(const sdp::Session& ours, const sdp::Session& theirs, std::size_t index) {
  const auto changed = security_.agree(ours, theirs, index);
  if (!changed) {
    if (note_) note_(changed.error().what);
    return false;
  }
  if (note_ && *changed) note_(fmt::format("SRTP, {}", media::name(security_.protection()->suite)));
  return true;
}

// ---------------------------------------------------------------------------------------------------- ours

std::string OfferAnswer::offer(const std::vector<media::Codec>& codecs,
                               const std::optional<media::Video>& video) {
  auto ours = capabilities(codecs, session_.rtp, session_.rtcp, media::Direction::SendRecv);
  security_.offer(ours);
  auto next = sdp::offer(ours, next_origin());
  // A description never loses a media line: what was refused stays, refused (RFC 3264 §8).
  if (auto last = sdp::parse(local_); last && sdp::first_audio(*last)) {
    auto audio = std::move(next.medias.front());
    next.medias = std::move(last->medias);
    next.medias[*sdp::first_audio(next)] = std::move(audio);
  }
  video_.put_offer(next, video);
  pending_ = Pending::Ours;
  our_offer_ = sdp::write(next);
  our_session_ = std::make_unique<sdp::Session>(std::move(next));
  return our_offer_;
}

std::string OfferAnswer::offer_again() {
  pending_ = Pending::Ours;
  our_session_.reset();
  video_.offer_again();
  return our_offer_ = local_;
}

/// What our_offer_ says; of an offer that was made just now it is still known.
std::unique_ptr<const sdp::Session> OfferAnswer::take_our_session() {
  if (our_session_) return std::move(our_session_);
  auto parsed = sdp::parse(our_offer_);
  return parsed ? std::make_unique<const sdp::Session>(std::move(*parsed)) : nullptr;
}

bool OfferAnswer::take_answer(std::string_view body) {
  const auto offered = take_our_session();
  auto answered = sdp::parse(body);
  if (!offered || !answered) return false;
  refuse_missing(*offered, *answered);
  const auto agreed = sdp::accept_answer(*offered, *answered);
  if (!agreed) return false;
  auto theirs = describe(*agreed);
  if (!call::has_audio(theirs.codecs)) return false;
  const auto index = agreed->media_index;
  if (!take_protection(*offered, *answered, index)) return false;
  video_.take_answer(*offered, *answered);
  remote_ = std::move(theirs);
  remote_.video = video_.theirs();
  negotiated_ = remote_.codecs;
  direction_ = call::answer_to(remote_.direction);
  local_ = std::exchange(our_offer_, {});
  our_session_.reset();
  pending_ = Pending::Nothing;
  apply();
  return true;
}

bool OfferAnswer::take_answer_again(std::string_view body) {
  if (pending_ != Pending::Nothing) return false;
  our_offer_ = local_;
  video_.offer_again();
  if (take_answer(body)) return true;
  our_offer_ = {};
  return false;
}

// ---------------------------------------------------------------------------------------------------- theirs

Result<void> OfferAnswer::take_offer(const sdp::Session& offer, const call::Allowance& line) {
  const auto index = takeable_audio(offer, security_.wanted());
  if (!index) {
    if (note_) note_(index.error().what);
    return Unexpected{index.error()};
  }
  auto theirs = describe(offer, *index);
  theirs.codecs = call::allowed(theirs.codecs, line);
  if (!call::has_audio(theirs.codecs)) return fail("no codec in common");
  theirs.video = video_.take_offer(offer);
  offered_ = std::move(theirs);
  their_media_ = *index;
  their_offer_ = std::make_unique<sdp::Session>(offer);
  if (!agreed()) remote_ = offered_;
  pending_ = Pending::Theirs;
  return {};
}

std::string OfferAnswer::answer(const std::vector<media::Codec>& codecs,
                                const std::optional<media::Video>& video) {
  if (pending_ != Pending::Theirs) return {};
  auto ours = capabilities(codecs, session_.rtp, session_.rtcp, media::Direction::SendRecv);
  security_.answer(ours, *their_offer_, their_media_);
  auto answered = sdp::answer(*their_offer_, ours, next_origin());
  if (!answered || !take_protection(*answered, *their_offer_, their_media_)) {
    withdraw();
    return {};
  }
  video_.put_answer(*their_offer_, *answered, video);
  remote_ = std::move(offered_);
  remote_.video = video_.theirs();
  negotiated_ = call::common(remote_.codecs, codecs);
  direction_ = call::answer_to(remote_.direction);
  local_ = sdp::write(*answered);
  withdraw();
  apply();
  return local_;
}

void OfferAnswer::withdraw() {
  pending_ = Pending::Nothing;
  our_offer_ = {};
  our_session_.reset();
  their_offer_.reset();
  offered_ = {};
  video_.settle();
}

}  // namespace xivo::endpoint
