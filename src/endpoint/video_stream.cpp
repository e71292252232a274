// Video that is handed from one phone to another.                                  RFC 3264 §6, §8; RFC 4585 §4
#include "endpoint/video_stream.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "endpoint/sdp_mapping.hpp"

namespace xivo::endpoint {
namespace {

// What belongs to codecs and pictures, and is true at either end. All else says something of the writer's own network.
constexpr std::array<std::string_view, 5> kHandedOn{"rtcp-fb", "imageattr", "framerate", "framesize",
                                                    "content"};
constexpr std::size_t kAttributesMax = 64;
// Twice as many are let through: 1,000 packets a second, which is about 10 Mbit/s.
constexpr std::uint32_t kPacketMs = 2;

media::Video video_of(const sdp::Session& session, std::size_t index) {
  const auto& media = session.medias[index];
  auto described = describe(session, index);
  media::Video video;
  video.codecs = std::move(described.codecs);
  video.direction = described.direction;
  video.feedback = media.protocol.ends_with("AVPF");
  for (const auto& attribute : media.attributes) {
    const bool known = std::find(kHandedOn.begin(), kHandedOn.end(), attribute.name) != kHandedOn.end();
    if (known && attribute.value && video.attributes.size() < kAttributesMax)
      video.attributes.push_back(attribute.name + ":" + *attribute.value);
  }
  for (const auto& bandwidth : media.bandwidths)
    video.bandwidths.emplace_back(bandwidth.type, bandwidth.value);
  return video;
}

sdp::Media media_of(const sdp::Capabilities& ours, const media::Video& video) {
  auto media = sdp::offer(ours, {}).medias.front();
  media.type = "video";
  for (const auto& said : video.attributes) {
    const auto colon = said.find(':');
    media.attributes.push_back({said.substr(0, colon), said.substr(colon + 1)});
  }
  for (const auto& [type, value] : video.bandwidths) media.bandwidths.push_back({type, value});
  return media;
}

/// The video of a description of ours: the one that is not refused, else the first; nothing when there never was any.
std::optional<std::size_t> place_of_video(const sdp::Session& session) {
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < session.medias.size(); ++i) {
    if (session.medias[i].type != "video") continue;
    if (session.medias[i].port != 0) return i;
    if (!place) place = i;
  }
  return place;
}

void refuse(sdp::Media& media) {
  media.port = 0;
  media.direction.reset();
  media.rtcp.reset();
  media.attributes.clear();
  media.bandwidths.clear();
}

/// What of `codecs` is known to the other side, with their own numbers.
std::vector<media::Codec> known_of(const std::vector<media::Codec>& codecs,
                                   const std::vector<media::Codec>& others) {
  std::vector<media::Codec> known;
  for (const auto& codec : codecs) {
    if (std::any_of(others.begin(), others.end(), [&](const auto& other) { return other.same_as(codec); }))
      known.push_back(codec);
  }
  return known;
}

}  // namespace

void VideoStream::place(const IpAddress& local, media::SessionUser& user, media::SessionId beside) {
  local_ = local;
  user_ = &user;
  beside_ = beside;
}

void VideoStream::secure(Encryption encryption, runtime::Rng& rng) {
  security_.want(encryption, rng, media_.fingerprint());
}

bool VideoStream::open() {
  if (opened_.id) return true;
  if (user_ == nullptr) return false;
  auto opened = media_.open(local_, *user_, beside_);
  if (!opened) return false;
  opened_ = *opened;
  ++open_count_;
  return true;
}

void VideoStream::drop() {
  if (opened_.id) media_.close(opened_.id);
  opened_ = {};
  theirs_.reset();
  said_.reset();
  wish_.reset();
  security_.forget();
}

void VideoStream::settle() {
  wish_.reset();
  offered_.reset();
  if (!theirs_) drop();
}

bool VideoStream::keeps(const std::optional<media::Video>& wanted) const {
  if (!wanted || !theirs_) return !wanted && !theirs_;
  return !known_of(wanted->codecs, theirs_->codecs).empty();
}

sdp::Capabilities VideoStream::capabilities_for(const media::Video& video) const {
  auto ours = capabilities(video.codecs, opened_.rtp, opened_.rtcp, video.direction);
  ours.ptime_ms = 0;
  if (video.feedback) ours.protocol = "RTP/AVPF";
  return ours;
}

void VideoStream::agree(const sdp::Session& session, std::size_t index, media::Video theirs,
                        const media::Video& said) {
  stream_ = describe(session, index);
  theirs_ = std::move(theirs);
  said_ = said;
}

// ---------------------------------------------------------------------------------------------------- ours

void VideoStream::put_offer(sdp::Session& next, const std::optional<media::Video>& video) {
  const auto place = place_of_video(next);
  const bool room = place || next.medias.size() < sdp::kMediasMax;
  wish_.reset();
  if (!video || video->codecs.empty() || !room || !open()) {
    if (place) refuse(next.medias[*place]);
    return;
  }
  wish_ = video;
  auto ours = capabilities_for(*video);
  security_.offer(ours);
  if (video->feedback && ours.protocol == "RTP/SAVP") ours.protocol = "RTP/SAVPF";
  auto media = media_of(ours, *video);
  if (place) {
    next.medias[*place] = std::move(media);
  } else {
    next.medias.push_back(std::move(media));
  }
}

void VideoStream::take_answer(const sdp::Session& offered, const sdp::Session& answered) {
  const auto place = place_of_video(offered);
  if (!wish_ || !opened_.id || !place || offered.medias[*place].port == 0) return drop();
  const auto& ours = offered.medias[*place];
  const auto& media = answered.medias[*place];
  if (media.type != "video" || media.port == 0 || !media.is_rtp()) return drop();
  auto theirs = video_of(answered, *place);
  theirs.codecs = known_of(theirs.codecs, wish_->codecs);
  if (theirs.codecs.empty() || !security_.agree(offered, answered, *place)) return drop();
  direction_ =
      to_media(sdp::intersection(sdp::reversed(answered.direction_of(media)), offered.direction_of(ours)));
  const auto said = *std::exchange(wish_, std::nullopt);
  agree(answered, *place, std::move(theirs), said);
}

// ---------------------------------------------------------------------------------------------------- theirs

std::optional<media::Video> VideoStream::take_offer(const sdp::Session& offer) {
  offered_ = takeable_video(offer, security_.wanted());
  if (!offered_) return std::nullopt;
  auto video = video_of(offer, *offered_);
  if (video.codecs.empty()) offered_.reset();
  return offered_ ? std::optional(std::move(video)) : std::nullopt;
}

void VideoStream::put_answer(const sdp::Session& offered, sdp::Session& answered,
                             const std::optional<media::Video>& video) {
  const auto index = std::exchange(offered_, std::nullopt);
  if (!index || !video) return drop();
  auto theirs = video_of(offered, *index);
  auto taken = *video;
  taken.codecs = known_of(taken.codecs, theirs.codecs);
  if (taken.codecs.empty() || !open()) return drop();
  const auto& media = offered.medias[*index];
  taken.direction =
      to_media(sdp::intersection(sdp::reversed(offered.direction_of(media)), to_sdp(video->direction)));
  auto ours = capabilities_for(taken);
  ours.protocol = media.protocol;
  security_.answer(ours, offered, *index);
  auto refused = std::exchange(answered.medias[*index], media_of(ours, taken));
  if (!security_.agree(answered, offered, *index)) {
    answered.medias[*index] = std::move(refused);
    return drop();
  }
  direction_ = taken.direction;
  agree(offered, *index, std::move(theirs), *video);
}

// Both sides' numbers may come from either: which of them a phone sends is in the other's description, and that was handed to it.
void VideoStream::apply(const IpAddress& signalling) {
  if (!session()) return;
  auto all = theirs_->codecs;
  all.insert(all.end(), said_->codecs.begin(), said_->codecs.end());
  auto remote = remote_of(stream_, all, signalling);
  remote.codecs.clear();
  remote.detect_tones = false;
  remote.telephone_event = 255;
  remote.video = true;
  remote.ptime_ms = kPacketMs;
  security_.apply(remote);
  media_.set_remote(opened_.id, remote);
  media_.set_direction(opened_.id, direction_);
}

}  // namespace xivo::endpoint
