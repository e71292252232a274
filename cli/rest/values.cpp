#include "cli/rest/values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/json.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr std::size_t kInlineMax = 100;  // characters
constexpr std::size_t kOpenDepth = 2;  // down to here everything takes lines of its own

Value boolean_or_text(std::string_view text) {
  for (const auto yes : {"", "true", "yes", "oui", "on", "1"})
    if (text::equal_ignoring_case(text, yes)) return true;
  for (const auto no : {"false", "no", "non", "off", "0"})
    if (text::equal_ignoring_case(text, no)) return false;
  return text;
}

Value integer_or_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto number = text::parse_decimal<std::int64_t>(text.substr(negative ? 1 : 0));
  return number ? Value(negative ? -*number : *number) : Value(text);
}

Outcome<Value> reference_of(Directory& directory, const FieldInfo& field, std::string_view text) {
  if (text.empty() || text == "none") return Value();
  const KindInfo* kind = directory.schema().kind(field.reference);
  if (kind == nullptr) return Value(text);
  const auto id = directory.find(*kind, text);
  if (!id) return Unexpected{id.error()};
  return Value(*id);
}

template <class Read>
Outcome<Value> list_of(std::string_view text, Read read) {
  Value list = Value::list();
  if (text.empty()) return list;
  for (const auto part : text::split(text, ',')) {
    auto item = read(text::trim(part));
    if (!item) return Unexpected{item.error()};
    list.push(std::move(*item));
  }
  return list;
}

/// "100-199": the row's fields in their order.
Outcome<Value> row_of(Directory& directory, const FieldInfo& field, std::string_view text) {
  Value row = Value::object();
  std::size_t at = 0;
  for (const auto part : text::split(text, '-')) {
    if (at == field.fields.size()) break;
    auto value = value_of(directory, field.fields[at], part);
    if (!value) return value;
    row.set(field.fields[at++].name, std::move(*value));
  }
  return row;
}

/// The reference that says where the number of such a destination is; nullptr: it has no number.
const FieldInfo* place_of(const DestinationInfo& type) {
  if (type.fields.size() < 2 || type.fields[0].type != "text" || type.fields[1].type != "reference")
    return nullptr;
  return &type.fields[1];
}

Outcome<Value> destination_of(Directory& directory, std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view type = text.substr(0, colon);
  Value destination = Value::object({{"type", type.empty() ? std::string_view("none") : type}});
  const DestinationInfo* known = directory.schema().destination(type);
  if (known == nullptr || known->fields.empty() || colon == std::string_view::npos) return destination;
  bool first = true;
  for (const auto part : text::split(text.substr(colon + 1), ',')) {
    const auto equals = first ? std::string_view::npos : part.find('=');
    const std::string_view name =
        first ? std::string_view(known->fields.front().name) : part.substr(0, equals);
    first = false;
    const auto field = std::find_if(known->fields.begin(), known->fields.end(),
                                    [&](const auto& f) { return f.name == name; });
    std::string_view content = equals == std::string_view::npos ? part : part.substr(equals + 1);
    // "101@default": a number and where it is.
    const FieldInfo* place = name == known->fields.front().name ? place_of(*known) : nullptr;
    if (const auto at = content.find('@'); place != nullptr && at != std::string_view::npos) {
      auto where = reference_of(directory, *place, content.substr(at + 1));
      if (!where) return where;
      destination.set(place->name, std::move(*where));
      content = content.substr(0, at);
    }
    auto value =
        field == known->fields.end() ? Outcome<Value>(Value(content)) : value_of(directory, *field, content);
    if (!value) return value;
    destination.set(name, std::move(*value));
  }
  return destination;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? std::string() : std::string(between)) + part;
  return text;
}

std::string shown_destination(Directory& directory, const Value& value) {
  const std::string type = value.text_at("type");
  const DestinationInfo* known = directory.schema().destination(type);
  std::string text = type;
  if (known == nullptr) return text;
  bool first = true;
  for (const FieldInfo& field : known->fields) {
    const Value* option = value.find(field.name);
    const std::string word = option == nullptr ? std::string() : shown(directory, field, *option);
    if (&field == place_of(*known)) {
      text += word.empty() ? "" : "@" + word;
    } else if (first) {
      text += ":" + word;
    } else if (!word.empty() && word != "0") {
      text += fmt::format(",{}={}", field.name, word);
    }
    first = false;
  }
  return text;
}

std::string shown_row(Directory& directory, const FieldInfo& field, const Value& row) {
  std::vector<std::string> parts;
  for (const FieldInfo& part : field.fields) {
    const Value* value = row.find(part.name);
    if (value != nullptr) parts.push_back(shown(directory, part, *value));
  }
  while (!parts.empty() && (parts.back().empty() || parts.back() == "0")) parts.pop_back();
  return joined(parts, "-");
}

Outcome<Value> named_record(Directory& directory, const std::vector<FieldInfo>& fields, Value record) {
  for (const FieldInfo& field : fields) {
    const Value* member = record.find(field.name);
    if (member == nullptr) continue;
    auto changed = with_names(directory, field, *member);
    if (!changed) return changed;
    record.set(field.name, std::move(*changed));
  }
  return record;
}

Outcome<Value> name_of_id(Directory& directory, const std::string& kind_name, const Value& value) {
  const KindInfo* kind = directory.schema().kind(kind_name);
  if (kind == nullptr || !value.integer()) return value;
  const auto object = directory.by_id(*kind, *value.integer());
  if (!object) return Unexpected{object.error()};
  if (*object == nullptr) return value;
  auto name = directory.name(*kind, **object);
  if (!name) return Unexpected{name.error()};
  return Value(std::move(*name));
}

void write_pretty(std::string& text, const Value& value, std::size_t depth) {
  const auto* members = value.members();
  const auto* items = value.items();
  const bool empty = (members == nullptr || members->empty()) && (items == nullptr || items->empty());
  if (empty) {
    text += model::to_json(value);
    return;
  }
  if (std::string line = model::to_json(value); depth > kOpenDepth && line.size() <= kInlineMax) {
    text += line;
    return;
  }
  const std::string indent((depth + 1) * 2, ' ');
  text += members != nullptr ? "{" : "[";
  bool first = true;
  const auto begin_item = [&] {
    text += first ? "\n" : ",\n";
    text += indent;
    first = false;
  };
  if (members != nullptr) {
    for (const auto& member : *members) {
      begin_item();
      text += model::to_json(Value(member.name)) + ": ";
      write_pretty(text, member.value, depth + 1);
    }
  } else {
    for (const Value& item : *items) {
      begin_item();
      write_pretty(text, item, depth + 1);
    }
  }
  text += "\n" + std::string(depth * 2, ' ') + (members != nullptr ? "}" : "]");
}

}  // namespace

Outcome<Value> value_of(Directory& directory, const FieldInfo& field, std::string_view text) {
  const bool structured = field.type == "destination" || field.type == "rows" ||
                          field.type == "reference_list" || field.type == "text_list";
  if (structured && (text.starts_with('{') || text.starts_with('['))) {
    if (auto json = model::parse_json(text)) return std::move(*json);
  }
  if (field.type == "boolean") return boolean_or_text(text);
  if (field.type == "integer") return integer_or_text(text);
  if (field.type == "reference") return reference_of(directory, field, text);
  if (field.type == "destination") return destination_of(directory, text);
  if (field.type == "text_list")
    return list_of(text, [](std::string_view part) { return Outcome<Value>(Value(part)); });
  if (field.type == "reference_list")
    return list_of(text, [&](std::string_view part) { return reference_of(directory, field, part); });
  if (field.type == "rows")
    return list_of(text, [&](std::string_view part) { return row_of(directory, field, part); });
  return Value(text);
}

std::string shown(Directory& directory, const FieldInfo& field, const Value& value) {
  if (const auto* text = value.text()) return *text;
  if (const auto on = value.boolean()) {
    return *on ? in(directory.api().language(), "oui", "yes") : in(directory.api().language(), "non", "no");
  }
  if (field.type == "reference" && value.integer()) return directory.label(field.reference, *value.integer());
  if (const auto number = value.integer()) return fmt::to_string(*number);
  if (field.type == "destination") return shown_destination(directory, value);
  if (const auto* items = value.items()) {
    std::vector<std::string> parts;
    FieldInfo item_field = field;
    if (field.type == "reference_list") item_field.type = "reference";
    for (const Value& item : *items)
      parts.push_back(field.type == "rows" ? shown_row(directory, field, item)
                                           : shown(directory, item_field, item));
    return joined(parts, ",");
  }
  return value.is_null() ? std::string() : model::to_json(value);
}

Outcome<Value> with_names(Directory& directory, const FieldInfo& field, Value value) {
  if (field.type == "reference") return name_of_id(directory, field.reference, value);
  if (field.type == "destination") {
    const DestinationInfo* type = directory.schema().destination(value.text_at("type"));
    return type == nullptr ? Outcome<Value>(value) : named_record(directory, type->fields, std::move(value));
  }
  if (field.type != "reference_list" && field.type != "rows") return value;
  Value list = Value::list();
  if (value.items() == nullptr) return value;
  for (const Value& item : *value.items()) {
    auto changed = field.type == "rows" ? named_record(directory, field.fields, item)
                                        : name_of_id(directory, field.reference, item);
    if (!changed) return changed;
    list.push(std::move(*changed));
  }
  return list;
}

std::string pretty(const Value& value) {
  std::string text;
  write_pretty(text, value, 0);
  return text + "\n";
}

}  // namespace xivo::cli
