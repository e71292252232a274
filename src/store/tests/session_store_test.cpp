#include "store/session_store.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNow{std::chrono::seconds(1'800'000'000)};

class SessionStoreTest : public ::testing::Test {
 protected:
  SessionStoreTest() : store_(std::move(*SessionStore::open(scratch_.path()))) {}
  std::string sign_in(std::int64_t account, runtime::WallTime at = kNow,
                      std::chrono::seconds lifetime = 12h) {
    return *store_->create({account, "192.0.2.1", "Firefox"}, at, lifetime);
  }
  const Scratch scratch_;
  std::unique_ptr<SessionStore> store_;
};

TEST_F(SessionStoreTest, KnowsNoForeignToken) {
  const std::string token = sign_in(1);
  EXPECT_EQ(token.size(), 64U);
  EXPECT_FALSE(*store_->find("0" + token, kNow));
  EXPECT_FALSE(*store_->find("", kNow));
}

TEST_F(SessionStoreTest, EndsASessionAtItsTimeHoweverMuchItIsUsed) {
  const std::string token = sign_in(1, kNow, 3h);
  for (auto passed = 0min; passed < 180min; passed += 30min) EXPECT_TRUE(*store_->find(token, kNow + passed));
  EXPECT_FALSE(*store_->find(token, kNow + 3h));
}

TEST_F(SessionStoreTest, EndsASessionThatNobodyUses) {
  const std::string token = sign_in(1);
  EXPECT_TRUE(*store_->find(token, kNow + SessionStore::kIdleMax - 1s));
  EXPECT_TRUE(*store_->find(token, kNow + 2 * SessionStore::kIdleMax - 2s)) << "a use counts";
  EXPECT_FALSE(*store_->find(token, kNow + 3 * SessionStore::kIdleMax));
}

TEST_F(SessionStoreTest, KeepsTheTimeOfTheLastUseToTheMinute) {
  const std::string token = sign_in(1);
  EXPECT_EQ((*store_->find(token, kNow + 59s))->seen, kNow);
  EXPECT_EQ((*store_->find(token, kNow + 61s))->seen, kNow + 61s);
}

TEST_F(SessionStoreTest, ListsTheSessionsOfAnAccountNewestFirst) {
  sign_in(1);
  sign_in(1, kNow + 1s);
  sign_in(2, kNow + 2s);
  const auto all = *store_->list(1, kNow + 3s);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].created, kNow + 1s);
  EXPECT_EQ(all[0].source, "192.0.2.1");
  EXPECT_EQ(all[0].agent, "Firefox");
}

TEST_F(SessionStoreTest, EndsOnlyTheAccountsOwnSessions) {
  const std::string token = sign_in(1);
  const auto id = (*store_->find(token, kNow))->id;
  EXPECT_FALSE(*store_->end(2, id));
  EXPECT_TRUE(*store_->find(token, kNow));
  EXPECT_TRUE(*store_->end(1, id));
  EXPECT_FALSE(*store_->find(token, kNow));
}

TEST_F(SessionStoreTest, EndsAllSessionsButOne) {
  const std::string kept = sign_in(1);
  const std::string ended = sign_in(1);
  const std::string others = sign_in(2);
  ASSERT_TRUE(store_->end_others(1, (*store_->find(kept, kNow))->id));
  EXPECT_TRUE(*store_->find(kept, kNow));
  EXPECT_FALSE(*store_->find(ended, kNow));
  EXPECT_TRUE(*store_->find(others, kNow));
}

TEST_F(SessionStoreTest, TheOldestSessionMakesRoom) {
  const std::string first = sign_in(1);
  std::string last;
  for (int i = 1; i <= SessionStore::kSessionsMax; ++i) last = sign_in(1, kNow + i * 1s);
  EXPECT_FALSE(*store_->find(first, kNow));
  EXPECT_TRUE(*store_->find(last, kNow));
}

TEST_F(SessionStoreTest, KeepsNoTokenInTheFileAndSurvivesARestart) {
  const std::string token = sign_in(1);
  store_.reset();
  std::ifstream file(scratch_.path(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content.find(token), std::string::npos);
  store_ = std::move(*SessionStore::open(scratch_.path()));
  EXPECT_TRUE(*store_->find(token, kNow));
  ASSERT_TRUE(store_->delete_expired(kNow + 13h));
  EXPECT_FALSE(*store_->find(token, kNow));
}

}  // namespace
}  // namespace xivo::store
