#include "store/password.hpp"

#include <gtest/gtest.h>

namespace xivo::store {
namespace {

TEST(Password, AMangledHashMatchesNothing) {
  EXPECT_FALSE(password_matches("", "x"));
  EXPECT_FALSE(password_matches("$argon2id$v=19$m=19456,t=2,p=1$x$y", "x"));
}

TEST(Password, TokensAreNotRepeated) { EXPECT_NE(make_token(), make_token()); }

}  // namespace
}  // namespace xivo::store
