#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/slot_map.hpp"
#include "call/call.hpp"
#include "call/census.hpp"
#include "call/config_desk.hpp"
#include "call/dialer.hpp"
#include "call/events.hpp"
#include "call/feature.hpp"
#include "call/record.hpp"
#include "model/config.hpp"
#include "model/routing/route.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::call {

/// All calls and legs of one shard: their owner, the place where ids are looked up, and what routing asks about the moment.
/// Thread  the shard's.
class CallRegistry final : public LegUser, public model::routing::LiveState {
 public:
  struct Limits {
    std::size_t calls_max = 20'000;  // of all shards; each may be one above it when several reach it at once
    std::shared_ptr<Census> census;  // shared by the shards of a process; none: a shard alone
    std::chrono::seconds call_duration_max{36'000};  // from the first INVITE; 0 = no limit
  };

  CallRegistry(const runtime::Scheduler& scheduler, media::Engine& media, const model::ConfigSource& config,
               RecordSink& records, const std::vector<const FeatureDescriptor*>& features,
               const Limits& limits);
  ~CallRegistry() override;

  /// Who rings phones; set once before the first call.
  void use_dialer(Dialer& dialer) { dialer_ = &dialer; }
  /// Who takes callers' changes of the configuration; none: every one is refused.
  void use_config_desk(ConfigDesk desk) { config_desk_ = std::move(desk); }

  // ---- for endpoints
  /// Whether a new call is to be told to try later: at the limit, short of memory, or after close().
  [[nodiscard]] bool full() const {
    return closed_ || census_->is_short() || census_->calls() >= limits_.calls_max;
  }
  /// Takes a new call: its leg is in state Ring. `named` runs once the leg has its id, then routing starts, all in this turn.
  CallId incoming(std::unique_ptr<Leg> leg, Incoming incoming, const std::function<void()>& named = {});
  /// Adds an outgoing leg to a call.
  LegId adopt(CallId call, std::unique_ptr<Leg> leg);
  [[nodiscard]] Leg* leg(LegId id) const { return legs_.find(id); }
  [[nodiscard]] Call* call(CallId id) const { return calls_.find(id); }
  /// The configuration a call started with; the current one when the call is gone.
  [[nodiscard]] const model::Config& config_of(CallId id) const;
  void trace(CallId call, TraceRing::Kind kind, std::string_view who, std::string_view text);
  [[nodiscard]] std::string next_channel(std::string_view peer);  // "SIP/peer-0000001a"

  // ---- for surfaces
  [[nodiscard]] Call* find(std::string_view uuid) const;
  bool hang_up(std::string_view uuid, Cause cause);
  /// Takes no new calls from now on; those in progress go on.
  void close() { closed_ = true; }
  /// Ends every call, as at a shut-down. They are gone when call_count() is 0.
  void hang_up_all(Cause cause);
  void for_each(const std::function<void(const Call&)>& visit) const;
  [[nodiscard]] std::size_t call_count() const { return calls_.size(); }  // including those that are ending
  [[nodiscard]] std::size_t active_calls() const { return active_; }
  [[nodiscard]] std::size_t leg_count() const { return legs_.size(); }
  [[nodiscard]] std::size_t name_count() const { return by_uuid_.size(); }  // calls that find() looks among
  [[nodiscard]] std::uint64_t processed() const { return processed_; }
  EventHub& events() { return events_; }
  [[nodiscard]] Census& census() { return *census_; }

  // ---- for calls and features
  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] const runtime::Scheduler& scheduler() const { return scheduler_; }
  media::Engine& media() { return media_; }
  Dialer& dialer() { return *dialer_; }
  [[nodiscard]] const FeatureDescriptor* feature(std::string_view name) const;
  [[nodiscard]] std::string language_of(LegId leg) const;
  void feature_moved(LegId leg);
  /// A change that the feature on this leg asks for; it is told by on_user_changed(). False: nobody takes it.
  bool change_config(LegId leg, model::Transaction transaction);
  void publish(Event::Kind kind, const Call& call, const Leg* leg, std::string detail);
  /// Destroys the object after the current callback has returned.
  template <class T>
  void delete_later(std::unique_ptr<T> object) {
    if (object) scheduler_.defer([kept = std::shared_ptr<T>(std::move(object))] {});
  }
  /// Routes a call and counts it as one of the caller's and, when it is to ring, of the called user's. Two shards that
  /// look at the same user in the same moment do not both take its last line: who comes second routes again.
  model::routing::Plan route(const model::Config& config, const model::routing::Request& request,
                             model::UserId caller, Incoming::Channel channel = Incoming::Channel::None);
  /// The same for what follows a plan that nobody answered: who is to ring next is counted.
  model::routing::Plan continue_after(const model::Config& config, const model::routing::Request& request,
                                      const model::routing::Plan& plan, model::routing::Outcome outcome);
  void user_call_ended(model::UserId user);
  /// For a call to the outside: counts it for the toll-fraud guards as long as the charge lives. Once for the payer of a plan, once
  /// for each trunk that is tried.
  TollMeter::Charge charge(TollMeter::Payer payer, model::numbering::CallClass of);
  [[nodiscard]] TollMeter& toll() const { return census_->toll(); }  // of all shards; any thread
  /// Tells the toll-fraud guards what they have decided; route() does, whoever routes further by itself has to.
  void learn(const model::routing::Plan& plan);
  void call_ended();
  /// Writes the record and destroys the call once it is ending and all its legs are gone.
  void remove_if_over(CallId id);

  // ---- model::routing::LiveState
  [[nodiscard]] int contacts_of(model::SipLineId line) const override;
  [[nodiscard]] int calls_of(model::UserId user) const override;
  [[nodiscard]] int channels_of(model::TrunkId trunk, model::routing::Direction way) const override {
    return census_->channels_of(trunk, way);
  }
  [[nodiscard]] bool trunk_usable(model::TrunkId trunk) const override {
    return dialer_ != nullptr && dialer_->trunk_usable(trunk);
  }
  [[nodiscard]] int external_calls_of(model::UserId user, model::numbering::CallClass of,
                                      std::chrono::seconds window) const override;
  [[nodiscard]] int external_calls_on(model::TrunkId trunk, model::numbering::CallClass of,
                                      std::chrono::seconds window) const override;
  [[nodiscard]] bool user_blocked(model::UserId user) const override;
  [[nodiscard]] bool trunk_blocked(model::TrunkId trunk) const override;

  // ---- LegUser
  void on_ringing(LegId leg) override;
  void on_progress(LegId leg, const media::Description& early) override;
  void on_answered(LegId leg, const media::Description& answer) override;
  void on_established(LegId leg) override;
  void on_held(LegId leg, bool held) override;
  void on_offer(LegId leg, const media::Description& wanted) override;
  void on_renegotiated(LegId leg, bool agreed) override;
  void on_digit(LegId leg, char digit, KeyPress how) override;
  void on_info(LegId leg, std::string_view content_type, std::string_view body) override;
  void on_play_ended(LegId leg, bool reached_end) override;
  void on_silent(LegId leg, std::chrono::seconds silence) override;
  void on_media_lost(LegId leg) override;
  void on_ended(LegId leg, const Ending& ending) override;
  void on_gone(LegId leg, const media::Statistics& statistics) override;

 private:
  [[nodiscard]] std::chrono::sys_seconds now() const;
  template <class Tell>
  void tell(LegId id, Tell&& tell_call);
  void write_record(Call& call);

  const runtime::Scheduler scheduler_;
  media::Engine& media_;
  const model::ConfigSource& config_;
  RecordSink& records_;
  std::vector<const FeatureDescriptor*> features_;
  Limits limits_;
  const std::shared_ptr<Census> census_;
  Dialer* dialer_ = nullptr;
  ConfigDesk config_desk_;
  SlotMap<Call> calls_;
  SlotMap<Leg> legs_;
  std::unordered_map<std::string, CallId> by_uuid_;
  std::size_t active_ = 0;
  bool closed_ = false;
  std::uint64_t processed_ = 0;
  EventHub events_;
};

}  // namespace xivo::call
