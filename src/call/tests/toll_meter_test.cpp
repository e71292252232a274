#include "call/toll_meter.hpp"

#include <gtest/gtest.h>

#include "runtime/thread.hpp"

namespace xivo::call {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using model::TrunkId;
using model::UserId;
using model::guard::Reason;
using model::numbering::CallClass;
using model::routing::Plan;
using model::routing::Step;

constexpr sys_seconds kNow = sys_days{2026y / November / 27} + 10h;
constexpr UserId kAlice{1};

/// A decision in which a guard had something against somebody.
Plan refused(std::string reason, std::string_view kind, std::int64_t id) {
  Plan plan;
  plan.trace.push_back(Step{Step::Rule::Guard,
                            false,
                            {{"reason", std::move(reason)}, {"limit", "10"}, {"count", "10"}},
                            {{"toll_guard", 4}, {kind, id}}});
  return plan;
}

TEST(TollMeter, CountsNeitherEmergencyNorInternalNorNobody) {
  TollMeter meter;
  const auto help = meter.charge(kAlice, CallClass::Emergency, kNow);
  const auto inside = meter.charge(kAlice, CallClass::Internal, kNow);
  const auto nobody = meter.charge(UserId{}, CallClass::National, kNow);
  const auto beyond = meter.charge(UserId{TollMeter::kIdsMax}, CallClass::National, kNow);
  int counted = 0;
  meter.for_each(kNow, [&](const auto&) { ++counted; });
  EXPECT_EQ(counted, 0);
  EXPECT_EQ(meter.calls(kAlice, CallClass::Emergency, 0s, kNow), 0);
}

TEST(TollMeter, CountsWhatIsInProgressUntilItEnds) {
  TollMeter meter;
  auto first = meter.charge(kAlice, CallClass::National, kNow);
  {
    const auto second = meter.charge(kAlice, CallClass::National, kNow);
    EXPECT_EQ(meter.calls(kAlice, CallClass::National, 0s, kNow), 2);
    EXPECT_EQ(meter.calls(kAlice, CallClass::Premium, 0s, kNow), 0);
    EXPECT_EQ(meter.calls(TrunkId{1}, CallClass::National, 0s, kNow), 0);
  }
  EXPECT_EQ(meter.calls(kAlice, CallClass::National, 0s, kNow), 1);
  first = {};
  EXPECT_EQ(meter.calls(kAlice, CallClass::National, 0s, kNow), 0);
  EXPECT_EQ(meter.calls(kAlice, CallClass::National, 1h, kNow), 2);
}

TEST(TollMeter, ForgetsAfterAnHour) {
  TollMeter meter;
  for (int minute = 0; minute < 90; ++minute)
    (void)meter.charge(kAlice, CallClass::International, kNow + minutes{minute});
  EXPECT_EQ(meter.calls(kAlice, CallClass::International, 1h, kNow + 89min), 60);
  EXPECT_EQ(meter.calls(kAlice, CallClass::International, 10min, kNow + 89min), 10);
  EXPECT_EQ(meter.calls(kAlice, CallClass::International, 1h, kNow + 119min), 30);
  EXPECT_EQ(meter.calls(kAlice, CallClass::International, 1h, kNow + 150min), 0);
}

TEST(TollMeter, NeverWrapsAround) {
  TollMeter meter;
  for (int i = 0; i < 5000; ++i) (void)meter.charge(TrunkId{3}, CallClass::National, kNow);
  EXPECT_EQ(meter.calls(TrunkId{3}, CallClass::National, 1h, kNow), 4095);
  EXPECT_EQ(meter.calls(TrunkId{3}, CallClass::National, 1h, kNow + 24h), 0);
}

TEST(TollMeter, BlocksForTheHoursLimitsOnly) {
  TollMeter meter;
  for (const char* reason : {"simultaneous", "night_premium", "blocked", "within", ""})
    meter.learn(refused(reason, "user", 1), kNow);
  EXPECT_FALSE(meter.blocked(kAlice));
  Plan met = refused("hourly", "user", 1);
  met.trace.front().met = true;
  meter.learn(met, kNow);
  EXPECT_FALSE(meter.blocked(kAlice));
  meter.learn(refused("hourly", "toll_guard", 1), kNow);  // against nobody
  EXPECT_FALSE(meter.blocked(kAlice));
  meter.learn(refused("premium_hourly", "user", 1), kNow);
  EXPECT_TRUE(meter.blocked(kAlice));
  EXPECT_FALSE(meter.blocked(TrunkId{1}));
}

/// What is kept, in the order of time.
struct Diary final : TollMeter::Storage {
  std::vector<std::string> lines;
  void save(TollMeter::Payer who, const TollMeter::Block& block) override {
    lines.push_back("save " + std::to_string(who.id) + " " + std::to_string(block.limit));
  }
  void remove(TollMeter::Payer who) override { lines.push_back("remove " + std::to_string(who.id)); }
};

TEST(TollMeter, KeepsABlockWhereItIsStoredUntilItIsReleased) {
  Diary diary;
  TollMeter meter;
  meter.keep_in(diary);
  meter.learn(refused("hourly", "user", 1), kNow);
  meter.learn(refused("hourly", "user", 1), kNow + 1s);
  EXPECT_FALSE(meter.release(UserId{2}));
  EXPECT_TRUE(meter.release(kAlice));
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"save 1 10", "remove 1"}));
}

TEST(TollMeter, BlocksAgainWhomTheLastRunBlocked) {
  Diary diary;
  TollMeter meter;
  meter.restore(kAlice, {Reason::PremiumHourly, {4}, 5, 6, kNow - 24h});
  meter.keep_in(diary);
  EXPECT_TRUE(meter.blocked(kAlice));
  meter.for_each(kNow, [](const auto& account) {
    ASSERT_TRUE(account.block);
    EXPECT_EQ(account.block->reason, Reason::PremiumHourly);
    EXPECT_EQ(account.block->since, kNow - 24h);
  });
  EXPECT_TRUE(meter.release(kAlice));
  EXPECT_EQ(diary.lines, std::vector<std::string>{"remove 1"});
}

TEST(TollMeter, TellsOnceAndHoldsUntilReleased) {
  TollMeter meter;
  std::vector<std::int64_t> told;
  meter.watch([&](TollMeter::Payer who, const TollMeter::Block& block) {
    EXPECT_EQ(who.kind, TollMeter::Payer::Kind::Trunk);
    EXPECT_EQ(block.guard.value, 4);
    EXPECT_EQ(block.reason, Reason::InternationalHourly);
    EXPECT_EQ(block.limit, 10);
    EXPECT_EQ(block.since, kNow);
    told.push_back(who.id);
  });
  const auto running = meter.charge(TrunkId{9}, CallClass::International, kNow);
  meter.learn(refused("international_hourly", "trunk", 9), kNow);
  meter.learn(refused("international_hourly", "trunk", 9), kNow + 1s);
  EXPECT_EQ(told, std::vector<std::int64_t>{9});
  EXPECT_TRUE(meter.blocked(TrunkId{9}));
  std::vector<TollMeter::Account> all;
  meter.for_each(kNow + 24h, [&](const auto& account) { all.push_back(account); });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().in_progress, 1);
  ASSERT_TRUE(all.front().block);
  EXPECT_EQ(all.front().block->count, 10);

  EXPECT_FALSE(meter.release(TrunkId{8}));
  EXPECT_TRUE(meter.release(TrunkId{9}));
  EXPECT_FALSE(meter.release(TrunkId{9}));
  EXPECT_FALSE(meter.blocked(TrunkId{9}));
  EXPECT_EQ(meter.calls(TrunkId{9}, CallClass::International, 1h, kNow),
            0);  // or it would trip again at once
  EXPECT_EQ(meter.calls(TrunkId{9}, CallClass::International, 0s, kNow), 1);
}

TEST(TollMeter, CountsForAllShards) {
  TollMeter meter;
  constexpr int kEach = 2000;
  const auto work = [&] {
    for (int i = 0; i < kEach; ++i) {
      const auto charge = meter.charge(UserId{5 + i % 3}, CallClass::Mobile, kNow);
      (void)meter.calls(UserId{5}, CallClass::Mobile, 0s, kNow);
    }
  };
  {
    runtime::Thread other("shard", work);
    work();
  }
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    sum += meter.calls(UserId{5 + i}, CallClass::Mobile, 1h, kNow);
    EXPECT_EQ(meter.calls(UserId{5 + i}, CallClass::Mobile, 0s, kNow), 0);
  }
  EXPECT_EQ(sum, 2 * kEach);
}

}  // namespace
}  // namespace xivo::call
