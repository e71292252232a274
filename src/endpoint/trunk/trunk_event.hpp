#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "model/language.hpp"
#include "runtime/clock.hpp"

namespace xivo::endpoint {

/// Something that happened to a trunk's registration or to the way to it. Data; worded by describe().
struct TrunkEvent {
  enum class Kind : std::uint8_t {
    Registered,  // seconds: for how long; detail: where
    Refreshed,  // the same; only the newest is kept
    Unregistered,  // by us
    Expired,  // the registration ran out before it could be renewed
    WrongCredentials,  // status
    Unanswerable,  // a challenge that cannot be answered: status
    Refused,  // status, detail: the operator's words
    IntervalTooBrief,  // seconds: what the operator asks for
    NotFound,  // detail: the host
    Silent,  // detail: the host
    Unreachable,  // detail: the host
    ConnectionLost,
    Answers,  // OPTIONS are answered (again); seconds unused, detail: the place
    AnswersNot,
  };
  Kind kind = Kind::Registered;
  runtime::WallTime at{};
  int status = 0;
  std::int64_t seconds = 0;
  std::string detail{};
};
/// "registered": a kind's stable name on the wire.
std::string_view name(TrunkEvent::Kind kind);
/// One sentence.
std::string describe(const TrunkEvent& event, model::Language language);
/// Whether the event is bad news.
bool is_failure(TrunkEvent::Kind kind);

/// The last things that happened; refreshes do not push out what is worth reading.
class TrunkHistory {
 public:
  static constexpr std::size_t kEventsMax = 50;
  static constexpr std::size_t kDetailBytesMax = 200;

  void add(TrunkEvent event);
  [[nodiscard]] const std::deque<TrunkEvent>& events() const { return events_; }  // oldest first

 private:
  std::deque<TrunkEvent> events_;
};

}  // namespace xivo::endpoint
