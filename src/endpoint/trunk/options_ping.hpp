#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "endpoint/trunk/operator_request.hpp"
#include "endpoint/trunk/trunk_event.hpp"

namespace xivo::endpoint {

/// Whether an operator answers, and how fast: OPTIONS, again and again. Any answer is good but those that say that nobody is
/// behind it (408, 502, 503, 504).
/// Thread  the shard's.
/// Source  RFC 3261 §11
class OptionsPing {
 public:
  static constexpr auto kPatience = std::chrono::seconds(8);
  static constexpr auto kAgainSoon =
      std::chrono::seconds(10);  // after a silence, unless the interval is shorter

  enum class State : std::uint8_t { Off, Unknown, Reachable, Unreachable };
  struct Terms {
    sip::Whereabouts where;
    std::string request_uri;
    std::string from;
    std::vector<std::string> route;
    std::chrono::seconds interval{60};
  };
  struct Told {
    std::function<void(TrunkEvent)> event;
    std::function<void()> changed;
  };

  OptionsPing(const TrunkTools& tools, std::uint64_t token, Terms terms, Told told);
  ~OptionsPing();

  void start();
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] std::optional<runtime::Duration> latency() const { return latency_; }  // of the last answer
  [[nodiscard]] runtime::WallTime at() const { return at_; }  // of the last answer or silence
  [[nodiscard]] const sip::Flow& flow() const { return flow_; }  // that was answered
  [[nodiscard]] OperatorRequest& request() { return request_; }

 private:
  void send();
  void on_outcome(const OperatorRequest::Outcome& outcome);

  const TrunkTools& tools_;
  const Terms terms_;
  const Told told_;
  OperatorRequest request_;
  State state_ = State::Off;
  std::optional<runtime::Duration> latency_;
  runtime::WallTime at_{};
  sip::Flow flow_;
  runtime::TimerId timer_;
};

}  // namespace xivo::endpoint
