#include "model/table.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "model/kinds.hpp"
#include "model/tests/random.hpp"

namespace xivo::model {
namespace {

TEST(RevisionIndex, KeepsTheLastRevisionOfEachId) {
  RevisionIndex index;
  index.set(5, 1);
  index.set(2, 2);
  index.set(5, 3);
  EXPECT_EQ(index.at(5), 3);
  EXPECT_EQ(index.at(2), 2);
  EXPECT_EQ(index.at(3), 0);
  index.erase(5);
  index.erase(9);
  EXPECT_EQ(index.at(5), 0);
}

TEST(PersistentTable, AgreesWithAMapWhateverIsDoneToItsCopies) {
  Random random(7);
  PersistentTable table;
  std::map<std::int64_t, int> plain;
  std::vector<std::pair<PersistentTable, std::map<std::int64_t, int>>> kept;
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t id = random.one_in(2) ? random.below(1000) : 1000 + i;
    if (random.one_in(3)) {
      table.erase(id);
      plain.erase(id);
    } else {
      table.set(id, std::make_shared<const int>(i));
      plain[id] = i;
    }
    if (i % 500 == 0) kept.emplace_back(table, plain);
  }
  kept.emplace_back(table, plain);
  for (const auto& [copy, expected] : kept) {
    std::map<std::int64_t, int> seen;
    std::int64_t last = -1;
    for (const auto& [id, object] : copy) {
      EXPECT_LT(last, id);
      last = id;
      seen[id] = *static_cast<const int*>(object.get());
    }
    EXPECT_EQ(seen, expected);
    EXPECT_EQ(copy.size(), expected.size());
    for (std::int64_t id = -1; id < 5001; ++id) {
      const auto found = copy.find(id);
      ASSERT_EQ(found != copy.end(), expected.contains(id)) << id;
      if (found == copy.end()) continue;
      EXPECT_EQ(found->first, id);
      EXPECT_EQ(*static_cast<const int*>(found->second.get()), expected.at(id));
    }
    using Limits = std::numeric_limits<std::int64_t>;  // what a request may ask for
    EXPECT_EQ(copy.find(Limits::min()), copy.end());
    EXPECT_EQ(copy.find(Limits::max()), copy.end());
  }
}

TEST(PersistentTable, AnEmptyOneHasNothing) {
  PersistentTable table;
  EXPECT_EQ(table.find(1), table.end());
  EXPECT_EQ(table.begin(), table.end());
  table.erase(1);
  table.set(1, std::make_shared<const int>(1));
  table.erase(1);
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.begin(), table.end());
}

TEST(Table, ACopyGoesItsOwnWay) {
  AnyTable table;
  table.put(1, std::make_shared<const User>(), 1);
  AnyTable copy = table;
  copy.erase(1);
  copy.put(7, std::make_shared<const User>(), 2);
  EXPECT_NE(table.find(1), nullptr);
  EXPECT_EQ(table.find(7), nullptr);
  EXPECT_EQ(table.next_id(), 2);
  EXPECT_EQ(copy.next_id(), 8);
  EXPECT_EQ(copy.size(), 1U);
  EXPECT_EQ(copy.revision_of(1), 0);
}

TEST(Table, AnErasedIdIsNotGivenOutAgain) {
  AnyTable table;
  table.put(4, std::make_shared<const User>(), 1);
  table.erase(4);
  EXPECT_EQ(table.next_id(), 5);
  table.reserve_ids(3);
  EXPECT_EQ(table.next_id(), 5);
}

}  // namespace
}  // namespace xivo::model
