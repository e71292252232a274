#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/destination.hpp"
#include "model/schema.hpp"

/// The words in which a kind is declared; for kinds/*.cpp.
namespace xivo::model::declare {

/// A kind whose struct is `Kind`.
template <class Kind>
class TypedKind final : public KindSchema {
 public:
  using Label = std::string (*)(const Kind&);

  TypedKind(KindSpec spec, Label label_of, std::vector<Field> fields)
      : KindSchema(std::move(spec), std::move(fields)), label_(label_of) {}

  [[nodiscard]] Object make_default() const override { return std::make_shared<Kind>(); }
  [[nodiscard]] Object copy(const void* object) const override {
    return std::make_shared<Kind>(cast(object));
  }
  [[nodiscard]] std::int64_t id_of(const void* object) const override { return cast(object).id.value; }
  void set_id(void* object, std::int64_t id) const override { static_cast<Kind*>(object)->id.value = id; }
  [[nodiscard]] std::string label(const void* object) const override { return label_(cast(object)); }
  [[nodiscard]] bool is_off(const void* object) const override {
    if constexpr (requires { requires std::is_same_v<decltype(Kind::enabled), bool>; }) {
      return !cast(object).enabled;
    } else {
      return false;
    }
  }
  [[nodiscard]] KindSlot slot() const override { return kind_slot<Kind>(); }

 private:
  static const Kind& cast(const void* object) { return *static_cast<const Kind*>(object); }
  Label label_;
};

/// `read` turns the member into a Value, `write` a Value that is not null into the member.
template <class Kind, class Member, class Read, class Write>
Field make_field(FieldType type, Member Kind::* member, FieldSpec spec, Read read, Write write) {
  Field field;
  static_cast<FieldSpec&>(field) = std::move(spec);
  field.type = type;
  field.get = [member, read](const void* object) { return read(static_cast<const Kind*>(object)->*member); };
  field.store = [member, write](void* object, const Value& value) {
    static_cast<Kind*>(object)->*member = value.is_null() ? Kind{}.*member : write(value);
  };
  const Kind fresh;
  field.default_value = field.get(&fresh);
  return field;
}

template <class Kind>
Field text_of(FieldType type, std::string Kind::* member, FieldSpec spec) {
  return make_field(
      type, member, std::move(spec), [](const std::string& text) { return Value(text); },
      [](const Value& value) { return *value.text(); });
}
template <class Kind>
Field text(std::string Kind::* member, FieldSpec spec) {
  return text_of(FieldType::Text, member, std::move(spec));
}
template <class Kind>
Field secret(std::string Kind::* member, FieldSpec spec) {
  return text_of(FieldType::Secret, member, std::move(spec));
}
template <class Kind>
Field choice(std::string Kind::* member, FieldSpec spec) {
  return text_of(FieldType::Choice, member, std::move(spec));
}

template <class Kind>
Field integer(std::int64_t Kind::* member, FieldSpec spec) {
  return make_field(
      FieldType::Integer, member, std::move(spec), [](std::int64_t number) { return Value(number); },
      [](const Value& value) { return *value.integer(); });
}

template <class Kind>
Field boolean(bool Kind::* member, FieldSpec spec) {
  return make_field(
      FieldType::Boolean, member, std::move(spec), [](bool on) { return Value(on); },
      [](const Value& value) { return *value.boolean(); });
}

template <class Kind>
Field text_list(std::vector<std::string> Kind::* member, FieldSpec spec) {
  return make_field(
      FieldType::TextList, member, std::move(spec),
      [](const std::vector<std::string>& texts) { return Value(texts); },
      [](const Value& value) {
        std::vector<std::string> texts;
        for (const Value& item : *value.items()) texts.push_back(*item.text());
        return texts;
      });
}

template <class Kind, class Other>
Field reference(ObjectId<Other> Kind::* member, FieldSpec spec) {
  Field made = make_field(
      FieldType::Reference, member, std::move(spec),
      [](ObjectId<Other> id) { return id ? Value(id.value) : Value(); },
      [](const Value& value) { return ObjectId<Other>{value.integer().value_or(0)}; });
  made.refer = [member, kind = made.reference](const void* object, const ReferenceSeen& seen) {
    if (const auto id = static_cast<const Kind*>(object)->*member) seen(kind, id.value);
  };
  return made;
}

template <class Kind, class Other>
Field reference_list(std::vector<ObjectId<Other>> Kind::* member, FieldSpec spec) {
  Field made = make_field(
      FieldType::ReferenceList, member, std::move(spec),
      [](const std::vector<ObjectId<Other>>& ids) {
        Value list = Value::list();
        for (const ObjectId<Other> id : ids) list.push(Value(id.value));
        return list;
      },
      [](const Value& value) {
        std::vector<ObjectId<Other>> ids;
        for (const Value& item : *value.items()) ids.push_back({item.integer().value_or(0)});
        return ids;
      });
  made.refer = [member, kind = made.reference](const void* object, const ReferenceSeen& seen) {
    for (const ObjectId<Other> id : static_cast<const Kind*>(object)->*member) seen(kind, id.value);
  };
  return made;
}

/// `fields` are declared of the row's struct, with the same words as a kind's.
template <class Kind, class Row>
Field rows(std::vector<Row> Kind::* member, FieldSpec spec, const std::vector<Field>& fields) {
  Field made = make_field(
      FieldType::Rows, member, std::move(spec),
      [fields](const std::vector<Row>& all) {
        Value list = Value::list();
        for (const Row& row : all) {
          Value record = Value::object();
          for (const Field& field : fields) record.append(std::string(field.name), field.get(&row));
          list.push(std::move(record));
        }
        return list;
      },
      [fields](const Value& value) {
        std::vector<Row> all;
        for (const Value& record : *value.items()) {
          Row& row = all.emplace_back();
          for (const Field& field : fields) {
            if (const Value* given = record.find(field.name)) field.store(&row, *given);
          }
        }
        return all;
      });
  made.fields = fields;
  std::vector<Field> referring;
  for (const Field& field : fields) {
    if (field.refer) referring.push_back(field);
  }
  if (referring.empty()) return made;
  made.refer = [member, referring](const void* object, const ReferenceSeen& seen) {
    for (const Row& row : static_cast<const Kind*>(object)->*member) {
      for (const Field& field : referring) field.refer(&row, seen);
    }
  };
  return made;
}

template <class Kind>
Field destination(Destination Kind::* member, FieldSpec spec) {
  Field made = make_field(
      FieldType::Destination, member, std::move(spec),
      [](const Destination& where) { return where.to_value(); },
      [](const Value& value) { return Destination::from_value(value); });
  made.refer = [member](const void* object, const ReferenceSeen& seen) {
    (static_cast<const Kind*>(object)->*member).refer(seen);
  };
  return made;
}

/// A type of destination whose options are the struct `Options`; its fields are declared of that.
template <class Options>
DestinationType destination_type(std::string_view name, Words title, Words help, std::vector<Field> fields) {
  return {name,
          title,
          help,
          std::move(fields),
          [] { return std::make_shared<Options>(); },
          destination_tag<Options>()};
}

constexpr CharacterClass kNameCharacters{"A-Za-z0-9_-",
                                         {"lettres, chiffres, _ et -", "letters, digits, _ and -"}};
constexpr CharacterClass kZoneCharacters{"A-Za-z0-9_/+-",
                                         {"lettres, chiffres et _ / + -", "letters, digits and _ / + -"}};

/// One '@' with something on both sides and no blank; whether mail arrives there, only mail can tell.
inline bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
}

/// A choice among the languages of the prompts.
inline FieldSpec languages(FieldSpec spec) {
  spec.choices = {{"fr_FR", {"français", "French"}},
                  {"fr_CA", {"français (Canada)", "French (Canada)"}},
                  {"en_US", {"anglais (États-Unis)", "English (United States)"}},
                  {"en_GB", {"anglais (Royaume-Uni)", "English (United Kingdom)"}}};
  return spec;
}

/// A universal identifier that apply() gives.
template <class Kind>
Field uuid(std::string Kind::* member, std::string_view group = {}) {
  return text(member,
              {.name = "uuid",
               .title = {"UUID", "UUID"},
               .help = {"Identifiant universel, attribué à la création.",
                        "Universal identifier, assigned at creation."},
               .read_only = true,
               .assigned_uuid = true,
               .unique = true,
               .bounds = {36, 36},
               .characters = {"0-9a-f-", {"chiffres hexadécimaux et tirets", "hexadecimal digits, hyphens"}},
               .example = "7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f10",
               .group = group,
               .advanced = true});
}

/// Several groups of fields as one, in their order.
inline std::vector<Field> joined(std::initializer_list<std::vector<Field>> groups) {
  std::vector<Field> all;
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

/// A problem of `input`'s object; its change and name are filled in by apply().
inline Problem& report(const RuleInput& input, Problems& problems, Problem::Rule rule,
                       std::string_view field) {
  Problem problem;
  problem.rule = rule;
  problem.kind = input.kind.name();
  problem.id = input.id;
  problem.field = field;
  return problems.emplace_back(std::move(problem));
}

}  // namespace xivo::model::declare
