// What the checker says is hidden, no call reaches; what it leaves alone, some call does.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "model/checker/finding.hpp"
#include "model/numbering/pattern.hpp"
#include "model/routing/route.hpp"
#include "model/tests/random.hpp"

namespace xivo::model::checker {
namespace {

struct Quiet final : routing::LiveState {
  [[nodiscard]] int contacts_of(SipLineId) const override { return 1; }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
};

/// A home that includes two contexts in turn, with some numbers and patterns of a few digits in each.
ConfigSnapshot some_plan(Random& random) {
  ConfigBuilder builder;
  const ContextId third = builder.put(Context{.name = "third"});
  const ContextId second = builder.put(Context{.name = "second", .includes = {third}});
  const ContextId home = builder.put(Context{.name = "home", .includes = {second}});
  builder.put(SipLine{.name = "phone", .context = home});
  const std::vector<std::string> parts{"4", "5", "6", "X", "Z", "[4-5]", "[5-6]"};
  std::set<std::pair<ContextId, std::string>> taken;
  for (int n = 4 + random.below(8); n > 0; --n) {
    std::string exten;
    for (int digits = 1 + random.below(3); digits > 0; --digits) exten += random.of(parts);
    if (random.one_in(6)) exten += random.one_in(2) ? "." : "!";
    if (exten.find_first_not_of("456") != std::string::npos) exten.insert(0, "_");
    const ContextId context = random.of<ContextId>({home, second, third});
    if (!taken.insert({context, exten}).second) continue;
    builder.put(Extension{
        .exten = exten, .context = context, .enabled = !random.one_in(8), .destination = ToHangup{}});
  }
  return builder.build();
}

/// The extensions that a phone's call reaches, whichever number of up to four digits it dials.
std::set<std::int64_t> reached(const Config& config) {
  constexpr std::string_view kDigits = "4567";  // 7: only what X and Z take
  const SipLine& phone = *config.line({1});
  const Quiet quiet;
  std::set<std::int64_t> all;
  std::vector<std::string> numbers{""};
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const std::string number = numbers[at];
    if (number.size() < 4) {
      for (const char digit : kDigits) numbers.push_back(number + digit);
    }
    if (number.empty()) continue;
    const auto plan =
        routing::route(config, quiet, {.dialled = number, .from_line = phone.id, .context = phone.context});
    for (const routing::Step& step : plan.trace) {
      for (const auto& object : step.objects) {
        if (object.kind == "extension") all.insert(object.id);
      }
    }
  }
  return all;
}

std::set<std::int64_t> hidden(const Config& config) {
  std::set<std::int64_t> all;
  for (const Finding& finding : findings(config)) {
    const bool hides = finding.code == "number-shadowed" || finding.code == "pattern-hides-number" ||
                       finding.code == "pattern-hidden";
    if (hides) all.insert(finding.sides[1].id);
  }
  return all;
}

TEST(CheckerProperty, WhatIsHiddenIsReachedByNoCall) {
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    Random random(seed);
    const ConfigSnapshot plan = some_plan(random);
    const auto calls = reached(*plan);
    const auto told = hidden(*plan);
    for (const auto& [id, extension] : plan->objects<Extension>()) {
      const std::string what = extension->exten + " of " + plan->context(extension->context)->name;
      if (told.contains(id)) {
        EXPECT_FALSE(calls.contains(id)) << "seed " << seed << ": " << what;
      }
      // Several patterns together may hide another one; a number is hidden by one.
      const bool exact = !numbering::is_pattern(extension->exten);
      if (exact && extension->enabled && !told.contains(id)) {
        EXPECT_TRUE(calls.contains(id)) << "seed " << seed << ": " << what;
      }
    }
  }
}

}  // namespace
}  // namespace xivo::model::checker
