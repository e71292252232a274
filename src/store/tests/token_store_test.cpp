#include "store/token_store.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNow{std::chrono::seconds(1'800'000'000)};

class TokenStoreTest : public ::testing::Test {
 protected:
  TokenStoreTest() : store_(std::move(*TokenStore::open(scratch_.path()))) {}
  TokenStore::Made make(std::int64_t account, std::optional<runtime::WallTime> expires = std::nullopt) {
    return *store_->create(
        {.account = account, .label = "backup", .scopes = {"user:read", "line:*"}, .expires = expires}, kNow);
  }
  const Scratch scratch_;
  std::unique_ptr<TokenStore> store_;
};

TEST_F(TokenStoreTest, KnowsNoForeignToken) {
  make(1);
  EXPECT_FALSE(*store_->find("xivo_" + std::string(64, '0'), kNow));
  EXPECT_FALSE(*store_->find("", kNow));
}

TEST_F(TokenStoreTest, RefusesMoreThanItsLimitOfAnAccount) {
  for (int i = 0; i < TokenStore::kTokensMax; ++i) make(1);
  EXPECT_EQ(store_->create({.account = 1, .label = "one more"}, kNow).error().what, TokenStore::kTooMany);
  EXPECT_TRUE(store_->create({.account = 2, .label = "another's"}, kNow));
}

TEST_F(TokenStoreTest, AnExpiredTokenIsDeadAndMakesRoom) {
  const auto token = make(1, kNow + 1h);
  for (int i = 1; i < TokenStore::kTokensMax; ++i) make(1);
  EXPECT_TRUE(*store_->find(token.token, kNow + 59min));
  EXPECT_FALSE(*store_->find(token.token, kNow + 1h));
  EXPECT_TRUE(store_->create({.account = 1, .label = "new"}, kNow + 1h));
}

TEST_F(TokenStoreTest, FindsATokenWithItsScopes) {
  const auto made = make(1, kNow + 24h);
  EXPECT_TRUE(made.token.starts_with("xivo_"));
  EXPECT_EQ(made.token.size(), 5U + 64U);
  const auto found = *store_->find(made.token, kNow);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, 1);
  EXPECT_EQ(found->scopes, (std::vector<std::string>{"user:read", "line:*"}));
  EXPECT_EQ(found->expires, kNow + 24h);
  EXPECT_FALSE(found->last_used);
}

TEST_F(TokenStoreTest, RemembersTheLastUse) {
  const auto made = make(1);
  ASSERT_TRUE(store_->mark_used(made.id, "192.0.2.7", kNow + 5s));
  const auto listed = *store_->list(1);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].last_used, kNow + 5s);
  EXPECT_EQ(listed[0].last_source, "192.0.2.7");
}

TEST_F(TokenStoreTest, RemovesOnlyTheAccountsOwn) {
  const auto made = make(1);
  EXPECT_FALSE(*store_->remove(2, made.id));
  EXPECT_TRUE(*store_->find(made.token, kNow));
  EXPECT_TRUE(*store_->remove(1, made.id));
  EXPECT_FALSE(*store_->find(made.token, kNow));
}

TEST_F(TokenStoreTest, KeepsNoTokenInTheFile) {
  const auto made = make(1);
  store_.reset();
  std::ifstream file(scratch_.path(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content.find(made.token), std::string::npos);
}

}  // namespace
}  // namespace xivo::store
