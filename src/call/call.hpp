#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/trace_ring.hpp"
#include "call/dialer.hpp"
#include "call/feature_run.hpp"
#include "call/leg.hpp"
#include "call/record.hpp"
#include "call/toll_meter.hpp"
#include "model/config.hpp"
#include "model/routing/route.hpp"

namespace xivo::call {

class CallRegistry;

/// A new call as an endpoint hands it in.
struct Incoming {
  /// What a call from a trunk has of its channels, which are counted before it is routed: nobody else gets the same one meanwhile.
  enum class Channel : std::uint8_t { None, Own, Full };

  std::string dialled;
  model::ContextId context{};
  Party caller;
  int max_forwards = 70;
  model::TrunkId from_trunk{};  // 0: from a line
  Channel channel = Channel::None;
  std::string diverted_by{};  // the number that forwarded the call to us, as the trunk tells it; empty: none
};

/// One conversation from the first INVITE to the last statistics: the caller's leg, the legs that ring for it or the feature
/// that took it, and everything that will explain it afterwards.
///
/// Life: begin() routes it; it ends when every leg is gone, then the registry writes its record and destroys it. It
/// never touches a leg directly that it has not just looked up.
/// Thread  the shard's.
class Call {
 public:
  /// How often the phones of one call may send it on to another number.
  static constexpr int kRedirectsMax = 5;
  /// How often a caller may enter the code of a permission.
  static constexpr int kCodesMax = 3;
  /// How often one party is asked to take the codecs of the other because they do not match.
  static constexpr int kHarmonisedMax = 2;

  enum class State : std::uint8_t { Starting, Ringing, Feature, Up, Ending };

  Call(CallRegistry& registry, std::string uuid, Incoming incoming, model::ConfigSnapshot config);
  ~Call();

  [[nodiscard]] CallId id() const { return id_; }
  [[nodiscard]] const std::string& uuid() const { return record_.uuid; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const model::Config& config() const { return *config_; }
  [[nodiscard]] const CallRecord& record() const { return record_; }  // as far as it has got
  [[nodiscard]] std::vector<LegId> legs() const;
  [[nodiscard]] LegId caller() const { return caller_; }
  [[nodiscard]] LegId called() const { return called_; }  // empty until somebody answered
  [[nodiscard]] const FeatureRun* feature() const { return feature_.get(); }
  TraceRing& trace() { return trace_; }
  [[nodiscard]] const TraceRing& trace() const { return trace_; }

  /// Routes the call and acts on the plan.
  void begin();
  /// Ends every leg.
  void finish(Cause cause, EndedBy by);

  // What legs report, by way of the registry.
  void on_ringing(Leg& leg);
  void on_progress(Leg& leg, const media::Description& early);
  void on_answered(Leg& leg, const media::Description& answer);
  void on_established(Leg& leg);
  void on_held(Leg& leg, bool held);
  void on_offer(Leg& leg, const media::Description& wanted);
  void on_renegotiated(Leg& leg, bool agreed);
  void on_digit(Leg& leg, char digit, KeyPress how);
  void on_info(Leg& leg, std::string_view content_type, std::string_view body);
  void on_play_ended(Leg& leg, bool reached_end);
  void on_silent(Leg& leg, std::chrono::seconds silence);
  void on_media_lost(Leg& leg);
  void on_ended(Leg& leg, const Ending& ending);
  void on_gone(Leg& leg, const media::Statistics& statistics);
  /// A change that the feature had asked for.
  void on_config_changed(bool saved);
  /// The feature's script may have come to its end.
  void on_feature_moved();

 private:
  friend class CallRegistry;

  struct Member {
    LegId id;
    bool ended = false;
    bool gone = false;
    bool given_up = false;  // the call has gone on to somebody else
    LegRecord record;
  };

  [[nodiscard]] model::routing::Request request_of(const Leg& caller) const;
  void follow(const model::routing::Plan& plan);
  /// Writes down why the plan is as it is, and takes the reasons out of it: it is copied and kept.
  void trace_plan(model::routing::Plan& plan);
  // call_outside.cpp
  void dial_trunk(const model::routing::Plan& plan);
  void on_trunk_ended(const Ending& ending);
  void charge(const model::routing::Plan& plan);
  // call_onward.cpp
  bool goes_on(model::routing::Outcome outcome);
  void give_up_ringing();
  void tell_forwarded(const model::routing::Plan& plan);
  void ring_lines(const model::routing::Plan& plan);
  void run_feature(std::string_view name, std::string argument);
  void refuse(const model::routing::Plan& plan);
  void on_ring_timeout();
  void on_branch_ended(const Leg& leg, const Ending& ending);
  [[nodiscard]] model::routing::Request request_by(const Leg& leg, const std::string& number) const;
  [[nodiscard]] std::string number_of_diverter(const model::routing::Plan& plan) const;
  bool take_over(model::routing::Request request, const model::routing::Plan& plan);
  bool redirect(const Leg& leg, const std::string& number);
  void dial_lines(const model::routing::Plan& plan, const std::string& exten, int max_forwards);
  void on_duration_max();
  void join(const LegId& leg);
  Member& member(LegId leg);
  [[nodiscard]] bool branches_left() const;
  [[nodiscard]] LegId other(LegId leg) const;
  [[nodiscard]] std::vector<media::Codec> codecs_for_caller(const Leg& caller,
                                                            const media::Description& answer) const;
  void update_media();
  void connect(const Leg& a, const Leg& b);
  void disconnect(const Leg& leg);
  void harmonise();
  void let_hear(Leg& listener, const Leg& holder);
  void stop_feature();
  // call_interlude.cpp
  using Interlude = std::function<void(const std::string& result)>;
  void interlude(std::string_view feature, std::string argument, Interlude then);
  void resume_after_interlude();
  void greet(const model::routing::Plan& plan);
  void ask_code();
  void route_with_code(const std::string& code);
  void decide(std::string text);
  void state_is(State state, std::string_view text);

  CallRegistry& registry_;
  CallId id_;
  State state_ = State::Starting;
  Incoming incoming_;
  model::ConfigSnapshot config_;
  LegId caller_;
  LegId called_;
  std::vector<Member> members_;
  std::unique_ptr<FeatureRun> feature_;
  runtime::TimerId ring_timer_;
  runtime::TimerId duration_timer_;
  bool rang_ = false;
  bool early_media_ = false;
  bool music_on_caller_ = false;
  bool music_on_called_ = false;
  Cause branch_cause_ = Cause::SubscriberAbsent;
  bool branch_failed_ = false;
  Cause after_feature_ = Cause::NormalClearing;
  Interlude after_interlude_;
  bool greeted_ = false;
  int codes_asked_ = 0;
  model::UserId caller_user_;
  std::vector<model::UserId> called_users_;  // more than one after a redirection
  int redirects_ = 0;
  std::size_t forwards_told_ = 0;  // to the caller
  std::vector<TollMeter::Charge> charges_;  // while the call lasts: of who pays, and of the trunks tried
  model::routing::Request request_;  // that routing decided on
  std::optional<model::routing::Outcome> rang_to_;  // and what came of it
  std::unique_ptr<const model::routing::Plan> rung_;  // Ring: whose phones ring, or rang last
  std::unique_ptr<const model::routing::Plan> outside_;  // Dial: what is being tried; null: lines are rung
  /// Who waits for the other party to take other codecs, and what it wants.
  LegId asker_;
  media::Description asked_;
  bool offered_late_ = false;  // the caller's INVITE had no offer: ours came with the answer
  int harmonised_ = 0;
  CallRecord record_;
  TraceRing trace_;
};

}  // namespace xivo::call
