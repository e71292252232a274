#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "endpoint/trunk/operator_request.hpp"
#include "endpoint/trunk/trunk_event.hpp"

namespace xivo::endpoint {

/// Our registration with an operator: asked for, kept alive, asked for again whatever went wrong.
///
/// A failure is never for good: 20 s later, then twice as long each time up to five minutes; after a refusal 30 s, up to ten
/// minutes; Retry-After is respected. A registration that cannot be renewed holds until it runs out.
/// Thread  the shard's.
/// Source  RFC 3261 §10.2; RFC 3608 (Service-Route)
class Registration {
 public:
  static constexpr auto kRetryFirst = std::chrono::seconds(20);
  static constexpr auto kRetryMax = std::chrono::seconds(300);
  static constexpr auto kRefusedFirst = std::chrono::seconds(30);
  static constexpr auto kRefusedMax = std::chrono::seconds(600);
  static constexpr std::int64_t kExpiresMax = 86'400;
  static constexpr std::int64_t kExpiresMin = 10;  // less is taken for so much
  static constexpr std::size_t kServiceRoutesMax = 8;

  enum class State : std::uint8_t {
    Off,
    Unregistered,  // waits for its next try
    RequestSent,
    Registered,
    Rejected,  // the operator does not want us; waits for its next try
  };

  struct Terms {
    sip::Whereabouts where;  // of the registrar, or of the proxy before it
    std::string request_uri;  // "sip:example.com"
    std::string address;  // of record: "<sip:0123@example.com>"
    std::string contact_user;
    std::string line;  // tells our contact from others of the account, and calls to it from strangers'
    std::vector<std::string> route;
    std::int64_t expires = 600;
    sip::digest::Credentials credentials;
  };
  struct Told {
    std::function<void(TrunkEvent)> event;
    std::function<void()> changed;  // of state()
  };

  Registration(const TrunkTools& tools, std::uint64_t token, Terms terms, Told told);
  ~Registration();

  void start();
  /// Withdraws the registration, without waiting for the answer.
  void stop();
  /// Tries at once.
  void retry();

  [[nodiscard]] State state() const { return state_; }
  /// While state() is anything: whether calls of the operator still find us.
  [[nodiscard]] bool is_registered() const { return until_.has_value(); }
  [[nodiscard]] runtime::WallTime since() const { return since_; }  // of the state
  [[nodiscard]] std::optional<runtime::WallTime> registered_at() const { return registered_at_; }
  [[nodiscard]] std::optional<runtime::WallTime> expires() const { return until_; }
  [[nodiscard]] std::optional<runtime::WallTime> next_try() const { return next_try_; }
  [[nodiscard]] std::int64_t interval() const { return granted_; }  // seconds; 0: none was granted yet
  [[nodiscard]] const std::optional<TrunkEvent>& last_error() const { return last_error_; }
  [[nodiscard]] const std::vector<std::string>& service_route() const { return service_route_; }
  [[nodiscard]] OperatorRequest& request() { return request_; }

  void on_flow_failed(const sip::Flow& flow);

 private:
  void send();
  [[nodiscard]] OperatorRequest::Draft draft(std::int64_t expires) const;
  void on_outcome(const OperatorRequest::Outcome& outcome);
  void on_success(const sip::Message& response, const sip::Flow& flow);
  void on_refusal(const OperatorRequest::Outcome& outcome);
  [[nodiscard]] std::int64_t granted_by(const sip::Message& response) const;
  void take_service_route(const sip::Message& response);
  void failed(TrunkEvent event, bool refused, runtime::Duration at_least = {});
  void again_in(runtime::Duration wait);
  void on_expired();
  void become(State state);
  void tell(TrunkEvent event);
  void cancel_timers();

  const TrunkTools& tools_;
  const Terms terms_;
  const Told told_;
  OperatorRequest request_;
  State state_ = State::Off;
  runtime::WallTime since_{};
  std::optional<runtime::WallTime> registered_at_;
  std::optional<runtime::WallTime> until_;
  std::optional<runtime::WallTime> next_try_;
  std::optional<TrunkEvent> last_error_;
  std::vector<std::string> service_route_;
  sip::Flow flow_;  // of the last success
  std::int64_t wanted_;
  std::int64_t granted_ = 0;
  int failures_ = 0;  // in a row
  bool raised_ = false;  // in this round
  runtime::TimerId timer_;
  runtime::TimerId expiry_;
};

}  // namespace xivo::endpoint
