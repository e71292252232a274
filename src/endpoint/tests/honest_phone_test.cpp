// The promise of the defence, tried on random stories: a phone that knows its secret is not refused for longer than the
// documented bound, whatever others do.                                                    docs/adr/0006-defence.md
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "endpoint/defence/doorkeeper.hpp"
#include "endpoint/tests/registering_phone.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

/// The whole defence of one shard, and everybody who tries it.
class Story {
 public:
  explicit Story(std::uint64_t seed) : shard(seed), dice(seed * 7919 + 1) {
    model::ConfigBuilder builder;
    for (const auto* name : {"101", "102", "103"}) builder.add(line(name, "s3cret"));
    config = builder.build();
    authenticator.use_watch(door);
    door.use_bans(board, [this](BanList::Request request) { EXPECT_TRUE(list.add(std::move(request))); });
  }

  /// One REGISTER with its answer to the challenge; whether it was let in.
  bool attempt(const sip::Flow& by, std::string_view account, std::string_view secret) {
    if (!passes(by)) return false;
    const auto first = check(by, {});
    const auto challenge = std::get<Authenticator::Challenge>(first).values.front();
    if (!passes(by)) return false;
    return std::holds_alternative<Authenticator::Known>(check(by, authorization(challenge, account, secret)));
  }
  /// A liar writes somebody's address into his packets; he hears only what is sent to his own.
  void forge(const sip::Flow& victim, const sip::Flow& own) {
    const auto heard = std::get<Authenticator::Challenge>(check(own, {})).values.front();
    if (passes(victim)) check(victim, authorization(heard, account(), "guess"));
  }
  void pester(const sip::Flow& by) {
    if (!passes(by)) return;
    dice.below(2) == 0 ? door.on_malformed(by) : static_cast<void>(check(by, {}));
  }
  [[nodiscard]] std::string account() {
    static constexpr std::array kNames = {"101", "102", "103", "nobody", "admin", "1000"};
    return kNames[dice.below(kNames.size())];
  }

  Shard shard;
  runtime::SeededRng dice;
  FailureMemory failures;
  Authenticator authenticator{shard.scheduler, failures, std::string(kRealm)};
  Doorkeeper::Limits limits;
  Doorkeeper door{shard.scheduler, authenticator.ledger(), limits};
  BanBoard board;
  BanList list{shard.scheduler, board, nullptr};
  model::ConfigSnapshot config;

 private:
  bool passes(const sip::Flow& by) { return door.admit(by, "REGISTER ", false) == Doorkeeper::Verdict::Pass; }
  Authenticator::Verdict check(const sip::Flow& by, const std::string& credentials) {
    RequestText request;
    if (!credentials.empty()) request.lines = {credentials};
    const OwnedMessage message(request.text(++branch_));
    return authenticator.check(*message, by, *config);
  }
  int branch_ = 0;
};

constexpr int kStories = 8;
constexpr int kSteps = 160;

const sip::Flow home = udp_flow("192.0.2.7:5060");
const sip::Flow beside = udp_flow("192.0.2.7:6060");  // another device behind the same address
const std::array elsewhere = {udp_flow("198.51.100.1:5060"), udp_flow("198.51.100.2:5060"),
                              udp_flow("203.0.113.9:5060")};

/// What attackers at other addresses do in one step.
void attack_from_elsewhere(Story& story) {
  const auto& own = elsewhere[story.dice.below(elsewhere.size())];
  switch (story.dice.below(4)) {
    case 0: story.attempt(own, story.account(), "guess"); break;
    case 1: story.forge(home, own); break;
    case 2: story.pester(own); break;
    default: story.pester(home); break;
  }
}

TEST(HonestPhone, IsNeverRefusedForWhatComesFromElsewhereOnceItHasRegistered) {
  for (int seed = 1; seed <= kStories; ++seed) {
    Story story(static_cast<std::uint64_t>(seed));
    ASSERT_TRUE(story.attempt(home, "101", "s3cret"));
    for (int step = 0; step < kSteps; ++step) {
      for (auto n = story.dice.below(10); n > 0; --n) attack_from_elsewhere(story);
      ASSERT_TRUE(story.attempt(home, "101", "s3cret")) << "seed " << seed << ", step " << step;
      story.shard.advance(seconds(1 + story.dice.below(60)));
    }
  }
}

TEST(HonestPhone, IsNeverRefusedForGuessesAtOtherAccountsFromItsOwnAddress) {
  for (int seed = 1; seed <= kStories; ++seed) {
    Story story(static_cast<std::uint64_t>(seed));
    ASSERT_TRUE(story.attempt(home, "101", "s3cret"));
    for (int step = 0; step < kSteps; ++step) {
      for (auto n = story.dice.below(10); n > 0; --n) {
        const auto account = story.account();
        if (account != "101") story.attempt(beside, account, "guess");
      }
      ASSERT_TRUE(story.attempt(home, "101", "s3cret")) << "seed " << seed << ", step " << step;
      story.shard.advance(seconds(1 + story.dice.below(60)));
    }
  }
}

/// The worst there is: somebody behind its very address guesses at its very account, and it never registered before.
TEST(HonestPhone, IsServedAtTheLatestALongestLockAfterTheLastWrongSecretFromItsAddress) {
  const auto bound = AttemptLedger::Limits{}.lock_max;
  for (int seed = 1; seed <= kStories; ++seed) {
    Story story(static_cast<std::uint64_t>(seed));
    for (int bout = 0; bout < 4; ++bout) {
      for (int step = 0; step < kSteps / 4; ++step) {
        for (auto n = story.dice.below(10); n > 0; --n) story.attempt(beside, story.account(), "guess");
        attack_from_elsewhere(story);
        story.shard.advance(seconds(1 + story.dice.below(120)));
      }
      const auto peace = story.shard.clock.now();
      while (!story.attempt(home, "102", "s3cret")) {
        ASSERT_LE(story.shard.clock.now() - peace, bound) << "seed " << seed << ", bout " << bout;
        story.shard.advance(10s);
      }
    }
  }
}

/// Attempts that fall to different shards are counted as if they had come to one.
TEST(Guesser, GetsNoMoreLooksWhenItsAttemptsAreSpreadOverShards) {
  Story first(1);
  Story second(2);
  first.door.share_counts([&](const AttemptNote& note) { second.door.apply(note); });
  second.door.share_counts([&](const AttemptNote& note) { first.door.apply(note); });
  for (int i = 0; i < 60; ++i) {
    auto& shard = i % 2 == 0 ? first : second;
    shard.attempt(elsewhere[0], fmt::format("guess{}", i), "guess");
  }
  std::size_t judged = 0;
  for (const auto* failures : {&first.failures, &second.failures}) {
    for (const auto& failure : failures->all())
      judged += failure.reason == FailureReason::UnknownUser ? 1 : 0;
  }
  EXPECT_EQ(judged, 20u);
  EXPECT_FALSE(first.attempt(elsewhere[0], "101", "s3cret"));
  EXPECT_FALSE(second.attempt(elsewhere[0], "101", "s3cret"));
}

/// The other side of the promise: who does not know a secret gets few looks at it.
TEST(Guesser, GetsAtMostTwentyLooksUntilItsFirstLockEnds) {
  for (int seed = 1; seed <= kStories; ++seed) {
    Story story(static_cast<std::uint64_t>(seed));
    const auto until = story.shard.clock.now() + AttemptLedger::Limits{}.lock_first;
    int judged = 0;
    while (story.shard.clock.now() < until) {
      const auto before = story.failures.size();
      story.attempt(elsewhere[0], fmt::format("guess{}", judged), "guess");
      if (story.failures.size() > before) ++judged;
      story.shard.advance(std::chrono::milliseconds(story.dice.below(3000)));
    }
    EXPECT_LE(judged, 20) << "seed " << seed;
    EXPECT_GE(judged, 19) << "seed " << seed;
  }
}

}  // namespace
}  // namespace xivo::endpoint::testing
