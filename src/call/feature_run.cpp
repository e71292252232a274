#include "call/feature_run.hpp"

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"

namespace xivo::call {

template <class Result>
void FeatureContext::Awaitable<Result>::await_suspend(std::coroutine_handle<> waiting) {
  run_.waiting_ = waiting;
  begin_(run_, *this);
}

// Features see feature.hpp only; what a script can wait for is listed here.
template class FeatureContext::Awaitable<void>;
template class FeatureContext::Awaitable<bool>;
template class FeatureContext::Awaitable<std::optional<char>>;

FeatureRun::FeatureRun(CallRegistry& registry, LegId leg, const FeatureDescriptor& feature,
                       std::string argument, std::string dialled)
    : registry_(registry),
      leg_(leg),
      feature_(feature),
      argument_(std::move(argument)),
      dialled_(std::move(dialled)) {}

FeatureRun::~FeatureRun() { registry_.scheduler().timers.cancel(timer_); }

void FeatureRun::start() {
  script_ = feature_.run(FeatureContext(*this));
  script_.start();
}

Leg* FeatureRun::leg() const { return registry_.leg(leg_); }

void FeatureRun::resume(WaitsFor expected) {
  if (waits_for_ != expected) return;
  waits_for_ = WaitsFor::Nothing;
  registry_.scheduler().timers.cancel(timer_);
  std::exchange(waiting_, nullptr).resume();
}

void FeatureRun::start_timer(runtime::Duration duration, WaitsFor expected) {
  timer_ = registry_.scheduler().timers.set(duration, [this, expected] {
    resume(expected);
    registry_.feature_moved(leg_);
  });
}

void FeatureRun::on_established() {
  established_ = true;
  resume(WaitsFor::Answer);
}

void FeatureRun::on_play_ended(bool reached_end) {
  play_reached_end_ = reached_end;
  resume(WaitsFor::Play);
}

void FeatureRun::on_digit(char digit) {
  if (digits_.size() < kDigitsMax) digits_.push_back(digit);
  resume(WaitsFor::Digit);
}

void FeatureRun::answer() {
  Leg* l = leg();
  if (l == nullptr) return;
  media::Description ours;
  ours.codecs = playable(l->remote().codecs);
  l->answer(ours);
}

void FeatureRun::progress() {
  Leg* l = leg();
  if (l == nullptr || l->state() != LegState::Ring) return;
  media::Description ours;
  ours.codecs = playable(l->remote().codecs);
  l->progress(ours);
}

void FeatureRun::play(const std::string& sound) {
  Leg* l = leg();
  if (l != nullptr) l->play(sound, registry_.language_of(leg_), false);
}

const model::User* FeatureRun::user() const {
  const Leg* l = leg();
  if (l == nullptr) return nullptr;
  const auto& config = registry_.config_of(l->call());
  const auto* line = config.line(l->line());
  return line == nullptr ? nullptr : config.user(line->user);
}

// The answer comes by way of the registry: this run may be gone by then.
void FeatureRun::change_user(model::Value fields) {
  const auto* own = user();
  change("user", own == nullptr ? 0 : own->id.value, std::move(fields));
}

void FeatureRun::change(std::string kind, std::int64_t id, model::Value fields) {
  user_changed_ = false;
  const Leg* l = leg();
  bool asked = false;
  if (l != nullptr && id > 0) {
    model::Transaction transaction;
    transaction.author = l->channel().substr(0, l->channel().rfind('-'));
    transaction.message = dialled_;
    transaction.changes.push_back({std::move(kind), model::Change::Op::Update, id, std::move(fields), {}});
    asked = registry_.change_config(leg_, std::move(transaction));
  }
  start_timer(asked ? kChangeLongest : runtime::Duration{}, WaitsFor::Change);
}

void FeatureRun::on_user_changed(bool saved) {
  user_changed_ = saved;
  resume(WaitsFor::Change);
}

void FeatureRun::hang_up(Cause cause) {
  if (Leg* l = leg()) l->hang_up(cause);
}

FeatureContext::Awaitable<void> FeatureContext::answer() const {
  return {*run_,
          [](FeatureRun& run, const Awaitable<void>&) {
            run.waits_for_ = FeatureRun::WaitsFor::Answer;
            if (run.established_) {
              run.start_timer({}, FeatureRun::WaitsFor::Answer);
            } else {
              run.answer();
            }
          },
          [](FeatureRun&) {}};
}

void FeatureContext::progress() const { run_->progress(); }

FeatureContext::Awaitable<bool> FeatureContext::play(std::string_view sound) const {
  Awaitable<bool> awaitable{*run_,
                            [](FeatureRun& run, const Awaitable<bool>& what) {
                              run.waits_for_ = FeatureRun::WaitsFor::Play;
                              run.play(what.text);
                            },
                            [](FeatureRun& run) { return run.play_reached_end_; }};
  awaitable.text = sound;
  return awaitable;
}

FeatureContext::Awaitable<void> FeatureContext::wait(runtime::Duration duration) const {
  Awaitable<void> awaitable{*run_,
                            [](FeatureRun& run, const Awaitable<void>& what) {
                              run.waits_for_ = FeatureRun::WaitsFor::Time;
                              run.start_timer(what.duration, FeatureRun::WaitsFor::Time);
                            },
                            [](FeatureRun&) {}};
  awaitable.duration = duration;
  return awaitable;
}

FeatureContext::Awaitable<std::optional<char>> FeatureContext::digit(runtime::Duration timeout) const {
  Awaitable<std::optional<char>> awaitable{*run_,
                                           [](FeatureRun& run, const Awaitable<std::optional<char>>& what) {
                                             run.waits_for_ = FeatureRun::WaitsFor::Digit;
                                             run.start_timer(
                                                 run.digits_.empty() ? what.duration : runtime::Duration{},
                                                 FeatureRun::WaitsFor::Digit);
                                           },
                                           [](FeatureRun& run) -> std::optional<char> {
                                             if (run.digits_.empty()) return std::nullopt;
                                             const char first = run.digits_.front();
                                             run.digits_.pop_front();
                                             return first;
                                           }};
  awaitable.duration = timeout;
  return awaitable;
}

FeatureContext::Awaitable<bool> FeatureContext::change_user(model::Value fields) const {
  Awaitable<bool> awaitable{*run_,
                            [](FeatureRun& run, const Awaitable<bool>& what) {
                              run.waits_for_ = FeatureRun::WaitsFor::Change;
                              run.change_user(what.fields);
                            },
                            [](FeatureRun& run) { return run.user_changed_; }};
  awaitable.fields = std::move(fields);
  return awaitable;
}

FeatureContext::Awaitable<bool> FeatureContext::change(std::string_view kind, std::int64_t id,
                                                       model::Value fields) const {
  Awaitable<bool> awaitable{*run_,
                            [](FeatureRun& run, const Awaitable<bool>& what) {
                              run.waits_for_ = FeatureRun::WaitsFor::Change;
                              run.change(what.text, what.id, what.fields);
                            },
                            [](FeatureRun& run) { return run.user_changed_; }};
  awaitable.text = kind;
  awaitable.id = id;
  awaitable.fields = std::move(fields);
  return awaitable;
}

const model::Config* FeatureContext::config() const {
  const Leg* leg = run_->leg();
  return leg == nullptr ? nullptr : &run_->registry_.config_of(leg->call());
}

std::chrono::sys_seconds FeatureContext::now() const {
  return std::chrono::floor<std::chrono::seconds>(run_->registry_.scheduler().clock.wall());
}

const model::User* FeatureContext::user() const { return run_->user(); }
void FeatureContext::give_result(std::string result) const { run_->result_ = std::move(result); }

void FeatureContext::echo(bool on) const {
  if (Leg* leg = run_->leg()) leg->echo(on);
}

void FeatureContext::hang_up(Cause cause) const { run_->hang_up(cause); }
const std::string& FeatureContext::argument() const { return run_->argument(); }
const std::string& FeatureContext::dialled() const { return run_->dialled(); }

}  // namespace xivo::call
