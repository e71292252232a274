// Each bound that a declared field promises is tried from both sides, in the rows of lists, too.
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "api/object_routes.hpp"
#include "api_under_test.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Field;
using model::FieldType;
using model::Value;

constexpr std::int64_t kTriedMax = 1'000'000;  // longer texts and lists are not made for a test

/// A value at a bound, or just outside of it with the rule that must be named.
struct Trial {
  Value value;
  std::string rule{};
  std::string at{};  // below the field: ".0.start"
};
using Trials = std::vector<Trial>;

/// Text of so many characters that the field's class allows.
std::string text_of(const Field& field, std::int64_t length) {
  const char filler = field.characters.set.empty() ? 'a' : field.characters.set.front();
  return std::string(static_cast<std::size_t>(length), filler);
}

/// A character that people type and the field's class does not have; 0: it has them all.
char foreign_to(const Field& field) {
  for (char c = ' '; c <= '~'; ++c) {
    if (!field.characters.accepts(std::string(1, c))) return c;
  }
  return 0;
}

/// A list of so many texts that the field allows, each another one; nothing when numbers do not please it.
Value numbers_for(const Field& field, std::int64_t count) {
  Value::List texts;
  for (std::int64_t i = 0; i < count; ++i) texts.emplace_back(std::to_string(1000 + i));
  Value list(std::move(texts));
  return field.check(list) ? Value() : list;
}

Trials outside_text(const Field& field) {
  Trials all{{Value(7), "wrong-type"}};
  if (field.bounds.max < kTriedMax) all.push_back({Value(text_of(field, field.bounds.max + 1)), "too-long"});
  if (field.bounds.min > 1) all.push_back({Value(text_of(field, field.bounds.min - 1)), "too-short"});
  // The last character of a text that would fit.
  const auto length = std::min(std::max<std::int64_t>(field.bounds.min, 3), field.bounds.max);
  std::string text = text_of(field, length);
  for (const char wrong : {'\n', foreign_to(field)}) {
    if (wrong == 0) continue;
    text.back() = wrong;
    all.push_back({Value(text), "pattern"});
  }
  if (field.required) all.push_back({Value(""), "required"});
  return all;
}

Trials outside_text_list(const Field& field) {
  const bool chosen = !field.choices.empty();
  Trials all{{Value("no list"), "wrong-type"},
             {Value(Value::List{Value(7)}), "wrong-type"},
             {Value(Value::List{Value("a\nb")}), chosen ? "unknown-choice" : "pattern"}};
  if (const char foreign = foreign_to(field); foreign != 0 && !chosen)
    all.push_back({Value(Value::List{Value(std::string(2, foreign))}), "pattern"});
  Value::List repeated{Value(field.example), Value(field.example)};
  all.push_back({Value(repeated), "repeated"});
  if (field.bounds.max >= 1000) return all;
  repeated.resize(static_cast<std::size_t>(field.bounds.max) + 1, Value(field.example));
  all.push_back({Value(std::move(repeated)), "too-long"});
  return all;
}

Trials outside(const Field& field, const Value& example);

/// What is wrong with one member of a row is wrong with the list.
Trials in_rows(const Field& field, const Value& example, Trials (*trials)(const Field&, const Value&)) {
  Trials all;
  if (example.items() == nullptr || example.items()->empty()) return all;
  const Value& row = example.items()->front();
  for (const Field& member : field.fields) {
    const Value* own = row.find(member.name);
    for (Trial& trial : trials(member, own == nullptr ? Value() : *own)) {
      Value changed = row;
      changed.set(member.name, std::move(trial.value));
      all.push_back(
          {Value(Value::List{std::move(changed)}), trial.rule, ".0." + std::string(member.name) + trial.at});
    }
  }
  return all;
}

Trials outside_rows(const Field& field, const Value& example) {
  Trials all = in_rows(field, example, outside);
  all.push_back({Value(Value::List{Value::object({{"nothing", 1}})}), "unknown-field"});
  all.push_back(
      {Value(Value::List(static_cast<std::size_t>(field.bounds.max) + 1, Value::object())), "too-long"});
  return all;
}

/// Values just outside of what a field allows.
Trials outside(const Field& field, const Value& example) {
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Secret: return outside_text(field);
    case FieldType::Integer:
      return {{Value(field.bounds.min - 1), "out-of-range"},
              {Value(field.bounds.max + 1), "out-of-range"},
              {Value("7"), "wrong-type"}};
    case FieldType::Boolean: return {{Value("yes"), "wrong-type"}};
    case FieldType::Choice: return {{Value("no such choice"), "unknown-choice"}};
    case FieldType::Reference: return {{Value(999'999), "reference-missing"}};
    case FieldType::ReferenceList:
      return {{Value(Value::List{Value(999'999)}), "reference-missing"},
              {Value(Value::List{Value(1), Value(1)}), "repeated"}};
    case FieldType::Rows: return outside_rows(field, example);
    case FieldType::Destination:
      return {{Value("user"), "wrong-type"},
              {Value::object({{"type", "moon"}}), "unknown-choice"},
              {Value::object({{"type", "user"}, {"user", 999'999}}), "reference-missing"}};
    case FieldType::TextList: return outside_text_list(field);
  }
  return {};
}

/// Values at the very bounds.
Trials at_bounds(const Field& field, const Value& example) {
  Trials all;
  const auto& [least, most] = field.bounds;
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Secret:
      if (most < kTriedMax) all.push_back({Value(text_of(field, most))});
      if (least > 0) all.push_back({Value(text_of(field, least))});
      break;
    case FieldType::Integer: all = {{Value(least)}, {Value(most)}}; break;
    case FieldType::TextList:
      if (Value list = numbers_for(field, std::min<std::int64_t>(most, 1000)); list.items() != nullptr)
        all.push_back({std::move(list)});
      break;
    case FieldType::Choice:
      for (const auto& choice : field.choices) all.push_back({Value(std::string(choice.value))});
      break;
    case FieldType::Rows:
      all = in_rows(field, example, at_bounds);
      if (example.items() != nullptr && !example.items()->empty())
        all.push_back({Value(Value::List(static_cast<std::size_t>(most), example.items()->front()))});
      break;
    default: break;
  }
  return all;
}

class Bounds : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    document_ = get("/openapi.json").json;
    create("/users", R"({"firstname":"Anybody"})");
  }

  /// The document's own example of what creates an object.
  Value valid(const model::KindSchema& kind) {
    const Value* schema =
        document_.find("components")->find("schemas")->find(component_name(kind) + "Create");
    return schema->find("examples")->items()->front();
  }
  Answer send(const model::KindSchema& kind, const Value& body, const std::string& query = {}) {
    const bool single = kind.spec().singleton;
    return ask(single ? "PATCH" : "POST", "/" + std::string(single ? kind.name() : kind.plural()) + query,
               model::to_json(body));
  }
  /// Calls visit(kind, field, valid object) for each field that people write; the valid object is made in the end.
  template <class Visit>
  void each_field(Visit visit) {
    for (const model::KindSchema* kind : model::kinds()) {
      if (kind->spec().fixed) continue;
      Value body = valid(*kind);
      for (const Field& field : kind->fields()) {
        if (!field.read_only) visit(*kind, field, body);
      }
      if (kind->field("destination") != nullptr)  // a number has to lead somewhere
        body.set("destination", Value::object({{"type", "hangup"}}));
      EXPECT_EQ(send(*kind, body).status, kind->spec().singleton ? 200 : 201) << kind->name();
      if (kind->name() != "context") continue;
      // The first is internal; what calls from and to the outside asks for these.
      create("/contexts", R"({"name":"from-outside","label":"From outside","type":"incall"})");
      create("/contexts", R"({"name":"to-outside","label":"To outside","type":"outcall"})");
    }
  }

  Value document_;
};

TEST_F(Bounds, WhatIsJustOutsideIsRefusedByItsRuleAndPlace) {
  int crossed = 0;
  int in_rows = 0;
  each_field([&](const model::KindSchema& kind, const Field& field, const Value& valid) {
    const Value* example = valid.find(field.name);
    for (const auto& [value, rule, at] : outside(field, example == nullptr ? Value() : *example)) {
      Value body = valid;
      body.set(field.name, value);
      const Answer answer = send(kind, body);
      const std::string what = std::string(kind.name()) + "." + std::string(field.name) + at + " " + rule;
      EXPECT_EQ(answer.status, 422) << what << ": " << answer.body;
      EXPECT_EQ(first_problem(answer).text_at("rule"), rule) << what << ": " << answer.body;
      EXPECT_TRUE(first_problem(answer).text_at("field").starts_with(std::string(field.name) + at))
          << what << ": " << answer.body;
      ++crossed;
      if (!at.empty()) ++in_rows;
    }
  });
  EXPECT_GE(crossed, 300);
  EXPECT_GE(in_rows, 50);
}

TEST_F(Bounds, WhatIsAtTheBoundIsNotRefusedForIt) {
  const std::set<std::string> of_bounds{"too-long", "too-short", "out-of-range", "unknown-choice",
                                        "wrong-type"};
  // A kind's own rule narrows these further, in words of its own.
  const std::set<std::string> narrowed{"incoming_route.did_length"};
  int tried = 0;
  int taken = 0;
  each_field([&](const model::KindSchema& kind, const Field& field, const Value& valid) {
    const Value* example = valid.find(field.name);
    for (const auto& [value, rule, at] : at_bounds(field, example == nullptr ? Value() : *example)) {
      Value body = valid;
      body.set(field.name, value);
      const Answer answer = send(kind, body, "?dry_run=true");
      ++tried;
      if (answer.status < 300) {
        ++taken;
        continue;
      }
      // Another rule may be against it: an address is no row of the letter a.
      const Value problem = first_problem(answer);
      if (narrowed.contains(std::string(kind.name()) + "." + std::string(field.name))) continue;
      const bool here = problem.text_at("field").starts_with(std::string(field.name) + at);
      EXPECT_FALSE(here && of_bounds.contains(problem.text_at("rule")))
          << kind.name() << "." << field.name << at << ": " << answer.body;
    }
  });
  EXPECT_GE(taken, 150);
  EXPECT_GE(taken * 4, tried * 3);  // most of them are simply taken
}

TEST_F(Bounds, TheDocumentTellsThePatternOfTextsInLists) {
  const Value& properties =
      *document_.find("components")->find("schemas")->find("GeneralChange")->find("properties");
  const Value& numbers = *properties.find("emergency_numbers");
  EXPECT_EQ(numbers.find("items")->text_at("pattern"), "^[0-9]*$");
}

}  // namespace
}  // namespace xivo::api
