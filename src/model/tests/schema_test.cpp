#include "model/schema.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "model/destination.hpp"

namespace xivo::model {
namespace {

void expect_words(const Words& words, std::string_view where) {
  EXPECT_FALSE(words.french.empty()) << where;
  EXPECT_FALSE(words.english.empty()) << where;
}

Value example_of(const Field& field);

Value record_of(const std::vector<Field>& fields) {
  Value record = Value::object();
  for (const Field& field : fields) record.set(field.name, example_of(field));
  return record;
}

Value example_of(const Field& field) {
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Reference: return Value(*text::parse_decimal<std::int64_t>(field.example));
    case FieldType::Boolean: return Value(field.example == "true");
    case FieldType::TextList: return Value(Value::List{Value(field.example)});
    case FieldType::ReferenceList:
      return Value(Value::List{Value(*text::parse_decimal<std::int64_t>(field.example))});
    case FieldType::Rows: return Value(Value::List{record_of(field.fields)});
    case FieldType::Destination: return Value::object({{"type", "user"}, {"user", 3}, {"ring_seconds", 20}});
    default: return Value(field.example);
  }
}

TEST(Schema, NamesAndPathsAreUnique) {
  std::set<std::string_view> names;
  for (const KindSchema* kind : kinds()) {
    EXPECT_TRUE(names.insert(kind->name()).second) << kind->name();
    EXPECT_TRUE(names.insert(kind->plural()).second) << kind->plural();
    EXPECT_EQ(find_kind(kind->name()), kind);
    EXPECT_EQ(find_kind(kind->plural()), kind);
  }
  EXPECT_EQ(find_kind("nothing"), nullptr);
}

TEST(Schema, EveryKindAndFieldSpeaksBothLanguages) {
  for (const KindSchema* kind : kinds()) {
    expect_words(kind->spec().title, kind->name());
    expect_words(kind->spec().plural_title, kind->name());
    expect_words(kind->spec().help, kind->name());
    for (const Field& field : kind->fields()) {
      expect_words(field.title, field.name);
      expect_words(field.help, field.name);
      for (const Choice& choice : field.choices) expect_words(choice.title, choice.value);
      if (!field.characters.set.empty()) expect_words(field.characters.words, field.name);
    }
  }
}

TEST(Schema, FieldNamesAreUniqueAndNeverIdOrRevision) {
  for (const KindSchema* kind : kinds()) {
    std::set<std::string_view> names{"id", "revision"};
    for (const Field& field : kind->fields()) EXPECT_TRUE(names.insert(field.name).second) << field.name;
  }
}

TEST(Schema, EveryTextIsBounded) {
  for (const KindSchema* kind : kinds()) {
    for (const Field& field : kind->fields()) {
      if (field.type == FieldType::Boolean || field.type == FieldType::Choice ||
          field.type == FieldType::Reference || field.type == FieldType::Destination)
        continue;
      EXPECT_LE(field.bounds.max, 1'000'000) << kind->name() << "." << field.name;
    }
  }
}

TEST(Schema, DefaultsAndExamplesPassTheirOwnChecks) {
  for (const KindSchema* kind : kinds()) {
    for (const Field& field : kind->fields()) {
      EXPECT_EQ(field.check(field.default_value), std::nullopt) << field.name;
      EXPECT_EQ(field.check(example_of(field)), std::nullopt) << field.name;
    }
  }
}

TEST(Schema, ReferencesNameAKindThatStandsBefore) {
  std::set<std::string_view> before;
  for (const KindSchema* kind : kinds()) {
    before.insert(kind->name());
    for (const Field& field : kind->fields()) {
      EXPECT_EQ(field.reference.empty(),
                field.type != FieldType::Reference && field.type != FieldType::ReferenceList)
          << field.name;
      EXPECT_TRUE(field.reference.empty() || before.contains(field.reference)) << field.name;
    }
  }
}

TEST(Schema, GroupsKeysAndOwnedMembersAreDeclared) {
  for (const KindSchema* kind : kinds()) {
    std::set<std::string_view> groups;
    for (const FieldGroup& group : kind->spec().groups) {
      expect_words(group.title, group.name);
      groups.insert(group.name);
    }
    for (const Field& field : kind->fields())
      EXPECT_TRUE(groups.empty() ? field.group.empty() : groups.contains(field.group)) << field.name;
    const std::string_view key = kind->spec().key;
    EXPECT_TRUE(key.empty() || kind->field(key)->unique) << kind->name();
    for (const OwnedKind& owned : kind->spec().owned) {
      const KindSchema* other = find_kind(owned.kind);
      ASSERT_NE(other, nullptr) << owned.kind;
      EXPECT_NE(owned.field.empty() ? kind->field(owned.member) : other->field(owned.field), nullptr);
    }
  }
}

TEST(Schema, DestinationsSpeakBothLanguagesAndReferToKinds) {
  std::set<std::string_view> names;
  for (const DestinationType* type : destination_types()) {
    EXPECT_TRUE(names.insert(type->name).second) << type->name;
    EXPECT_EQ(find_destination(type->name), type);
    expect_words(type->title, type->name);
    expect_words(type->help, type->name);
    for (const Field& field : type->fields) {
      expect_words(field.title, field.name);
      expect_words(field.help, field.name);
      EXPECT_EQ(field.check(example_of(field)), std::nullopt) << field.name;
      EXPECT_TRUE(field.reference.empty() || find_kind(field.reference)) << field.name;
    }
  }
  EXPECT_EQ(destination_types().front()->name, "none");
}

TEST(Schema, AStoredKeyInsteadOfAnIdIsLeftOut) {
  Problems problems;
  const Value stored = Value::object({{"id", 1}, {"exten", "101"}, {"context", "default"}});
  const auto object = find_kind("extension")->from_value(stored, problems);
  EXPECT_FALSE(static_cast<const Extension*>(object.get())->context);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].rule, Problem::Rule::ReferenceMissing);
  EXPECT_EQ(problems[0].field, "context");
}

TEST(Schema, ASingletonThatNobodyWroteHasItsDefaults) {
  const Value general = object_value(Config(), *find_kind("general"), 1);
  EXPECT_EQ(general.integer_at("id"), 1);
  EXPECT_EQ(general.text_at("timezone"), "Europe/Paris");
  EXPECT_EQ(general.integer_at("revision", -1), 0);
}

TEST(Schema, ObjectsSurviveTheWayToValueAndBack) {
  for (const KindSchema* kind : kinds()) {
    const auto object = kind->make_default();
    kind->set_id(object.get(), 7);
    for (const Field& field : kind->fields()) field.store(object.get(), example_of(field));
    const Value value = kind->to_value(object.get(), Secrets::Shown);
    Problems problems;
    const auto again = kind->from_value(value, problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(kind->to_value(again.get(), Secrets::Shown), value) << kind->name();
    EXPECT_EQ(kind->id_of(again.get()), 7);
  }
}

TEST(Schema, ReadingIsLenientAndTellsWhatItLeftOut) {
  const KindSchema& kind = *find_kind("user");
  const Value stored = Value::object({{"id", 3},
                                      {"firstname", "Bob"},
                                      {"ring_seconds", 99'999},
                                      {"from_the_future", true},
                                      {"enabled", false}});
  Problems problems;
  const auto object = kind.from_value(stored, problems);
  const User& user = *static_cast<const User*>(object.get());
  EXPECT_EQ(user.firstname, "Bob");
  EXPECT_EQ(user.ring_seconds, 30);
  EXPECT_FALSE(user.enabled);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].field, "ring_seconds");
}

TEST(Schema, AnObjectIsOffWhenItsSwitchIs) {
  for (const KindSchema* kind : kinds()) {
    const auto object = kind->make_default();
    const Field* enabled = kind->field("enabled");
    EXPECT_FALSE(kind->is_off(object.get())) << kind->name();
    if (enabled == nullptr) continue;
    enabled->store(object.get(), Value(false));
    EXPECT_TRUE(kind->is_off(object.get())) << kind->name();
  }
}

TEST(Schema, SecretsAreHiddenUnlessAskedFor) {
  ConfigBuilder builder;
  builder.revision(4);
  const SipLineId id = builder.add({.name = "alice", .secret = "hush-hush"});
  const ConfigSnapshot config = builder.build();
  const KindSchema& kind = *find_kind("line");
  const Value shown = object_value(*config, kind, id.value);
  EXPECT_EQ(shown.find("secret"), nullptr);
  EXPECT_EQ(shown.integer_at("revision"), 4);
  EXPECT_EQ(object_value(*config, kind, id.value, Secrets::Shown).text_at("secret"), "hush-hush");
  EXPECT_TRUE(object_value(*config, kind, 99).is_null());
}

TEST(Schema, ReferenceToNobodyIsNull) {
  const SipLine line;
  EXPECT_TRUE(find_kind("line")->field("user")->get(&line).is_null());
}

}  // namespace
}  // namespace xivo::model
