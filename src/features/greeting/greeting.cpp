#include "call/feature.hpp"

namespace xivo::features::greeting {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);

// The greeting of an incoming route, before the answer: the caller is not charged for it.
call::Script run(call::FeatureContext context) {
  context.progress();
  co_await context.wait(kPause);
  co_await context.play(context.argument());
}

}  // namespace

const call::FeatureDescriptor& describe();

const call::FeatureDescriptor& describe() {
  static const call::FeatureDescriptor descriptor = {
      .name = "greeting",
      .title_fr = "Accueil des appels entrants",
      .title_en = "Greeting of incoming calls",
      .maturity = call::Maturity::Stable,
      .trust = call::Trust::Anybody,
      .codes = {},
      .run = run,
  };
  return descriptor;
}

}  // namespace xivo::features::greeting
