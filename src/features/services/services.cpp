// What people switch by a code of their own phone: do-not-disturb and forwards. The user's configuration is changed as in the
// web interface: durable, in the history, live for the next call.
#include "call/feature.hpp"
#include "model/kinds.hpp"
#include "model/value.hpp"

namespace xivo::features::services {
namespace {

using model::User;
using model::Value;

constexpr auto kPause = std::chrono::milliseconds(300);
constexpr auto kFirstKey = std::chrono::seconds(10);
constexpr auto kNextKey = std::chrono::seconds(5);
constexpr std::size_t kNumberMax = 40;
constexpr std::string_view kRefused = "beeperr";

/// The prompt of a digit; the core sounds have none for '*' and '#'.
std::string spoken(char key) { return key >= '0' && key <= '9' ? std::string("digits/") + key : "beep"; }

// GCC 12 cannot compile a braced list inside a coroutine's co_await.
Value switched(std::string_view field, bool on) { return Value::object({{std::string(field), on}}); }

/// One of the three forwards: where a user has it, and how it is called.
struct Forward {
  bool User::* enabled;
  std::string User::* destination;
  std::string_view enabled_field;
  std::string_view destination_field;
  std::string_view prompt;
};
constexpr Forward kUnconditional{&User::forward_unconditional_enabled,
                                 &User::forward_unconditional_destination, "forward_unconditional_enabled",
                                 "forward_unconditional_destination", "call-fwd-unconditional"};
constexpr Forward kNoAnswer{&User::forward_noanswer_enabled, &User::forward_noanswer_destination,
                            "forward_noanswer_enabled", "forward_noanswer_destination", "call-fwd-no-ans"};
constexpr Forward kBusy{&User::forward_busy_enabled, &User::forward_busy_destination, "forward_busy_enabled",
                        "forward_busy_destination", "call-fwd-on-busy"};

/// With a number: set and switch on. With the same number or none while it is on: off. With none while it is off: the number of
/// the last time, or one that is asked for.
call::Script switch_forward(call::FeatureContext context, const Forward* forward) {
  co_await context.answer();
  co_await context.wait(kPause);
  const User* user = context.user();
  if (user == nullptr) {
    co_await context.play(kRefused);
    co_return;
  }
  const bool was_on = user->*(forward->enabled);
  const std::string saved = user->*(forward->destination);
  std::string number = context.argument();
  const bool off = was_on && (number.empty() || number == saved);
  if (number.empty()) number = saved;
  if (number.empty() && !off) {
    co_await context.play("vm-enter-num-to-call");
    while (number.size() < kNumberMax) {
      const auto key = co_await context.digit(number.empty() ? kFirstKey : kNextKey);
      if (!key || *key == '#') break;
      number += *key;
    }
  }
  Value fields = switched(forward->enabled_field, !off);
  if (!off) fields.set(std::string(forward->destination_field), number);
  const bool saved_now = !number.empty() && co_await context.change_user(std::move(fields));
  if (!saved_now) {
    co_await context.play(kRefused);
    co_return;
  }
  co_await context.play(forward->prompt);
  co_await context.play(off ? "de-activated" : "activated");
  for (std::size_t i = 0; !off && i < number.size(); ++i) co_await context.play(spoken(number[i]));
}

call::Script unconditional(call::FeatureContext context) { return switch_forward(context, &kUnconditional); }
call::Script no_answer(call::FeatureContext context) { return switch_forward(context, &kNoAnswer); }
call::Script busy(call::FeatureContext context) { return switch_forward(context, &kBusy); }

/// Lit: the forward is on; of a code with a number: it is on and leads there.
std::optional<bool> forward_lamp(const call::LampQuestion& question, const Forward& forward) {
  if (question.user == nullptr) return std::nullopt;
  const bool elsewhere =
      !question.argument.empty() && question.user->*(forward.destination) != question.argument;
  return question.user->*(forward.enabled) && !elsewhere;
}
std::optional<bool> unconditional_lamp(const call::LampQuestion& question) {
  return forward_lamp(question, kUnconditional);
}
std::optional<bool> no_answer_lamp(const call::LampQuestion& question) {
  return forward_lamp(question, kNoAnswer);
}
std::optional<bool> busy_lamp(const call::LampQuestion& question) { return forward_lamp(question, kBusy); }
std::optional<bool> do_not_disturb_lamp(const call::LampQuestion& question) {
  if (question.user == nullptr) return std::nullopt;
  return question.user->dnd_enabled;
}

Value all_forwards_off() {
  Value fields = Value::object({});
  for (const auto* forward : {&kUnconditional, &kNoAnswer, &kBusy})
    fields.set(std::string(forward->enabled_field), false);
  return fields;
}

call::Script cancel_forwards(call::FeatureContext context) {
  co_await context.answer();
  co_await context.wait(kPause);
  const bool saved = co_await context.change_user(all_forwards_off());
  if (!saved) {
    co_await context.play(kRefused);
    co_return;
  }
  co_await context.play("call-forwarding");
  co_await context.play("de-activated");
}

call::Script do_not_disturb(call::FeatureContext context) {
  co_await context.answer();
  co_await context.wait(kPause);
  const User* user = context.user();
  const bool on = user != nullptr && !user->dnd_enabled;
  const bool saved = co_await context.change_user(switched("dnd_enabled", on));
  if (!saved) {
    co_await context.play(kRefused);
    co_return;
  }
  co_await context.play("do-not-disturb");
  co_await context.play(on ? "activated" : "de-activated");
}

call::FeatureDescriptor descriptor(std::string_view name, std::string_view french, std::string_view english,
                                   std::string_view code, call::Script (*run)(call::FeatureContext),
                                   std::optional<bool> (*lamp)(const call::LampQuestion&)) {
  return {.name = name,
          .title_fr = french,
          .title_en = english,
          .maturity = call::Maturity::Stable,
          .trust = call::Trust::KnownLines,
          .codes = {code},
          .run = run,
          .lamp = lamp};
}

}  // namespace

const call::FeatureDescriptor& describe_cancel_forwards();
const call::FeatureDescriptor& describe_forward_unconditional();
const call::FeatureDescriptor& describe_forward_noanswer();
const call::FeatureDescriptor& describe_forward_busy();
const call::FeatureDescriptor& describe_do_not_disturb();

const call::FeatureDescriptor& describe_cancel_forwards() {
  static const auto kFeature = descriptor("cancel_forwards", "Annulation de tous les renvois",
                                          "Cancel all forwards", "*20", cancel_forwards, nullptr);
  return kFeature;
}

const call::FeatureDescriptor& describe_forward_unconditional() {
  static const auto kFeature = descriptor("forward_unconditional", "Renvoi inconditionnel",
                                          "Unconditional forward", "*21", unconditional, unconditional_lamp);
  return kFeature;
}

const call::FeatureDescriptor& describe_forward_noanswer() {
  static const auto kFeature = descriptor("forward_noanswer", "Renvoi sur non-réponse",
                                          "Forward on no answer", "*22", no_answer, no_answer_lamp);
  return kFeature;
}

const call::FeatureDescriptor& describe_forward_busy() {
  static const auto kFeature =
      descriptor("forward_busy", "Renvoi sur occupation", "Forward on busy", "*23", busy, busy_lamp);
  return kFeature;
}

const call::FeatureDescriptor& describe_do_not_disturb() {
  static const auto kFeature = descriptor("do_not_disturb", "Ne pas déranger", "Do not disturb", "*25",
                                          do_not_disturb, do_not_disturb_lamp);
  return kFeature;
}

}  // namespace xivo::features::services
