#include "store/config_store.hpp"

#include <gtest/gtest.h>

#include "model/json.hpp"
#include "model/schema.hpp"
#include "store/config_writer.hpp"
#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using model::Change;
using model::Value;
using Op = Change::Op;

Change create_user(std::string firstname) {
  return {.kind = "user", .op = Op::Create, .fields = Value::object({{"firstname", std::move(firstname)}})};
}
Change rename_user(std::int64_t id, std::string lastname) {
  return {.kind = "user",
          .op = Op::Update,
          .id = id,
          .fields = Value::object({{"lastname", std::move(lastname)}})};
}

class ConfigStoreTest : public ::testing::Test {
 protected:
  ConfigStoreTest() { reopen(); }

  void reopen() {
    writer_.reset();
    store_.reset();
    auto store = ConfigStore::open(scratch_.path());
    ASSERT_TRUE(store) << store.error().what;
    store_ = std::move(*store);
    auto config = store_->load();
    ASSERT_TRUE(config) << config.error().what;
    source_ = std::make_unique<model::ConfigSource>(*config);
    writer_ = std::make_unique<ConfigWriter>(*source_, *store_, clock_);
  }
  model::Applied write(std::vector<Change> changes, std::string message = "why") {
    auto applied = writer_->write({std::move(changes), "admin", std::move(message)});
    EXPECT_TRUE(applied);
    return applied ? std::move(*applied) : model::Applied{};
  }
  std::string everything(const model::Config& config) {
    std::string all;
    for (const model::KindSchema* kind : model::kinds()) {
      model::table_of(config, *kind).for_each([&](std::int64_t id, const void*) {
        all += to_json(object_value(config, *kind, id, model::Secrets::Shown)) + "\n";
      });
      all += std::to_string(model::table_of(config, *kind).next_id()) + "\n";
    }
    return all + std::to_string(config.revision());
  }

  const Scratch scratch_;
  runtime::ManualClock clock_;
  std::unique_ptr<ConfigStore> store_;
  std::unique_ptr<model::ConfigSource> source_;
  std::unique_ptr<ConfigWriter> writer_;
};

TEST_F(ConfigStoreTest, ANewFileIsTheEmptyConfiguration) {
  EXPECT_EQ(source_->current()->revision(), 0);
  EXPECT_TRUE(source_->current()->users().empty());
}

TEST_F(ConfigStoreTest, ARefusedTransactionIsNeitherPublishedNorStored) {
  const auto outcome = writer_->write({{create_user("Ann"), create_user("")}, "admin", ""});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().problems.size(), 1U);
  EXPECT_FALSE(outcome.error().storage);
  reopen();
  EXPECT_TRUE(source_->current()->users().empty());
}

TEST_F(ConfigStoreTest, ATransactionThatCannotBeStoredIsNotPublished) {
  auto other = Database::open(scratch_.path(), {});
  ASSERT_TRUE(other);
  ASSERT_TRUE(
      other->script("ALTER TABLE next_id RENAME TO gone"));  // a disk that fails in the middle of a commit
  const auto outcome = writer_->write({{create_user("Ann")}, "admin", ""});
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().storage);
  EXPECT_EQ(source_->current()->revision(), 0);
  ASSERT_TRUE(other->script("ALTER TABLE gone RENAME TO next_id"));
  reopen();
  EXPECT_TRUE(source_->current()->users().empty());
}

TEST_F(ConfigStoreTest, RefusesToWriteOverSomebodyElsesRevision) {
  write({create_user("Ann")});
  auto second = ConfigStore::open(scratch_.path());
  model::ConfigSource stale;  // knows nothing of revision 1
  ConfigWriter late(stale, **second, clock_);
  const auto outcome = late.write({{create_user("Bob")}, "admin", ""});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().storage->what, "configuration on disk is not the one that was changed");
}

TEST_F(ConfigStoreTest, WhatWasWrittenIsLoadedAgain) {
  write({create_user("Ann"), create_user("Élodie \"E\" 😀")});
  write({rename_user(1, "Durand"),
         {.kind = "line",
          .op = Op::Create,
          .fields =
              Value::object({{"name", "ann"}, {"secret", "s3cret99"}, {"user", 1}, {"context", "default"}})},
         {.kind = "context",
          .op = Op::Create,
          .fields = Value::object(
              {{"name", "default"},
               {"includes", Value::List{Value("other")}},
               {"user_ranges", Value::List{Value::object({{"start", "100"}, {"end", "199"}})}}})},
         {.kind = "context", .op = Op::Create, .fields = Value::object({{"name", "other"}})},
         {.kind = "extension",
          .op = Op::Create,
          .fields = Value::object({{"exten", "101"},
                                   {"context", "default"},
                                   {"destination", Value::object({{"type", "user"}, {"user", 1}})}})}});
  const std::string before = everything(*source_->current());
  reopen();
  EXPECT_EQ(everything(*source_->current()), before);
  const auto config = source_->current();
  EXPECT_EQ(config->extension({1}, "101")->destination.as<model::ToUser>()->user, model::UserId{1});
  EXPECT_EQ(config->context({1})->includes, (std::vector<model::ContextId>{{2}}));
  EXPECT_EQ(config->context({1})->user_ranges.at(0).end, "199");
  EXPECT_EQ(source_->current()->line({1})->secret, "s3cret99");
  EXPECT_EQ(source_->current()->revision_of(model::UserId{2}), 1);
}

TEST_F(ConfigStoreTest, IdsAreNotReusedAfterARestart) {
  write({create_user("Ann"), create_user("Bob")});
  write({{.kind = "user", .op = Op::Delete, .id = 2}});
  reopen();
  EXPECT_EQ(write({create_user("Cyd")}).ids, (std::vector<std::int64_t>{3}));
}

TEST_F(ConfigStoreTest, AnObjectDeletedCanComeBack) {
  write({create_user("Ann")});
  const Value ann = write({{.kind = "user", .op = Op::Delete, .id = 1}}).changes[0].before;
  write({{.kind = "user", .op = Op::Create, .id = 1, .fields = ann}});
  reopen();
  EXPECT_EQ(source_->current()->user({1})->uuid, ann.text_at("uuid"));
}

TEST_F(ConfigStoreTest, KeepsEveryRevisionAsItWas) {
  std::vector<std::string> states{everything(*source_->current())};
  write({create_user("Ann")});
  states.push_back(everything(*source_->current()));
  write({rename_user(1, "Durand"), create_user("Bob")});
  states.push_back(everything(*source_->current()));
  write({{.kind = "user", .op = Op::Delete, .id = 1}});
  for (int revision = 1; revision <= 2; ++revision) {
    const auto then = store_->load_at(revision);
    ASSERT_TRUE(then);
    // next_id is the newest's on purpose: it only ever grows
    EXPECT_EQ((*then)->users().size(), static_cast<std::size_t>(revision));
  }
  EXPECT_EQ(store_->object_at("user", 1, 1)->text_at("lastname"), "");
  EXPECT_EQ(store_->object_at("user", 1, 2)->text_at("lastname"), "Durand");
  EXPECT_TRUE(store_->object_at("user", 1, 3)->is_null());
  EXPECT_TRUE(store_->object_at("user", 2, 1)->is_null());
}

TEST_F(ConfigStoreTest, ListsRevisionsNewestFirst) {
  write({create_user("Ann")}, "hire Ann");
  clock_.advance(std::chrono::seconds(5));
  write({rename_user(1, "Durand")}, "marriage");
  const auto all = store_->revisions(10);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].number, 2);
  EXPECT_EQ((*all)[0].author, "admin");
  EXPECT_EQ((*all)[0].message, "marriage");
  EXPECT_EQ((*all)[0].wall - (*all)[1].wall, std::chrono::seconds(5));
  EXPECT_EQ(
      (*all)[0].difference,
      R"([{"kind":"user","id":1,"op":"update","name":"Ann Durand","fields":[{"name":"lastname","before":"",)"
      R"("after":"Durand"}]}])");
  EXPECT_EQ(store_->revisions(1)->size(), 1U);
  EXPECT_EQ(store_->revisions(10, 2)->front().number, 1);
  EXPECT_EQ((*store_->revision(1))->message, "hire Ann");
  EXPECT_FALSE(*store_->revision(7));
}

TEST_F(ConfigStoreTest, SecretsAreNotInTheHistory) {
  write({{.kind = "line",
          .op = Op::Create,
          .fields = Value::object({{"name", "ann"}, {"secret", "s3cret99"}})}});
  EXPECT_EQ((*store_->revision(1))->difference.find("s3cret99"), std::string::npos);
}

TEST_F(ConfigStoreTest, AChangeThatChangesNothingIsNotStored) {
  write({create_user("Ann")});
  write({rename_user(1, "")});
  EXPECT_EQ(source_->current()->revision(), 1);
  EXPECT_EQ(store_->revisions(10)->size(), 1U);
}

TEST_F(ConfigStoreTest, LoadsObjectsOfAnotherProgramVersionInPart) {
  write({create_user("Ann")});
  auto other = Database::open(scratch_.path(), {});
  ASSERT_TRUE(
      other->run("UPDATE object SET body = ?",
                 R"({"id":1,"firstname":"Ann","ring_seconds":"soon","hologram":true,"lastname":"D"})"));
  ASSERT_TRUE(other->run("INSERT INTO object (kind, id, revision, body) VALUES ('trunk', 1, 1, '{}')"));
  reopen();
  EXPECT_EQ(source_->current()->user({1})->full_name(), "Ann D");
  EXPECT_EQ(source_->current()->user({1})->ring_seconds, 30);
}

TEST_F(ConfigStoreTest, ADamagedObjectIsAnErrorNotALoss) {
  write({create_user("Ann")});
  auto other = Database::open(scratch_.path(), {});
  ASSERT_TRUE(other->run("UPDATE object SET body = '{'"));
  EXPECT_FALSE(store_->load());
}

TEST_F(ConfigStoreTest, WritersAskingAtTheSameTimeEachSeeTheOneBefore) {
  int done = 0;  // only the writer's thread counts
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(writer_->submit({{create_user("Ann")}, "admin", ""}, [&](ConfigWriter::Outcome outcome) {
      EXPECT_TRUE(outcome);
      ++done;
    }));
  }
  write({create_user("Last")});
  EXPECT_EQ(done, 20);
  EXPECT_EQ(source_->current()->revision(), 21);
  EXPECT_EQ(source_->current()->users().size(), 21U);
}

TEST_F(ConfigStoreTest, ADryRunChangesNothing) {
  const auto dry = writer_->dry_run({{create_user("Ann")}, "admin", ""});
  ASSERT_TRUE(dry);
  EXPECT_EQ(dry->revision, 1);
  EXPECT_EQ(source_->current()->revision(), 0);
}

}  // namespace
}  // namespace xivo::store
