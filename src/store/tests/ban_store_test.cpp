#include "store/ban_store.hpp"

#include <gtest/gtest.h>

#include "scratch.hpp"

namespace xivo::store {
namespace {

BanRow ban(std::int64_t id) {
  return {id,
          "203.0.113.9",
          "wrong_secrets",
          "20 failed attempts",
          "",
          runtime::WallTime(std::chrono::seconds(1000)),
          runtime::WallTime(std::chrono::seconds(2000))};
}

TEST(Bans, ComeBackAsTheyWereLeft) {
  const Scratch scratch;
  {
    auto writer = BatchWriter::open(scratch.path());
    ASSERT_TRUE(writer);
    BanStore store(**writer);
    auto by_hand = ban(3);
    by_hand.until.reset();
    by_hand.author = "alice";
    ASSERT_TRUE(store.upsert(ban(1)));
    ASSERT_TRUE(store.upsert(ban(2)));
    ASSERT_TRUE(store.upsert(by_hand));
    ASSERT_TRUE(store.erase(2));
    ASSERT_TRUE((*writer)->flush());
    const auto rows = BanStore::load(scratch.path());
    ASSERT_TRUE(rows);
    EXPECT_EQ(*rows, (std::vector{ban(1), by_hand}));
  }
}

}  // namespace
}  // namespace xivo::store
