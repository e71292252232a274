// Random transactions against a plain model: two maps, every rule checked by brute force over everything.
#include <gtest/gtest.h>

#include <map>

#include "model/schema.hpp"
#include "model/tests/random.hpp"
#include "model/transaction.hpp"

namespace xivo::model {
namespace {

using Op = Change::Op;

/// The plain model: what a configuration is, without sharing, indexes or erased types.
struct Plain {
  struct Person {
    std::string firstname;
    std::string email;
    bool operator==(const Person&) const = default;
  };
  struct Phone {
    std::string name;
    std::string exten;
    std::int64_t user = 0;
    bool operator==(const Phone&) const = default;
  };
  std::map<std::int64_t, Person> users;
  std::map<std::int64_t, Phone> lines;
  std::int64_t next_user = 1;
  std::int64_t next_line = 1;

  [[nodiscard]] bool valid() const {
    for (const auto& [id, user] : users) {
      for (const auto& [other, second] : users) {
        if (other != id && !user.email.empty() && user.email == second.email) return false;
      }
    }
    for (const auto& [id, line] : lines) {
      if (line.name.empty() || line.exten == "*55") return false;
      if (line.user != 0 && !users.contains(line.user)) return false;
      for (const auto& [other, second] : lines) {
        if (other == id) continue;
        if (line.name == second.name) return false;
        if (!line.exten.empty() && line.exten == second.exten && (line.user != second.user || line.user == 0))
          return false;
      }
    }
    return true;
  }
};

class Pair {
 public:
  explicit Pair(std::uint64_t seed)
      : random_(seed), config_(ConfigBuilder(std::vector<FeatureCode>{{"*55", "echo"}}).build()) {}

  void step() {
    Transaction transaction;
    Plain next = plain_;
    bool possible = true;
    temporary_.clear();
    const int count = 1 + random_.below(4);
    for (int i = 0; i < count; ++i) {
      transaction.changes.push_back(random_.one_in(2) ? user_change(next, possible, i)
                                                      : line_change(next, possible));
    }
    const bool expected = possible && next.valid();
    const auto applied = apply(*config_, transaction, {{}, random_.next()});
    ASSERT_EQ(applied.has_value(), expected)
        << (applied ? "accepted" : describe(applied.error().front(), Language::English));
    if (!applied) {
      EXPECT_FALSE(applied.error().empty());
      return;
    }
    ++accepted_;
    const RevisionNumber before = config_->revision();
    EXPECT_EQ(applied->revision, before + (applied->changes.empty() ? 0 : 1));
    config_ = applied->config;
    // Ids of a transaction that comes to nothing were never seen by anybody.
    if (applied->changes.empty()) next.next_user = plain_.next_user, next.next_line = plain_.next_line;
    plain_ = std::move(next);
    compare();
  }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  Change user_change(Plain& next, bool& possible, int i) {
    const int what = random_.below(4);
    if (what == 3) return removal("user", next.users, possible);
    Plain::Person wanted{random_.one_in(12) ? "" : random_.of<std::string>({"Ann", "Bob", "Cyd"}),
                         random_.of<std::string>({"", "", "a@x", "b@x", "c@x"})};
    possible = possible && !wanted.firstname.empty();  // each change must be right in itself
    const Value fields = Value::object({{"firstname", wanted.firstname}, {"email", wanted.email}});
    if (what == 2) return edit("user", next.users, wanted, fields, possible);
    const std::int64_t id = next.next_user++;
    const std::int64_t temporary = random_.one_in(2) ? -(i + 1) : 0;
    if (temporary != 0) temporary_[temporary] = id;
    next.users[id] = wanted;
    return {.kind = "user", .op = Op::Create, .id = temporary, .fields = fields};
  }

  Change line_change(Plain& next, bool& possible) {
    const int what = random_.below(4);
    if (what == 3) return removal("line", next.lines, possible);
    Plain::Phone wanted{random_.of<std::string>({"p1", "p2", "p3", "p4", "p5", "p6"}),
                        random_.of<std::string>({"", "101", "102", "103", "*55"}), 0};
    std::int64_t sent = random_.below(static_cast<int>(next.next_user) + 1);
    wanted.user = sent;
    if (!temporary_.empty() && random_.one_in(2)) {
      sent = temporary_.begin()->first;
      wanted.user = temporary_.begin()->second;
    }
    const Value fields = Value::object({{"name", wanted.name},
                                        {"secret", "s3cret99"},
                                        {"exten", wanted.exten},
                                        {"user", sent == 0 ? Value() : Value(sent)}});
    if (what == 2) return edit("line", next.lines, wanted, fields, possible);
    next.lines[next.next_line++] = wanted;
    return {.kind = "line", .op = Op::Create, .fields = fields};
  }

  template <class Table>
  Change removal(std::string kind, Table& table, bool& possible) {
    const std::int64_t id = some_id(table);
    possible = possible && table.erase(id) == 1;
    return {.kind = std::move(kind), .op = Op::Delete, .id = id};
  }
  template <class Table, class Object>
  Change edit(std::string kind, Table& table, const Object& wanted, const Value& fields, bool& possible) {
    const std::int64_t id = some_id(table);
    if (table.contains(id)) {
      table[id] = wanted;
    } else {
      possible = false;
    }
    return {.kind = std::move(kind), .op = Op::Update, .id = id, .fields = fields};
  }
  template <class Table>
  std::int64_t some_id(const Table& table) {
    if (table.empty() || random_.one_in(20)) return 10'000;
    auto place = table.begin();
    std::advance(place, random_.below(static_cast<int>(table.size())));
    return place->first;
  }

  void compare() {
    Plain seen;
    for (const auto& [id, user] : config_->users()) seen.users[id] = {user->firstname, user->email};
    for (const auto& [id, line] : config_->lines())
      seen.lines[id] = {line->name, line->exten, line->user.value};
    ASSERT_EQ(seen.users, plain_.users);
    ASSERT_EQ(seen.lines, plain_.lines);
    ASSERT_EQ(plain_.next_user, table_of(*config_, *find_kind("user")).next_id());
    ASSERT_EQ(plain_.next_line, table_of(*config_, *find_kind("line")).next_id());
    compare_indexes();
  }
  void compare_indexes() {
    for (const char* exten : {"101", "102", "103"}) {
      std::vector<std::int64_t> indexed;
      for (const SipLine* line : config_->lines_by_exten("default", exten)) indexed.push_back(line->id.value);
      std::vector<std::int64_t> plain;
      for (const auto& [id, line] : plain_.lines) {
        if (line.exten == exten) plain.push_back(id);
      }
      ASSERT_EQ(indexed, plain);
    }
    for (const auto& [id, line] : plain_.lines) ASSERT_EQ(config_->line_by_name(line.name)->id.value, id);
  }

  Random random_;
  ConfigSnapshot config_;
  Plain plain_;
  std::map<std::int64_t, std::int64_t> temporary_;
  int accepted_ = 0;
};

TEST(TransactionProperty, AgreesWithAPlainModelOnRandomTransactions) {
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Pair pair(seed);
    for (int i = 0; i < 100; ++i) {
      pair.step();
      if (::testing::Test::HasFatalFailure()) return;
    }
    accepted += pair.accepted();
  }
  EXPECT_GT(accepted, 500);  // the sequences do get somewhere
}

}  // namespace
}  // namespace xivo::model
