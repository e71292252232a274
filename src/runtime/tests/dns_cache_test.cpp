#include "runtime/dns/cache.hpp"

#include <gtest/gtest.h>

namespace xivo::runtime {
namespace {

using namespace std::chrono_literals;
using Status = DnsAnswer::Status;

DnsAnswer found(std::uint32_t ttl, std::uint32_t address = 0xc0000207) {
  DnsRecord record;
  record.address = IpAddress::v4(address);
  return {Status::Found, {record}, ttl};
}

/// Answers when the test says so.
class SlowResolver final : public DnsResolver {
 public:
  void ask(const std::string& name, DnsType, Done done) override {
    asked.push_back(name);
    waiting.push_back(std::move(done));
  }
  void answer(const DnsAnswer& answer) {
    const auto all = std::exchange(waiting, {});
    for (const auto& done : all) done(answer);
  }
  std::vector<std::string> asked;
  std::vector<Done> waiting;
};

class DnsCacheTest : public ::testing::Test {
 protected:
  void ask(const std::string& name = "a.example") {
    cache.ask(name, DnsType::A, [this](const DnsAnswer& answer) { answers.push_back(answer); });
  }
  void pass(Duration time) {
    clock.advance(time);
    timers.run_due();
  }

  ManualClock clock;
  TimerWheel timers{clock};
  SeededRng rng{1};
  SlowResolver below;
  DnsCache::Limits limits{.entries_max = 3, .waiting_max = 4};
  DnsCache cache{{clock, timers, rng}, below, limits};
  std::vector<DnsAnswer> answers;
};

TEST_F(DnsCacheTest, TellsAFailureAndAsksAgainSoon) {
  ask();
  below.answer({});
  ask();
  pass(10ms);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].status, Status::Failed);
  EXPECT_EQ(below.asked.size(), 1u);
  pass(2s);
  ask();
  EXPECT_EQ(below.asked.size(), 2u);
}

TEST_F(DnsCacheTest, FailsAtOnceWhenTooManyWait) {
  for (int i = 0; i < 5; ++i) ask();
  pass(10ms);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].status, Status::Failed);
}

TEST_F(DnsCacheTest, AsksOnceForAllWhoWait) {
  ask("a.example");
  ask("A.Example");
  EXPECT_EQ(below.asked.size(), 1u);
  below.answer(found(60));
  EXPECT_EQ(answers.size(), 2u);
}

TEST_F(DnsCacheTest, RemembersForAsLongAsTheAnswerSays) {
  ask();
  below.answer(found(60));
  pass(59s);
  ask();
  pass(10ms);
  EXPECT_EQ(answers.size(), 2u);
  pass(1s);
  ask();
  EXPECT_EQ(below.asked.size(), 2u);
}

TEST_F(DnsCacheTest, AnswersFromMemoryButNeverFromInside) {
  ask();
  below.answer(found(60));
  ask();
  EXPECT_EQ(answers.size(), 1u);
  pass(1ms);
  EXPECT_EQ(answers.size(), 2u);
}

TEST_F(DnsCacheTest, KeepsTimesWithinBounds) {
  ask();
  below.answer(found(0));
  pass(4s);
  ask();
  pass(1ms);
  EXPECT_EQ(below.asked.size(), 1u) << "a TTL of nothing is a flood of questions";
  pass(1s);
  ask();
  below.answer(found(1'000'000));
  pass(3'600s);
  ask();
  EXPECT_EQ(below.asked.size(), 3u) << "an address that moved is found within the hour";
}

TEST_F(DnsCacheTest, RemembersThatThereIsNothing) {
  ask();
  below.answer({Status::Nothing, {}, 30});
  pass(29s);
  ask();
  pass(1ms);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].status, Status::Nothing);
  EXPECT_EQ(below.asked.size(), 1u);
}

TEST_F(DnsCacheTest, GivesAnOldAnswerWhenNobodyAnswers) {
  ask();
  below.answer(found(60));
  pass(120s);
  ask();
  below.answer({});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].status, Status::Found);
  pass(2h);
  ask();
  below.answer({});
  EXPECT_EQ(answers[2].status, Status::Failed);
}

TEST_F(DnsCacheTest, RemembersOnlySoMuch) {
  for (const auto* name : {"a.example", "b.example", "c.example", "d.example", "e.example"}) {
    ask(name);
    below.answer(found(60));
  }
  EXPECT_LE(cache.size(), 3u);
  EXPECT_EQ(answers.size(), 5u);
}

}  // namespace
}  // namespace xivo::runtime
