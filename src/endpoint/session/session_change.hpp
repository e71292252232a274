#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/description.hpp"
#include "runtime/scheduler.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// What we want of a session that is up: a sign of life, or other codecs.
struct SessionWish {
  enum class Kind : std::uint8_t { Refresh, Codecs };
  Kind kind = Kind::Refresh;
  std::vector<media::Codec> codecs;
  std::optional<media::Video> video{};
};

/// Our re-INVITEs and UPDATEs in one dialog: one at a time, not while the other side changes the session, and again after the
/// random wait when both sides tried at the same moment.
///
///   Idle --wish--> Wanted --quiet--> Requested --2xx, refusal--> Idle
///                     ^                  |
///                     +-- wait over -- Waiting <-- 491, 500 with Retry-After
/// Thread  the shard's.
/// Source  RFC 3261 §14.1, RFC 3311 §5.1
class SessionChange {
 public:
  enum class State : std::uint8_t { Idle, Wanted, Requested, Waiting };
  /// Requests for one wish, the first included. Two sides that collide so often do so for another reason than chance.
  static constexpr int kAttemptsMax = 8;
  /// The longest Retry-After that is waited for; the session may need the answer sooner than that.
  static constexpr std::uint32_t kRetryAfterMax = 30;

  enum class Outcome : std::uint8_t {
    Agreed,  // take the 2xx
    Refused,  // all is as before
    Gone,  // the other side does not know the dialog any more
    Again,  // the machine will ask again
  };

  class User {
   public:
    virtual ~User() = default;
    /// Whether a request may be sent now; when not, resume() is called later.
    [[nodiscard]] virtual bool may_change() const = 0;
    /// Sends it. False: it could not be sent at all.
    virtual bool send_change(const SessionWish& wish) = 0;
    /// What became of it, when no response says so.
    virtual void on_change_failed(const SessionWish& wish, Outcome outcome) = 0;
  };

  /// `owner`: we made the dialog's Call-ID, which decides how long we wait after a collision.
  SessionChange(const runtime::Scheduler& scheduler, User& user, bool owner)
      : scheduler_(scheduler), user_(user), owner_(owner) {}
  ~SessionChange() { stop(); }
  SessionChange(const SessionChange&) = delete;
  SessionChange& operator=(const SessionChange&) = delete;

  [[nodiscard]] State state() const { return state_; }
  /// A later wish for codecs replaces one that has not been asked for yet; a refresh is served by any request.
  void want(SessionWish wish);
  /// Something that was in the way has come to its end.
  void resume();
  /// A final response to the request. With Agreed or Refused the wish is over and `finished()` names it.
  Outcome on_response(const sip::Message& response);
  /// No response came.
  Outcome on_failure();
  [[nodiscard]] const SessionWish& finished() const { return finished_; }
  /// The same wish at once, the request being made differently (422, 405).
  void again();
  void stop();

 private:
  void try_now();
  void wait(runtime::Duration duration);
  Outcome over(Outcome outcome);

  const runtime::Scheduler scheduler_;
  User& user_;
  const bool owner_;
  State state_ = State::Idle;
  int attempts_ = 0;
  std::optional<SessionWish> wish_;  // under way
  std::optional<SessionWish> next_;  // came meanwhile
  SessionWish finished_;
  runtime::TimerId timer_;
};

}  // namespace xivo::endpoint
