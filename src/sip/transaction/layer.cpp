#include <algorithm>

#include "base/metrics.hpp"
#include "sip/transaction.hpp"
#include "sip/transaction/core.hpp"
#include "sip/transaction/invite_client.hpp"
#include "sip/transaction/invite_server.hpp"
#include "sip/transaction/non_invite_client.hpp"
#include "sip/transaction/non_invite_server.hpp"
#include "sip/transaction/reply.hpp"

namespace xivo::sip {
namespace {

metrics::Counter requests_received("sip_requests_received", "SIP requests received, repeats included");
metrics::Counter responses_received("sip_responses_received", "SIP responses received, repeats included");
metrics::Counter requests_repeated("sip_requests_repeated", "SIP requests that were retransmissions");
metrics::Counter requests_merged("sip_requests_merged", "SIP requests refused with 482");
metrics::Counter requests_shed("sip_requests_shed", "SIP requests refused with 503, too many transactions");
metrics::Counter messages_refused("sip_messages_refused", "SIP messages that could not be parsed");
metrics::Counter responses_stray("sip_responses_stray", "SIP responses to no transaction");

constexpr std::uint64_t kRetryAfterMin = 5;  // seconds; spread, so that the refused do not come back together
constexpr std::uint64_t kRetryAfterSpread = 11;

int status_for(ParseFault::Answer answer) {
  switch (answer) {
    case ParseFault::Answer::Version: return 505;
    case ParseFault::Answer::UriScheme: return 416;
    case ParseFault::Answer::TooLarge: return 513;
    case ParseFault::Answer::BadRequest:
    case ParseFault::Answer::None: break;
  }
  return 400;
}

std::string to_tag(std::string& response) {
  const auto parsed = Message::parse(response.data(), response.size());
  return parsed ? std::string(parsed->to().tag()) : std::string();
}

/// A response that still bears the Via of somebody else was not meant for us (RFC 3261 §8.1.3.3). That the top one is ours
/// need not be looked at: nobody else knows its branch.
bool several_vias(const Message& response) {
  std::size_t fields = 0;
  for (const auto& field : response.headers()) fields += field.id == HeaderId::Via ? 1 : 0;
  const auto value = response.header(HeaderId::Via).value_or(std::string_view{});
  const auto first = std::min(response.top_via().text.size(), value.size());
  return fields != 1 || value.find(',', first) != std::string_view::npos;
}

/// Timers that would spin are not taken over.
TransactionTimers sane(TransactionTimers timers) {
  constexpr runtime::Duration kLeast = std::chrono::milliseconds(1);
  timers.t1 = std::max(timers.t1, kLeast);
  timers.t2 = std::max(timers.t2, timers.t1);
  timers.t4 = std::max(timers.t4, kLeast);
  return timers;
}

}  // namespace

struct TransactionLayer::Impl {
  Impl(const runtime::Scheduler& scheduler, Wire& wire, TransactionUser& user, unsigned shard,
       const TransactionTimers& timers, const Limits& layer_limits)
      : core(scheduler, wire, user, sane(timers)),
        limits(layer_limits),
        branch_prefix("z9hG4bK-" + std::to_string(shard) + "-"),
        invite_server(core),
        non_invite_server(core),
        large(core),
        non_invite_client(core, large),
        invite_client(core, large, non_invite_client) {}

  void on_request(const Message& request, const Flow& flow);
  void begin(const TransactionKey& key, const Message& request, const Flow& flow);
  void repeat(ServerTransactionId id);
  void on_ack(const TransactionKey& key, const Message& ack, const Flow& flow);
  void on_cancel(const TransactionKey& key, const Message& cancel, const Flow& flow);
  void on_response(const Message& response, const Flow& flow);
  void on_fault(const ParseFault& fault, const Flow& flow);
  Writer answer(const Message& request, const Flow& flow, int status) const;
  void send(const Message& request, const Flow& flow, std::string_view bytes) const {
    core.wire.send(way_back(request, flow), bytes);
  }
  void refuse_overload(const Message& request, const Flow& flow);

  Core core;
  const Limits limits;
  const std::string branch_prefix;
  InviteServer invite_server;
  NonInviteServer non_invite_server;
  LargeRequests large;
  NonInviteClient non_invite_client;
  InviteClient invite_client;
};

TransactionLayer::TransactionLayer(const runtime::Scheduler& scheduler, Wire& wire, TransactionUser& user,
                                   unsigned shard, const TransactionTimers& timers, const Limits& limits)
    : impl_(std::make_unique<Impl>(scheduler, wire, user, shard, timers, limits)) {}

TransactionLayer::~TransactionLayer() = default;

void TransactionLayer::on_message(const Flow& flow, char* bytes, std::size_t size) {
  const auto message = Message::parse(bytes, size);
  if (!message) return impl_->on_fault(message.error(), flow);
  if (message->is_response()) return impl_->on_response(*message, flow);
  impl_->on_request(*message, flow);
}

void TransactionLayer::on_flow_failed(const Flow& flow) {
  if (!is_reliable(flow.transport)) return;
  for (const auto id : impl_->core.clients.on(flow)) {
    auto* transaction = impl_->core.clients.find(id);
    if (transaction == nullptr) continue;  // ended by what another one's user did
    if (transaction->method == Method::Invite) {
      impl_->invite_client.on_flow_failed(id, *transaction);
    } else {
      impl_->non_invite_client.on_flow_failed(id, *transaction);
    }
  }
}

// ---- server side

Writer TransactionLayer::Impl::answer(const Message& request, const Flow& flow, int status) const {
  const auto tag = status > 100 ? core.keys.stateless_tag(request) : std::string();
  return response_to(request, status, tag, source_of(flow));
}

void TransactionLayer::Impl::on_request(const Message& request, const Flow& flow) {
  requests_received.add();
  const auto key = core.keys.server(request);
  if (request.method() == Method::Ack) return on_ack(key, request, flow);
  if (request.method() == Method::Cancel) return on_cancel(key, request, flow);
  if (const auto id = core.servers.find(key)) return repeat(id);
  // Calls that are up keep some room, so that their BYEs get through when new calls are refused.
  const bool in_dialog = !request.to().tag().empty();
  const auto room = limits.server_max + (in_dialog ? limits.server_max / 4 : 0);
  if (core.servers.size() >= room) return refuse_overload(request, flow);
  begin(key, request, flow);
}

void TransactionLayer::Impl::begin(const TransactionKey& key, const Message& request, const Flow& flow) {
  ServerTransaction transaction;
  transaction.key = key;
  transaction.outside_dialog = request.to().tag().empty();
  if (transaction.outside_dialog) {
    transaction.merge_key = core.keys.merged(request);
    if (core.servers.find(transaction.merge_key)) {
      requests_merged.add();
      return send(request, flow, answer(request, flow, 482).finish());
    }
  }
  transaction.invite = request.method() == Method::Invite;
  transaction.state = transaction.invite ? ServerState::Proceeding : ServerState::Trying;
  transaction.flow = way_back(request, flow);
  const bool invite = transaction.invite;
  const auto id = core.servers.add(std::move(transaction));
  core.user.on_request(id, request, flow);

  const auto make_trying = [&] {
    return answer(request, flow, 100).copy(HeaderId::Timestamp, request).finish();
  };
  if (invite) {
    invite_server.after_request(id, make_trying);
  } else {
    non_invite_server.after_request(id, make_trying);
  }
}

void TransactionLayer::Impl::repeat(ServerTransactionId id) {
  requests_repeated.add();
  auto* transaction = core.servers.find(id);
  if (transaction == nullptr) return;
  if (transaction->invite) {
    invite_server.on_retransmission(*transaction);
  } else {
    non_invite_server.on_retransmission(*transaction);
  }
}

void TransactionLayer::Impl::refuse_overload(const Message& request, const Flow& flow) {
  requests_shed.add();
  const auto seconds = kRetryAfterMin + core.scheduler.rng.below(kRetryAfterSpread);
  send(request, flow, answer(request, flow, 503).add(HeaderId::RetryAfter, seconds).finish());
}

void TransactionLayer::Impl::on_ack(const TransactionKey& key, const Message& ack, const Flow& flow) {
  const auto id = core.servers.find(key);
  auto* transaction = core.servers.find(id);
  if (transaction != nullptr && invite_server.on_ack(id, *transaction)) return;
  core.user.on_ack(ack, flow);
}

// Answered without a transaction of its own: a repeat gets the same answer, its tag included (§8.2.7).
void TransactionLayer::Impl::on_cancel(const TransactionKey& key, const Message& cancel, const Flow& flow) {
  const auto id = core.servers.find(key);
  auto* transaction = core.servers.find(id);
  const bool known = transaction != nullptr && transaction->invite;
  // §9.2 wants the tag of the INVITE's answer, if there is one already.
  auto tag = known ? to_tag(transaction->response) : std::string();
  if (tag.empty()) tag = core.keys.stateless_tag(cancel);
  send(cancel, flow, response_to(cancel, known ? 200 : 481, tag, source_of(flow)).finish());
  if (!known || transaction->state != ServerState::Proceeding || transaction->cancelled) return;
  transaction->cancelled = true;
  core.user.on_cancel(id);
}

void TransactionLayer::Impl::on_fault(const ParseFault& fault, const Flow& flow) {
  messages_refused.add();
  core.user.on_malformed(flow);
  if (fault.answer == ParseFault::Answer::None || fault.partial.method() == Method::Ack) return;
  const auto status = status_for(fault.answer);
  send(fault.partial, flow, answer(fault.partial, flow, status).finish());
}

bool TransactionLayer::respond(ServerTransactionId id, int status, std::string bytes) {
  auto* transaction = impl_->core.servers.find(id);
  if (transaction == nullptr) return false;
  if (transaction->invite) {
    impl_->invite_server.respond(id, *transaction, status, std::move(bytes));
  } else {
    impl_->non_invite_server.respond(id, *transaction, status, std::move(bytes));
  }
  return true;
}

void TransactionLayer::acknowledged(ServerTransactionId id) {
  auto* transaction = impl_->core.servers.find(id);
  if (transaction != nullptr && transaction->invite) impl_->invite_server.acknowledged(id, *transaction);
}

void TransactionLayer::respond_stateless(const Flow& flow, std::string_view bytes) {
  impl_->core.wire.send(flow, bytes);
}

std::size_t TransactionLayer::server_count() const { return impl_->core.servers.size(); }

// ---- client side

void TransactionLayer::Impl::on_response(const Message& response, const Flow& flow) {
  responses_received.add();
  if (several_vias(response)) return responses_stray.add();
  const auto branch = response.top_via().branch;
  const auto id = core.clients.find(core.keys.client(branch, response.cseq().method_text));
  auto* transaction = core.clients.find(id);
  if (transaction == nullptr) {
    responses_stray.add();
    const bool success = response.status() >= 200 && response.status() < 300;
    const bool ours = branch.substr(0, branch_prefix.size()) == branch_prefix;
    if (success && ours && response.cseq().method == Method::Invite)
      core.user.on_stray_response(response, flow);
    return;
  }
  if (transaction->method == Method::Invite) {
    invite_client.on_response(id, *transaction, response, flow);
  } else {
    non_invite_client.on_response(id, *transaction, response, flow);
  }
}

std::string TransactionLayer::new_branch() {
  constexpr std::size_t kTokenSize = 12;  // 62 bits
  return impl_->branch_prefix + impl_->core.scheduler.rng.token(kTokenSize);
}

std::string TransactionLayer::via_value(const Flow& flow, std::string_view branch) {
  constexpr std::size_t kAddressUsual = 64;
  std::string value;
  value.reserve(branch.size() + kAddressUsual);
  value.append("SIP/2.0/").append(name(flow.transport)).append(" ").append(flow.local.to_string());
  return value.append(";branch=").append(branch).append(";rport");
}

ClientTransactionId TransactionLayer::start(const Flow& flow, Method method, std::string branch,
                                            std::string bytes, std::uint64_t token) {
  auto& core = impl_->core;
  if (core.clients.size() >= impl_->limits.client_max) return {};
  ClientTransaction transaction;
  transaction.key = core.keys.client(branch, name(method));
  transaction.flow = flow;
  transaction.bytes = std::move(bytes);
  transaction.token = token;
  transaction.method = method;
  const bool invite = method == Method::Invite;
  impl_->large.choose(transaction);
  if (invite) transaction.cancel_key = core.keys.client(branch, name(Method::Cancel));
  const auto id = core.clients.add(std::move(transaction));
  auto* added = core.clients.find(id);
  if (added == nullptr) return {};
  if (invite) {
    impl_->invite_client.start(id, *added);
  } else {
    impl_->non_invite_client.start(id, *added);
  }
  return id;
}

void TransactionLayer::cancel(ClientTransactionId id, std::string_view extra_headers) {
  auto* transaction = impl_->core.clients.find(id);
  if (transaction == nullptr || transaction->method != Method::Invite) return;
  impl_->invite_client.cancel(id, *transaction, extra_headers);
}

bool TransactionLayer::send_stateless(const Flow& flow, std::string_view bytes) {
  return impl_->core.wire.send(flow, bytes);
}

void TransactionLayer::forget(ClientTransactionId id) {
  if (auto* transaction = impl_->core.clients.find(id)) transaction->forgotten = true;
}

std::size_t TransactionLayer::client_count() const { return impl_->core.clients.size(); }

}  // namespace xivo::sip
