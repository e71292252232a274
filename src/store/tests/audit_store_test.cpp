#include "store/audit_store.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNow{std::chrono::seconds(1'800'000'000)};

class AuditStoreTest : public ::testing::Test {
 protected:
  AuditStoreTest() : store_(std::move(*AuditStore::open(scratch_.path()))) {}
  static AuditEntry entry(std::string account, std::string event, runtime::WallTime at = kNow) {
    return {0, at, std::move(account), std::move(event), "192.0.2.1", "because"};
  }
  std::size_t count(AuditFilter filter) {
    filter.limit = 1'000'000;
    return store_->list(filter)->size();
  }
  const Scratch scratch_;
  std::unique_ptr<AuditStore> store_;
};

TEST_F(AuditStoreTest, ListsTheNewestFirst) {
  ASSERT_TRUE(store_->append({entry("admin", "login"), entry("admin", "logout", kNow + 1s)}, kNow + 1s));
  const auto all = *store_->list({});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].event, "logout");
  EXPECT_EQ(all[1].source, "192.0.2.1");
  EXPECT_EQ(all[1].detail, "because");
  EXPECT_GT(all[0].id, all[1].id);
}

TEST_F(AuditStoreTest, FiltersByAccountEventAndTime) {
  ASSERT_TRUE(store_->append(
      {entry("admin", "login"), entry("olga", "login", kNow + 1h), entry("olga", "forbidden", kNow + 2h)},
      kNow));
  EXPECT_EQ(count({.account = "olga"}), 2U);
  EXPECT_EQ(count({.event = "login"}), 2U);
  EXPECT_EQ(count({.account = "olga", .event = "login"}), 1U);
  EXPECT_EQ(count({.since = kNow + 1h}), 2U);
  EXPECT_EQ(count({.until = kNow + 1h}), 1U);
}

TEST_F(AuditStoreTest, GoesOnBeforeTheLastEntryShown) {
  ASSERT_TRUE(store_->append({entry("a", "login"), entry("b", "login"), entry("c", "login")}, kNow));
  const auto first = *store_->list({.limit = 2});
  const auto rest = *store_->list({.limit = 2, .before = first.back().id});
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].account, "a");
}

TEST_F(AuditStoreTest, ForgetsWhatIsTooOld) {
  ASSERT_TRUE(store_->append({entry("admin", "login")}, kNow));
  ASSERT_TRUE(store_->append({entry("admin", "logout", kNow + AuditStore::kAgeMax + 1s)},
                             kNow + AuditStore::kAgeMax + 1s));
  EXPECT_EQ(count({}), 1U);
}

TEST_F(AuditStoreTest, RefusalsPushOutOnlyEachOther) {
  ASSERT_TRUE(store_->append({entry("admin", "secret-revealed")}, kNow));
  const std::vector<AuditEntry> flood(AuditStore::kRefusalsMax + 500, entry("", "login-refused"));
  ASSERT_TRUE(store_->append(flood, kNow));
  EXPECT_EQ(count({.event = "login-refused"}), static_cast<std::size_t>(AuditStore::kRefusalsMax));
  EXPECT_EQ(count({.event = "secret-revealed"}), 1U);
}

TEST_F(AuditStoreTest, HoldsABoundedNumberOfEntries) {
  const std::vector<AuditEntry> many(AuditStore::kEntriesMax + 10, entry("admin", "login"));
  ASSERT_TRUE(store_->append(many, kNow));
  EXPECT_EQ(count({}), static_cast<std::size_t>(AuditStore::kEntriesMax));
}

}  // namespace
}  // namespace xivo::store
