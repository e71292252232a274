// Our registration with an operator.                                                  RFC 3261 §10.2, RFC 3608 §6
#include "endpoint/trunk/registration.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sip/uri.hpp"

namespace xivo::endpoint {
namespace {

using std::chrono::seconds;

/// After so many failures in a row.
runtime::Duration back_off(seconds first, seconds most, int failures) {
  const int doublings = std::clamp(failures - 1, 0, 10);
  return std::min<runtime::Duration>(first * (1 << doublings), most);
}

}  // namespace

Registration::Registration(const TrunkTools& tools, std::uint64_t token, Terms terms, Told told)
    : tools_(tools),
      terms_(std::move(terms)),
      told_(std::move(told)),
      request_(tools, token, terms_.credentials),
      wanted_(terms_.expires) {}

Registration::~Registration() { cancel_timers(); }

void Registration::cancel_timers() {
  tools_.scheduler.timers.cancel(timer_);
  tools_.scheduler.timers.cancel(expiry_);
}

void Registration::start() {
  if (state_ == State::Off) send();
}

void Registration::retry() {
  if (state_ == State::Off) return;
  failures_ = 0;
  send();
}

void Registration::stop() {
  if (state_ == State::Off) return;
  cancel_timers();
  next_try_.reset();
  request_.cancel();
  if (until_) {
    tell({TrunkEvent::Kind::Unregistered});
    request_.say(draft(0), flow_);
  }
  until_.reset();
  become(State::Off);
}

OperatorRequest::Draft Registration::draft(std::int64_t expires) const {
  OperatorRequest::Draft draft;
  draft.method = sip::Method::Register;
  draft.where = terms_.where;
  draft.request_uri = terms_.request_uri;
  draft.from = terms_.address;
  draft.to = terms_.address;
  draft.route = terms_.route;
  draft.lines = [user = sip::escape_user(terms_.contact_user), line = terms_.line,
                 expires](const sip::Flow& flow) {
    const bool plain = flow.transport == sip::Transport::Udp;
    return fmt::format("Contact: <sip:{}@{};line={}{}{}>;expires={}\r\nExpires: {}\r\nSupported: path\r\n",
                       user, flow.local.to_string(), line,
                       plain ? "" : ";transport=", plain ? "" : sip::uri_parameter(flow.transport), expires,
                       expires);
  };
  return draft;
}

void Registration::send() {
  tools_.scheduler.timers.cancel(timer_);
  next_try_.reset();
  raised_ = false;
  if (!until_) become(State::RequestSent);  // a renewal changes nothing until it fails
  request_.send(draft(wanted_), [this](const OperatorRequest::Outcome& outcome) { on_outcome(outcome); });
}

void Registration::on_outcome(const OperatorRequest::Outcome& outcome) {
  const auto& host = terms_.where.host;
  switch (outcome.end) {
    case OperatorRequest::End::NotFound:
      return failed({.kind = TrunkEvent::Kind::NotFound, .detail = host}, false);
    case OperatorRequest::End::Silent:
      return failed({.kind = TrunkEvent::Kind::Silent, .detail = host}, false);
    case OperatorRequest::End::Unreachable:
      return failed({.kind = TrunkEvent::Kind::Unreachable, .detail = host}, false);
    case OperatorRequest::End::Answered: break;
  }
  const int status = outcome.response->status();
  if (status < 300) return on_success(*outcome.response, outcome.flow);
  on_refusal(outcome);
}

// ---------------------------------------------------------------------------------------------------- success

// Among the contacts of the answer, ours is the one with our line; a registrar that does not say counts for all. §10.2.4
std::int64_t Registration::granted_by(const sip::Message& response) const {
  std::int64_t granted = wanted_;
  if (const auto expires = response.number(sip::HeaderId::Expires); expires && *expires) granted = **expires;
  const auto contacts = response.contacts();
  if (contacts && !contacts->star) {
    for (const auto& contact : contacts->list) {
      if (contact.uri.parameter("line") != std::string_view(terms_.line)) continue;
      const auto own = contact.parameter("expires");
      if (own)
        granted = text::parse_decimal<std::uint32_t>(*own).value_or(static_cast<std::uint32_t>(granted));
    }
  }
  return std::clamp(granted, kExpiresMin, kExpiresMax);
}

void Registration::take_service_route(const sip::Message& response) {
  service_route_.clear();
  for (const auto& field : response.headers()) {
    if (field.id == sip::HeaderId::ServiceRoute && service_route_.size() < kServiceRoutesMax)
      service_route_.emplace_back(field.value);
  }
}

void Registration::on_success(const sip::Message& response, const sip::Flow& flow) {
  const auto now = tools_.scheduler.clock.wall();
  const bool renewed = until_.has_value();
  granted_ = granted_by(response);
  take_service_route(response);
  flow_ = flow;
  failures_ = 0;
  last_error_.reset();
  registered_at_ = now;
  until_ = now + seconds(granted_);
  tell({.kind = renewed ? TrunkEvent::Kind::Refreshed : TrunkEvent::Kind::Registered,
        .seconds = granted_,
        .detail = flow.remote.to_string()});
  auto& timers = tools_.scheduler.timers;
  timers.cancel(expiry_);
  expiry_ = timers.set(seconds(granted_), [this] { on_expired(); });
  // Four fifths of the time, less a little by lot: not all trunks at once, and room for two more tries.
  const auto whole = std::chrono::duration_cast<runtime::Duration>(seconds(granted_));
  const auto jitter = tools_.scheduler.rng.below(static_cast<std::uint64_t>(whole.count() / 20) + 1);
  become(State::Registered);
  again_in(whole * 4 / 5 - runtime::Duration(static_cast<std::int64_t>(jitter)));
}

// ---------------------------------------------------------------------------------------------------- failure

void Registration::on_refusal(const OperatorRequest::Outcome& outcome) {
  const auto& response = *outcome.response;
  const int status = response.status();
  const auto minimum = response.number(sip::HeaderId::MinExpires);
  if (status == 423 && minimum && *minimum && !raised_ && **minimum > wanted_ && **minimum <= kExpiresMax) {
    wanted_ = **minimum;
    tell({.kind = TrunkEvent::Kind::IntervalTooBrief, .status = status, .seconds = wanted_});
    raised_ = true;
    return request_.send(draft(wanted_),
                         [this](const OperatorRequest::Outcome& again) { on_outcome(again); });
  }
  runtime::Duration at_least{};
  if (const auto after = response.number(sip::HeaderId::RetryAfter); after && *after)
    at_least = std::min<runtime::Duration>(seconds(**after), std::chrono::hours(1));
  TrunkEvent event{
      .kind = TrunkEvent::Kind::Refused, .status = status, .detail = std::string(response.reason())};
  if (outcome.credentials_refused) {
    event.kind = terms_.credentials.username.empty() ? TrunkEvent::Kind::Unanswerable
                                                     : TrunkEvent::Kind::WrongCredentials;
  } else if (status == 403) {
    event.kind = TrunkEvent::Kind::WrongCredentials;
  }
  failed(std::move(event), status >= 300 && status < 500 && status != 408, at_least);
}

void Registration::failed(TrunkEvent event, bool refused, runtime::Duration at_least) {
  ++failures_;
  tell(std::move(event));
  if (refused) {  // it has thrown us out, whatever it granted before
    until_.reset();
    tools_.scheduler.timers.cancel(expiry_);
  }
  become(refused ? State::Rejected : until_ ? State::Registered : State::Unregistered);
  auto wait =
      refused ? back_off(kRefusedFirst, kRefusedMax, failures_) : back_off(kRetryFirst, kRetryMax, failures_);
  wait += runtime::Duration(static_cast<std::int64_t>(
      tools_.scheduler.rng.below(static_cast<std::uint64_t>(wait.count() / 10) + 1)));
  again_in(std::max(wait, at_least));
}

void Registration::again_in(runtime::Duration wait) {
  next_try_ = tools_.scheduler.clock.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(wait);
  tools_.scheduler.timers.cancel(timer_);
  timer_ = tools_.scheduler.timers.set(wait, [this] { send(); });
}

void Registration::on_expired() {
  until_.reset();
  tell({TrunkEvent::Kind::Expired});
  if (state_ == State::Registered) become(State::Unregistered);
}

// The operator calls us by that connection: a new one must be made before the next call.
void Registration::on_flow_failed(const sip::Flow& flow) {
  const bool ours = flow.transport == flow_.transport && flow.remote == flow_.remote &&
                    (flow_.connection == 0 || flow_.connection == flow.connection);
  if (!ours || !sip::is_reliable(flow.transport) || !until_) return;
  tell({TrunkEvent::Kind::ConnectionLost});
  if (!request_.under_way()) again_in(seconds(1));
}

void Registration::become(State state) {
  if (state_ == state) return;
  state_ = state;
  since_ = tools_.scheduler.clock.wall();
  if (told_.changed) told_.changed();
}

void Registration::tell(TrunkEvent event) {
  event.at = tools_.scheduler.clock.wall();
  if (is_failure(event.kind)) last_error_ = event;
  if (told_.event) told_.event(std::move(event));
}

}  // namespace xivo::endpoint
