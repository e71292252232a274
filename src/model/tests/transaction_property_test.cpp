// Random transactions against a plain model: four maps, every rule checked by brute force over everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "model/json.hpp"
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
    std::int64_t user = 0;
    bool operator==(const Phone&) const = default;
  };
  struct Number {
    std::string exten;
    std::int64_t context = 0;
    std::string type;  // of the destination: none, user, line
    std::int64_t target = 0;
    bool operator==(const Number&) const = default;
  };
  struct Zone {
    std::string name;
    std::vector<std::int64_t> includes;
    std::string start;  // of the one range of users; empty: there is none
    std::string end;
    bool operator==(const Zone&) const = default;
  };
  std::map<std::int64_t, Person> users;
  std::map<std::int64_t, Phone> lines;
  std::map<std::int64_t, Number> numbers;
  std::map<std::int64_t, Zone> zones;
  std::map<std::string, std::int64_t> next{{"user", 1}, {"line", 1}, {"extension", 1}, {"context", 1}};

  [[nodiscard]] bool valid() const {
    return users_valid() && lines_valid() && numbers_valid() && zones_valid();
  }

 private:
  [[nodiscard]] bool users_valid() const {
    for (const auto& [id, user] : users) {
      for (const auto& [other, second] : users) {
        if (other != id && !user.email.empty() && user.email == second.email) return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool lines_valid() const {
    for (const auto& [id, line] : lines) {
      if (line.name.empty() || (line.user != 0 && !users.contains(line.user))) return false;
      for (const auto& [other, second] : lines) {
        if (other != id && line.name == second.name) return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool numbers_valid() const {
    for (const auto& [id, number] : numbers) {
      if (number.exten == "*55" || !zones.contains(number.context)) return false;
      if (number.type == "user" && !users.contains(number.target)) return false;
      if (number.type == "line" && !lines.contains(number.target)) return false;
      for (const auto& [other, second] : numbers) {
        if (other != id && number.exten == second.exten && number.context == second.context) return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool zones_valid() const {
    for (const auto& [id, zone] : zones) {
      if (!zone.end.empty() && (zone.end.size() != zone.start.size() || zone.end < zone.start)) return false;
      for (const auto& [other, second] : zones) {
        if (other != id && zone.name == second.name) return false;
      }
      for (const std::int64_t included : zone.includes) {
        if (!zones.contains(included) || reaches(included, id, 0)) return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool reaches(std::int64_t from, std::int64_t wanted, std::size_t depth) const {
    if (from == wanted) return true;
    if (depth > zones.size() || !zones.contains(from)) return false;
    const auto& next_ones = zones.at(from).includes;
    return std::any_of(next_ones.begin(), next_ones.end(),
                       [&](std::int64_t id) { return reaches(id, wanted, depth + 1); });
  }
};

class Pair {
 public:
  explicit Pair(std::uint64_t seed)
      : random_(seed), config_(ConfigBuilder(std::vector<FeatureCode>{{"*55", "echo"}}).build()) {}

  void step() {
    Transaction transaction;
    Plain next = plain_;
    possible_ = true;
    temporary_.clear();
    const int count = 1 + random_.below(4);
    for (int i = 0; i < count; ++i) transaction.changes.push_back(some_change(next));
    const bool expected = possible_ && next.valid();
    const auto applied = apply(*config_, transaction, {{}, random_.next()});
    ASSERT_EQ(applied.has_value(), expected)
        << (applied ? "accepted" : describe(applied.error().front(), Language::English)) << "\n"
        << told(transaction);
    if (!applied) {
      EXPECT_FALSE(applied.error().empty());
      return;
    }
    ++accepted_;
    const RevisionNumber before = config_->revision();
    EXPECT_EQ(applied->revision, before + (applied->changes.empty() ? 0 : 1));
    config_ = applied->config;
    // Ids of a transaction that comes to nothing were never seen by anybody.
    if (applied->changes.empty()) next.next = plain_.next;
    plain_ = std::move(next);
    compare();
  }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  static std::string told(const Transaction& transaction) {
    std::string all;
    for (const Change& change : transaction.changes)
      all += std::string(name(change.op)) + " " + change.kind + " " + std::to_string(change.id) + " " +
             to_json(change.fields) + "\n";
    return all;
  }

  Change some_change(Plain& next) {
    switch (random_.below(5)) {
      case 0: return user_change(next);
      case 1: return line_change(next);
      case 2: return zone_change(next);
      default: return number_change(next);
    }
  }

  Change user_change(Plain& next) {
    const Plain::Person wanted{random_.one_in(12) ? "" : random_.of<std::string>({"Ann", "Bob", "Cyd"}),
                               random_.of<std::string>({"", "", "a@x", "b@x", "c@x"})};
    right_ = !wanted.firstname.empty();
    return change("user", next, next.users, wanted,
                  Value::object({{"firstname", wanted.firstname}, {"email", wanted.email}}));
  }

  Change line_change(Plain& next) {
    Plain::Phone wanted{random_.of<std::string>({"p1", "p2", "p3", "p4", "p5", "p6"}), 0};
    const Value user = reference("user", next, wanted.user);
    return change("line", next, next.lines, wanted,
                  Value::object({{"name", wanted.name}, {"secret", "s3cret99"}, {"user", user}}));
  }

  Change zone_change(Plain& next) {
    Plain::Zone wanted{random_.of<std::string>({"z1", "z2", "z3", "z4"}), {}, "", ""};
    Value includes = Value::list();
    for (int i = random_.below(3); i > 0; --i) {
      std::int64_t id = 0;
      const Value sent = reference("context", next, id);
      if (id == 0 || std::count(wanted.includes.begin(), wanted.includes.end(), id) > 0) continue;
      wanted.includes.push_back(id);
      includes.push(sent);
    }
    Value ranges = Value::list();
    if (random_.one_in(2)) {
      wanted.start = random_.of<std::string>({"10", "20", "2"});
      wanted.end = random_.of<std::string>({"", "15", "300"});
      ranges.push(Value::object({{"start", wanted.start}, {"end", wanted.end}}));
    }
    return change("context", next, next.zones, wanted,
                  Value::object({{"name", wanted.name}, {"includes", includes}, {"group_ranges", ranges}}));
  }

  Change number_change(Plain& next) {
    Plain::Number wanted{random_.of<std::string>({"101", "102", "103", "*55"}), 0,
                         random_.of<std::string>({"none", "user", "line"}), 0};
    const Value context = reference("context", next, wanted.context);
    right_ = wanted.context != 0;
    Value to = Value::object({{"type", wanted.type}});
    if (wanted.type != "none") {
      const Value target = reference(wanted.type, next, wanted.target);
      right_ = right_ && wanted.target != 0;
      to.set(wanted.type, target);
    }
    return change("extension", next, next.numbers, wanted,
                  Value::object({{"exten", wanted.exten}, {"context", context}, {"destination", to}}));
  }

  /// Some object of a kind, or none, or one that is not there; as an id or as a temporary number.
  Value reference(const std::string& kind, const Plain& next, std::int64_t& id) {
    if (!temporary_[kind].empty() && random_.one_in(2)) {
      id = temporary_[kind].begin()->second;
      return temporary_[kind].begin()->first;
    }
    id = random_.below(static_cast<int>(std::min<std::int64_t>(next.next.at(kind), 8)) + 1);
    return id == 0 ? Value() : Value(id);
  }

  template <class Table, class Object>
  Change change(std::string kind, Plain& next, Table& table, const Object& wanted, const Value& fields) {
    const int what = random_.below(4);
    possible_ = possible_ && (what == 3 || right_);  // each change must be right in itself
    right_ = true;
    if (what >= 2) {
      const std::int64_t id = some_id(table);
      possible_ = possible_ && table.contains(id);
      if (what == 3) {
        table.erase(id);
        return {.kind = std::move(kind), .op = Op::Delete, .id = id};
      }
      if (table.contains(id)) table[id] = wanted;
      return {.kind = std::move(kind), .op = Op::Update, .id = id, .fields = fields};
    }
    const std::int64_t id = next.next[kind]++;
    const std::int64_t temporary = random_.one_in(2) ? -id : 0;
    if (temporary != 0) temporary_[kind][temporary] = id;
    table[id] = wanted;
    return {.kind = std::move(kind), .op = Op::Create, .id = temporary, .fields = fields};
  }
  template <class Table>
  std::int64_t some_id(const Table& table) {
    if (table.empty() || random_.one_in(20)) return 10'000;
    auto place = table.begin();
    std::advance(place, random_.below(static_cast<int>(table.size())));
    return place->first;
  }

  static Plain::Number number_of(const Extension& extension) {
    Plain::Number number{extension.exten, extension.context.value, "none", 0};
    if (const auto* user = extension.destination.as<ToUser>())
      number.type = "user", number.target = user->user.value;
    if (const auto* line = extension.destination.as<ToLine>())
      number.type = "line", number.target = line->line.value;
    return number;
  }
  static Plain::Zone zone_of(const Context& context) {
    Plain::Zone zone{context.name, {}, "", ""};
    for (const ContextId id : context.includes) zone.includes.push_back(id.value);
    if (!context.group_ranges.empty())
      zone.start = context.group_ranges[0].start, zone.end = context.group_ranges[0].end;
    return zone;
  }

  void compare() {
    Plain seen;
    for (const auto& [id, user] : config_->users()) seen.users[id] = {user->firstname, user->email};
    for (const auto& [id, line] : config_->lines()) seen.lines[id] = {line->name, line->user.value};
    for (const auto& [id, extension] : config_->objects<Extension>())
      seen.numbers[id] = number_of(*extension);
    for (const auto& [id, context] : config_->objects<Context>()) seen.zones[id] = zone_of(*context);
    ASSERT_EQ(seen.users, plain_.users);
    ASSERT_EQ(seen.lines, plain_.lines);
    ASSERT_EQ(seen.numbers, plain_.numbers);
    ASSERT_EQ(seen.zones, plain_.zones);
    for (const auto& [kind, id] : plain_.next) ASSERT_EQ(id, table_of(*config_, *find_kind(kind)).next_id());
    compare_indexes();
  }
  void compare_indexes() {
    for (const auto& [id, line] : plain_.lines) ASSERT_EQ(config_->line_by_name(line.name)->id.value, id);
    for (const auto& [id, number] : plain_.numbers)
      ASSERT_EQ(config_->extension({number.context}, number.exten)->id.value, id);
    for (const auto& [id, zone] : plain_.zones) ASSERT_EQ(config_->context_by_name(zone.name)->id.value, id);
    for (const auto& [id, user] : plain_.users)
      ASSERT_EQ(config_->number_of(*config_->user({id})), number_of_user(id));
  }
  /// By brute force: of the main line, else of the user; all contexts of this test are internal, and lines have none.
  [[nodiscard]] std::string number_of_user(std::int64_t user) const {
    const auto oldest = [&](std::string_view type, std::int64_t target) -> std::string {
      for (const auto& [id, number] : plain_.numbers) {
        if (number.type == type && number.target == target) return number.exten;
      }
      return {};
    };
    for (const auto& [id, line] : plain_.lines) {
      if (line.user != user) continue;
      if (const std::string own = oldest("line", id); !own.empty()) return own;
      break;
    }
    return oldest("user", user);
  }

  Random random_;
  ConfigSnapshot config_;
  Plain plain_;
  std::map<std::string, std::map<std::int64_t, std::int64_t>> temporary_;
  bool possible_ = true;
  bool right_ = true;  // the fields of the change in the making
  int accepted_ = 0;
};

TEST(TransactionProperty, AgreesWithAPlainModelOnRandomTransactions) {
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
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
