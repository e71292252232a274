// What a caller hears or enters before the call goes where routing sends it: a greeting, the code of a permission.
#include <utility>

#include "call/call.hpp"
#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "model/routing/trace_text.hpp"

namespace xivo::call {

namespace routing = model::routing;

/// Runs a feature and goes on with `then`, which gets its result, instead of ending the call with it.
void Call::interlude(std::string_view name, std::string argument, Interlude then) {
  const auto* feature = registry_.feature(name);
  Leg* caller = registry_.leg(caller_);
  // A caller that has offered nothing yet can neither hear nor type before the answer.
  if (feature == nullptr || !has_audio(caller->remote().codecs)) return then({});
  after_interlude_ = std::move(then);
  state_is(State::Feature,
           routing::trace_text(routing::Remark::FeatureRuns, {{"feature", name}, {"argument", argument}}));
  feature_ =
      std::make_unique<FeatureRun>(registry_, caller_, *feature, std::move(argument), incoming_.dialled);
  feature_->start();
  on_feature_moved();
}

/// The feature of an interlude is over.
void Call::resume_after_interlude() {
  const auto result = feature_->result();
  stop_feature();
  state_is(State::Starting, routing::trace_text(routing::Remark::RoutedOn));
  std::exchange(after_interlude_, nullptr)(result);
}

void Call::greet(const routing::Plan& plan) {
  greeted_ = true;
  interlude("announcement", plan.greeting_sound, [this, plan](const std::string&) { follow(plan); });
}

void Call::ask_code() {
  if (codes_asked_ == kCodesMax) {
    decide(routing::trace_text(routing::Remark::CodeWrongTooOften));
    return finish(Cause::CallRejected, EndedBy::System);
  }
  interlude("authorisation", codes_asked_++ == 0 ? "first" : "again", [this](const std::string& code) {
    if (code.empty()) {
      decide(routing::trace_text(routing::Remark::NoCodeEntered));
      return finish(Cause::CallRejected, EndedBy::System);
    }
    route_with_code(code);
  });
}

/// Of a call that a forward sends outside, the way on is decided again; of all others, the call.
void Call::route_with_code(const std::string& code) {
  request_.code = code;
  auto next = rang_to_ ? registry_.continue_after(*config_, request_, *rung_, *rang_to_)
                       : registry_.route(*config_, request_, {}, incoming_.channel);
  trace_plan(next);
  follow(next);
}

}  // namespace xivo::call
