#include "model/references.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/destination.hpp"

namespace xivo::model {

namespace {

void visit_record(const std::vector<Field>& fields, Value& record, const std::string& path,
                  const ReferenceVisitor& visit) {
  for (const Field& field : fields) {
    if (!may_refer(field)) continue;
    const Value* member = record.find(field.name);
    if (member == nullptr || member->is_null()) continue;
    Value changed = *member;
    visit_references(field, changed, [&](std::string_view kind, Value& target, const std::string& below) {
      visit(kind, target, fmt::format("{}{}{}{}", path, field.name, below.empty() ? "" : ".", below));
    });
    if (changed != *member) record.set(field.name, std::move(changed));
  }
}

/// Each item of a list, changed in place.
template <class Visit>
void visit_items(Value& value, Visit visit) {
  const Value::List* items = value.items();
  if (items == nullptr) return;
  Value::List changed = *items;
  for (std::size_t i = 0; i < changed.size(); ++i) visit(changed[i], fmt::to_string(i));
  value = Value(std::move(changed));
}

bool any_refers(const std::vector<Field>& fields, std::string_view kind) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return may_refer(field, kind); });
}

}  // namespace

bool may_refer(const Field& field, std::string_view kind) {
  switch (field.type) {
    case FieldType::Reference:
    case FieldType::ReferenceList: return kind.empty() || field.reference == kind;
    case FieldType::Rows: return any_refers(field.fields, kind);
    case FieldType::Destination: {
      const auto& types = destination_types();
      return std::any_of(types.begin(), types.end(),
                         [&](const DestinationType* type) { return any_refers(type->fields, kind); });
    }
    default: return false;
  }
}

void visit_references(const Field& field, Value& value, const ReferenceVisitor& visit) {
  switch (field.type) {
    case FieldType::Reference:
      if (!value.is_null()) visit(field.reference, value, {});
      return;
    case FieldType::ReferenceList:
      visit_items(value, [&](Value& item, const std::string& at) { visit(field.reference, item, at); });
      return;
    case FieldType::Rows:
      visit_items(value, [&](Value& row, const std::string& at) {
        visit_record(field.fields, row, at + ".", visit);
      });
      return;
    case FieldType::Destination:
      if (const DestinationType* type = find_destination(value.text_at("type")))
        visit_record(type->fields, value, {}, visit);
      return;
    default: return;
  }
}

}  // namespace xivo::model
