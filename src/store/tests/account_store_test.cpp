#include "store/account_store.hpp"

#include <gtest/gtest.h>

#include "store/migration.hpp"
#include "store/session_store.hpp"
#include "store/tests/scratch.hpp"
#include "store/token_store.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kPassword = "correct horse";

class AccountStoreTest : public ::testing::Test {
 protected:
  AccountStoreTest() : store_(std::move(*AccountStore::open(scratch_.path()))) {}

  /// The database as the version before left it: one administrator, with that password.
  void make_legacy(std::string_view name, std::string_view password) {
    ASSERT_TRUE(store_->set_password(99, password, kNow));
    auto database = open_access(scratch_.path());
    ASSERT_TRUE(database);
    ASSERT_TRUE(
        database->run("INSERT INTO account (name, password_hash, created_ms)"
                      " SELECT ?, password_hash, 0 FROM credential WHERE account = 99",
                      name));
    ASSERT_TRUE(database->run("DELETE FROM credential WHERE account = 99"));
  }

  const Scratch scratch_;
  std::unique_ptr<AccountStore> store_;
};

TEST(PasswordFault, TellsWhatAPasswordMayNotBe) {
  EXPECT_EQ(AccountStore::fault_of("", "jeanne"), PasswordFault::TooShort);
  EXPECT_EQ(AccountStore::fault_of("ninechars", "jeanne"), PasswordFault::TooShort);
  EXPECT_EQ(AccountStore::fault_of(std::string(257, 'x'), "jeanne"), PasswordFault::TooLong);
  EXPECT_EQ(AccountStore::fault_of("Jeanne.Durand", "jeanne.durand"), PasswordFault::IsTheName);
  EXPECT_EQ(AccountStore::fault_of("ten chars.", "jeanne"), std::nullopt);
}

TEST_F(AccountStoreTest, RefusesAWrongPasswordAndNobody) {
  ASSERT_TRUE(store_->set_password(1, kPassword, kNow));
  EXPECT_FALSE(*store_->verify_password(1, "correct horsE"));
  EXPECT_FALSE(*store_->verify_password(1, ""));
  EXPECT_FALSE(*store_->verify_password(2, kPassword));
  EXPECT_FALSE(*store_->verify_password(std::nullopt, kPassword));
  EXPECT_FALSE(*store_->verify_password(1, std::string(100'000, 'x')));
  EXPECT_TRUE(*store_->verify_password(1, kPassword));
}

TEST_F(AccountStoreTest, KeepsNeitherPasswordsNorCodesInTheFile) {
  ASSERT_TRUE(store_->set_password(1, kPassword, kNow));
  ASSERT_TRUE(store_->set_recovery_codes(1, {"abcd-efgh-ijkl-mnop"}));
  store_.reset();
  std::ifstream file(scratch_.path(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content.find(kPassword), std::string::npos);
  EXPECT_EQ(content.find("abcdefghijklmnop"), std::string::npos);
  EXPECT_EQ(content.find("abcd-efgh"), std::string::npos);
  EXPECT_NE(content.find("$argon2id$v=19$m=19456,t=2,p=1$"), std::string::npos);
}

TEST_F(AccountStoreTest, ReplacesAPassword) {
  EXPECT_FALSE(*store_->has_passwords());
  ASSERT_TRUE(store_->set_password(1, kPassword, kNow));
  ASSERT_TRUE(store_->set_password(1, "battery staple", kNow));
  EXPECT_TRUE(*store_->has_passwords());
  EXPECT_FALSE(*store_->verify_password(1, kPassword));
  EXPECT_TRUE(*store_->verify_password(1, "battery staple"));
}

TEST_F(AccountStoreTest, ASecondFactorCountsOnceItIsConfirmed) {
  EXPECT_FALSE(store_->confirm_second_factor(1, 5, {}));
  ASSERT_TRUE(store_->propose_second_factor(1, "ABCD", kNow));
  EXPECT_FALSE(*store_->second_factor(1));
  EXPECT_EQ(*store_->proposed_second_factor(1), "ABCD");
  ASSERT_TRUE(store_->confirm_second_factor(1, 5, {"one", "two"}));
  EXPECT_EQ((*store_->second_factor(1))->secret, "ABCD");
  EXPECT_EQ((*store_->second_factor(1))->last_step, 5);
  EXPECT_FALSE(*store_->proposed_second_factor(1));
  EXPECT_EQ(*store_->recovery_codes_left(1), 2);
}

TEST_F(AccountStoreTest, AProposalLeavesTheSecondFactorInUse) {
  ASSERT_TRUE(store_->propose_second_factor(1, "ABCD", kNow));
  ASSERT_TRUE(store_->confirm_second_factor(1, 5, {}));
  ASSERT_TRUE(store_->propose_second_factor(1, "EFGH", kNow));
  EXPECT_EQ((*store_->second_factor(1))->secret, "ABCD");
}

TEST_F(AccountStoreTest, ATimeStepIsUsedOnce) {
  ASSERT_TRUE(store_->propose_second_factor(1, "ABCD", kNow));
  ASSERT_TRUE(store_->confirm_second_factor(1, 5, {}));
  EXPECT_FALSE(*store_->use_step(1, 5));
  EXPECT_FALSE(*store_->use_step(1, 4));
  EXPECT_TRUE(*store_->use_step(1, 6));
  EXPECT_FALSE(*store_->use_step(1, 6));
}

TEST_F(AccountStoreTest, ARecoveryCodeIsUsedOnceHoweverItIsWritten) {
  ASSERT_TRUE(store_->set_recovery_codes(1, {"abcd-efgh", "ijkl-mnop"}));
  EXPECT_FALSE(*store_->use_recovery_code(1, "abcd-efgx"));
  EXPECT_FALSE(*store_->use_recovery_code(2, "abcd-efgh"));
  EXPECT_FALSE(*store_->use_recovery_code(1, ""));
  EXPECT_TRUE(*store_->use_recovery_code(1, "ABCD EFGH"));
  EXPECT_FALSE(*store_->use_recovery_code(1, "abcd-efgh"));
  EXPECT_EQ(*store_->recovery_codes_left(1), 1);
}

TEST_F(AccountStoreTest, WithoutItsSecondFactorTheCodesAreGone) {
  ASSERT_TRUE(store_->propose_second_factor(1, "ABCD", kNow));
  ASSERT_TRUE(store_->confirm_second_factor(1, 5, {"one"}));
  ASSERT_TRUE(store_->remove_second_factor(1));
  EXPECT_FALSE(*store_->second_factor(1));
  EXPECT_EQ(*store_->recovery_codes_left(1), 0);
}

TEST_F(AccountStoreTest, ForgetsAccountsThatAreGoneAndNoNewerOnes) {
  const auto sessions = std::move(*SessionStore::open(scratch_.path()));
  const auto tokens = std::move(*TokenStore::open(scratch_.path()));
  for (const std::int64_t id : {1, 2, 3}) ASSERT_TRUE(store_->set_password(id, kPassword, kNow));
  const auto session = *sessions->create({.account = 2}, kNow, 1h);
  const auto token = tokens->create({.account = 2, .label = "script"}, kNow)->token;
  ASSERT_TRUE(store_->keep_only({1}, 3));
  EXPECT_TRUE(*store_->verify_password(1, kPassword));
  EXPECT_FALSE(*store_->verify_password(2, kPassword));
  EXPECT_TRUE(*store_->verify_password(3, kPassword)) << "made after the caller looked";
  EXPECT_FALSE(*sessions->find(session, kNow));
  EXPECT_FALSE(*tokens->find(token, kNow));
}

TEST_F(AccountStoreTest, AdoptsThePasswordOfAnOldAccountOnce) {
  make_legacy("admin", kPassword);
  EXPECT_EQ(*store_->legacy_accounts(), std::vector<std::string>{"admin"});
  ASSERT_TRUE(store_->adopt_legacy("admin", 7, kNow));
  EXPECT_TRUE(*store_->verify_password(7, kPassword));
  EXPECT_TRUE(store_->legacy_accounts()->empty());
}

TEST_F(AccountStoreTest, AnOldAccountReplacesNoPassword) {
  make_legacy("admin", kPassword);
  ASSERT_TRUE(store_->set_password(7, "battery staple", kNow));
  ASSERT_TRUE(store_->adopt_legacy("admin", 7, kNow));
  EXPECT_FALSE(*store_->verify_password(7, kPassword));
}

}  // namespace
}  // namespace xivo::store
