#pragma once

#include <cstddef>
#include <optional>

#include "endpoint/srtp/media_security.hpp"
#include "media/description.hpp"
#include "media/engine.hpp"
#include "runtime/rng.hpp"

namespace xivo::endpoint {

/// The video of one dialog: what each side says of it is handed to the other, and its packets are relayed by a media session
/// of its own, which is taken when video is first offered or accepted and given back when it is refused. Without a port
/// for it a call goes on with sound alone.
/// Thread  the shard's.
/// Source  RFC 3264 §6, §8; RFC 4585 §4
class VideoStream {
 public:
  explicit VideoStream(media::Engine& media) : media_(media) {}

  /// Where its media session will be: beside that of the sound.
  void place(const IpAddress& local, media::SessionUser& user, media::SessionId beside);
  void secure(Encryption encryption, runtime::Rng& rng);

  /// Empty unless video was agreed on.
  [[nodiscard]] media::SessionId session() const { return theirs_ ? opened_.id : media::SessionId{}; }
  /// What the phone says of its video, and what we have told it of the other party's; both set when video was agreed on.
  [[nodiscard]] const std::optional<media::Video>& theirs() const { return theirs_; }
  [[nodiscard]] const std::optional<media::Video>& said() const { return said_; }
  /// Whether the video that there is will do for `wanted`.
  [[nodiscard]] bool keeps(const std::optional<media::Video>& wanted) const;

  /// Writes `video` into our offer, in the place of the video of before if there was one.
  void put_offer(sdp::Session& next, const std::optional<media::Video>& video);
  /// What was agreed on is offered once more.
  void offer_again() { wish_ = said_; }
  void take_answer(const sdp::Session& offered, const sdp::Session& answered);

  /// What the phone offers; nothing when that cannot be taken.
  std::optional<media::Video> take_offer(const sdp::Session& offer);
  /// Accepts it as the other party does; `answered` refuses it so far.
  void put_answer(const sdp::Session& offered, sdp::Session& answered,
                  const std::optional<media::Video>& video);

  /// Tells the media session what was agreed on.
  void apply(const IpAddress& signalling);
  void drop();
  /// The pending exchange has come to nothing, or is complete.
  void settle();
  void on_closed() { --open_count_; }
  /// Media sessions that have not told their end.
  [[nodiscard]] std::size_t open_count() const { return open_count_; }

 private:
  [[nodiscard]] bool open();
  [[nodiscard]] sdp::Capabilities capabilities_for(const media::Video& video) const;
  void agree(const sdp::Session& session, std::size_t index, media::Video theirs, const media::Video& said);

  media::Engine& media_;
  IpAddress local_;
  media::SessionUser* user_ = nullptr;
  media::SessionId beside_;
  media::Engine::Opened opened_;
  std::size_t open_count_ = 0;
  std::optional<std::size_t> offered_;  // which media of their offer
  std::optional<media::Video> wish_;  // in our offer
  std::optional<media::Video> theirs_;
  std::optional<media::Video> said_;
  media::Description stream_;  // where theirs is
  media::Direction direction_ = media::Direction::SendRecv;
  MediaSecurity security_;
};

}  // namespace xivo::endpoint
