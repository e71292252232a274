// What reliability goal 3 asks: kill -9 loses nothing that was acknowledged, and leaves nothing half done. A child process
// writes and acknowledges through a pipe; the parent kills it in the middle and looks at the files.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "model/json.hpp"
#include "model/schema.hpp"
#include "runtime/rng.hpp"
#include "runtime/socket.hpp"
#include "store/call_record_store.hpp"
#include "store/config_writer.hpp"
#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using model::Change;
using model::Value;

constexpr int kWritesMax = 100'000;  // by which a child that nobody kills ends

/// The transaction that makes revision `number`: objects come, change and go.
model::Transaction transaction_of(std::int64_t number) {
  const std::string n = std::to_string(number);
  model::Transaction transaction{.author = "child", .message = n};
  transaction.changes = {
      {.kind = "user",
       .op = Change::Op::Create,
       .id = -1,
       .fields = Value::object({{"firstname", "User " + n}})},
      {.kind = "line",
       .op = Change::Op::Create,
       .fields = Value::object({{"name", "line" + n}, {"secret", "s3cret99"}, {"user", -1}})},
      // Context 1: its rows change with every revision.
      {.kind = "context",
       .op = number == 1 ? Change::Op::Create : Change::Op::Update,
       .id = number == 1 ? 0 : 1,
       .fields = Value::object(
           {{"name", "default"},
            {"group_ranges", Value::List{Value::object({{"start", n}}), Value::object({{"start", "0"}})}}})},
      {.kind = "extension",
       .op = Change::Op::Create,
       .fields = Value::object({{"exten", n},
                                {"context", "default"},
                                {"destination", Value::object({{"type", "user"}, {"user", -1}})}})}};
  if (number > 1) {
    transaction.changes.push_back({.kind = "user",
                                   .op = Change::Op::Update,
                                   .id = number - 1,
                                   .fields = Value::object({{"lastname", "changed by " + n}})});
  }
  if (number > 2) {
    transaction.changes.push_back({.kind = "line", .op = Change::Op::Delete, .id = number - 2});
    transaction.changes.push_back({.kind = "extension", .op = Change::Op::Delete, .id = number - 2});
    transaction.changes.push_back({.kind = "user", .op = Change::Op::Delete, .id = number - 2});
  }
  return transaction;
}

/// Everything of a configuration but the UUIDs, which are random.
std::string content_of(const model::Config& config) {
  std::string all = std::to_string(config.revision()) + "\n";
  for (const model::KindSchema* kind : model::kinds()) {
    all += std::to_string(model::table_of(config, *kind).next_id()) + "\n";
    model::table_of(config, *kind).for_each([&](std::int64_t id, const void*) {
      Value value = object_value(config, *kind, id, model::Secrets::Shown);
      value.erase("uuid");
      all += to_json(value) + "\n";
    });
  }
  return all;
}

/// The contents of revisions 0..n, made in memory.
class Reference {
 public:
  const std::string& at(std::int64_t revision) {
    while (static_cast<std::int64_t>(contents_.size()) <= revision) {
      auto applied = model::apply(*config_, transaction_of(static_cast<std::int64_t>(contents_.size())), {});
      EXPECT_TRUE(applied);
      config_ = applied->config;
      contents_.push_back(content_of(*config_));
    }
    return contents_[static_cast<std::size_t>(revision)];
  }

 private:
  model::ConfigSnapshot config_ = model::ConfigBuilder().build();
  std::vector<std::string> contents_{content_of(*config_)};
};

/// A child process that runs `work` with a function by which it acknowledges a number.
class Child {
 public:
  using Acknowledge = std::function<void(std::int64_t)>;

  explicit Child(const std::function<void(const Acknowledge&)>& work) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    read_ = runtime::Fd(ends[0]);
    pid_ = ::fork();
    if (pid_ == 0) {
      work([&](std::int64_t number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(1);
      });
      ::_exit(0);
    }
    ::close(ends[1]);
  }
  ~Child() { kill_and_reap(); }

  /// Kills the child after `acknowledgements`; returns the last number it acknowledged.
  std::int64_t kill_after(int acknowledgements) {
    std::int64_t last = 0;
    std::int64_t number = 0;
    for (int i = 0; i < acknowledgements && read_number(number); ++i) last = number;
    kill_and_reap();
    while (read_number(number)) last = number;  // acknowledged before the signal came
    return last;
  }

 private:
  bool read_number(std::int64_t& number) {
    return ::read(read_.get(), &number, sizeof number) == sizeof number;
  }
  void kill_and_reap() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  runtime::Fd read_;
  pid_t pid_ = 0;
};

void write_configuration(const std::string& path, const Child::Acknowledge& acknowledge) {
  auto store = ConfigStore::open(path);
  if (!store) return;
  model::ConfigSource source(*(*store)->load());
  const runtime::SystemClock clock;
  ConfigWriter writer(source, **store, clock);
  for (int i = 0; i < kWritesMax; ++i) {
    const auto outcome = writer.write(transaction_of(source.current()->revision() + 1));
    if (!outcome) return;
    acknowledge(outcome->revision);
  }
}

TEST(Crash, NoAcknowledgedConfigurationIsLostAndNoneIsHalfThere) {
  const Scratch scratch;
  Reference reference;
  runtime::SeededRng random(7);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(::testing::Message() << "round " << round);
    Child child([&](const auto& acknowledge) { write_configuration(scratch.path(), acknowledge); });
    acknowledged = std::max(acknowledged, child.kill_after(static_cast<int>(random.below(15))));
    auto store = ConfigStore::open(scratch.path());
    ASSERT_TRUE(store) << store.error().what;
    const auto config = (*store)->load();
    ASSERT_TRUE(config) << config.error().what;
    const std::int64_t revision = (*config)->revision();
    EXPECT_GE(revision, acknowledged);
    EXPECT_LE(revision, acknowledged + 1);  // durable, but the word did not get out
    EXPECT_EQ(content_of(**config), reference.at(revision));
  }
}

void write_calls(const std::string& path, const Child::Acknowledge& acknowledge) {
  auto writer = BatchWriter::open(path);
  if (!writer) return;
  auto reader = CallRecordReader::open(path);
  const std::int64_t first = *(*reader)->count({}) + 1;
  for (std::int64_t i = first; i < first + kWritesMax; ++i) {
    CallRecord record;
    record.uuid = std::to_string(i);
    record.start = record.end = runtime::WallTime(std::chrono::milliseconds(i));
    for (int leg = 1; leg <= 3; ++leg) {
      record.legs.emplace_back();
      record.legs.back().number = leg;
    }
    if (!append(**writer, record)) return;
    if (i % 16 != 0) continue;
    if (!(*writer)->flush()) return;
    acknowledge(i);
  }
}

TEST(Crash, CallRecordsThatWereFlushedStayAndNoneIsHalfThere) {
  const Scratch scratch;
  runtime::SeededRng random(11);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(::testing::Message() << "round " << round);
    Child child([&](const auto& acknowledge) { write_calls(scratch.path(), acknowledge); });
    acknowledged = std::max(acknowledged, child.kill_after(static_cast<int>(random.below(30))));
    auto database = Database::open(scratch.path(), {});
    ASSERT_TRUE(database);
    if (acknowledged == 0) continue;
    auto row = database->query(
        "SELECT COUNT(*), MAX(CAST(uuid AS INTEGER)), (SELECT COUNT(*) FROM leg),"
        " (SELECT integrity_check FROM pragma_integrity_check) FROM call");
    ASSERT_TRUE(row && *row->next());
    EXPECT_GE(row->integer(0), acknowledged);
    EXPECT_EQ(row->integer(0), row->integer(1));  // no hole
    EXPECT_EQ(row->integer(0) * 3, row->integer(2));
    EXPECT_EQ(row->view(3), "ok");
  }
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A power cut that leaves any part of the log's last writes: what is there is the configuration of some revision, whole.
TEST(Crash, ALogCutShortAnywhereIsSomeRevisionWhole) {
  constexpr int kRevisions = 12;
  const Scratch scratch;
  Reference reference;
  auto store = ConfigStore::open(scratch.path());
  ASSERT_TRUE(store);
  model::ConfigSource source;
  const runtime::ManualClock clock;
  ConfigWriter writer(source, **store, clock);
  for (int i = 1; i <= kRevisions; ++i) ASSERT_TRUE(writer.write(transaction_of(i)));

  const std::string database = read_all(scratch.path("test.db"));
  const std::string log = read_all(scratch.path("test.db-wal"));
  ASSERT_FALSE(log.empty());
  runtime::SeededRng random(13);
  std::int64_t most = 0;
  for (int cut = 0; cut < 60; ++cut) {
    const std::size_t size = cut == 0 ? log.size() : random.below(log.size());
    SCOPED_TRACE(::testing::Message() << "log of " << size << " bytes");
    const Scratch after;
    after.write("test.db", database);
    after.write("test.db-wal", std::string_view(log).substr(0, size));
    auto survivor = ConfigStore::open(after.path());
    ASSERT_TRUE(survivor) << survivor.error().what;
    const auto config = (*survivor)->load();
    ASSERT_TRUE(config) << config.error().what;
    EXPECT_EQ(content_of(**config), reference.at((*config)->revision()));
    most = std::max(most, (*config)->revision());
  }
  EXPECT_EQ(most, kRevisions);  // the whole log is the newest
}

}  // namespace
}  // namespace xivo::store
