#include "call/feature.hpp"

namespace xivo::features::announcement {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);

// Says one prompt before the answer, so that the caller is not charged. The call then ends with the cause that routing gave, or,
// after the greeting of an incoming route, goes on.
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
      .title_fr = "Annonce avant décroché",
      .title_en = "Announcement before the answer",
      .maturity = call::Maturity::Stable,
      .trust = call::Trust::KnownLines,
      .codes = {},
      .run = run,
  };
  return descriptor;
}

}  // namespace xivo::features::announcement
