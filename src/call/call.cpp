#include "call/call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "model/routing/trace_text.hpp"

namespace xivo::call {
namespace {

namespace routing = model::routing;

// Estimated MOS, in hundredths, below which people begin to complain: ITU-T G.107 annex B, "some users dissatisfied".
constexpr std::uint32_t kGoodLine = 403;

Disposition disposition_of(bool answered, Cause cause) {
  if (answered) return Disposition::Answered;
  switch (cause) {
    case Cause::UserBusy:
    case Cause::CallRejected: return Disposition::Busy;
    case Cause::NormalClearing:
    case Cause::NoUserResponding:
    case Cause::NoAnswer: return Disposition::NoAnswer;
    case Cause::Congestion: return Disposition::Congestion;
    default: return Disposition::Failed;
  }
}

/// What the trace says of two parties that do not share a codec; empty when they do.
std::string transcoding(const std::vector<media::Codec>& caller, const std::vector<media::Codec>& called) {
  const auto* ours = first_audio(caller);
  const auto* theirs = first_audio(called);
  if (ours == nullptr || theirs == nullptr || has_audio(common(caller, called))) return {};
  return routing::trace_text(routing::Remark::Transcoded, {{"ours", ours->name}, {"theirs", theirs->name}});
}

}  // namespace

Call::Call(CallRegistry& registry, std::string uuid, Incoming incoming, model::ConfigSnapshot config)
    : registry_(registry), incoming_(std::move(incoming)), config_(std::move(config)) {
  record_.uuid = std::move(uuid);
  record_.caller = incoming_.caller;
  record_.dialled = incoming_.dialled;
  record_.revision = config_->revision();
}

Call::~Call() {
  registry_.scheduler().timers.cancel(ring_timer_);
  registry_.scheduler().timers.cancel(duration_timer_);
}

std::vector<LegId> Call::legs() const {
  std::vector<LegId> all;
  for (const auto& member : members_) all.push_back(member.id);
  return all;
}

void Call::decide(std::string text) { registry_.trace(id_, TraceRing::Kind::Decision, {}, text); }

void Call::state_is(State state, std::string_view text) {
  state_ = state;
  registry_.trace(id_, TraceRing::Kind::State, {}, text);
}

// ---------------------------------------------------------------------------------------------------- routing

void Call::begin() {
  Leg* caller = registry_.leg(caller_);
  record_.caller_line = caller->line();
  if (const auto* line = config_->line(caller->line())) caller_user_ = line->user;
  registry_.publish(Event::Kind::CallStarted, *this, caller, incoming_.dialled);

  request_ = request_of(*caller);
  auto plan = registry_.route(*config_, request_, caller_user_, incoming_.channel);
  trace_plan(plan);
  if (const auto most = registry_.limits().call_duration_max; most.count() > 0)
    duration_timer_ = registry_.scheduler().timers.set(most, [this] { on_duration_max(); });
  follow(plan);
}

routing::Request Call::request_of(const Leg& caller) const {
  routing::Request request;
  request.dialled = incoming_.dialled;
  request.from_line = caller.line();
  request.context = incoming_.context;
  request.from_trunk = incoming_.from_trunk;
  request.caller_number = incoming_.caller.number;
  request.caller_name = incoming_.caller.name;
  request.at = std::chrono::floor<std::chrono::seconds>(registry_.scheduler().clock.wall());
  return request;
}

void Call::trace_plan(routing::Plan& plan) {
  for (const auto& step : plan.trace) decide(routing::trace_text(step));
  decide(routing::trace_text(plan));
  plan.trace.clear();
}

void Call::follow(const routing::Plan& plan) {
  if (!plan.greeting_sound.empty() && !greeted_) return greet(plan);
  const bool waits =
      plan.action == routing::Plan::Action::Ring || plan.action == routing::Plan::Action::AskCode;
  if (!waits) rung_.reset();
  tell_forwarded(plan);
  switch (plan.action) {
    case routing::Plan::Action::Ring: return ring_lines(plan);
    case routing::Plan::Action::Feature: return run_feature(plan.feature, plan.argument);
    case routing::Plan::Action::Dial: return dial_trunk(plan);
    case routing::Plan::Action::AskCode: return ask_code();
    case routing::Plan::Action::Refuse: return refuse(plan);
  }
}

void Call::ring_lines(const routing::Plan& plan) {
  rung_ = std::make_unique<const routing::Plan>(plan);
  rang_to_.reset();
  outside_.reset();
  const auto* ringing = rung_.get();
  const bool first = plan.forwarded_by.empty();
  record_.called_user = plan.user;
  record_.called.number = first ? incoming_.dialled : plan.number;
  if (const auto* user = config_->user(plan.user)) record_.called.name = user->full_name();
  if (state_ != State::Ringing) state_is(State::Ringing, routing::trace_text(routing::Remark::Ringing));
  dial_lines(plan, record_.called.number, incoming_.max_forwards - 1);
  if (state_ != State::Ringing || rung_.get() != ringing)
    return;  // a phone that ended at once has led on already
  if (branches_left() || goes_on(routing::Outcome::Unavailable)) return;
  finish(Cause::SubscriberAbsent, EndedBy::System);
}

void Call::dial_lines(const routing::Plan& plan, const std::string& exten, int max_forwards) {
  const Leg* caller = registry_.leg(caller_);
  const auto* ringing = rung_.get();
  called_users_.push_back(plan.user);
  Dial dial;
  dial.call = id_;
  dial.exten = exten;
  dial.caller = incoming_.caller;
  if (!plan.caller_number.empty()) dial.caller = {plan.caller_number, plan.caller_name};
  dial.diverted_by = number_of_diverter(plan);
  dial.offer = caller->remote();
  dial.beside = caller->media();
  dial.max_forwards = max_forwards;
  for (const auto line : plan.lines) {
    dial.line = line;
    for (const auto leg : registry_.dialer().dial(dial)) {
      registry_.publish(Event::Kind::Dialled, *this, registry_.leg(leg), caller->channel());
    }
    if (state_ != State::Ringing || rung_.get() != ringing) return;
  }
  if (!branches_left()) return;
  registry_.scheduler().timers.cancel(ring_timer_);
  ring_timer_ = registry_.scheduler().timers.set(plan.ring_time, [this] { on_ring_timeout(); });
}

/// The call as the user of `leg` sends it on: from the same caller, with the rights of that user.
routing::Request Call::request_by(const Leg& leg, const std::string& number) const {
  auto request = request_;
  request.dialled = number;
  request.code.clear();
  request.direct = false;
  const auto* line = config_->line(leg.line());
  request.context = line == nullptr ? model::ContextId{} : line->context;
  if (line != nullptr && line->user) {
    request.forwarded_by.push_back(line->user);
  } else {
    request.from_line = leg.line();
    request.from_trunk = {};
  }
  return request;
}

/// From now on the call is the one that a phone sent on: what becomes of it is up to whom it reaches.
bool Call::take_over(routing::Request request, const routing::Plan& plan) {
  give_up_ringing();
  request_ = std::move(request);
  rang_to_.reset();
  follow(plan);
  return true;
}

// A phone has answered 302: the number it names is called as that phone's user could call it. Nothing is rung twice, so two
// phones that point at each other come to an end.                                              RFC 3261 §8.1.3.4
bool Call::redirect(const Leg& leg, const std::string& number) {
  if (++redirects_ > kRedirectsMax || incoming_.max_forwards - 1 - redirects_ <= 0) {
    decide(routing::trace_text(routing::Remark::SentOnTooOften));
    return false;
  }
  decide(routing::trace_text(routing::Remark::SentOn, {{"who", leg.channel()}, {"number", number}}));
  auto request = request_by(leg, number);
  auto plan = registry_.route(*config_, request, {});
  trace_plan(plan);
  if (plan.action == routing::Plan::Action::Dial || plan.action == routing::Plan::Action::AskCode)
    return take_over(std::move(request), plan);
  if (plan.action != routing::Plan::Action::Ring) return false;
  std::erase_if(plan.lines, [&](auto wanted) {
    return std::any_of(members_.begin(), members_.end(), [&](const Member& each) {
      const Leg* rung = registry_.leg(each.id);
      return (rung != nullptr && rung->line() == wanted) || (each.ended && each.record.line == wanted);
    });
  });
  if (plan.lines.empty()) {
    registry_.user_call_ended(plan.user);
    return false;
  }
  if (!branches_left()) return take_over(std::move(request), plan);
  tell_forwarded(plan);
  dial_lines(plan, number, incoming_.max_forwards - 1 - redirects_);
  return state_ != State::Ringing || branches_left();
}

void Call::run_feature(std::string_view name, std::string argument) {
  const auto* feature = registry_.feature(name);
  if (feature == nullptr) {
    decide(routing::trace_text(routing::Remark::FeatureMissing, {{"feature", name}}));
    return finish(Cause::FacilityRejected, EndedBy::System);
  }
  if (feature->trust == Trust::KnownLines && !registry_.leg(caller_)->line()) {
    decide(routing::trace_text(routing::Remark::FeatureForKnownLines, {{"feature", name}}));
    return finish(Cause::CallRejected, EndedBy::System);
  }
  record_.feature = name;
  record_.called = {incoming_.dialled, std::string(name)};
  state_is(State::Feature,
           routing::trace_text(routing::Remark::FeatureRuns, {{"feature", name}, {"argument", argument}}));
  registry_.publish(Event::Kind::FeatureRuns, *this, registry_.leg(caller_),
                    fmt::format("{}({})", name, argument));
  feature_ =
      std::make_unique<FeatureRun>(registry_, caller_, *feature, std::move(argument), incoming_.dialled);
  feature_->start();
  on_feature_moved();
}

void Call::refuse(const routing::Plan& plan) {
  after_feature_ = plan.cause;
  if (plan.prompt.empty() || !has_audio(registry_.leg(caller_)->remote().codecs)) {
    return finish(plan.cause, EndedBy::System);
  }
  run_feature("announcement", plan.prompt);
}

void Call::on_feature_moved() {
  if (state_ != State::Feature || !feature_ || !feature_->done()) return;
  if (after_interlude_) return resume_after_interlude();
  finish(after_feature_, EndedBy::System);
}

void Call::on_config_changed(bool saved) {
  if (!feature_) return;
  feature_->on_user_changed(saved);
  on_feature_moved();
}

void Call::stop_feature() { registry_.delete_later(std::move(feature_)); }

// ---------------------------------------------------------------------------------------------------- legs

void Call::join(const LegId& leg) {
  Member joined;
  joined.id = leg;
  members_.push_back(std::move(joined));
}

Call::Member& Call::member(LegId leg) {
  return *std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.id == leg; });
}

bool Call::branches_left() const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const Member& m) { return m.id != caller_ && !m.ended && !m.given_up; });
}

LegId Call::other(LegId leg) const { return leg == caller_ ? called_ : caller_; }

void Call::on_ringing(Leg& leg) {
  registry_.publish(Event::Kind::Ringing, *this, &leg, {});
  if (state_ != State::Ringing || rang_) return;
  rang_ = true;
  if (Leg* caller = registry_.leg(caller_)) caller->ring();
}

void Call::on_progress(Leg& leg, const media::Description& early) {
  registry_.publish(Event::Kind::Progress, *this, &leg, {});
  Leg* caller = registry_.leg(caller_);
  if (state_ != State::Ringing || early_media_ || caller == nullptr || member(leg.id()).given_up) return;
  early_media_ = true;  // the first phone that sends sound is the one that is heard
  media::Description ours;
  ours.codecs = answer_for(caller->remote().codecs, early.codecs);
  ours.video = early.video;
  caller->progress(ours);
  connect(*caller, leg);
}

void Call::on_answered(Leg& leg, const media::Description& answer) {
  Leg* caller = registry_.leg(caller_);
  if (state_ != State::Ringing || caller == nullptr || member(leg.id()).given_up) {
    leg.hang_up(Cause::AnsweredElsewhere, true);  // two phones picked up at the same moment
    return;
  }
  registry_.scheduler().timers.cancel(ring_timer_);
  called_ = leg.id();
  record_.answer = registry_.scheduler().clock.wall();
  state_is(State::Up, routing::trace_text(routing::Remark::Answered, {{"who", leg.channel()}}));
  registry_.publish(Event::Kind::Answered, *this, &leg, caller->channel());

  for (const auto id : legs()) {
    Leg* each = registry_.leg(id);
    if (each != nullptr && id != caller_ && id != called_ && !member(id).ended) {
      each->hang_up(Cause::AnsweredElsewhere, true);
    }
  }
  media::Description ours;
  offered_late_ = caller->remote().codecs.empty();
  ours.codecs = codecs_for_caller(*caller, answer);
  ours.video = answer.video;
  if (early_media_) disconnect(*caller);
  if (const auto told = transcoding(ours.codecs, answer.codecs); !told.empty()) decide(told);
  caller->answer(ours);
  update_media();
}

// A caller that has offered nothing is offered what the other phone took, and what else its line may use.
std::vector<media::Codec> Call::codecs_for_caller(const Leg& caller, const media::Description& answer) const {
  if (!offered_late_) return answer_for(caller.remote().codecs, answer.codecs);
  const auto* line = config_->line(caller.line());
  return line == nullptr ? answer.codecs : offer_to(answer.codecs, Allowance(*line));
}

void Call::on_established(Leg& leg) {
  if (leg.id() != caller_) return;
  if (feature_) {
    record_.answer = leg.answered();
    feature_->on_established();
    on_feature_moved();
  } else {
    update_media();
    if (offered_late_)
      harmonise();  // otherwise the called phone has seen the caller's codecs and taken another
  }
}

// ---------------------------------------------------------------------------------------------------- codecs in the call

// One party wants codecs that were not agreed on. The other is asked first, unless what it has will do; when it will not
// change, what both have already must do, or what one sends is transcoded. Only if that cannot be is the wish refused and
// the call goes on as it was.
void Call::on_offer(Leg& leg, const media::Description& wanted) {
  if (state_ == State::Feature) return leg.answer_offer(of_codecs(playable(wanted.codecs)));
  Leg* peer = state_ == State::Up ? registry_.leg(other(leg.id())) : nullptr;
  if (peer == nullptr || peer->state() != LegState::Up || asker_) return leg.answer_offer({});
  const auto kept = common(wanted.codecs, peer->negotiated());
  const bool video = wanted.video || leg.video();  // that comes, goes or changes
  if (!video && has_audio(kept) && covers(kept, peer->negotiated())) return leg.answer_offer(of_codecs(kept));
  const auto* line = config_->line(peer->line());
  auto ask = has_audio(kept) || line == nullptr ? kept : allowed(wanted.codecs, Allowance(*line));
  if (video && covers(wanted.codecs, leg.negotiated())) ask = peer->negotiated();
  if (!has_audio(ask)) return leg.answer_offer(of_codecs(answer_for(wanted.codecs, peer->negotiated())));
  decide(routing::trace_text(routing::Remark::CodecsWanted,
                             {{"who", peer->channel()}, {"whose", leg.channel()}}));
  asker_ = leg.id();
  asked_ = wanted;
  auto ours = of_codecs(std::move(ask));
  ours.video = wanted.video;
  peer->renegotiate(ours);
}

void Call::on_renegotiated(Leg& leg, bool) {
  Leg* asker = registry_.leg(std::exchange(asker_, {}));
  if (state_ != State::Up) return;
  if (asker != nullptr) {
    auto ours = of_codecs(answer_for(asked_.codecs, leg.negotiated()));
    if (leg.video()) ours.video = leg.remote().video;
    asker->answer_offer(ours);
  }
  update_media();
  harmonise();
}

// Whether packets can be handed over as they are; a party that may send what the other did not agree to is asked to change.
void Call::harmonise() {
  Leg* caller = registry_.leg(caller_);
  Leg* called = registry_.leg(called_);
  if (state_ != State::Up || caller == nullptr || called == nullptr || asker_) return;
  if (caller->negotiated().empty() || called->negotiated().empty()) return;
  if (covers(caller->negotiated(), called->negotiated()) || harmonised_ >= kHarmonisedMax) return;
  ++harmonised_;
  const auto* line = config_->line(called->line());
  auto ask = common(caller->negotiated(), called->negotiated());
  if (!has_audio(ask) && line != nullptr) ask = allowed(caller->negotiated(), Allowance(*line));
  if (!has_audio(ask)) return decide(routing::trace_text(routing::Remark::NoCodecInCommon));
  decide(routing::trace_text(routing::Remark::CodecsAskedFor,
                             {{"who", called->channel()}, {"whose", caller->channel()}}));
  auto ours = of_codecs(std::move(ask));
  if (caller->video()) ours.video = caller->remote().video;
  called->renegotiate(ours);
}

// ---------------------------------------------------------------------------------------------------- hold

void Call::on_held(Leg& leg, bool held) {
  registry_.publish(held ? Event::Kind::Held : Event::Kind::Resumed, *this, &leg, {});
  registry_.trace(id_, TraceRing::Kind::State, leg.channel(),
                  routing::trace_text(held ? routing::Remark::Holds : routing::Remark::TakesBack));
  if (state_ == State::Up) update_media();
}

// Two phones that both talk are connected; who waits for one that holds hears that user's music.
void Call::update_media() {
  Leg* caller = registry_.leg(caller_);
  Leg* called = registry_.leg(called_);
  if (caller == nullptr || called == nullptr || !caller->media() || !called->media()) return;
  if (!caller->held() && !called->held()) {
    if (std::exchange(music_on_caller_, false)) caller->stop_playing();
    if (std::exchange(music_on_called_, false)) called->stop_playing();
    connect(*caller, *called);
    return;
  }
  disconnect(*caller);
  const bool caller_waits = called->held() && !caller->held();
  const bool called_waits = caller->held() && !called->held();
  if (std::exchange(music_on_caller_, caller_waits) && !caller_waits) caller->stop_playing();
  if (std::exchange(music_on_called_, called_waits) && !called_waits) called->stop_playing();
  if (caller_waits) let_hear(*caller, *called);
  if (called_waits) let_hear(*called, *caller);
}

void Call::connect(const Leg& a, const Leg& b) {
  registry_.media().connect(a.media(), b.media());
  if (a.video() && b.video()) registry_.media().connect(a.video(), b.video());
}

void Call::disconnect(const Leg& leg) {
  registry_.media().disconnect(leg.media());
  if (leg.video()) registry_.media().disconnect(leg.video());
}

void Call::let_hear(Leg& listener, const Leg& holder) {
  const auto* line = config_->line(holder.line());
  const auto* user = line == nullptr ? nullptr : config_->user(line->user);
  const auto music = user == nullptr ? model::User{}.music_on_hold : user->music_on_hold;
  listener.play("moh:" + music, registry_.language_of(listener.id()), true);
}

void Call::on_digit(Leg& leg, char digit, KeyPress how) {
  const bool of_a_code = after_interlude_ && codes_asked_ > 0;  // which is for nobody to see
  const std::string_view shown = of_a_code ? "•" : std::string_view(&digit, 1);
  registry_.trace(id_, TraceRing::Kind::Media, leg.channel(),
                  routing::trace_text(routing::Remark::Digit, {{"digit", shown}}));
  if (state_ == State::Up && !leg.held()) {
    Leg* peer = registry_.leg(other(leg.id()));
    if (peer != nullptr && !peer->held()) peer->send_digit(digit, how);
    return;
  }
  if (!feature_ || leg.id() != caller_) return;
  feature_->on_digit(digit);
  on_feature_moved();
}

void Call::on_info(Leg& leg, std::string_view content_type, std::string_view body) {
  if (state_ != State::Up) return;
  if (Leg* peer = registry_.leg(other(leg.id()))) peer->send_info(content_type, body);
}

void Call::on_play_ended(Leg& leg, bool reached_end) {
  if (!feature_ || leg.id() != caller_) return;
  feature_->on_play_ended(reached_end);
  on_feature_moved();
}

// ---------------------------------------------------------------------------------------------------- the end

void Call::on_ring_timeout() {
  decide(routing::trace_text(routing::Remark::RingTimeout));
  if (goes_on(routing::Outcome::NoAnswer)) return;
  finish(Cause::NoAnswer, EndedBy::System);
}

// Such a call has lost a phone that could not say so, or was forgotten.
void Call::on_duration_max() {
  const auto most = fmt::to_string(registry_.limits().call_duration_max.count());
  decide(routing::trace_text(routing::Remark::DurationMax, {{"seconds", most}}));
  finish(Cause::RecoveryOnTimerExpiry, EndedBy::System);
}

// Before the answer a phone need not send anything.
void Call::on_silent(Leg& leg, std::chrono::seconds silence) {
  if (leg.state() != LegState::Up || (state_ != State::Up && state_ != State::Feature)) return;
  registry_.trace(
      id_, TraceRing::Kind::Media, leg.channel(),
      routing::trace_text(routing::Remark::Silent, {{"seconds", fmt::to_string(silence.count())}}));
  finish(Cause::RecoveryOnTimerExpiry, EndedBy::System);
}

// While it rings another phone may still be the one that is heard.
void Call::on_media_lost(Leg& leg) {
  if (leg.state() != LegState::Up || (state_ != State::Up && state_ != State::Feature)) return;
  finish(Cause::IncompatibleDestination, EndedBy::System);
}

void Call::on_ended(Leg& leg, const Ending& ending) {
  Member& ended = member(leg.id());
  ended.ended = true;
  ended.record.channel = leg.channel();
  ended.record.incoming = leg.incoming();
  ended.record.line = leg.line();
  ended.record.party = leg.party();
  ended.record.remote_address = leg.remote_address();
  if (const auto* codec = first_audio(leg.negotiated())) ended.record.codec = codec->name;
  ended.record.created = leg.created();
  ended.record.answered = leg.answered();
  ended.record.ended = registry_.scheduler().clock.wall();
  ended.record.ending = ending;
  registry_.publish(Event::Kind::LegEnded, *this, &leg, std::string(describe(ending.cause)));

  if (state_ == State::Ending) return;
  if (leg.id() == caller_) {
    finish(ending.cause, ending.by_remote ? EndedBy::Caller : EndedBy::System);
  } else if (leg.id() == called_) {
    finish(ending.cause, ending.by_remote ? EndedBy::Called : EndedBy::System);
  } else if (state_ == State::Ringing && !ended.given_up) {
    on_branch_ended(leg, ending);
  }
}

void Call::on_branch_ended(const Leg& leg, const Ending& ending) {
  if (leg.trunk()) return on_trunk_ended(ending);
  if (!ending.redirect.empty() && redirect(leg, ending.redirect)) return;
  branch_cause_ = branch_failed_ ? stronger(branch_cause_, ending.cause) : ending.cause;
  branch_failed_ = true;
  // A 6xx speaks for the person, not for one phone: nobody else is asked (RFC 3261 §16.7 step 5).
  const bool everybody = ending.status >= 600;
  if (!everybody && branches_left()) return;
  const auto cause = everybody ? ending.cause : branch_cause_;
  if (!goes_on(outcome_of(cause))) finish(cause, EndedBy::Called);
}

void Call::finish(Cause cause, EndedBy by) {
  if (state_ == State::Ending) return;
  const bool answered = record_.answer != runtime::WallTime{};
  registry_.scheduler().timers.cancel(ring_timer_);
  registry_.scheduler().timers.cancel(duration_timer_);
  state_is(State::Ending,
           routing::trace_text(routing::Remark::Ended, {{"cause", fmt::to_string(static_cast<int>(cause))}}));
  record_.end = registry_.scheduler().clock.wall();
  record_.cause = cause;
  record_.ended_by = by;
  record_.disposition = disposition_of(answered, cause);
  stop_feature();
  charges_.clear();
  registry_.user_call_ended(caller_user_);
  for (const auto user : called_users_) registry_.user_call_ended(user);
  registry_.call_ended();
  for (const auto id : legs()) {
    Leg* leg = registry_.leg(id);
    if (leg != nullptr && !member(id).ended) leg->hang_up(cause);
  }
  registry_.remove_if_over(id_);
}

void Call::on_gone(Leg& leg, const media::Statistics& statistics) {
  Member& gone = member(leg.id());
  gone.gone = true;
  gone.record.statistics = statistics;
  // A clean line need not be said; its figures are in the record.
  if (statistics.packets_received == 0 || statistics.mos_hundredths >= kGoodLine) return;
  const auto expected = static_cast<double>(statistics.packets_received + statistics.packets_lost);
  const auto mos = fmt::format("{:.2f}", statistics.mos_hundredths / 100.0);
  const auto lost = fmt::format("{:.1f}", 100.0 * static_cast<double>(statistics.packets_lost) / expected);
  const auto jitter = fmt::format("{:.1f}", statistics.jitter_us / 1000.0);
  const auto round_trip = fmt::to_string(statistics.round_trip_us / 1000);
  const auto remark =
      statistics.round_trip_us == 0 ? routing::Remark::QualityOneWay : routing::Remark::Quality;
  registry_.trace(
      id_, TraceRing::Kind::Media, leg.channel(),
      routing::trace_text(remark,
                          {{"mos", mos}, {"lost", lost}, {"jitter", jitter}, {"round_trip", round_trip}}));
}

}  // namespace xivo::call
