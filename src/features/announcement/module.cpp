#include "call/feature.hpp"

namespace xivo::features::announcement {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);

// Says one prompt before the answer, so that the caller is not charged; the call then ends with the cause that routing gave.
call::Script run(call::FeatureContext context) {
  context.progress();
  co_await context.wait(kPause);
  co_await context.play(context.argument());
}

}  // namespace

const call::FeatureDescriptor& describe();

const call::FeatureDescriptor& describe() {
  static const call::FeatureDescriptor descriptor = {
      .name = "announcement",
      .title_fr = "Annonce de refus",
      .title_en = "Refusal announcement",
      .maturity = call::Maturity::Stable,
      .trust = call::Trust::KnownLines,
      .codes = {},
      .run = run,
  };
  return descriptor;
}

}  // namespace xivo::features::announcement
