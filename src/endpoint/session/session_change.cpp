// Our changes of a session that is up.                                              RFC 3261 §14.1, RFC 3311 §5.1
#include "endpoint/session/session_change.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

constexpr runtime::Duration kStep = std::chrono::milliseconds(10);

/// §14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in steps of 10 ms.
runtime::Duration glare_wait(bool owner, runtime::Rng& rng) {
  const auto steps = static_cast<std::int64_t>(owner ? 210 + rng.below(191) : rng.below(201));
  return kStep * steps;
}

std::optional<std::uint32_t> retry_after(const sip::Message& response) {
  const auto value = response.header(sip::HeaderId::RetryAfter);
  if (!value) return std::nullopt;
  return text::parse_decimal<std::uint32_t>(text::trim(value->substr(0, value->find_first_of(";("))));
}

}  // namespace

void SessionChange::want(SessionWish wish) {
  if (state_ == State::Idle) {
    wish_ = std::move(wish);
    attempts_ = 0;
    state_ = State::Wanted;
    return try_now();
  }
  if (wish.kind == SessionWish::Kind::Refresh) return;  // whatever is under way refreshes as well
  next_ = std::move(wish);
}

void SessionChange::resume() {
  if (state_ == State::Wanted) try_now();
}

void SessionChange::try_now() {
  if (!user_.may_change()) return;
  state_ = State::Requested;
  ++attempts_;
  if (user_.send_change(*wish_)) return;
  const auto outcome = over(Outcome::Refused);
  user_.on_change_failed(finished_, outcome);
}

void SessionChange::wait(runtime::Duration duration) {
  state_ = State::Waiting;
  timer_ = scheduler_.timers.set(duration, [this] {
    timer_ = {};
    state_ = State::Wanted;
    try_now();
  });
}

SessionChange::Outcome SessionChange::over(Outcome outcome) {
  finished_ = std::move(*wish_);
  wish_.reset();
  state_ = State::Idle;
  if (next_ && outcome != Outcome::Gone) {
    // Not from inside: whoever asked first is told first.
    wish_ = std::exchange(next_, std::nullopt);
    attempts_ = 0;
    wait(runtime::Duration::zero());
  }
  return outcome;
}

SessionChange::Outcome SessionChange::on_response(const sip::Message& response) {
  if (state_ != State::Requested) return Outcome::Again;
  const int status = response.status();
  if (status < 300) return over(Outcome::Agreed);
  if (status == 481 || status == 408) return over(Outcome::Gone);  // §12.2.1.2
  if (attempts_ >= kAttemptsMax) return over(Outcome::Refused);
  if (status == 491) {
    wait(glare_wait(owner_, scheduler_.rng));
    return Outcome::Again;
  }
  const auto seconds = retry_after(response);
  if ((status == 500 || status == 503) && seconds && *seconds <= kRetryAfterMax) {
    wait(std::chrono::seconds(*seconds));
    return Outcome::Again;
  }
  return over(Outcome::Refused);
}

SessionChange::Outcome SessionChange::on_failure() {
  if (state_ != State::Requested) return Outcome::Again;
  return over(Outcome::Gone);
}

void SessionChange::again() {
  if (state_ != State::Requested) return;
  state_ = State::Wanted;
  try_now();
}

void SessionChange::stop() {
  scheduler_.timers.cancel(timer_);
  timer_ = {};
  wish_.reset();
  next_.reset();
  state_ = State::Idle;
}

}  // namespace xivo::endpoint
