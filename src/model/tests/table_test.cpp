#include "model/table.hpp"

#include <gtest/gtest.h>

#include "model/kinds.hpp"

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

TEST(Table, ACloneGoesItsOwnWay) {
  TypedTable<User> table;
  table.put(1, std::make_shared<const User>(), 1);
  const auto clone = table.clone();
  clone->erase(1);
  clone->put(7, std::make_shared<const User>(), 2);
  EXPECT_NE(table.find(1), nullptr);
  EXPECT_EQ(table.find(7), nullptr);
  EXPECT_EQ(table.next_id(), 2);
  EXPECT_EQ(clone->next_id(), 8);
  EXPECT_EQ(clone->size(), 1U);
  EXPECT_EQ(clone->revision_of(1), 0);
}

TEST(Table, AnErasedIdIsNotGivenOutAgain) {
  TypedTable<User> table;
  table.put(4, std::make_shared<const User>(), 1);
  table.erase(4);
  EXPECT_EQ(table.next_id(), 5);
  table.reserve_ids(3);
  EXPECT_EQ(table.next_id(), 5);
}

}  // namespace
}  // namespace xivo::model
