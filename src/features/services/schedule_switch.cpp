// A schedule forced open or closed from a phone, and back: the receptionist who leaves early.
#include "call/feature.hpp"
#include "model/config.hpp"
#include "model/kinds/schedule.hpp"
#include "model/schedule/evaluate.hpp"

namespace xivo::features::services {
namespace {

using model::Schedule;
using model::Value;

constexpr auto kPause = std::chrono::milliseconds(300);
constexpr auto kFirstKey = std::chrono::seconds(10);
constexpr auto kNextKey = std::chrono::seconds(5);
constexpr std::size_t kCodeMax = 16;

const Schedule* schedule_of(const model::Config* config, std::string_view code) {
  if (config == nullptr || code.empty()) return nullptr;
  for (const auto& [id, schedule] : config->objects<Schedule>()) {
    if (schedule->enabled && schedule->code == code) return schedule.get();
  }
  return nullptr;
}

/// Forced: automatic again. Automatic: the opposite of what holds now.
std::string_view next_mode(const model::Config& config, const Schedule& schedule,
                           std::chrono::sys_seconds now) {
  if (schedule.mode != "automatic") return "automatic";
  return model::schedule::evaluate(config, schedule.id, now).open() ? "closed" : "open";
}

/// Lit: the schedule is forced, open or closed; it goes out when the schedule goes by itself again.
std::optional<bool> forced_lamp(const call::LampQuestion& question) {
  const Schedule* schedule = schedule_of(&question.config, question.argument);
  if (schedule == nullptr) return std::nullopt;
  return schedule->mode != "automatic";
}

Value with_mode(std::string_view mode) { return Value::object({{"mode", mode}}); }

call::Script switch_schedule(call::FeatureContext context) {
  co_await context.answer();
  co_await context.wait(kPause);
  std::string code = context.argument();
  if (code.empty()) {
    co_await context.play("agent-pass");
    while (code.size() < kCodeMax) {
      const auto key = co_await context.digit(code.empty() ? kFirstKey : kNextKey);
      if (!key || *key == '#') break;
      code += *key;
    }
  }
  const model::Config* config = context.config();
  const Schedule* schedule = schedule_of(config, code);
  if (schedule == nullptr) {
    co_await context.play("beeperr");
    co_return;
  }
  const auto mode = next_mode(*config, *schedule, context.now());
  Value fields = with_mode(mode);
  const bool saved = co_await context.change("schedule", schedule->id.value, std::move(fields));
  if (!saved) {
    co_await context.play("beeperr");
    co_return;
  }
  co_await context.play(mode == "automatic" ? "de-activated" : "activated");
}

}  // namespace

const call::FeatureDescriptor& describe_schedule_switch();

const call::FeatureDescriptor& describe_schedule_switch() {
  static const call::FeatureDescriptor kFeature{.name = "schedule_switch",
                                                .title_fr = "Bascule d'un horaire",
                                                .title_en = "Switch a schedule",
                                                .maturity = call::Maturity::Stable,
                                                .trust = call::Trust::KnownLines,
                                                .codes = {"*39"},
                                                .run = switch_schedule,
                                                .lamp = forced_lamp};
  return kFeature;
}

}  // namespace xivo::features::services
