#include "app/memory_budget.hpp"

#include <gtest/gtest.h>

namespace xivo::app {
namespace {

TEST(MemoryBudget, without_a_limit_nothing_is_too_much) {
  MemoryBudget budget(0);
  EXPECT_FALSE(budget.update(std::size_t{1} << 50));
}

TEST(MemoryBudget, is_exhausted_at_its_limit_and_has_room_again_well_below_it) {
  MemoryBudget budget(1000);
  EXPECT_FALSE(budget.update(999));
  EXPECT_TRUE(budget.update(1000));
  EXPECT_TRUE(budget.update(900)) << "or it would come and go with every call";
  EXPECT_FALSE(budget.update(899));
  EXPECT_FALSE(budget.update(999));
}

}  // namespace
}  // namespace xivo::app
