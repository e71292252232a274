#include "store/toll_block_store.hpp"

#include <gtest/gtest.h>

#include "scratch.hpp"

namespace xivo::store {
namespace {

TollBlockRow block(std::string kind, std::int64_t payer) {
  return {std::move(kind), payer, "hourly", 4, 10, 11, runtime::WallTime(std::chrono::seconds(1000))};
}

TEST(TollBlocks, ComeBackAsTheyWereLeft) {
  const Scratch scratch;
  auto writer = BatchWriter::open(scratch.path());
  ASSERT_TRUE(writer);
  TollBlockStore store(**writer);
  ASSERT_TRUE(store.upsert(block("user", 1)));
  ASSERT_TRUE(store.upsert(block("user", 2)));
  ASSERT_TRUE(store.upsert(block("trunk", 1)));
  ASSERT_TRUE(store.erase("user", 1));
  ASSERT_TRUE((*writer)->flush());
  const auto rows = TollBlockStore::load(scratch.path());
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows, (std::vector{block("trunk", 1), block("user", 2)}));
}

}  // namespace
}  // namespace xivo::store
