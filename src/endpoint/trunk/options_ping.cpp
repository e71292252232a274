// OPTIONS to an operator, to know whether it is there.                                            RFC 3261 §11.1
#include "endpoint/trunk/options_ping.hpp"

#include <algorithm>

namespace xivo::endpoint {
namespace {

bool says_nobody(int status) { return status == 408 || (status >= 502 && status <= 504); }

}  // namespace

OptionsPing::OptionsPing(const TrunkTools& tools, std::uint64_t token, Terms terms, Told told)
    : tools_(tools), terms_(std::move(terms)), told_(std::move(told)), request_(tools, token, {}) {}

OptionsPing::~OptionsPing() { tools_.scheduler.timers.cancel(timer_); }

void OptionsPing::start() {
  if (state_ != State::Off) return;
  state_ = State::Unknown;
  send();
}

void OptionsPing::send() {
  OperatorRequest::Draft draft;
  draft.method = sip::Method::Options;
  draft.where = terms_.where;
  draft.request_uri = terms_.request_uri;
  draft.from = terms_.from;
  draft.to = "<" + terms_.request_uri + ">";
  draft.route = terms_.route;
  draft.lines = [](const sip::Flow& flow) {
    return "Contact: <sip:" + flow.local.to_string() + ">\r\nAccept: application/sdp\r\n";
  };
  draft.patience = kPatience;
  request_.send(std::move(draft), [this](const OperatorRequest::Outcome& outcome) { on_outcome(outcome); });
}

void OptionsPing::on_outcome(const OperatorRequest::Outcome& outcome) {
  const bool answered =
      outcome.end == OperatorRequest::End::Answered && !says_nobody(outcome.response->status());
  at_ = tools_.scheduler.clock.wall();
  latency_.reset();
  if (answered) {
    latency_ = outcome.latency;
    flow_ = outcome.flow;
  }
  const auto was = state_;
  state_ = answered ? State::Reachable : State::Unreachable;
  const auto soon = std::min<runtime::Duration>(terms_.interval, kAgainSoon);
  timer_ =
      tools_.scheduler.timers.set(answered ? runtime::Duration(terms_.interval) : soon, [this] { send(); });
  if (state_ == was) return;
  told_.event({.kind = answered ? TrunkEvent::Kind::Answers : TrunkEvent::Kind::AnswersNot,
               .at = at_,
               .detail = answered ? outcome.flow.remote.to_string() : terms_.where.host});
  told_.changed();
}

}  // namespace xivo::endpoint
