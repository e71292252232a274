#include "store/account_store.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNow{std::chrono::seconds(1'800'000'000)};

class AccountStoreTest : public ::testing::Test {
 protected:
  AccountStoreTest() : store_(std::move(*AccountStore::open(scratch_.path()))) {}
  const Scratch scratch_;
  std::unique_ptr<AccountStore> store_;
};

TEST_F(AccountStoreTest, RefusesUnusableNamesAndPasswords) {
  EXPECT_EQ(store_->create("", "long enough", kNow).error().what, "account name is not usable");
  EXPECT_EQ(store_->create("a b", "long enough", kNow).error().what, "account name is not usable");
  EXPECT_EQ(store_->create(std::string(65, 'a'), "long enough", kNow).error().what,
            "account name is not usable");
  EXPECT_EQ(store_->create("admin", "short", kNow).error().what, "password is too short");
  EXPECT_EQ(store_->create("admin", std::string(257, 'x'), kNow).error().what, "password is too long");
  EXPECT_FALSE(*store_->has_accounts());
}

TEST_F(AccountStoreTest, RefusesANameThatIsTaken) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  EXPECT_EQ(store_->create("admin", "long enough", kNow).error().what, "account name is taken");
}

TEST_F(AccountStoreTest, RefusesAWrongPasswordAndAnUnknownName) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  EXPECT_FALSE(*store_->verify_password("admin", "long enougH"));
  EXPECT_FALSE(*store_->verify_password("admin", ""));
  EXPECT_FALSE(*store_->verify_password("nobody", "long enough"));
  EXPECT_FALSE(*store_->verify_password("admin", std::string(100'000, 'x')));
  EXPECT_TRUE(*store_->verify_password("admin", "long enough"));
}

TEST_F(AccountStoreTest, TheLastAccountStays) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  EXPECT_EQ(store_->remove("nobody").error().what, "no such account");
  EXPECT_EQ(store_->remove("admin").error().what, "the last account cannot be removed");
  ASSERT_TRUE(store_->create("second", "long enough", kNow));
  EXPECT_TRUE(store_->remove("admin"));
  EXPECT_EQ(store_->list()->size(), 1U);
}

TEST_F(AccountStoreTest, KeepsNeitherPasswordNorTokenInTheFile) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  const std::string token = *store_->create_session("admin", kNow, 1h);
  store_.reset();
  std::ifstream file(scratch_.path(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content.find("long enough"), std::string::npos);
  EXPECT_EQ(content.find(token), std::string::npos);
  EXPECT_NE(content.find("$argon2id$v=19$m=19456,t=2,p=1$"), std::string::npos);
}

TEST_F(AccountStoreTest, ASessionEndsAtItsTimeOrWhenDeleted) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  const std::string token = *store_->create_session("admin", kNow, 1h);
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ((*store_->find_session(token, kNow + 59min))->account, "admin");
  EXPECT_FALSE(*store_->find_session(token, kNow + 1h));
  EXPECT_FALSE(*store_->find_session("0" + token, kNow));
  EXPECT_FALSE(*store_->find_session("", kNow));
  ASSERT_TRUE(store_->delete_session(token));
  EXPECT_FALSE(*store_->find_session(token, kNow));
}

TEST_F(AccountStoreTest, ANewPasswordEndsAllSessions) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  const std::string token = *store_->create_session("admin", kNow, 1h);
  ASSERT_TRUE(store_->set_password("admin", "another one"));
  EXPECT_FALSE(*store_->find_session(token, kNow));
  EXPECT_TRUE(*store_->verify_password("admin", "another one"));
  EXPECT_FALSE(*store_->verify_password("admin", "long enough"));
}

TEST_F(AccountStoreTest, AnAccountRemovedTakesItsSessionsAlong) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  ASSERT_TRUE(store_->create("second", "long enough", kNow));
  const std::string token = *store_->create_session("second", kNow, 1h);
  ASSERT_TRUE(store_->remove("second"));
  EXPECT_FALSE(*store_->find_session(token, kNow));
}

TEST_F(AccountStoreTest, TheOldestSessionMakesRoom) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  const std::string first = *store_->create_session("admin", kNow, 24h);
  std::string last;
  for (int i = 1; i <= AccountStore::kSessionsMax; ++i)
    last = *store_->create_session("admin", kNow + i * 1s, 24h);
  EXPECT_FALSE(*store_->find_session(first, kNow));
  EXPECT_TRUE(*store_->find_session(last, kNow));
}

TEST_F(AccountStoreTest, SessionsSurviveARestartAndExpiredOnesAreCleared) {
  ASSERT_TRUE(store_->create("admin", "long enough", kNow));
  const std::string token = *store_->create_session("admin", kNow, 1h);
  store_ = std::move(*AccountStore::open(scratch_.path()));
  EXPECT_TRUE(*store_->find_session(token, kNow));
  ASSERT_TRUE(store_->delete_expired_sessions(kNow + 2h));
  EXPECT_FALSE(*store_->find_session(token, kNow));
}

}  // namespace
}  // namespace xivo::store
