#include "model/rights.hpp"

#include <gtest/gtest.h>

#include "model/schema.hpp"

namespace xivo::model {
namespace {

TEST(Scope, HasToNameAKnownAreaAndOneOfItsActions) {
  for (const char* wrong : {"", "user", "user:", ":read", "user:hangup", "call:write", "nothing:read",
                            "user:read:x", "*", "*:fly", "User:read", " user:read"}) {
    EXPECT_FALSE(is_scope(wrong)) << wrong;
  }
  for (const char* right :
       {"user:read", "user:write", "*:read", "user:*", "*:*", "call:hangup", "secret:reveal"}) {
    EXPECT_TRUE(is_scope(right)) << right;
  }
}

TEST(Scope, ExistsForEveryKind) {
  for (const KindSchema* kind : kinds()) {
    EXPECT_TRUE(is_scope(std::string(kind->name()) + ":read")) << kind->name();
    EXPECT_TRUE(is_scope(std::string(kind->name()) + ":write")) << kind->name();
  }
}

TEST(Rights, AllowNothingWhenThereAreNone) {
  EXPECT_FALSE(Rights().allows("user:read"));
  EXPECT_TRUE(Rights().allows("")) << "what everybody may";
}

TEST(Rights, AllowWhatAWildcardCovers) {
  const Rights rights({"*:read", "line:*"});
  EXPECT_TRUE(rights.allows("user:read"));
  EXPECT_TRUE(rights.allows("line:write"));
  EXPECT_FALSE(rights.allows("user:write"));
  EXPECT_FALSE(rights.allows("secret:reveal"));
}

TEST(Rights, CoverAWildcardOnlyByAWildcard) {
  EXPECT_FALSE(Rights({"user:read", "user:write"}).allows("user:*"));
  EXPECT_FALSE(Rights({"*:read"}).allows("*:*"));
  EXPECT_TRUE(Rights::all().allows("*:*"));
  EXPECT_TRUE(Rights({"user:*"}).allows("user:read"));
}

TEST(Rights, NameTheFirstThatIsMissing) {
  EXPECT_EQ(Rights({"user:*"}).missing({"user:read", "line:read", "ban:read"}), "line:read");
  EXPECT_EQ(Rights({"user:*"}).missing({"user:read"}), "");
}

TEST(Rights, AreLimitedToWhatBothAllow) {
  const Rights own({"user:*", "call:read"});
  EXPECT_EQ(own.limited_to({"*:read"}), Rights({"user:read", "call:read"}));
  EXPECT_EQ(own.limited_to({"*:*"}), own);
  EXPECT_EQ(own.limited_to({"line:write"}), Rights());
  EXPECT_EQ(own.limited_to({}), Rights());
}

}  // namespace
}  // namespace xivo::model
