#include <algorithm>

#include "model/checker/finding.hpp"
#include "routing_world.hpp"

namespace xivo::model::checker {
namespace {

/// Applies fixes by hand: the world's objects were put there unchecked.
class Checker : public routing::RoutingWorld {
 protected:
  std::vector<Finding> all() { return findings(*builder.build()); }
  /// What the plan of now has that another did not have.
  std::vector<Finding> new_since(const ConfigSnapshot& before) {
    return introduced(*before, findings(*before), *builder.build(), all());
  }
  const Finding* find(std::string_view code) {
    last_ = all();
    const auto found =
        std::find_if(last_.begin(), last_.end(), [&](const auto& each) { return each.code == code; });
    return found == last_.end() ? nullptr : &*found;
  }
  /// The finding is there, speaks both languages and names its sides.
  void expect(std::string_view code, Severity severity, std::vector<std::string> sides) {
    const Finding* found = find(code);
    ASSERT_NE(found, nullptr) << code;
    EXPECT_EQ(found->severity, severity) << code;
    EXPECT_FALSE(found->sentence.french.empty());
    EXPECT_NE(found->sentence.french, found->sentence.english);
    std::vector<std::string> kinds;
    for (const Side& side : found->sides) {
      EXPECT_FALSE(side.label.empty() && side.kind != "general") << code << " " << side.kind;
      kinds.emplace_back(side.kind);
    }
    EXPECT_EQ(kinds, sides) << code;
  }
  /// The offered changes are accepted, and the finding is gone.
  void expect_cured(std::string_view code) {
    const Finding* found = find(code);
    ASSERT_NE(found, nullptr) << code;
    ASSERT_FALSE(found->fix.changes.empty()) << code;
    EXPECT_FALSE(found->fix.sentence.french.empty());
    const std::string key = found->key();
    const auto applied = apply(*builder.build(), {.changes = found->fix.changes}, {});
    ASSERT_TRUE(applied) << code << ": " << describe(applied.error().front(), Language::English);
    for (const Finding& left : findings(*applied->config)) EXPECT_NE(left.key(), key);
  }

 private:
  std::vector<Finding> last_;
};

TEST_F(Checker, FindsNothingInAPlanInOrder) {
  for (const Finding& each : all()) ADD_FAILURE() << each.key() << ": " << each.sentence.english;
}

TEST_F(Checker, FindsNumbersThatHideOthers) {
  const ContextId second_floor = builder.put(Context{.name = "floor-2"});
  edit(inside, [&](Context& context) { context.includes.push_back(second_floor); });
  number("102", ToUser{carol}, second_floor);
  expect("number-shadowed", Severity::Block, {"extension", "extension"});
  expect_cured("number-shadowed");
}

TEST_F(Checker, LeavesNumbersAloneThatNobodySeesTogether) {
  const ContextId other = builder.put(Context{.name = "other"});
  number("102", ToUser{carol}, other);
  EXPECT_EQ(find("number-shadowed"), nullptr);
}

TEST_F(Checker, FindsNumbersThatBeginOthers) {
  number("1023", ToUser{carol}, inside);
  expect("number-is-prefix", Severity::Warning, {"extension", "extension"});
}

TEST_F(Checker, FindsNumbersThatBeginMoreThanTheNextOne) {
  for (const char* exten : {"20", "200", "2000", "201"}) number(exten, ToUser{carol}, inside);
  std::size_t told = 0;
  for (const Finding& each : all()) told += each.code == "number-is-prefix" ? 1 : 0;
  EXPECT_EQ(told, 4u);  // 20 of three, 200 of one
}

TEST_F(Checker, FindsNumbersThatBeginThoseOfIncludedContexts) {
  const ContextId second_floor = builder.put(Context{.name = "floor-2"});
  number("1023", ToUser{carol}, second_floor);
  EXPECT_EQ(find("number-is-prefix"), nullptr);
  edit(inside, [&](Context& context) { context.includes.push_back(second_floor); });
  expect("number-is-prefix", Severity::Warning, {"extension", "extension"});
}

TEST_F(Checker, FindsPatternsThatHideWhatIsIncluded) {
  const ContextId second_floor = builder.put(Context{.name = "floor-2"});
  edit(inside, [&](Context& context) { context.includes.push_back(second_floor); });
  number("_2XX", ToUser{carol}, inside);
  EXPECT_EQ(find("pattern-hidden"), nullptr);
  number("201", ToUser{carol}, second_floor);
  number("_20X", ToUser{carol}, second_floor);
  number("_2.", ToUser{carol}, second_floor);
  expect("pattern-hides-number", Severity::Error, {"extension", "extension"});
  expect("pattern-hidden", Severity::Error, {"extension", "extension"});
  EXPECT_NE(find("pattern-hidden")->sentence.english.find("_20X"), std::string::npos);
  expect_cured("pattern-hidden");
}

TEST_F(Checker, FindsPatternsThatAreTheSameInOtherWords) {
  number("_2XX", ToUser{carol}, inside);
  number("_2XZ", ToUser{carol}, inside);  // more special: it is found first
  EXPECT_EQ(find("pattern-hidden"), nullptr);
  number("_2[0-9]X", ToUser{bob}, inside);
  expect("pattern-hidden", Severity::Error, {"extension", "extension"});
}

TEST_F(Checker, FindsPermissionsOfNumbersThatNobodyCanDial) {
  builder.put(CallPermission{.name = "mobiles", .extensions = {"_06XXXXXXXX", "_0[67]X."}, .users = {bob}});
  builder.put(CallPermission{.name = "colleague", .extensions = {"103", "+33612345678"}, .users = {bob}});
  EXPECT_EQ(find("permission-matches-nothing"), nullptr);
  builder.put(CallPermission{.name = "boss", .extensions = {"103", "_9XX"}, .users = {bob}});
  expect("permission-matches-nothing", Severity::Warning, {"call_permission"});
  EXPECT_NE(find("permission-matches-nothing")->sentence.english.find(": _9XX"), std::string::npos);
}

TEST_F(Checker, FindsNumbersOutsideTheRanges) {
  edit(inside, [](Context& context) { context.user_ranges = {{"101", "102"}}; });
  expect("number-outside-ranges", Severity::Hint, {"extension", "context"});
}

TEST_F(Checker, FindsUsersInRangesThatAreKeptForSomethingElse) {
  edit(inside, [](Context& context) { context.ivr_ranges = {{"102", ""}}; });
  expect("number-in-other-range", Severity::Hint, {"extension", "context"});
  EXPECT_NE(find("number-in-other-range")->sentence.english.find("102 leads to a user"), std::string::npos);
  edit(inside, [](Context& context) { context.user_ranges = {{"101", "103"}}; });
  EXPECT_EQ(find("number-in-other-range"), nullptr);
}

TEST_F(Checker, FindsRoutesWithDifferentDigitsForTheOutside) {
  builder.put(OutgoingRoute{.name = "mobiles",
                            .context = outside,
                            .patterns = {{.pattern = "_0[67]XXXXXXXX", .external_prefix = "9"}},
                            .trunks = {first}});
  expect("outside-digit-mixed", Severity::Hint, {"outgoing_route", "outgoing_route"});
}

TEST_F(Checker, FindsForwardsThatGoRoundWhenNobodyAnswers) {
  edit(bob, [](User& user) {
    user.forward_busy_enabled = true;
    user.forward_busy_destination = "103";
  });
  EXPECT_EQ(find("call-loop-when-unanswered"), nullptr);
  edit(carol, [this](User& user) { user.fallback_noanswer = ToUser{bob}; });
  expect("call-loop-when-unanswered", Severity::Warning, {"user", "extension", "user"});
  EXPECT_EQ(find("call-loop"), nullptr);
  expect_cured("call-loop-when-unanswered");
}

TEST_F(Checker, FindsCirclesThatAScheduleCloses) {
  const ScheduleId office =
      builder.put(Schedule{.name = "office", .closed_destination = ToExtension{"103", {}}});
  edit(bob, [&](User& user) { user.schedule = office; });
  edit(carol, [](User& user) {
    user.forward_unconditional_enabled = true;
    user.forward_unconditional_destination = "102";
  });
  expect("call-loop-when-unanswered", Severity::Warning, {"user", "extension", "user", "extension"});
  expect_cured("call-loop-when-unanswered");
}

TEST_F(Checker, FindsCodesThatHideNumbers) {
  number("*551", ToUser{carol}, inside);
  expect("code-hides-number", Severity::Error, {"feature_code", "extension"});
  expect_cured("code-hides-number");
}

TEST_F(Checker, FindsEmergencyNumbersThatAreTaken) {
  edit(inside, [](Context& context) { context.user_ranges = {{"100", "199"}}; });
  number("112", ToUser{carol}, inside);
  number("113", ToUser{carol}, inside);
  expect("emergency-number-taken", Severity::Block, {"extension", "general"});
  EXPECT_NE(find("emergency-number-taken")->fix.sentence.english.find("Give 116,"), std::string::npos);
  expect_cured("emergency-number-taken");
}

TEST_F(Checker, FindsCodesThatAreEmergencyNumbers) {
  builder.put(FeatureCode{.code = "15", .feature = "echo"});
  expect("emergency-number-taken", Severity::Block, {"feature_code", "general"});
  expect_cured("emergency-number-taken");
}

TEST_F(Checker, FindsNumbersThatBeginAsEmergencyNumbersDo) {
  number("150", ToUser{carol}, inside);
  number("1121", ToUser{carol}, inside);
  expect("number-begins-as-emergency", Severity::Warning, {"context", "general"});
  EXPECT_NE(find("number-begins-as-emergency")->sentence.english.find("2 numbers"), std::string::npos);
}

TEST_F(Checker, ProvesEmergencyNumbers) {
  EXPECT_EQ(find("emergency-unreachable"), nullptr);
  builder.put(
      OutgoingRoute{.name = "help", .context = outside, .patterns = {{.pattern = "112"}}, .emergency = true});
  expect("emergency-unreachable", Severity::Block, {"context", "general"});
}

TEST_F(Checker, OnlyWarnsOfEmergencyNumbersBeforeThereIsAWayOut) {
  edit(first, [](Trunk& trunk) { trunk.enabled = false; });
  edit(second, [](Trunk& trunk) { trunk.enabled = false; });
  expect("emergency-unreachable", Severity::Warning, {"context", "general"});
  expect("route-without-trunk", Severity::Warning, {"outgoing_route"});
}

TEST_F(Checker, FindsPatternsThatCaptureNumbers) {
  number("0123", ToUser{carol}, inside);
  builder.put(OutgoingRoute{
      .name = "short", .context = outside, .patterns = {{.pattern = "_0XXX"}}, .trunks = {first}});
  expect("pattern-captures-number", Severity::Error, {"outgoing_route", "extension"});
}

TEST_F(Checker, FindsRoutesForTheSameNumbers) {
  builder.put(OutgoingRoute{
      .name = "again", .context = outside, .patterns = {{.pattern = "_00ZXXXXXXXX"}}, .trunks = {second}});
  expect("patterns-equal", Severity::Error, {"outgoing_route", "outgoing_route"});
  expect_cured("patterns-equal");
}

TEST_F(Checker, FindsRoutesThatNobodyCanUse) {
  edit(inside, [](Context& context) { context.includes.clear(); });
  expect("route-unreachable", Severity::Warning, {"outgoing_route", "context"});
  expect_cured("route-unreachable");
}

TEST_F(Checker, FindsPermissionsWithoutEffect) {
  builder.put(CallPermission{.name = "idle", .extensions = {"_00."}});
  expect("permission-without-effect", Severity::Warning, {"call_permission"});
}

TEST_F(Checker, FindsDestinationsThatAreOff) {
  edit(bob, [](User& user) { user.enabled = false; });
  expect("destination-disabled", Severity::Warning, {"extension", "user"});
  expect_cured("destination-disabled");
}

TEST_F(Checker, BlocksWaysFromOutsideToWhoIsOff) {
  edit(bob, [](User& user) { user.enabled = false; });
  builder.erase(builder.preview().extension(inside, "102")->id);
  builder.put(IncomingRoute{
      .name = "reception", .context = incall, .exten = "0123456789", .destination = ToUser{bob}});
  expect("destination-disabled", Severity::Block, {"incoming_route", "user"});
}

TEST_F(Checker, FindsNumbersThatLeadNowhere) {
  number("150", Destination{}, inside);
  expect("destination-missing", Severity::Block, {"extension"});
  expect_cured("destination-missing");
}

TEST_F(Checker, FindsForwardsThatGoRound) {
  const auto forward = [this](UserId user, const char* to) {
    edit(user, [to](User& each) {
      each.forward_unconditional_enabled = true;
      each.forward_unconditional_destination = to;
    });
  };
  forward(bob, "103");
  EXPECT_EQ(find("call-loop"), nullptr);
  forward(carol, "102");
  expect("call-loop", Severity::Block, {"extension", "user", "extension", "user"});
  expect_cured("call-loop");
}

TEST_F(Checker, FindsNumbersOfTheOutsideWithoutRoute) {
  edit(incall, [](Context& context) { context.incall_ranges = {{"0123456700", "0123456709"}}; });
  expect("numbers-without-route", Severity::Warning, {"context"});
  EXPECT_NE(find("numbers-without-route")->sentence.english.find("10 numbers"), std::string::npos);
}

TEST_F(Checker, FindsRangesThatAreNearlyFull) {
  edit(inside, [](Context& context) { context.user_ranges = {{"101", "104"}}; });
  EXPECT_EQ(find("range-nearly-full"), nullptr);
  number("104", ToUser{carol}, inside);
  expect("range-nearly-full", Severity::Hint, {"context"});
}

TEST_F(Checker, TellsWhatAChangeMadeWorse) {
  edit(first, [](Trunk& trunk) { trunk.enabled = false; });
  edit(second, [](Trunk& trunk) { trunk.enabled = false; });
  builder.put(
      OutgoingRoute{.name = "help", .context = outside, .patterns = {{.pattern = "112"}}, .emergency = true});
  const auto before = builder.build();
  edit(second, [](Trunk& trunk) { trunk.enabled = true; });
  const auto fresh = new_since(before);
  ASSERT_EQ(fresh.size(), 1u);
  EXPECT_EQ(fresh.front().code, "emergency-unreachable");
  EXPECT_EQ(fresh.front().severity, Severity::Block);
  const auto mended = introduced(*builder.build(), all(), *before, findings(*before));
  EXPECT_TRUE(mended.empty() || mended.front().code != "emergency-unreachable");
}

TEST_F(Checker, KeepsRoomForOtherFindingsHoweverManyThereAreOfOne) {
  const UserId nobody = builder.put(User{.firstname = "Nobody", .enabled = false});
  for (std::size_t n = 0; n < kFindingsMax + 10; ++n)
    number("2" + std::to_string(10'000 + n), ToUser{nobody}, inside);
  number("300", Destination{}, inside);
  const auto told = all();
  EXPECT_EQ(
      static_cast<std::size_t>(std::count_if(
          told.begin(), told.end(), [](const auto& each) { return each.code == "destination-disabled"; })),
      kFindingsMax);
  EXPECT_NE(find("destination-missing"), nullptr);
}

TEST_F(Checker, LetsOneOfVeryManyBeMended) {
  std::vector<ExtensionId> lost;
  for (std::size_t n = 0; n < kFindingsMax + 10; ++n)
    lost.push_back(number("2" + std::to_string(10'000 + n), Destination{}, inside));
  const auto before = builder.build();
  edit(lost.front(), [](Extension& extension) { extension.destination = ToHangup{}; });
  EXPECT_TRUE(new_since(before).empty());
}

TEST_F(Checker, TellsWhatIsNewHoweverManyOfItsCodeAreOld) {
  for (std::size_t n = 0; n < kFindingsMax + 10; ++n)
    number("2" + std::to_string(10'000 + n), Destination{}, inside);
  const auto before = builder.build();
  const auto lost = number("400", Destination{}, inside);
  const auto fresh = new_since(before);
  ASSERT_EQ(fresh.size(), 1u);
  EXPECT_EQ(fresh.front().code, "destination-missing");
  EXPECT_EQ(fresh.front().sides.front().id, lost.value);
}

TEST_F(Checker, TellsNoMoreOfWhatIsNewThanAreKept) {
  const auto before = builder.build();
  for (std::size_t n = 0; n < kFindingsMax + 10; ++n)
    number("2" + std::to_string(10'000 + n), Destination{}, inside);
  EXPECT_EQ(new_since(before).size(), kFindingsMax);
}

TEST_F(Checker, TellsWhatAChangeIntroduced) {
  number("150", Destination{}, inside);
  const auto before = builder.build();
  number("1023", ToUser{carol}, inside);
  const auto fresh = new_since(before);
  ASSERT_EQ(fresh.size(), 1u);
  EXPECT_EQ(fresh.front().code, "number-is-prefix");
}

}  // namespace
}  // namespace xivo::model::checker
