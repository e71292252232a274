// A request to an operator: where, and as whom.                              RFC 3261 §8.1, §22, RFC 3263 §4.3
#include "endpoint/trunk/operator_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sip/writer.hpp"

namespace xivo::endpoint {

OperatorRequest::OperatorRequest(const TrunkTools& tools, std::uint64_t token,
                                 sip::digest::Credentials credentials)
    : tools_(tools),
      token_(token),
      digest_(std::move(credentials)),
      call_id_(fmt::format("s{}-{}", tools.shard, tools.scheduler.rng.token(24))),
      tag_(tools.scheduler.rng.token(12)) {}

OperatorRequest::~OperatorRequest() { cancel(); }

void OperatorRequest::cancel() {
  done_ = {};
  if (search_) tools_.locator->cancel(std::exchange(search_, {}));
  if (client_) tools_.transactions.forget(std::exchange(client_, {}));
  tools_.scheduler.timers.cancel(timer_);
}

void OperatorRequest::send(Draft draft, Done done) {
  cancel();
  draft_ = std::move(draft);
  done_ = std::move(done);
  silent_ = false;
  if (tools_.locator != nullptr) {
    search_ = tools_.locator->locate(
        draft_.where, [this](const std::vector<sip::Target>& targets) { on_located(targets); });
    return;
  }
  std::vector<sip::Target> targets;
  if (const auto ip = IpAddress::parse(draft_.where.host)) {
    const auto transport = draft_.where.transport.value_or(sip::Transport::Udp);
    const auto port = draft_.where.port != 0 ? draft_.where.port : sip::default_port(transport);
    targets.push_back({transport, {*ip, port}});
  }
  timer_ = tools_.scheduler.timers.set(runtime::Duration::zero(), [this, targets] { on_located(targets); });
}

void OperatorRequest::say(Draft draft, const sip::Flow& flow) {
  cancel();
  draft_ = std::move(draft);
  flow_ = flow;
  left_.clear();
  transmit();
  cancel();
}

// The place that answered last is asked first: a registration is there.
void OperatorRequest::on_located(std::vector<sip::Target> targets) {
  search_ = {};
  if (!done_) return;
  if (!targets.empty()) places_ = targets;
  if (good_) {
    const auto at = std::find(targets.begin(), targets.end(), *good_);
    if (at != targets.end()) std::rotate(targets.begin(), at, at + 1);
  }
  left_ = std::move(targets);
  if (!try_next()) finish({left_.empty() && !trying_ ? End::NotFound : End::Unreachable});
}

// False: there is none.
bool OperatorRequest::try_next() {
  trying_.reset();
  while (!left_.empty()) {
    trying_ = left_.front();
    left_.erase(left_.begin());
    flow_ = tools_.wire.flow_to_host(trying_->transport, trying_->address, draft_.where.host);
    if (flow_.local.port == 0) continue;  // of a family or by a transport that we do not have
    transmit();
    if (client_) return true;
  }
  return false;
}

void OperatorRequest::transmit() {
  auto branch = tools_.transactions.new_branch();
  auto writer = sip::Writer::request(draft_.method, draft_.request_uri);
  for (const auto& hop : draft_.route) writer.add_untrusted(sip::HeaderId::Route, hop);
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow_, branch))
      .add(sip::HeaderId::MaxForwards, std::uint64_t{70})
      .add(sip::HeaderId::From, fmt::format("{};tag={}", draft_.from, tag_))
      .add(sip::HeaderId::To, draft_.to)
      .add(sip::HeaderId::CallId, call_id_)
      .add(sip::HeaderId::CSeq, fmt::format("{} {}", ++cseq_, sip::name(draft_.method)))
      .add(sip::HeaderId::UserAgent, tools_.user_agent)
      .raw(draft_.lines ? draft_.lines(flow_) : std::string{})
      .raw(digest_.lines(sip::name(draft_.method), draft_.request_uri, tools_.scheduler.rng));
  sent_ = tools_.scheduler.clock.now();
  client_ = tools_.transactions.start(flow_, draft_.method, std::move(branch), writer.finish(), token_);
  tools_.scheduler.timers.cancel(timer_);
  if (!client_) return;
  if (draft_.patience) {
    watch(*draft_.patience);
  } else if (!left_.empty()) {
    watch(kSilenceMax);
  }
}

void OperatorRequest::watch(runtime::Duration patience) {
  timer_ = tools_.scheduler.timers.set(patience, [this] { on_silence(); });
}

void OperatorRequest::on_silence() {
  tools_.transactions.forget(std::exchange(client_, {}));
  silent_ = true;
  if (!try_next()) finish({End::Silent});
}

void OperatorRequest::on_response(sip::ClientTransactionId id, const sip::Message& response,
                                  const sip::Flow& flow) {
  if (id != client_ || !done_) return;
  const int status = response.status();
  if (status < 200) {
    if (!draft_.patience) tools_.scheduler.timers.cancel(timer_);
    return;
  }
  client_ = {};
  tools_.scheduler.timers.cancel(timer_);
  bool credentials_refused = false;
  if (status == 401 || status == 407) {
    const auto verdict = digest_.challenged(response);
    if (verdict == DigestClient::Verdict::Answer) {
      transmit();
      if (client_) return;
      return finish({End::Unreachable});
    }
    credentials_refused = true;
  }
  if (status == 503 && try_next()) return;  // RFC 3263 §4.3
  if (status < 300) digest_.succeeded();
  if (credentials_refused) digest_.reset();  // the next time begins without the nonces of this one
  good_ = trying_;
  finish({End::Answered, &response, credentials_refused, flow, tools_.scheduler.clock.now() - sent_});
}

void OperatorRequest::on_failure(sip::ClientTransactionId id, sip::ClientFailure failure) {
  if (id != client_ || !done_) return;
  client_ = {};
  tools_.scheduler.timers.cancel(timer_);
  silent_ = silent_ || failure == sip::ClientFailure::Timeout;
  if (!try_next()) finish({silent_ ? End::Silent : End::Unreachable});
}

void OperatorRequest::finish(const Outcome& outcome) {
  tools_.scheduler.timers.cancel(timer_);
  const auto done = std::exchange(done_, {});
  if (done) done(outcome);
}

}  // namespace xivo::endpoint
