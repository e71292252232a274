#pragma once

#include <string>
#include <utility>
#include <vector>

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
  [[nodiscard]] KindSlot slot() const override { return kind_slot<Kind>(); }
  [[nodiscard]] std::shared_ptr<AnyTable> make_table() const override {
    return std::make_shared<TypedTable<Kind>>();
  }

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
  return make_field(
      FieldType::Reference, member, std::move(spec),
      [](ObjectId<Other> id) { return id ? Value(id.value) : Value(); },
      [](const Value& value) { return ObjectId<Other>{*value.integer()}; });
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
