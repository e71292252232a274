#include "call/census.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

#include "runtime/thread.hpp"

namespace xivo::call {
namespace {

using model::UserId;

TEST(Census, a_claim_on_an_old_number_fails) {
  Census census;
  EXPECT_TRUE(census.claim(UserId{7}, 0));
  EXPECT_FALSE(census.claim(UserId{7}, 0));
  EXPECT_EQ(census.calls_of(UserId{7}), 1);
  EXPECT_TRUE(census.claim(UserId{7}, 1));
}

TEST(Census, users_far_apart_are_counted_apart) {
  Census census;
  const std::vector<std::int64_t> ids{0,    1,         4095,
                                      4096, 1'000'000, static_cast<std::int64_t>(Census::kUsersMax) - 1};
  for (const auto id : ids) EXPECT_TRUE(census.claim(UserId{id}, 0)) << id;
  for (const auto id : ids) EXPECT_EQ(census.calls_of(UserId{id}), 1) << id;
  EXPECT_EQ(census.calls_of(UserId{2}), 0);
  census.release(UserId{4096});
  EXPECT_EQ(census.calls_of(UserId{4096}), 0);
  EXPECT_EQ(census.calls_of(UserId{4095}), 1);
}

TEST(Census, only_one_of_two_shards_gets_the_last_call_of_a_user) {
  Census census;
  std::vector<int> won(2);
  {
    std::vector<runtime::Thread> shards;
    for (int shard = 0; shard < 2; ++shard) {
      shards.emplace_back("shard", [&census, &won, shard] {
        for (std::int64_t user = 1; user <= 20'000; ++user)
          won[shard] += census.claim(UserId{user}, 0) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(won[0] + won[1], 20'000);
}

TEST(Census, two_shards_together_get_no_more_channels_of_a_trunk_than_it_has) {
  using Direction = model::routing::Direction;
  static constexpr model::TrunkId kTrunk{3};
  constexpr std::int64_t kMost = 2;
  Census census;
  std::atomic<int> over{0};
  {
    std::vector<runtime::Thread> shards;
    for (int shard = 0; shard < 2; ++shard) {
      shards.emplace_back("shard", [&census, &over] {
        for (int i = 0; i < 20'000; ++i) {
          const bool first = census.claim(kTrunk, Direction::In, kMost);
          const bool second = census.claim(kTrunk, Direction::In, kMost);
          if (census.channels_of(kTrunk, Direction::In) > kMost) ++over;
          if (first) census.release(kTrunk, Direction::In);
          if (second) census.release(kTrunk, Direction::In);
        }
      });
    }
  }
  EXPECT_EQ(over, 0);
  EXPECT_EQ(census.channels_of(kTrunk, Direction::In), 0);
}

TEST(Census, numbers_are_given_out_once) {
  Census census;
  std::vector<std::vector<std::uint32_t>> got(2);
  {
    std::vector<runtime::Thread> shards;
    for (int shard = 0; shard < 2; ++shard) {
      shards.emplace_back("shard", [&census, &got, shard] {
        for (int i = 0; i < 5'000; ++i) got[shard].push_back(census.next_channel());
      });
    }
  }
  std::set<std::uint32_t> all(got[0].begin(), got[0].end());
  all.insert(got[1].begin(), got[1].end());
  EXPECT_EQ(all.size(), 10'000u);
  EXPECT_EQ(*all.begin(), 1u);
}

}  // namespace
}  // namespace xivo::call
