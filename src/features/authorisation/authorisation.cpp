#include "call/feature.hpp"

namespace xivo::features::authorisation {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);
constexpr auto kFirstKey = std::chrono::seconds(10);
constexpr auto kNextKey = std::chrono::seconds(5);
constexpr auto kAfterWrong = std::chrono::seconds(1);  // guessing takes its time
constexpr std::size_t kLongest = 40;                   // of a permission's code

// Asks for the code of a permission, before the answer; '#' or a pause ends it. The result is what was typed.
call::Script run(call::FeatureContext context) {
  const bool again = context.argument() == "again";
  context.progress();
  co_await context.wait(again ? runtime::Duration(kAfterWrong) : runtime::Duration(kPause));
  co_await context.play(again ? "auth-incorrect" : "agent-pass");
  std::string code;
  while (code.size() < kLongest) {
    const auto key = co_await context.digit(code.empty() ? kFirstKey : kNextKey);
    if (!key || *key == '#') break;
    code += *key;
  }
  context.give_result(code);
}

}  // namespace

const call::FeatureDescriptor& describe();

const call::FeatureDescriptor& describe() {
  static const call::FeatureDescriptor descriptor = {
      .name = "authorisation",
      .title_fr = "Demande d'un code d'autorisation",
      .title_en = "Request for an authorisation code",
      .maturity = call::Maturity::Stable,
      .trust = call::Trust::Anybody,
      .codes = {},
      .run = run,
  };
  return descriptor;
}

}  // namespace xivo::features::authorisation
