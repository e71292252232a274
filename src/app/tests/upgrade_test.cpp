#include "app/upgrade.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "model/schema.hpp"
#include "store/config_store.hpp"
#include "store/migration.hpp"

namespace xivo::app {
namespace {

// As 0.1 stored them.
constexpr std::string_view kOldCompany = R"sql(
INSERT INTO revision VALUES (1, 'xivod', 'Example company', 1764000000000, '[]');
INSERT INTO object (kind, id, revision, body) VALUES
  ('user', 1, 1, '{"id":1,"uuid":"7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f10","firstname":"Alice","lastname":"Martin"}'),
  ('user', 2, 1, '{"id":2,"uuid":"7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f11","firstname":"Bruno","lastname":""}'),
  ('line', 1, 1, '{"id":1,"name":"101","secret":"secret-of-101","user":1,"exten":"101","context":"default","host":"dynamic"}'),
  ('line', 2, 1, '{"id":2,"name":"102","secret":"secret-of-102","user":2,"exten":"102","context":"default","host":"dynamic"}'),
  ('line', 3, 1, '{"id":3,"name":"102b","secret":"secret-of-102b","user":2,"exten":"102","context":"default","host":"dynamic"}'),
  ('line', 4, 1, '{"id":4,"name":"102c","secret":"secret-of-102c","user":2,"exten":"777","context":"branch","host":"dynamic"}'),
  ('line', 5, 1, '{"id":5,"name":"gw","secret":"","user":null,"exten":"900","context":"default","host":"192.0.2.9"}'),
  ('line', 6, 1, '{"id":6,"name":"in","secret":"","user":null,"exten":"","context":"from-extern","host":"192.0.2.8"}');
INSERT INTO next_id VALUES ('user', 3), ('line', 7);
)sql";

class Upgrade : public ::testing::Test {
 protected:
  Upgrade() {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-upgrade-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    auto database = store::open_configuration(path());
    EXPECT_TRUE(database && database->script(std::string(kOldCompany)));
  }
  ~Upgrade() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ / "config.db"; }

  model::ConfigSnapshot upgraded() {
    auto store = store::ConfigStore::open(path());
    const auto old = (*store)->load();
    const auto lines = (*store)->stored("line");
    EXPECT_TRUE(old && lines);
    const auto applied = model::apply(**old, upgrade_numbers(**old, *lines), {});
    EXPECT_TRUE(applied) << model::describe(applied.error().front(), model::Language::English);
    EXPECT_TRUE((*store)->commit(*applied));
    return *(*store)->load();  // what the next start finds
  }

  std::filesystem::path folder_;
};

TEST_F(Upgrade, every_number_leads_where_it_led) {
  const auto config = upgraded();
  const auto home = config->context_by_name("default")->id;
  EXPECT_EQ(config->extension(home, "101")->destination.as<model::ToUser>()->user, model::UserId{1});
  EXPECT_EQ(config->extension(home, "102")->destination.as<model::ToUser>()->user, model::UserId{2});
  EXPECT_EQ(config->extension(home, "900")->destination.as<model::ToLine>()->line, model::SipLineId{5});
  const auto branch = config->context_by_name("branch")->id;
  EXPECT_EQ(config->extension(branch, "777")->destination.as<model::ToLine>()->line, model::SipLineId{4});
  EXPECT_EQ(config->objects<model::Extension>().size(), 4U);
}

TEST_F(Upgrade, lines_keep_their_context_and_secret) {
  const auto config = upgraded();
  EXPECT_EQ(config->line({4})->context, config->context_by_name("branch")->id);
  EXPECT_EQ(config->line({6})->context, config->context_by_name("from-extern")->id);
  EXPECT_EQ(config->line({3})->secret, "secret-of-102b");
  EXPECT_EQ(config->user({1})->full_name(), "Alice Martin");
}

TEST_F(Upgrade, a_company_that_was_at_work_needs_no_wizard) {
  EXPECT_TRUE(upgraded()->objects<model::General>().find(1)->second->setup_done);
}

}  // namespace
}  // namespace xivo::app
