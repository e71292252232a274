#include "call/call_registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/metrics.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::call {
namespace {
metrics::Counter calls_total("xivo_calls_total", "calls taken since the start");
metrics::Counter calls_active("xivo_calls_active", "calls in progress");

constexpr int kRoutingTriesMax = 8;  // then the moment is taken as it is

std::int64_t wall_ms(runtime::WallTime at) { return at.time_since_epoch().count(); }

/// Live state that stands still: a user's number of calls is looked up once.
class Witness final : public model::routing::LiveState {
 public:
  /// `counted`: whose call it is that is decided on, and counted already; it does not stand in its own way.
  explicit Witness(const model::routing::LiveState& live, model::UserId counted = {})
      : live_(live), counted_(counted) {}
  [[nodiscard]] int contacts_of(model::SipLineId line) const override { return live_.contacts_of(line); }
  [[nodiscard]] int calls_of(model::UserId user) const override {
    for (const auto& [asked, calls] : told_) {
      if (asked == user) return calls;
    }
    return told_.emplace_back(user, live_.calls_of(user) - of_this_call(user)).second;
  }
  [[nodiscard]] int of_this_call(model::UserId user) const { return user && user == counted_ ? 1 : 0; }
  [[nodiscard]] int channels_of(model::TrunkId trunk, model::routing::Direction way) const override {
    const int channels = live_.channels_of(trunk, way);
    if (trunk_ == nullptr || trunk_->id != trunk || way != model::routing::Direction::In) return channels;
    if (channel_ == Incoming::Channel::Own) return std::max(channels - 1, 0);
    return std::max(channels, static_cast<int>(trunk_->max_channels_in));  // one may have ended meanwhile
  }
  /// What the call that is decided on has of the channels of the trunk that it came by.
  void know_channel(const model::Trunk* trunk, Incoming::Channel channel) {
    trunk_ = channel == Incoming::Channel::None ? nullptr : trunk;
    channel_ = channel;
  }
  [[nodiscard]] bool trunk_usable(model::TrunkId trunk) const override { return live_.trunk_usable(trunk); }
  [[nodiscard]] int external_calls_of(model::UserId user, model::numbering::CallClass of,
                                      std::chrono::seconds window) const override {
    return live_.external_calls_of(user, of, window);
  }
  [[nodiscard]] int external_calls_on(model::TrunkId trunk, model::numbering::CallClass of,
                                      std::chrono::seconds window) const override {
    return live_.external_calls_on(trunk, of, window);
  }
  [[nodiscard]] bool user_blocked(model::UserId user) const override { return live_.user_blocked(user); }
  [[nodiscard]] bool trunk_blocked(model::TrunkId trunk) const override { return live_.trunk_blocked(trunk); }

 private:
  const model::routing::LiveState& live_;
  model::UserId counted_;
  const model::Trunk* trunk_ = nullptr;
  Incoming::Channel channel_ = Incoming::Channel::None;
  mutable std::vector<std::pair<model::UserId, int>> told_;  // caller and called
};
}  // namespace

CallRegistry::CallRegistry(const runtime::Scheduler& scheduler, media::Engine& media,
                           const model::ConfigSource& config, RecordSink& records,
                           const std::vector<const FeatureDescriptor*>& features, const Limits& limits)
    : scheduler_(scheduler),
      media_(media),
      config_(config),
      records_(records),
      features_(features),
      limits_(limits),
      census_(limits.census ? limits.census : std::make_shared<Census>()) {}

CallRegistry::~CallRegistry() {
  calls_active.add(-static_cast<std::int64_t>(active_));
  for (std::size_t i = 0; i < calls_.size(); ++i) census_->call_went();
}

CallId CallRegistry::incoming(std::unique_ptr<Leg> leg, Incoming incoming,
                              const std::function<void()>& named) {
  const auto wall = scheduler_.clock.wall();
  auto uuid = fmt::format("{}.{}", wall_ms(wall) / 1000, census_->next_call());
  ++processed_;
  const auto id = calls_.emplace(*this, uuid, std::move(incoming), config_.current());
  by_uuid_.emplace(std::move(uuid), id);
  ++active_;
  census_->call_came();
  calls_total.add();
  calls_active.add();
  Call& call = *calls_.find(id);
  call.id_ = id;
  call.record_.start = wall;
  call.caller_ = adopt(id, std::move(leg));
  if (named) named();
  call.begin();
  return id;
}

LegId CallRegistry::adopt(CallId call_id, std::unique_ptr<Leg> leg) {
  Leg& adopted = *leg;
  const auto id = legs_.insert(std::move(leg));
  adopted.id_ = id;
  adopted.call_ = call_id;
  adopted.created_ = scheduler_.clock.wall();
  if (Call* owner = call(call_id)) owner->join(id);
  return id;
}

const model::Config& CallRegistry::config_of(CallId id) const {
  if (const Call* found = call(id)) return found->config();
  return *config_.current();
}

void CallRegistry::trace(CallId id, TraceRing::Kind kind, std::string_view who, std::string_view text) {
  if (Call* found = call(id)) found->trace().add(wall_ms(scheduler_.clock.wall()), kind, who, text);
}

std::string CallRegistry::next_channel(std::string_view peer) {
  return fmt::format("SIP/{}-{:08x}", peer, census_->next_channel());
}

Call* CallRegistry::find(std::string_view uuid) const {
  const auto found = by_uuid_.find(std::string(uuid));
  return found == by_uuid_.end() ? nullptr : call(found->second);
}

bool CallRegistry::hang_up(std::string_view uuid, Cause cause) {
  Call* found = find(uuid);
  if (found == nullptr || found->state() == Call::State::Ending) return false;
  found->finish(cause, EndedBy::System);
  return true;
}

void CallRegistry::hang_up_all(Cause cause) {
  for (const auto id : calls_.ids()) {
    if (Call* found = call(id)) found->finish(cause, EndedBy::System);
  }
}

void CallRegistry::for_each(const std::function<void(const Call&)>& visit) const {
  calls_.for_each([&](CallId, const Call& each) { visit(each); });
}

const FeatureDescriptor* CallRegistry::feature(std::string_view wanted) const {
  for (const auto* descriptor : features_) {
    if (descriptor->name == wanted) return descriptor;
  }
  return nullptr;
}

std::string CallRegistry::language_of(LegId id) const {
  const Leg* found = leg(id);
  if (found == nullptr) return {};
  const auto& config = config_of(found->call());
  const auto* line = config.line(found->line());
  const auto* user = line == nullptr ? nullptr : config.user(line->user);
  return user == nullptr ? model::User{}.language : user->language;
}

void CallRegistry::feature_moved(LegId id) {
  tell(id, [](Call& owner, Leg&) { owner.on_feature_moved(); });
}

bool CallRegistry::change_config(LegId leg, model::Transaction transaction) {
  if (!config_desk_) return false;
  return config_desk_(std::move(transaction), [this, leg](bool saved) {
    tell(leg, [&](Call& owner, Leg&) { owner.on_config_changed(saved); });
  });
}

void CallRegistry::publish(Event::Kind kind, const Call& of, const Leg* leg, std::string detail) {
  if (!events_.watched()) return;
  events_.publish({kind, of.id(), leg == nullptr ? LegId{} : leg->id(),
                   leg == nullptr ? std::string{} : leg->channel(), std::move(detail)});
}

namespace {

model::UserId called_by(const model::routing::Plan& plan) {
  return plan.action == model::routing::Plan::Action::Ring ? plan.user : model::UserId{};
}

model::UserId user_of(const model::Config& config, const model::routing::Request& request) {
  const auto* line = config.line(request.from_line);
  return line == nullptr ? model::UserId{} : line->user;
}

}  // namespace

model::routing::Plan CallRegistry::route(const model::Config& config, const model::routing::Request& request,
                                         model::UserId caller, Incoming::Channel channel) {
  const auto counted = caller ? model::UserId{} : user_of(config, request);
  for (int attempt = 1;; ++attempt) {
    Witness moment(*this, counted);
    moment.know_channel(config.find(request.from_trunk), channel);
    auto plan = model::routing::route(config, moment, request);
    const auto called = called_by(plan);
    const auto claimed = [&](model::UserId user, int already) {
      if (!user || census_->claim(user, moment.calls_of(user) + already)) return true;
      if (attempt < kRoutingTriesMax) return false;
      census_->count(user);
      return true;
    };
    if (!claimed(caller, 0)) continue;
    if (claimed(called, (called == caller ? 1 : 0) + moment.of_this_call(called))) {
      learn(plan);
      return plan;
    }
    user_call_ended(caller);
  }
}

model::routing::Plan CallRegistry::continue_after(const model::Config& config,
                                                  const model::routing::Request& request,
                                                  const model::routing::Plan& plan,
                                                  model::routing::Outcome outcome) {
  for (int attempt = 1;; ++attempt) {
    const Witness moment(*this, user_of(config, request));
    auto next = model::routing::continue_after(config, moment, request, plan, outcome);
    const auto called = called_by(next);
    const bool claimed =
        !called || census_->claim(called, moment.calls_of(called) + moment.of_this_call(called));
    if (!claimed && attempt < kRoutingTriesMax) continue;
    if (!claimed) census_->count(called);
    learn(next);
    return next;
  }
}

void CallRegistry::user_call_ended(model::UserId user) {
  if (user) census_->release(user);
}

void CallRegistry::call_ended() {
  --active_;
  calls_active.add(-1);
}

int CallRegistry::contacts_of(model::SipLineId line) const { return dialer_->contacts_of(line); }

int CallRegistry::calls_of(model::UserId user) const { return census_->calls_of(user); }

int CallRegistry::external_calls_of(model::UserId user, model::numbering::CallClass of,
                                    std::chrono::seconds window) const {
  return census_->toll().calls(user, of, window, now());
}
int CallRegistry::external_calls_on(model::TrunkId trunk, model::numbering::CallClass of,
                                    std::chrono::seconds window) const {
  return census_->toll().calls(trunk, of, window, now());
}
bool CallRegistry::user_blocked(model::UserId user) const { return census_->toll().blocked(user); }
bool CallRegistry::trunk_blocked(model::TrunkId trunk) const { return census_->toll().blocked(trunk); }

TollMeter::Charge CallRegistry::charge(TollMeter::Payer payer, model::numbering::CallClass of) {
  return census_->toll().charge(payer, of, now());
}

void CallRegistry::learn(const model::routing::Plan& plan) { census_->toll().learn(plan, now()); }

std::chrono::sys_seconds CallRegistry::now() const {
  return std::chrono::floor<std::chrono::seconds>(scheduler_.clock.wall());
}

template <class Tell>
void CallRegistry::tell(LegId id, Tell&& tell_call) {
  Leg* found = leg(id);
  Call* owner = found == nullptr ? nullptr : call(found->call());
  if (owner != nullptr) tell_call(*owner, *found);
}

void CallRegistry::on_ringing(LegId id) {
  tell(id, [](Call& owner, Leg& leg) { owner.on_ringing(leg); });
}
void CallRegistry::on_progress(LegId id, const media::Description& early) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_progress(leg, early); });
}
void CallRegistry::on_answered(LegId id, const media::Description& answer) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_answered(leg, answer); });
}
void CallRegistry::on_established(LegId id) {
  tell(id, [](Call& owner, Leg& leg) { owner.on_established(leg); });
}
void CallRegistry::on_held(LegId id, bool held) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_held(leg, held); });
}
void CallRegistry::on_offer(LegId id, const media::Description& wanted) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_offer(leg, wanted); });
}
void CallRegistry::on_renegotiated(LegId id, bool agreed) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_renegotiated(leg, agreed); });
}
void CallRegistry::on_digit(LegId id, char digit, KeyPress how) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_digit(leg, digit, how); });
}
void CallRegistry::on_info(LegId id, std::string_view content_type, std::string_view body) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_info(leg, content_type, body); });
}
void CallRegistry::on_play_ended(LegId id, bool reached_end) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_play_ended(leg, reached_end); });
}
void CallRegistry::on_silent(LegId id, std::chrono::seconds silence) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_silent(leg, silence); });
}
void CallRegistry::on_media_lost(LegId id) {
  tell(id, [](Call& owner, Leg& leg) { owner.on_media_lost(leg); });
}
void CallRegistry::on_ended(LegId id, const Ending& ending) {
  tell(id, [&](Call& owner, Leg& leg) { owner.on_ended(leg, ending); });
}

void CallRegistry::on_gone(LegId id, const media::Statistics& statistics) {
  Leg* found = leg(id);
  if (found == nullptr) return;
  const auto call_id = found->call();
  if (Call* owner = call(call_id)) owner->on_gone(*found, statistics);
  delete_later(legs_.take(id));
  remove_if_over(call_id);
}

void CallRegistry::remove_if_over(CallId id) {
  Call* over = call(id);
  if (over == nullptr || over->state() != Call::State::Ending) return;
  for (const auto& member : over->members_) {
    if (!member.gone) return;
  }
  by_uuid_.erase(over->uuid());  // before the record takes that along
  write_record(*over);
  census_->call_went();
  delete_later(calls_.take(id));
}

void CallRegistry::write_record(Call& over) {
  over.record_.trace = std::move(over.trace_);
  for (auto& member : over.members_) over.record_.legs.push_back(std::move(member.record));
  publish(Event::Kind::CallEnded, over, nullptr, std::string(name(over.record_.disposition)));
  records_.on_record(std::move(over.record_));
}

}  // namespace xivo::call
