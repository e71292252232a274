#include "model/kinds.hpp"

#include <gtest/gtest.h>

namespace xivo::model {
namespace {

TEST(User, FullNameHasNoBlankForAMissingPart) {
  EXPECT_EQ((User{.firstname = "Alice", .lastname = "Durand"}.full_name()), "Alice Durand");
  EXPECT_EQ(User{.firstname = "Alice"}.full_name(), "Alice");
  EXPECT_EQ(User{.lastname = "Durand"}.full_name(), "Durand");
  EXPECT_EQ(User{}.full_name(), "");
}

}  // namespace
}  // namespace xivo::model
