// Subscriptions of phones to lamps, and what they are told.                                     RFC 6665 §4.2, RFC 4235
#include "endpoint/notify/notifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.hpp"
#include "endpoint/notify/dialog_info.hpp"
#include "endpoint/response_template.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::size_t kEventMax =
    256;  // bytes: it is kept as long as the subscription, to be said in each NOTIFY
constexpr auto kLookEvery = std::chrono::milliseconds(200);  // only while there are subscriptions

std::string_view package_of(const sip::Message& request) {
  const auto event = request.header(sip::HeaderId::Event).value_or("");
  return text::trim(event.substr(0, std::min(event.find(';'), event.size())));
}

std::string_view event_id_of(std::string_view event) {
  const auto semicolon = event.find(';');
  if (semicolon == std::string_view::npos) return {};
  return sip::find_parameter(event.substr(semicolon), "id").value_or("");
}

bool takes_dialog_info(const sip::Message& request) {
  if (!request.header(sip::HeaderId::Accept)) return true;
  for (const auto range : request.tokens(sip::HeaderId::Accept)) {
    const auto type = text::trim(range.substr(0, std::min(range.find(';'), range.size())));
    if (type == "*/*" || type == "application/*" || text::equal_ignoring_case(type, kDialogInfo)) return true;
  }
  return false;
}

}  // namespace

Notifier::~Notifier() {
  tools_.scheduler.timers.cancel(timer_);
  subscriptions_.for_each([&](SubscriptionId, const Subscription& subscription) {
    tools_.scheduler.timers.cancel(subscription.expiry);
  });
}

bool Notifier::serves(const sip::Message& subscribe) { return package_of(subscribe) == "dialog"; }

// ---------------------------------------------------------------------------------------------------- SUBSCRIBE

Notifier::Wanted Notifier::wanted(const sip::Message& request) const {
  if (request.header(sip::HeaderId::Event).value_or("").size() > kEventMax) return {.refused = 400};
  if (!takes_dialog_info(request)) return {.refused = 406};
  const auto expires = request.number(sip::HeaderId::Expires);
  if (!expires) return {.refused = 400};
  const auto seconds = std::min(expires->value_or(limits_.expires_max), limits_.expires_max);
  if (seconds != 0 && seconds < limits_.expires_min) return {.refused = 423};
  return {.seconds = seconds};
}

std::optional<bool> Notifier::state_of(const Lamp& lamp, const model::Config& config) const {
  const auto* line = config.line(lamp.line);
  if (line == nullptr || !line->enabled || lamp.feature == nullptr || lamp.feature->lamp == nullptr)
    return std::nullopt;
  const auto* user = config.find(line->user);
  if (user != nullptr && !user->enabled) return std::nullopt;
  return lamp.feature->lamp({config, user, lamp.argument});
}

void Notifier::refuse(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                      std::string_view tag, int status) {
  std::string lines;
  if (status == 423) lines = fmt::format("Min-Expires: {}\r\n", limits_.expires_min);
  if (status == 406) lines = fmt::format("Accept: {}\r\n", kDialogInfo);
  if (status == 503) lines = fmt::format("Retry-After: {}\r\n", limits_.retry_after_stop);
  if (status == 489) lines = kEventLines;
  tools_.transactions.respond(id, status, ResponseTemplate(request, tag, flow).make(status, lines));
}

void Notifier::subscribe(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                         Lamp lamp, std::string contact) {
  const auto random = tools_.scheduler.rng.token(10);
  const auto no = [&](int status) {
    refuse(id, request, flow, fmt::format("s{}-0-{}", tools_.shard, random), status);
  };
  const auto want = wanted(request);
  if (want.refused != 0) return no(want.refused);
  const auto config = tools_.config.current();
  const auto lit = state_of(lamp, *config);
  if (!lit) return no(404);
  const auto of_line = of_lines_.find(lamp.line);
  if (subscriptions_.size() >= limits_.subscriptions_max ||
      (of_line != of_lines_.end() && of_line->second >= limits_.per_line_max))
    return no(503);
  // Its tag names the subscription, which therefore is there before its dialog.
  const auto subscription = subscriptions_.emplace();
  const auto tag = fmt::format("s{}-n{:x}-{}", tools_.shard, subscription.bits(), random);
  auto dialog = sip::Dialog::from_request(request, tag);
  if (!dialog) {
    subscriptions_.erase(subscription);
    return no(400);
  }
  auto& made = *subscriptions_.find(subscription);
  made.dialog = std::move(*dialog);
  made.event = std::string(*request.header(sip::HeaderId::Event));
  made.entity = std::string(request.request_uri_text());
  made.number = request.request_uri()->user_unescaped();
  made.lit = *lit;
  made.contact = std::move(contact);
  ++of_lines_[lamp.line];
  made.lamp = std::move(lamp);
  accept(id, request, flow, subscription, want.seconds);
  if (!tools_.scheduler.timers.pending(timer_)) look();
}

// The 200, then at once what there is to see (§4.2.1.2).
void Notifier::accept(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                      SubscriptionId subscription, std::uint32_t seconds) {
  auto& kept = *subscriptions_.find(subscription);
  kept.flow = flow;
  kept.dialog.refresh_target(request);
  kept.expires = tools_.scheduler.clock.now() + std::chrono::seconds(seconds);
  const auto tag =
      request.to().tag().empty() ? std::string_view(kept.dialog.id().local_tag) : std::string_view{};
  tools_.transactions.respond(id, 200,
                              ResponseTemplate(request, tag, flow)
                                  .make(200, fmt::format("Contact: {}\r\nExpires: {}\r\nServer: {}\r\n",
                                                         kept.contact, seconds, tools_.server)));
  tools_.scheduler.timers.cancel(kept.expiry);
  if (seconds == 0) return end(subscription, "timeout");
  kept.expiry = tools_.scheduler.timers.set(std::chrono::seconds(seconds),
                                            [this, subscription] { end(subscription, "timeout"); });
  notify(subscription);
}

Notifier::SubscriptionId Notifier::id_of(std::string_view our_tag) const {
  const auto first = our_tag.find("-n");
  const auto last = our_tag.rfind('-');
  if (first == std::string_view::npos || last <= first) return {};
  std::uint64_t bits = 0;
  const char* end = our_tag.data() + last;
  const auto [stop, code] = std::from_chars(our_tag.data() + first + 2, end, bits, 16);
  if (code != std::errc{} || stop != end) return {};
  const auto id = SubscriptionId::from_bits(bits);
  const auto* found = subscriptions_.find(id);
  return found != nullptr && found->dialog.id().local_tag == our_tag ? id : SubscriptionId{};
}

bool Notifier::knows(std::string_view our_tag, std::string_view call_id) const {
  const auto* found = subscriptions_.find(id_of(our_tag));
  return found != nullptr && found->dialog.id().call_id == call_id;
}

void Notifier::on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  const auto subscription = id_of(request.to().tag());
  auto& kept = *subscriptions_.find(subscription);
  const auto no = [&](int status) { refuse(id, request, flow, {}, status); };
  if (request.from().tag() != kept.dialog.id().remote_tag) return no(481);
  if (kept.dialog.accept_cseq(request) == sip::Dialog::Order::Old) return no(500);
  if (request.method() != sip::Method::Subscribe) return no(405);
  if (!serves(request)) return no(489);
  const auto event = *request.header(sip::HeaderId::Event);
  if (event_id_of(event) != event_id_of(kept.event)) return no(481);
  const auto want = wanted(request);
  if (want.refused != 0) return no(want.refused);
  accept(id, request, flow, subscription, want.seconds);
}

// ---------------------------------------------------------------------------------------------------- NOTIFY

bool Notifier::send(Subscription& subscription, std::string_view state, std::uint64_t token) {
  auto branch = tools_.transactions.new_branch();
  auto writer = subscription.dialog.request(sip::Method::Notify,
                                            sip::TransactionLayer::via_value(subscription.flow, branch));
  writer.add(sip::HeaderId::Contact, subscription.contact)
      .add(sip::HeaderId::UserAgent, tools_.server)
      .add_untrusted(sip::HeaderId::Event, subscription.event)
      .add(sip::HeaderId::SubscriptionState, state);
  const auto body = dialog_info(subscription.entity, subscription.version++, subscription.lit);
  const auto client = tools_.transactions.start(subscription.flow, sip::Method::Notify, std::move(branch),
                                                writer.finish(kDialogInfo, body), token);
  if (token == 0) tools_.transactions.forget(client);
  return static_cast<bool>(client);
}

// One at a time: the next one waits for the answer, so that they cannot overtake each other.
void Notifier::notify(SubscriptionId id) {
  auto& subscription = *subscriptions_.find(id);
  if (subscription.under_way) {
    subscription.again = true;
    return;
  }
  const auto left =
      std::chrono::ceil<std::chrono::seconds>(subscription.expires - tools_.scheduler.clock.now());
  subscription.again = false;
  subscription.under_way =
      send(subscription, fmt::format("active;expires={}", left.count()), kTokenBit | id.bits());
}

void Notifier::end(SubscriptionId id, std::string_view reason) {
  auto* subscription = subscriptions_.find(id);
  if (subscription == nullptr) return;
  send(*subscription, fmt::format("terminated;reason={}", reason), 0);
  forget(id);
}

void Notifier::forget(SubscriptionId id) {
  auto* subscription = subscriptions_.find(id);
  if (subscription == nullptr) return;
  tools_.scheduler.timers.cancel(subscription->expiry);
  const auto line = of_lines_.find(subscription->lamp.line);
  if (line != of_lines_.end() && --line->second == 0) of_lines_.erase(line);
  subscriptions_.erase(id);
}

// Who refuses a NOTIFY, or does not answer, does not want to know (§4.2.2).
void Notifier::on_response(std::uint64_t token, const sip::Message& response) {
  const auto id = SubscriptionId::from_bits(token & ~kTokenBit);
  auto* subscription = subscriptions_.find(id);
  if (subscription == nullptr || response.status() < 200) return;
  if (response.status() >= 300) return forget(id);
  subscription->under_way = false;
  if (subscription->again) notify(id);
}

void Notifier::on_failure(std::uint64_t token) { forget(SubscriptionId::from_bits(token & ~kTokenBit)); }

void Notifier::close() {
  const auto reason = fmt::format("probation;retry-after={}", limits_.retry_after_stop);
  std::vector<SubscriptionId> all;
  subscriptions_.for_each([&](SubscriptionId id, const Subscription&) { all.push_back(id); });
  for (const auto id : all) end(id, reason);
}

// ---------------------------------------------------------------------------------------------------- lamps

void Notifier::look() {
  const auto now = tools_.config.current();
  if (now != seen_) follow(*now);
  seen_ = subscriptions_.size() == 0 ? nullptr : now;
  if (seen_) timer_ = tools_.scheduler.timers.set(kLookEvery, [this] { look(); });
}

void Notifier::follow(const model::Config& config) {
  std::vector<SubscriptionId> changed;
  std::vector<SubscriptionId> gone;
  subscriptions_.for_each([&](SubscriptionId id, Subscription& subscription) {
    const auto lit = state_of(subscription.lamp, config);
    if (!lit) {
      gone.push_back(id);
    } else if (std::exchange(subscription.lit, *lit) != *lit) {
      changed.push_back(id);
    }
  });
  for (const auto id : gone) end(id, "noresource");
  for (const auto id : changed) notify(id);
}

void Notifier::for_each(const std::function<void(const Seen&)>& visit) const {
  const auto now = tools_.scheduler.clock.now();
  subscriptions_.for_each([&](SubscriptionId, const Subscription& subscription) {
    visit({subscription.lamp.line, subscription.flow.remote.ip, subscription.number,
           subscription.dialog.id().call_id, subscription.lit,
           std::chrono::ceil<std::chrono::seconds>(subscription.expires - now)});
  });
}

}  // namespace xivo::endpoint
