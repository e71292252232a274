#include "model/guard/guard.hpp"

#include <gtest/gtest.h>

#include <map>

#include "model/kinds/toll_guard.hpp"
#include "model/schema.hpp"
#include "model/transaction.hpp"

namespace xivo::model::guard {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using numbering::CallClass;

constexpr UserId kAlice{1};
constexpr UserId kBob{2};
constexpr TrunkId kTrunk{1};
constexpr sys_seconds kMorning = sys_days{2026y / November / 27} + 9h;  // 10:00 in Paris

class FakeState final : public routing::LiveState {
 public:
  using Key = std::pair<std::int64_t, CallClass>;
  std::map<Key, int> hour;
  std::map<Key, int> now;
  std::map<Key, int> trunk_hour;
  bool blocked = false;

  [[nodiscard]] int contacts_of(SipLineId) const override { return 0; }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
  [[nodiscard]] int external_calls_of(UserId user, CallClass of, seconds window) const override {
    const auto& all = window == 0s ? now : hour;
    EXPECT_TRUE(window == 0s || window == 1h);
    const auto found = all.find({user.value, of});
    return found == all.end() ? 0 : found->second;
  }
  [[nodiscard]] int external_calls_on(TrunkId trunk, CallClass of, seconds window) const override {
    const auto found = trunk_hour.find({trunk.value, of});
    return window == 0s || found == trunk_hour.end() ? 0 : found->second;
  }
  [[nodiscard]] bool user_blocked(UserId user) const override { return blocked && user == kAlice; }
};

class Guard : public ::testing::Test {
 protected:
  ConfigSnapshot with(TollGuard guard) {
    guard.name = "Standard";
    builder_.put(std::move(guard));
    return builder_.build();
  }
  Verdict ask(const ConfigSnapshot& config, CallClass of, UserId user = kAlice, sys_seconds at = kMorning) {
    return admits(*config, live_, user, of, at);
  }

  ConfigBuilder builder_;
  FakeState live_;
};

TollGuard everything() {
  TollGuard guard;
  guard.simultaneous_max = guard.hourly_max = guard.international_hourly_max = guard.premium_hourly_max = 1;
  guard.night_start = "00:00";
  guard.night_end = "23:59";
  guard.night_international = guard.night_premium = "deny";
  return guard;
}

TEST_F(Guard, NeverStandsInTheWayOfACallForHelp) {
  const auto config = with(everything());
  live_.blocked = true;
  for (const CallClass of : {CallClass::National, CallClass::International, CallClass::Premium})
    live_.hour[{1, of}] = live_.now[{1, of}] = 1000;
  EXPECT_TRUE(ask(config, CallClass::Emergency).admitted);
  EXPECT_TRUE(ask(config, CallClass::Internal).admitted);
  EXPECT_FALSE(ask(config, CallClass::National).admitted);
  EXPECT_TRUE(admits(*config, live_, kTrunk, CallClass::Emergency, kMorning).admitted);
}

TEST_F(Guard, StopsWhoIsBlockedAsLongAsAGuardCoversHim) {
  live_.blocked = true;
  EXPECT_TRUE(ask(builder_.build(), CallClass::National).admitted);
  TollGuard guard;
  guard.users = {kBob};
  EXPECT_TRUE(ask(with(guard), CallClass::National).admitted);
  guard.users = {kBob, kAlice};
  const Verdict verdict = ask(with(guard), CallClass::Free);
  EXPECT_EQ(verdict.reason, Reason::Blocked);
  EXPECT_FALSE(verdict.trips());
}

TEST_F(Guard, CountsEveryClassTowardsTheHour) {
  TollGuard guard;
  guard.hourly_max = 6;
  const auto config = with(guard);
  live_.hour[{1, CallClass::National}] = 2;
  live_.hour[{1, CallClass::Mobile}] = 2;
  live_.hour[{1, CallClass::Premium}] = 1;
  EXPECT_TRUE(ask(config, CallClass::National).admitted);
  live_.hour[{1, CallClass::Other}] = 1;
  const Verdict verdict = ask(config, CallClass::National);
  EXPECT_FALSE(verdict.admitted);
  EXPECT_EQ(verdict.reason, Reason::Hourly);
  EXPECT_TRUE(verdict.trips());
  EXPECT_EQ(verdict.count, 6);
  EXPECT_EQ(describe(*config, verdict, Language::English),
            "6 calls to the outside within the hour, 6 allowed (guard \"Standard\")");
  EXPECT_EQ(describe(*config, verdict, Language::French),
            "6 appels vers l'extérieur en une heure, 6 permis (garde « Standard »)");
  EXPECT_TRUE(ask(config, CallClass::National, kBob).admitted);
}

TEST_F(Guard, LimitsDearCallsAlone) {
  TollGuard guard;
  guard.international_hourly_max = 2;
  guard.premium_hourly_max = 1;
  const auto config = with(guard);
  live_.hour[{1, CallClass::International}] = 2;
  live_.hour[{1, CallClass::Premium}] = 1;
  EXPECT_EQ(ask(config, CallClass::International).reason, Reason::InternationalHourly);
  EXPECT_EQ(ask(config, CallClass::Premium).reason, Reason::PremiumHourly);
  EXPECT_TRUE(ask(config, CallClass::Mobile).admitted);
}

TEST_F(Guard, RefusesOneCallTooManyWithoutTripping) {
  TollGuard guard;
  guard.simultaneous_max = 2;
  const auto config = with(guard);
  live_.now[{1, CallClass::National}] = 1;
  EXPECT_TRUE(ask(config, CallClass::National).admitted);
  live_.now[{1, CallClass::Mobile}] = 1;
  const Verdict verdict = ask(config, CallClass::National);
  EXPECT_EQ(verdict.reason, Reason::Simultaneous);
  EXPECT_FALSE(verdict.trips());
}

TEST_F(Guard, KeepsTheNightInTheCompanysTime) {
  TollGuard guard;
  guard.night_start = "20:00";
  guard.night_end = "06:59";
  guard.night_international = guard.night_premium = "deny";
  const auto config = with(guard);
  const auto at = [](hours hour, minutes minute) {
    return sys_days{2026y / November / 27} + hour + minute - 1h;  // winter time in Paris
  };
  EXPECT_TRUE(ask(config, CallClass::International, kAlice, at(19h, 59min)).admitted);
  EXPECT_EQ(ask(config, CallClass::International, kAlice, at(20h, 0min)).reason, Reason::NightInternational);
  EXPECT_EQ(ask(config, CallClass::Premium, kAlice, at(3h, 0min)).reason, Reason::NightPremium);
  EXPECT_FALSE(ask(config, CallClass::International, kAlice, at(6h, 59min) + 59s).admitted);
  EXPECT_TRUE(ask(config, CallClass::International, kAlice, at(7h, 0min)).admitted);
  EXPECT_TRUE(ask(config, CallClass::National, kAlice, at(3h, 0min)).admitted);
}

TEST_F(Guard, CoversTrunksOnTheirOwn) {
  TollGuard guard;
  guard.trunks = {kTrunk};
  guard.hourly_max = 1;
  const auto config = with(guard);
  live_.trunk_hour[{1, CallClass::National}] = 1;
  live_.hour[{1, CallClass::National}] = 100;
  EXPECT_TRUE(ask(config, CallClass::National).admitted);  // it has trunks, so users are not meant
  EXPECT_EQ(admits(*config, live_, kTrunk, CallClass::National, kMorning).reason, Reason::Hourly);
  EXPECT_TRUE(admits(*config, live_, TrunkId{2}, CallClass::National, kMorning).admitted);
  EXPECT_TRUE(admits(*config, live_, UserId{}, CallClass::National, kMorning).admitted);
}

TEST_F(Guard, IsDeclaredWithWholeNights) {
  const auto refusal = [](Value fields) {
    fields.set("name", Value("x"));
    Transaction transaction;
    transaction.changes.push_back({.kind = "toll_guard", .fields = std::move(fields)});
    const auto applied = apply(Config{}, transaction, {});
    return applied ? std::string() : applied.error().front().field;
  };
  EXPECT_EQ(refusal(Value::object({{"night_start", Value("20:00")}})), "night_end");
  EXPECT_EQ(refusal(Value::object({{"night_end", Value("06:00")}})), "night_start");
  EXPECT_EQ(refusal(Value::object({{"night_premium", Value("deny")}})), "night_end");
  EXPECT_EQ(refusal(Value::object({{"night_start", Value("25:00")}, {"night_end", Value("06:00")}})),
            "night_start");
  EXPECT_EQ(refusal(Value::object({{"hourly_max", Value(-1)}})), "hourly_max");
  EXPECT_EQ(refusal(Value::object({{"hourly_max", Value(20)}})), "");
}

}  // namespace
}  // namespace xivo::model::guard
