#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint/srtp/media_security.hpp"
#include "endpoint/video_stream.hpp"
#include "media/description.hpp"
#include "media/engine.hpp"
#include "runtime/rng.hpp"

namespace xivo::call {
struct Allowance;
}
namespace xivo::sdp {
struct Origin;
}

namespace xivo::endpoint {

/// The offers and answers of one dialog and the media session they are about. What was agreed last stays in force until the
/// next exchange is complete; an exchange that fails changes nothing.
/// Thread  the shard's.
/// Source  RFC 3264, RFC 6337 §2
class OfferAnswer {
 public:
  /// Whose offer waits for its answer.
  enum class Pending : std::uint8_t { Nothing, Ours, Theirs };

  explicit OfferAnswer(media::Engine& media);
  ~OfferAnswer();

  /// Takes a media session. `beside`: a session of the same call, empty for the first.
  /// Errors  "no free media port"
  Result<void> open(const IpAddress& local, media::SessionUser& user, media::SessionId beside,
                    runtime::Rng& rng);

  [[nodiscard]] media::SessionId session() const { return session_.id; }
  /// The video beside it; empty when none was agreed on.
  [[nodiscard]] media::SessionId video() const { return video_.session(); }
  /// What we have said of it for the other party; nothing when none was agreed on.
  [[nodiscard]] const std::optional<media::Video>& video_said() const { return video_.said(); }
  /// Whether `wanted` asks for the video that there is, so that nobody else need be asked.
  [[nodiscard]] bool keeps_video(const std::optional<media::Video>& wanted) const {
    return video_.keeps(wanted);
  }
  /// Whether `wanted` is a camera switched on or off: which way the pictures go changes, and not which way the sound does, as with
  /// a hold. The other party is to know, so that its screen does not show the last picture for ever.
  [[nodiscard]] bool switches_camera(const media::Description& wanted) const {
    const auto& theirs = video_.theirs();
    return theirs && wanted.video && wanted.direction == remote_.direction &&
           wanted.video->direction != theirs->direction;
  }
  /// Video goes, whatever was agreed.
  void drop_video() { video_.drop(); }
  /// A session that is not session() has told its figures.
  void on_video_closed() { video_.on_closed(); }
  /// Sessions of video that have not told their figures.
  [[nodiscard]] std::size_t videos_open() const { return video_.open_count(); }
  [[nodiscard]] Pending pending() const { return pending_; }
  /// Whether an exchange was ever completed.
  [[nodiscard]] bool agreed() const { return !local_.empty(); }
  /// The phone's side: of the last complete exchange, before there is one of its offer.
  [[nodiscard]] const media::Description& remote() const { return remote_; }
  /// What may flow, best first; empty before the first exchange.
  [[nodiscard]] const std::vector<media::Codec>& negotiated() const { return negotiated_; }
  /// Their offer while it is pending.
  [[nodiscard]] const media::Description& offered() const { return offered_; }
  /// The phone keeps us waiting.
  [[nodiscard]] bool held() const;
  /// Whether key presses are looked for in the sound of a phone that sends no telephone events.
  void hear_tones(bool on) { hears_tones_ = on; }
  /// Where signalling comes from, which tells whether the described address can be believed.
  void set_signalling(const IpAddress& ip) { signalling_ = ip; }

  /// What the line wants of its media, and who is told what came of that ("SRTP, ..." or a refusal).
  using Note = std::function<void(std::string_view)>;
  void secure(Encryption encryption, runtime::Rng& rng, Note note);

  // ---- our offers
  /// An offer of these codecs, and of the other party's video; it goes without that when there is no port for it.
  [[nodiscard]] std::string offer(const std::vector<media::Codec>& codecs,
                                  const std::optional<media::Video>& video = {});
  /// What we said last, word for word: an offer that changes nothing.                       RFC 4028 §7.4
  [[nodiscard]] std::string offer_again();
  /// Reads the answer to it. False: it is none, or takes nothing that was offered; nothing has changed then.
  [[nodiscard]] bool take_answer(std::string_view body);

  /// Another answer to an offer that was answered already: of another phone behind a proxy, or of the 2xx after a provisional.
  [[nodiscard]] bool take_answer_again(std::string_view body);

  // ---- their offers
  /// Reads an offer, `line` being what the phone may use.
  /// Errors  "no codec in common", those of takeable_audio()
  Result<void> take_offer(const sdp::Session& offer, const call::Allowance& line);
  /// The answer that takes these codecs of it, and video as the other party takes it; empty when no codec fits: the offer is
  /// refused then.
  [[nodiscard]] std::string answer(const std::vector<media::Codec>& codecs,
                                   const std::optional<media::Video>& video = {});
  /// The last answer we gave, for a message that has to say it again.
  [[nodiscard]] const std::string& local() const { return local_; }

  /// The pending offer, whoever's it is, has come to nothing.
  void withdraw();

 private:
  [[nodiscard]] sdp::Origin next_origin();
  void apply();
  [[nodiscard]] std::unique_ptr<const sdp::Session> take_our_session();
  [[nodiscard]] bool take_protection(const sdp::Session& ours, const sdp::Session& theirs, std::size_t index);

  media::Engine& media_;
  media::Engine::Opened session_;
  IpAddress signalling_;
  Pending pending_ = Pending::Nothing;
  std::string local_;  // our last description that counts
  std::string our_offer_;  // the one that waits for its answer
  std::unique_ptr<const sdp::Session> our_session_;  // what it says, if it was made just now
  std::unique_ptr<sdp::Session> their_offer_;
  media::Description offered_;
  media::Description remote_;
  std::vector<media::Codec> negotiated_;
  media::Direction direction_ = media::Direction::SendRecv;
  std::uint64_t sdp_session_id_ = 0;
  std::uint64_t sdp_version_ = 0;
  bool hears_tones_ = true;
  MediaSecurity security_;
  std::size_t their_media_ = 0;  // of their offer, the one that can be taken
  Note note_;
  VideoStream video_;
};

}  // namespace xivo::endpoint
