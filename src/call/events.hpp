#pragma once

#include <functional>
#include <string>
#include <vector>

#include "call/ids.hpp"

namespace xivo::call {

/// Something that happened to a call, for whoever watches: console, live views, later AMI and BLF.
struct Event {
  enum class Kind : std::uint8_t {
    CallStarted,   // channel: the caller's; detail: what was dialled
    Dialled,       // channel: the new leg's; detail: the caller's channel
    Ringing,       // channel
    Progress,      // channel
    Answered,      // channel; detail: the other channel
    FeatureRuns,   // channel; detail: "echo(argument)"
    Held,          // channel
    Resumed,       // channel
    LegEnded,      // channel; detail: the cause in words
    CallEnded,     // detail: disposition
  };
  Kind kind;
  CallId call;
  LegId leg;
  std::string channel;
  std::string detail;
};

/// Hands events to subscribers, in order, in the turn they happen. With nobody subscribed an event costs one branch.
/// Thread  the shard's.
class EventHub {
 public:
  using Subscriber = std::function<void(const Event&)>;

  void subscribe(Subscriber subscriber) { subscribers_.push_back(std::move(subscriber)); }
  [[nodiscard]] bool watched() const { return !subscribers_.empty(); }
  void publish(const Event& event) const {
    for (const auto& subscriber : subscribers_) subscriber(event);
  }

 private:
  std::vector<Subscriber> subscribers_;
};

}  // namespace xivo::call
