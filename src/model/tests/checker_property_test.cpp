// What the checker says is hidden, no call reaches; what it leaves alone, some call does. What it tells again from the findings of
// another configuration is what looking the plan through from nothing tells.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "model/checker/finding.hpp"
#include "model/json.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/schedule.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering/pattern.hpp"
#include "model/review/review.hpp"
#include "model/routing/route.hpp"
#include "model/schema.hpp"
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

constexpr int kContexts = 5;  // 1 to 3 internal, 4 the way out, 5 the way in
constexpr int kUsers = 8;
constexpr int kExtensions = 24;

/// Makes small plans with as much wrong in them as fits. Objects of a kind have the same ids in each, so that a table of one
/// can stand in another.
class Plans {
 public:
  explicit Plans(std::uint64_t seed) : random_(seed) {}

  ConfigSnapshot make() {
    ConfigBuilder builder;
    put_general(builder);
    for (int id = 1; id <= kContexts; ++id) put_context(builder, id);
    for (int id = 1; id <= kUsers; ++id) put_user(builder, id);
    for (int id = 1; id <= kUsers; ++id) put_line(builder, id);
    for (int id = 1; id <= kExtensions; ++id) put_extension(builder, id);
    for (int id = 1; id <= 3; ++id) put_code(builder, id);
    for (int id = 1; id <= 2; ++id) put_schedule(builder, id);
    for (int id = 1; id <= 2; ++id) put_trunk(builder, id);
    for (int id = 1; id <= 4; ++id) put_out(builder, id);
    for (int id = 1; id <= 3; ++id) put_in(builder, id);
    for (int id = 1; id <= 2; ++id) put_permission(builder, id);
    return builder.build();
  }

  /// One object is another one, or gone.
  void change(ConfigBuilder& builder) {
    switch (random_.below(12)) {
      case 0: return put_general(builder);
      case 1: return put_context(builder, 1 + random_.below(kContexts));
      case 2: return put_user(builder, 1 + random_.below(kUsers));
      case 3: return put_line(builder, 1 + random_.below(kUsers));
      case 4: return put_extension(builder, 1 + random_.below(kExtensions));
      case 5: return put_code(builder, 1 + random_.below(3));
      case 6: return put_schedule(builder, 1 + random_.below(2));
      case 7: return put_trunk(builder, 1 + random_.below(2));
      case 8: return put_out(builder, 1 + random_.below(4));
      case 9: return put_in(builder, 1 + random_.below(3));
      case 10: return put_permission(builder, 1 + random_.below(2));
      default: return builder.erase(ExtensionId{1 + random_.below(kExtensions)});
    }
  }

 private:
  bool one_in(int n) { return random_.one_in(n); }
  ContextId inside() { return {1 + random_.below(3)}; }
  std::string number() {
    static const std::vector<std::string> kNumbers{"4",   "41",  "411", "42", "43",  "44",   "45",  "46",
                                                   "151", "112", "15",  "*5", "*55", "1001", "0456"};
    return random_.of(kNumbers);
  }
  std::string exten() {
    static const std::vector<std::string> kPatterns{"_4X", "_4.", "_XX", "_[0-9]X", "_04XX", "_1!"};
    return one_in(4) ? random_.of(kPatterns) : number();
  }
  Destination destination() {
    switch (random_.below(6)) {
      case 0: return {};
      case 1: return ToExtension{number(), one_in(2) ? inside() : ContextId{}};
      case 2: return ToLine{{1 + random_.below(kUsers)}};
      case 3: return ToHangup{};
      default: return ToUser{{1 + random_.below(kUsers)}};
    }
  }

  void put_general(ConfigBuilder& builder) {
    builder.put(General{.id = {1}, .company = "Durand", .country = one_in(2) ? "FR" : "DE"});
  }
  void put_context(ConfigBuilder& builder, int id) {
    Context context{.id = {id}, .name = "context " + std::to_string(random_.below(100))};
    context.enabled = !one_in(10);
    if (id <= 2) context.includes = {{id + 1}};
    if (id <= 3 && !one_in(4)) context.includes.push_back({4});
    if (id == 5) context.incall_ranges = {{.start = "0455", .end = "0457"}};
    if (id > 3) return void(builder.put(std::move(context)));
    if (one_in(2)) context.user_ranges.push_back({.start = "41", .end = one_in(2) ? "43" : "99"});
    if (one_in(2)) context.group_ranges.push_back({.start = "44", .end = "46"});
    builder.put(std::move(context));
  }
  void put_user(ConfigBuilder& builder, int id) {
    User user{.id = {id}, .firstname = "User", .lastname = std::to_string(random_.below(100))};
    user.enabled = !one_in(6);
    user.forward_unconditional_enabled = one_in(2);
    user.forward_unconditional_destination = "4" + std::to_string(1 + random_.below(3));
    user.forward_busy_enabled = one_in(4);
    user.forward_busy_destination = number();
    if (one_in(3)) user.fallback_noanswer = destination();
    if (one_in(3)) user.schedule = {1 + random_.below(2)};
    builder.put(std::move(user));
  }
  void put_line(ConfigBuilder& builder, int id) {
    SipLine line{.id = {id}, .name = "line" + std::to_string(random_.below(100)), .user = {id}};
    if (!one_in(6)) line.context = inside();
    line.enabled = !one_in(6);
    builder.put(std::move(line));
  }
  void put_extension(ConfigBuilder& builder, int id) {
    builder.put(Extension{.id = {id},
                          .exten = id <= 6 ? "4" + std::to_string(1 + id % 3) : exten(),
                          .context = inside(),
                          .enabled = !one_in(8),
                          .destination = destination()});
  }
  void put_code(ConfigBuilder& builder, int id) {
    static const std::vector<std::string> kCodes{"*5", "*55", "112", "46"};
    builder.put(FeatureCode{random_.of(kCodes), "echo", !one_in(6), {id}});
  }
  void put_schedule(ConfigBuilder& builder, int id) {
    Schedule schedule{.id = {id}, .name = "schedule " + std::to_string(random_.below(100))};
    schedule.closed_destination = destination();
    schedule.enabled = !one_in(4);
    builder.put(std::move(schedule));
  }
  void put_trunk(ConfigBuilder& builder, int id) {
    builder.put(Trunk{.id = {id},
                      .name = "trunk " + std::to_string(random_.below(100)),
                      .enabled = !one_in(3),
                      .context = {5},
                      .host = "192.0.2.1"});
  }
  void put_out(ConfigBuilder& builder, int id) {
    static const std::vector<std::string> kPatterns{"_X.", "_0[1-9]X", "_4X", "_1X", "112"};
    OutgoingRoute route{.id = {id}, .name = "route " + std::to_string(random_.below(100))};
    route.context = {one_in(4) ? 5 : 4};
    route.patterns = {{.pattern = random_.of(kPatterns), .external_prefix = one_in(2) ? "0" : ""}};
    if (!one_in(3)) route.trunks = {{1 + random_.below(2)}};
    route.enabled = !one_in(8);
    builder.put(std::move(route));
  }
  void put_in(ConfigBuilder& builder, int id) {
    builder.put(IncomingRoute{.id = {id},
                              .name = "did " + std::to_string(random_.below(100)),
                              .context = {5},
                              .exten = "045" + std::to_string(5 + random_.below(3)),
                              .destination = destination(),
                              .enabled = !one_in(6)});
  }
  void put_permission(ConfigBuilder& builder, int id) {
    CallPermission permission{.id = {id}, .name = "permission " + std::to_string(random_.below(100))};
    permission.extensions = {exten(), one_in(2) ? "_99X" : number()};
    if (one_in(2)) permission.users = {{1}};
    permission.enabled = !one_in(4);
    builder.put(std::move(permission));
  }

  Random random_;
};

std::string written(const std::vector<Finding>& all) {
  std::string text;
  for (const Finding& finding : all) {
    text += std::string(name(finding.severity)) + " " + std::string(finding.code);
    for (const Side& side : finding.sides)
      text += " " + std::string(side.kind) + std::to_string(side.id) + "=" + side.label;
    text += "\n  " + finding.sentence.french + "\n  " + finding.sentence.english + "\n  " +
            finding.fix.sentence.french + "\n  " + finding.fix.sentence.english;
    for (const Change& change : finding.fix.changes)
      text += "\n  " + change.kind + std::to_string(change.id) + to_json(change.fields);
    text += "\n";
  }
  return text;
}

/// Every table but one is shared: a check that reads that one and does not say so tells what was.
TEST(CheckerProperty, AnotherTableOfAnyKindIsSeen) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    Plans plans(seed);
    const ConfigSnapshot before = plans.make();
    const ConfigSnapshot other = plans.make();
    const auto known = findings(*before);
    for (const KindSchema* kind : kinds()) {
      if (other->table(kind->slot()) == nullptr) continue;
      ConfigBuilder builder(*before);
      builder.edit(kind->slot()) = *other->table(kind->slot());
      const ConfigSnapshot after = builder.build();
      ASSERT_EQ(written(findings(*after, *before, known)), written(findings(*after)))
          << "seed " << seed << ", table " << kind->name();
    }
  }
}

TEST(CheckerProperty, AChainOfChangesIsSeenByWhoRemembersTheLast) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Plans plans(seed);
    const review::Reviewer reviewer;
    ConfigSnapshot before = plans.make();
    for (int change = 1; change <= 25; ++change) {
      ConfigBuilder builder(*before);
      plans.change(builder);
      const ConfigSnapshot after = builder.build();
      const auto introduced_now = introduced(*before, findings(*before), *after, findings(*after));
      ASSERT_EQ(written(reviewer.review(before, after, {}).findings), written(introduced_now))
          << "seed " << seed << ", change " << change;
      ASSERT_EQ(written(*reviewer.findings(after)), written(findings(*after)))
          << "seed " << seed << ", change " << change;
      before = after;
    }
  }
}

/// A limit on a code is a limit on one check then; and the tests above would be worth little if their plans were in order.
TEST(CheckerProperty, EachCodeIsToldByOneCheck) {
  const std::set<std::string_view> all{"call-loop",
                                       "call-loop-when-unanswered",
                                       "code-hides-number",
                                       "destination-disabled",
                                       "destination-missing",
                                       "emergency-number-taken",
                                       "emergency-unreachable",
                                       "number-begins-as-emergency",
                                       "number-in-other-range",
                                       "number-is-prefix",
                                       "number-outside-ranges",
                                       "number-shadowed",
                                       "numbers-without-route",
                                       "outside-digit-mixed",
                                       "pattern-captures-number",
                                       "pattern-hidden",
                                       "pattern-hides-number",
                                       "patterns-equal",
                                       "permission-matches-nothing",
                                       "permission-without-effect",
                                       "range-nearly-full",
                                       "route-unreachable",
                                       "route-without-trunk"};
  std::map<std::string_view, std::set<int>> checks;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    for (const Finding& finding : findings(*Plans(seed).make())) checks[finding.code].insert(finding.check);
  }
  for (const auto& [code, tellers] : checks) EXPECT_EQ(tellers.size(), 1U) << code;
  for (const std::string_view code : all) EXPECT_TRUE(checks.contains(code)) << code;
  EXPECT_EQ(checks.size(), all.size());
}

}  // namespace
}  // namespace xivo::model::checker
