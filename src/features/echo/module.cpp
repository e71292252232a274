#include "call/feature.hpp"

namespace xivo::features::echo {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);  // lets the sound path settle before the first word
constexpr auto kLongest = std::chrono::minutes(10);  // a forgotten test does not run all night

// Explains itself, then sends the caller's sound back until '#', hang-up or kLongest.
call::Script run(call::FeatureContext context) {
  co_await context.answer();
  co_await context.wait(kPause);
  co_await context.play("demo-echotest");
  context.echo(true);
  while (true) {
    const auto key = co_await context.digit(kLongest);
    if (!key || *key == '#') break;
  }
  context.echo(false);
  co_await context.play("demo-echodone");
}

}  // namespace

const call::FeatureDescriptor& describe();

const call::FeatureDescriptor& describe() {
  static const call::FeatureDescriptor descriptor = {
      .name = "echo",
      .title_fr = "Test d'écho",
      .title_en = "Echo test",
      .maturity = call::Maturity::Stable,
      .trust = call::Trust::KnownLines,
      .codes = {"*55"},
      .run = run,
  };
  return descriptor;
}

}  // namespace xivo::features::echo
