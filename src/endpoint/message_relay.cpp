// MESSAGE from user to user.                                                                              RFC 3428
#include "endpoint/message_relay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

/// What a phone's refusal means to the sender: what is about the text is passed on, the rest is "not now".
int status_from(int status) {
  switch (status) {
    case 413:
    case 415:
    case 488:
    case 493:
    case 603:
    case 606: return status;
    default: return 480;
  }
}

}  // namespace

MessageRelay::~MessageRelay() {
  relays_.for_each([&](RelayId, const Relay& relay) { scheduler_.timers.cancel(relay.deadline); });
}

int MessageRelay::refusal(const sip::Message& request, model::SipLineId sender) {
  if (request.body().size() > limits_.body_bytes_max) return 413;
  if (relays_.size() >= limits_.under_way_max) return 503;
  const auto interval = runtime::Duration(std::chrono::minutes(1)) / std::max(limits_.per_minute, 1);
  const auto now = scheduler_.clock.now();
  auto& rate = rates_[sender];
  rate.empty_at = std::max(rate.empty_at, now);
  if (rate.empty_at - now > interval * (limits_.burst - 1)) return 503;
  rate.empty_at += interval;
  return 0;
}

void MessageRelay::relay(Order order, const sip::Message& request, const std::vector<Target>& targets) {
  const auto id = relays_.emplace();
  Relay& relay = *relays_.find(id);
  relay.order = std::move(order);
  const auto& from = relay.order.from;
  relay.call_id = fmt::format("s{}-{}", relay.order.shard, scheduler_.rng.token(24));
  by_call_id_[relay.call_id] = id;
  relay.deadline = scheduler_.timers.set(limits_.answer_time, [this, id] {
    if (const Relay* late = relays_.find(id)) finish(id, late->best);
  });
  const auto display = from.name.empty() ? std::string{} : sip::quote(from.name) + " ";
  const auto token = kTokenBit | id.bits();
  for (const auto& target : targets) {
    const auto host = target.flow.local.ip.to_uri_host();
    auto branch = transactions_.new_branch();
    auto writer = sip::Writer::request(sip::Method::Message, target.uri);
    for (const auto& hop : target.route) writer.add_untrusted(sip::HeaderId::Route, hop);
    writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(target.flow, branch))
        .add(sip::HeaderId::MaxForwards, static_cast<std::uint64_t>(relay.order.max_forwards))
        .add(sip::HeaderId::From,
             fmt::format("{}<sip:{}@{}>;tag={}", display, sip::escape_user(from.number), host, relay.call_id))
        .add(sip::HeaderId::To, fmt::format("<sip:{}@{}>", sip::escape_user(relay.order.exten), host))
        .add(sip::HeaderId::CallId, relay.call_id)
        .add(sip::HeaderId::CSeq, "1 MESSAGE")
        .copy(sip::HeaderId::Date, request)
        .copy(sip::HeaderId::ContentDisposition, request)
        .copy(sip::HeaderId::ContentLanguage, request);
    const auto type = request.header(sip::HeaderId::ContentType).value_or("text/plain");
    const auto client = transactions_.start(target.flow, sip::Method::Message, std::move(branch),
                                            writer.finish(type, request.body()), token);
    if (!client) continue;
    relay.clients.push_back(client);
    ++relay.open;
  }
  if (relay.open == 0) finish(id, 503);
}

bool MessageRelay::is_ours(std::string_view from_tag, std::string_view call_id) const {
  return from_tag == call_id && by_call_id_.contains(std::string(call_id));
}

void MessageRelay::on_response(std::uint64_t token, const sip::Message& response) {
  const auto id = RelayId::from_bits(token & ~kTokenBit);
  Relay* relay = relays_.find(id);
  if (relay == nullptr || response.status() < 200) return;
  if (response.status() < 300) return finish(id, response.status() == 202 ? 202 : 200);
  const int status = status_from(response.status());
  if (relay->best == 480) relay->best = status;
  count_down(id);
}

void MessageRelay::on_failure(std::uint64_t token) { count_down(RelayId::from_bits(token & ~kTokenBit)); }

void MessageRelay::count_down(RelayId id) {
  Relay* relay = relays_.find(id);
  if (relay != nullptr && --relay->open == 0) finish(id, relay->best);
}

void MessageRelay::finish(RelayId id, int status) {
  Relay* relay = relays_.find(id);
  if (relay == nullptr) return;
  scheduler_.timers.cancel(relay->deadline);
  for (const auto client : relay->clients) transactions_.forget(client);
  transactions_.respond(relay->order.transaction, status, relay->order.response.make(status));
  by_call_id_.erase(relay->call_id);
  relays_.erase(id);
}

}  // namespace xivo::endpoint
