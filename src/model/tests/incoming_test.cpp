#include "model/tests/routing_world.hpp"

namespace xivo::model::routing {
namespace {

class Incoming : public RoutingWorld {
 protected:
  IncomingRouteId add(IncomingRoute route) {
    route.name = "route " + std::to_string(++names_);
    if (!route.context) route.context = incall;
    if (route.destination.is_none()) route.destination = ToUser{bob};
    return builder.put(std::move(route));
  }
  IncomingRouteId taken(const std::string& number, const std::string& caller = "0612345678") {
    return decide(from_outside(number, caller)).incoming_route;
  }

 private:
  int names_ = 0;
};

TEST_F(Incoming, AnUnknownOrDisabledTrunkIsRefused) {
  add({.exten = "0123456789"});
  Request request = from_outside("0123456789");
  request.from_trunk = {99};
  EXPECT_EQ(decide(request).cause, Cause::CallRejected);
  edit(first, [](Trunk& t) { t.enabled = false; });
  EXPECT_EQ(decide(from_outside("0123456789")).cause, Cause::CallRejected);
}

TEST_F(Incoming, ATrunkHasSoManyChannelsIn) {
  add({.exten = "0123456789"});
  edit(first, [](Trunk& t) { t.max_channels_in = 3; });
  live.channels_in[first.value] = 2;
  EXPECT_EQ(decide(from_outside("0123456789")).action, Action::Ring);
  live.channels_in[first.value] = 3;
  EXPECT_EQ(decide(from_outside("0123456789")).cause, Cause::Congestion);
}

TEST_F(Incoming, ANumberOfNobodyIsNobodys) {
  const Plan plan = decide(from_outside("0999999999"));
  EXPECT_EQ(plan.cause, Cause::UnallocatedNumber);
  EXPECT_EQ(told(plan, Rule::IncomingRoute),
            "No incoming route and no number of context from-extern takes 0999999999.");
}

TEST_F(Incoming, DropsAPlusAndKnowsTheFormsOfANumber) {
  const auto home = add({.exten = "0123456789"});
  const auto abroad = add({.exten = "33198765432"});
  for (const char* number : {"0123456789", "+33123456789", "33123456789", "0033123456789"})
    EXPECT_EQ(taken(number), home) << number;
  for (const char* number : {"+33198765432", "33198765432", "0198765432"})
    EXPECT_EQ(taken(number), abroad) << number;
}

TEST_F(Incoming, ExactComesBeforeLastDigitsBeforePatternsBeforeAny) {
  const auto any = add({});
  EXPECT_EQ(taken("0123456789"), any);
  const auto open = add({.exten = "_0."});
  EXPECT_EQ(taken("0123456789"), open);
  const auto closer = add({.exten = "_012XXXXXXX"});
  EXPECT_EQ(taken("0123456789"), closer);
  const auto four = add({.exten = "6789", .did_length = 4});
  EXPECT_EQ(taken("0123456789"), four);
  const auto six = add({.exten = "456789", .did_length = 6});
  EXPECT_EQ(taken("0123456789"), six);
  const auto whole = add({.exten = "0123456789"});
  EXPECT_EQ(taken("0123456789"), whole);
}

TEST_F(Incoming, LastDigitsAreComparedAsTexts) {
  const auto leading = add({.exten = "0042", .did_length = 4});
  EXPECT_EQ(taken("0123450042"), leading);
  EXPECT_FALSE(taken("0123451042"));
  EXPECT_FALSE(taken("42"));
  const auto pattern = add({.exten = "_01XX", .did_length = 4});
  EXPECT_EQ(taken("0999990123"), pattern);
}

TEST_F(Incoming, RoutesMayBeForOneTrunkOrOneCaller) {
  const auto general = add({.exten = "0123456789"});
  const auto of_second = add({.exten = "0123456789", .trunk = second});
  EXPECT_EQ(taken("0123456789"), general);
  Request request = from_outside("0123456789");
  request.from_trunk = second;
  EXPECT_EQ(decide(request).incoming_route, of_second);
  const auto mobiles = add({.exten = "0123456789", .caller_number = "_06XXXXXXXX"});
  EXPECT_EQ(taken("0123456789"), mobiles);
  EXPECT_EQ(taken("0123456789", "+33612345678"), mobiles) << "as people dial it";
  EXPECT_EQ(taken("0123456789", "0155555555"), general);
  const auto one = add({.exten = "0123456789", .caller_number = "0612345678"});
  EXPECT_EQ(taken("0123456789"), one);
  EXPECT_EQ(taken("0123456789", ""), general);
}

TEST_F(Incoming, ADisabledRouteTakesNothing) {
  const auto id = add({.exten = "0123456789"});
  edit(id, [](IncomingRoute& r) { r.enabled = false; });
  EXPECT_FALSE(taken("0123456789"));
}

TEST_F(Incoming, ExtensionsOfTheContextAndItsIncludesAreFound) {
  number("0155555555", ToUser{carol}, incall);
  EXPECT_EQ(decide(from_outside("+33155555555")).user, carol);
  const auto more = builder.put(Context{.name = "more", .type = "incall"});
  edit(incall, [&](Context& c) { c.includes = {more}; });
  const auto included = add({.context = more, .exten = "0166666666"});
  EXPECT_EQ(taken("0166666666"), included);
}

TEST_F(Incoming, ShowsTheCallersNumberAsPeopleDialIt) {
  add({.exten = "0123456789"});
  const Plan plan = decide(from_outside("0123456789", "+33612345678"));
  EXPECT_EQ(plan.caller_number, "0612345678");
  EXPECT_EQ(told(plan, Rule::CallerNormalised, Language::French),
            "Le numéro de l'appelant, +33612345678, s'écrit ici 0612345678.");
}

TEST_F(Incoming, CallerIdModesChangeTheName) {
  struct Row {
    const char *mode, *name, *wanted;
  };
  const auto id = add({.exten = "0123456789"});
  for (const Row& row :
       {Row{"", "Paul", "Paul"}, Row{"prepend", "Paul", "SAV Paul"}, Row{"append", "Paul", "PaulSAV "},
        Row{"overwrite", "Paul", "SAV "}, Row{"prepend", "", "SAV 0612345678"}}) {
    edit(id, [&](IncomingRoute& r) {
      r.caller_id_mode = row.mode;
      r.caller_id_name = "SAV ";
    });
    Request request = from_outside("0123456789");
    request.caller_name = row.name;
    EXPECT_EQ(decide(request).caller_name, row.wanted) << row.mode;
  }
}

TEST_F(Incoming, GreetsWhenOpenOnly) {
  const auto hours = builder.put(Schedule{.name = "office", .mode = "open"});
  add({.exten = "0123456789", .greeting_sound = "hello", .schedule = hours});
  EXPECT_EQ(decide(from_outside("0123456789")).greeting_sound, "hello");
  edit(hours, [&](Schedule& s) {
    s.mode = "closed";
    s.closed_destination = ToUser{carol};
  });
  const Plan closed = decide(from_outside("0123456789"));
  EXPECT_EQ(closed.greeting_sound, "");
  EXPECT_EQ(closed.user, carol);
  edit(hours, [&](Schedule& s) { s.closed_destination = {}; });
  EXPECT_EQ(decide(from_outside("0123456789")).cause, Cause::SubscriberAbsent);
}

TEST_F(Incoming, ABlockedCallerDoesNotGetThroughButColleaguesDo) {
  add({.exten = "0123456789"});
  edit(bob, [](User& u) { u.blocklist = {"_06XXXXXXXX", "102"}; });
  const Plan blocked = decide(from_outside("0123456789", "+33612345678"));
  EXPECT_EQ(blocked.cause, Cause::CallRejected);
  EXPECT_EQ(describe(blocked, Language::English),
            "The call is refused: the called party blocks this caller (cause 21).");
  EXPECT_EQ(decide(from_outside("0123456789", "0155555555")).action, Action::Ring);
  EXPECT_EQ(dial("102").action, Action::Ring);
}

TEST_F(Incoming, ANumberThatLeadsToANumberStaysInside) {
  edit(inside, [&](Context& c) { c.includes = {outside}; });
  add({.exten = "0123456789", .destination = ToExtension{"00612345678", inside}});
  EXPECT_EQ(decide(from_outside("0123456789")).cause, Cause::UnallocatedNumber);
  add({.exten = "0123456780", .destination = ToExtension{"102", inside}});
  EXPECT_EQ(decide(from_outside("0123456780")).user, bob);
}

}  // namespace
}  // namespace xivo::model::routing
