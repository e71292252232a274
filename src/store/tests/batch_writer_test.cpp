#include "store/batch_writer.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "store/binding_store.hpp"
#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

BindingRow binding(int line, std::string contact = "sip:a@192.0.2.1:5060") {
  return {.line = {line},
          .key = "k",
          .contact = std::move(contact),
          .flow = "udp 192.0.2.1:5060",
          .path = "<sip:edge;lr>",
          .instance = "urn:uuid:1",
          .user_agent = "phone/1",
          .call_id = "c@x",
          .reg_id = 1,
          .cseq = 7,
          .q_milli = 500,
          .registered = runtime::WallTime(std::chrono::seconds(10)),
          .expires = runtime::WallTime(std::chrono::seconds(70)),
          .extra = "{}"};
}

class BatchWriterTest : public ::testing::Test {
 protected:
  BatchWriterTest()
      : writer_(std::move(*BatchWriter::open(scratch_.path(), std::chrono::milliseconds(20)))),
        bindings_(*writer_) {}
  std::vector<BindingRow> stored() { return *BindingStore::load(scratch_.path()); }

  const Scratch scratch_;
  std::unique_ptr<BatchWriter> writer_;
  BindingStore bindings_;
};

TEST_F(BatchWriterTest, ARefusedRowDoesNotTakeItsBatchAlong) {
  ASSERT_TRUE(bindings_.upsert(binding(1)));
  ASSERT_TRUE(writer_->write([](Database& database) {
    auto done = database.run("DELETE FROM binding");  // undone with the rest of this job
    return done ? database.run("INSERT INTO binding (line) VALUES (1)") : done;
  }));
  ASSERT_TRUE(writer_->write([](Database&) -> Result<void> { return fail("a job's own trouble"); }));
  ASSERT_TRUE(bindings_.upsert(binding(2)));
  EXPECT_TRUE(writer_->flush());
  EXPECT_EQ(stored().size(), 2U);
  EXPECT_EQ(writer_->waiting(), 0U);
}

TEST_F(BatchWriterTest, ALockedFileHoldsUpTheDiskNotTheCaller) {
  auto other = Database::open(scratch_.path(), {});
  {
    auto lock = WriteTransaction::begin(*other);
    ASSERT_TRUE(lock);
    for (int i = 1; i <= 1000; ++i) ASSERT_TRUE(bindings_.upsert(binding(i)));
    const auto flushed = writer_->flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(failure_of(flushed.error()), Failure::Locked);
    EXPECT_EQ(writer_->waiting(), 1000U);
  }
  EXPECT_TRUE(writer_->flush());
  EXPECT_EQ(stored().size(), 1000U);
}

TEST_F(BatchWriterTest, AFullDiskHoldsJobsUntilThereIsRoom) {
  ASSERT_TRUE(bindings_.upsert(binding(1)));
  ASSERT_TRUE(writer_->flush());
  // The limit belongs to the writer's connection, so a job sets it.
  const auto limit = [&](const char* pages) {
    return writer_->write(
        [=](Database& d) { return d.script(std::string("PRAGMA max_page_count=") + pages); });
  };
  ASSERT_TRUE(limit("1"));
  ASSERT_TRUE(writer_->flush());
  ASSERT_TRUE(bindings_.upsert(binding(2, std::string(200'000, 'x'))));
  const auto full = writer_->flush();
  ASSERT_FALSE(full);
  EXPECT_EQ(failure_of(full.error()), Failure::DiskFull);
  EXPECT_EQ(writer_->waiting(), 1U);
  EXPECT_EQ(stored().size(), 1U);
}

TEST_F(BatchWriterTest, ADiskThatFailsHoldsJobsUntilItWorksAgain) {
  ASSERT_TRUE(bindings_.upsert(binding(1)));
  ASSERT_TRUE(writer_->flush());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit nothing{1, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &nothing), 0);
  EXPECT_TRUE(bindings_.upsert(binding(2)));
  const auto failed = writer_->flush();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failure_of(failed.error()), Failure::DiskError);
  EXPECT_EQ(writer_->waiting(), 1U);
  EXPECT_TRUE(writer_->flush());
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(BatchWriterTest, RefusesMoreThanItsLimit) {
  auto other = Database::open(scratch_.path(), {});
  {
    auto lock = WriteTransaction::begin(*other);
    ASSERT_TRUE(lock);
    for (std::size_t i = 0; i < BatchWriter::kWaitingMax; ++i) ASSERT_TRUE(bindings_.erase_line({1}));
    EXPECT_FALSE(bindings_.erase_line({1}));
  }
  EXPECT_TRUE(writer_->flush());
  EXPECT_TRUE(bindings_.erase_line({1}));
}

TEST_F(BatchWriterTest, ClosingWritesEverythingAccepted) {
  for (int i = 1; i <= 2000; ++i) ASSERT_TRUE(bindings_.upsert(binding(i)));
  writer_.reset();
  EXPECT_EQ(stored().size(), 2000U);
}

TEST_F(BatchWriterTest, ALockThatGoesAwayNeedsNoPush) {
  {
    auto other = Database::open(scratch_.path(), {});
    auto lock = WriteTransaction::begin(*other);
    ASSERT_TRUE(bindings_.upsert(binding(1)));
  }
  writer_.reset();
  EXPECT_EQ(stored().size(), 1U);
}

TEST_F(BatchWriterTest, BindingsComeBackAsTheyWere) {
  ASSERT_TRUE(bindings_.upsert(binding(3, "sip:first@192.0.2.1")));
  ASSERT_TRUE(bindings_.upsert(binding(3)));  // the same key: replaced
  ASSERT_TRUE(bindings_.upsert(binding(4)));
  ASSERT_TRUE(bindings_.erase({4}, "k"));
  ASSERT_TRUE(bindings_.upsert(binding(5)));
  ASSERT_TRUE(bindings_.erase_line({5}));
  ASSERT_TRUE(writer_->flush());
  EXPECT_EQ(stored(), (std::vector{binding(3)}));
}

TEST_F(BatchWriterTest, ExpiredBindingsAreCleared) {
  ASSERT_TRUE(bindings_.upsert(binding(3)));
  ASSERT_TRUE(bindings_.erase_expired(runtime::WallTime(std::chrono::seconds(69))));
  ASSERT_TRUE(writer_->flush());
  EXPECT_EQ(stored().size(), 1U);
  ASSERT_TRUE(bindings_.erase_expired(runtime::WallTime(std::chrono::seconds(70))));
  ASSERT_TRUE(writer_->flush());
  EXPECT_TRUE(stored().empty());
}

}  // namespace
}  // namespace xivo::store
