#include "model/field.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/destination.hpp"
#include "model/utf8.hpp"

namespace xivo::model {

namespace {

using Rule = Problem::Rule;
using Facts = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kShownMax = 80;  // bytes of an offending value that a problem repeats

/// Whether `c` is in a set such as "0-9*#".
bool in_set(std::string_view set, char c) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      if (c >= set[i] && c <= set[i + 2]) return true;
      i += 2;
    } else if (c == set[i]) {
      return true;
    }
  }
  return false;
}

/// The offending value as a problem may repeat it: printable and short.
std::string shown(std::string_view text) {
  if (!printable_length(text)) return "?";
  if (text.size() <= kShownMax) return std::string(text);
  std::size_t end = kShownMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::optional<Problem> broken(const Field& field, Rule rule, Facts facts) {
  Problem problem;
  problem.rule = rule;
  problem.field = field.name;
  problem.facts = std::move(facts);
  return problem;
}

std::optional<Problem> wrong_type(const Field& field) {
  return broken(field, Rule::WrongType, {{"expected", std::string(name(field.type))}});
}

std::string choices_of(const Field& field) {
  std::string all;
  for (const Choice& choice : field.choices) {
    if (!all.empty()) all += ", ";
    all += choice.value;
  }
  return all;
}

std::optional<Problem> check_choice(const Field& field, const std::string& text) {
  const bool known = std::any_of(field.choices.begin(), field.choices.end(),
                                 [&](const Choice& choice) { return choice.value == text; });
  if (known) return std::nullopt;
  return broken(field, Rule::UnknownChoice, {{"choices", choices_of(field)}, {"value", shown(text)}});
}

std::optional<Problem> check_length(const Field& field, std::int64_t length) {
  if (length > field.bounds.max) {
    return broken(field, Rule::TooLong,
                  {{"max", fmt::to_string(field.bounds.max)}, {"length", fmt::to_string(length)}});
  }
  if (length < field.bounds.min) {
    return broken(field, Rule::TooShort,
                  {{"min", fmt::to_string(field.bounds.min)}, {"length", fmt::to_string(length)}});
  }
  return std::nullopt;
}

Facts pattern_facts(const Field& field, const std::string& text) {
  Facts facts{{"allowed", std::string(field.characters.set)}};
  if (!field.write_only()) facts.emplace_back("value", shown(text));
  return facts;
}

std::optional<Problem> check_text(const Field& field, const Value& value) {
  const std::string* text = value.text();
  if (text == nullptr) return wrong_type(field);
  if (text->empty()) return std::nullopt;  // none; whether one is needed is not this field's to know
  const auto length = printable_length(*text);
  if (!length) return broken(field, Rule::Pattern, pattern_facts(field, *text));
  if (auto problem = check_length(field, static_cast<std::int64_t>(*length))) return problem;
  if (!field.characters.accepts(*text)) return broken(field, Rule::Pattern, pattern_facts(field, *text));
  if (field.accepts != nullptr && !field.accepts(*text)) {
    return broken(field, field.broken, {{"value", shown(*text)}});
  }
  return std::nullopt;
}

std::optional<Problem> check_list(const Field& field, const Value& value) {
  const Value::List* items = value.items();
  if (items == nullptr) return wrong_type(field);
  if (auto problem = check_length(field, static_cast<std::int64_t>(items->size()))) return problem;
  for (auto item = items->begin(); item != items->end(); ++item) {
    const std::string* text = item->text();
    if (text == nullptr) return wrong_type(field);
    if (std::find(items->begin(), item, *item) != item) {
      return broken(field, Rule::Repeated, {{"value", shown(*text)}});
    }
    if (!field.choices.empty()) {
      if (auto problem = check_choice(field, *text)) return problem;
    } else if (!field.characters.accepts(*text)) {
      return broken(field, Rule::Pattern, pattern_facts(field, *text));
    } else if (field.accepts != nullptr && !field.accepts(*text)) {
      return broken(field, field.broken, {{"value", shown(*text)}});
    }
  }
  return std::nullopt;
}

std::optional<Problem> check_integer(const Field& field, const Value& value) {
  const auto number = value.integer();
  if (!number) return wrong_type(field);
  if (*number >= field.bounds.min && *number <= field.bounds.max) return std::nullopt;
  return broken(field, Rule::OutOfRange,
                {{"min", fmt::to_string(field.bounds.min)},
                 {"max", fmt::to_string(field.bounds.max)},
                 {"value", fmt::to_string(*number)}});
}

bool may_refer(const Value& value) {
  return value.integer() || (value.text() != nullptr && printable_length(*value.text()));
}

std::optional<Problem> check_references(const Field& field, const Value& value) {
  const Value::List* items = value.items();
  if (items == nullptr) return wrong_type(field);
  if (auto problem = check_length(field, static_cast<std::int64_t>(items->size()))) return problem;
  for (auto item = items->begin(); item != items->end(); ++item) {
    if (!may_refer(*item)) return wrong_type(field);
    if (std::find(items->begin(), item, *item) == item) continue;
    const std::string* key = item->text();
    return broken(field, Rule::Repeated, {{"value", key ? shown(*key) : fmt::to_string(*item->integer())}});
  }
  return std::nullopt;
}

/// The members of a record against its fields; `other` is a member that is not theirs.
std::optional<Problem> check_record(const std::vector<Field>& fields, const Value& record,
                                    std::string_view other = {}) {
  for (const Value::Member& member : *record.members()) {
    if (!other.empty() && member.name == other) continue;
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == member.name; });
    if (field == fields.end()) {
      Problem unknown;
      unknown.rule = Rule::UnknownField;
      unknown.field = shown(member.name);
      return unknown;
    }
    if (auto problem = field->check(member.value)) return problem;
  }
  for (const Field& field : fields) {
    const Value* member = record.find(field.name);
    if (field.required && is_empty(member == nullptr ? field.default_value : *member))
      return broken(field, Rule::Required, {});
  }
  return std::nullopt;
}

std::optional<Problem> below(std::string path, std::optional<Problem> problem) {
  if (problem) problem->field = path + "." + problem->field;
  return problem;
}

std::optional<Problem> check_rows(const Field& field, const Value& value) {
  const Value::List* items = value.items();
  if (items == nullptr) return wrong_type(field);
  if (auto problem = check_length(field, static_cast<std::int64_t>(items->size()))) return problem;
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (!(*items)[i].is_object()) return wrong_type(field);
    if (auto problem = check_record(field.fields, (*items)[i]))
      return below(fmt::format("{}.{}", field.name, i), std::move(problem));
  }
  return std::nullopt;
}

std::optional<Problem> check_destination(const Field& field, const Value& value) {
  if (!value.is_object()) return wrong_type(field);
  const std::string name = value.text_at("type");
  if (const DestinationType* type = find_destination(name))
    return below(std::string(field.name), check_record(type->fields, value, "type"));
  std::string all;
  for (const DestinationType* type : destination_types())
    all.append(all.empty() ? "" : ", ").append(type->name);
  return broken(field, Rule::UnknownChoice, {{"choices", all}, {"value", shown(name)}});
}

}  // namespace

bool is_empty(const Value& value) {
  return value.is_null() || (value.text() != nullptr && value.text()->empty()) ||
         (value.items() != nullptr && value.items()->empty());
}

bool CharacterClass::accepts(std::string_view text) const {
  if (set.empty()) return printable_length(text).has_value();
  return std::all_of(text.begin(), text.end(), [&](char c) { return in_set(set, c); });
}

std::optional<Problem> Field::check(const Value& value) const {
  if (value.is_null()) return std::nullopt;
  switch (type) {
    case FieldType::Text:
    case FieldType::Secret: return check_text(*this, value);
    case FieldType::Integer: return check_integer(*this, value);
    case FieldType::Boolean: return value.boolean() ? std::nullopt : wrong_type(*this);
    case FieldType::TextList: return check_list(*this, value);
    case FieldType::Choice:
      return value.text() == nullptr ? wrong_type(*this) : check_choice(*this, *value.text());
    case FieldType::Reference: return may_refer(value) ? std::nullopt : wrong_type(*this);
    case FieldType::ReferenceList: return check_references(*this, value);
    case FieldType::Rows: return check_rows(*this, value);
    case FieldType::Destination: return check_destination(*this, value);
  }
  return std::nullopt;
}

std::string_view name(FieldType type) {
  switch (type) {
    case FieldType::Text: return "text";
    case FieldType::Integer: return "integer";
    case FieldType::Boolean: return "boolean";
    case FieldType::TextList: return "text_list";
    case FieldType::Choice: return "choice";
    case FieldType::Reference: return "reference";
    case FieldType::Secret: return "secret";
    case FieldType::ReferenceList: return "reference_list";
    case FieldType::Rows: return "rows";
    case FieldType::Destination: return "destination";
  }
  return "";
}

}  // namespace xivo::model
