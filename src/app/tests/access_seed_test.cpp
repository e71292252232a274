#include "app/access_seed.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "model/access.hpp"
#include "store/config_store.hpp"
#include "store/migration.hpp"

namespace xivo::app {
namespace {

class AccessSeed : public ::testing::Test {
 protected:
  AccessSeed() {
    std::string pattern = (std::filesystem::temp_directory_path() / "xivo-seed-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / "config.db";
    store_ = std::move(*store::ConfigStore::open(path_));
    accounts_ = std::move(*store::AccountStore::open(path_));
    writer_ = std::make_unique<store::ConfigWriter>(config_, *store_, clock_);
  }
  ~AccessSeed() override {
    writer_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string seed() {
    const auto made = seed_access({config_, *writer_, *accounts_, clock_, rng_});
    EXPECT_TRUE(made) << made.error();
    return made ? *made : std::string();
  }
  std::int64_t id_of(std::string_view name) {
    const auto config = config_.current();
    const auto* account = model::account_by_name(*config, name);
    return account == nullptr ? 0 : account->id.value;
  }
  void make_legacy(std::string_view name, std::string_view password) {
    ASSERT_TRUE(accounts_->set_password(99, password, clock_.wall()));
    auto database = store::open_access(path_);
    ASSERT_TRUE(
        database->run("INSERT INTO account (name, password_hash, created_ms)"
                      " SELECT ?, password_hash, 0 FROM credential WHERE account = 99",
                      name));
    ASSERT_TRUE(database->run("DELETE FROM credential"));
  }

  std::filesystem::path folder_;
  std::string path_;
  runtime::ManualClock clock_;
  runtime::SeededRng rng_{1};
  model::ConfigSource config_;
  std::unique_ptr<store::ConfigStore> store_;
  std::unique_ptr<store::AccountStore> accounts_;
  std::unique_ptr<store::ConfigWriter> writer_;
};

TEST_F(AccessSeed, MakesAnAdministratorWithAPasswordOnce) {
  const std::string password = seed();
  EXPECT_EQ(password.size(), 16U);
  EXPECT_TRUE(*accounts_->verify_password(id_of("admin"), password));
  EXPECT_TRUE(model::has_administrator(*config_.current()));
  const auto revision = config_.current()->revision();
  EXPECT_EQ(seed(), "");
  EXPECT_EQ(config_.current()->revision(), revision);
}

TEST_F(AccessSeed, MakesEveryRoleThatComesWithTheSystem) {
  seed();
  EXPECT_EQ(config_.current()->objects<model::Role>().size(), model::supplied_roles().size());
}

TEST_F(AccessSeed, TurnsAnOldAccountIntoAnAdministratorWithItsPassword) {
  make_legacy("admin", "the old password");
  EXPECT_EQ(seed(), "");
  EXPECT_TRUE(*accounts_->verify_password(id_of("admin"), "the old password"));
  EXPECT_TRUE(model::has_administrator(*config_.current()));
  EXPECT_TRUE(accounts_->legacy_accounts()->empty());
}

TEST_F(AccessSeed, GoesOnWhereItWasInterrupted) {
  seed();
  ASSERT_TRUE(accounts_->keep_only({}, 1'000));  // as if the end had come before the password was kept
  const std::string password = seed();
  EXPECT_TRUE(*accounts_->verify_password(id_of("admin"), password));
}

}  // namespace
}  // namespace xivo::app
