#include "api/users/user_export.hpp"

#include <fmt/format.h>

#include "api/users/user_columns.hpp"
#include "api/users/user_holdings.hpp"
#include "api/users/user_permissions.hpp"
#include "base/csv.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

std::string cell_of(const Value& value) {
  if (value.items() != nullptr) {
    std::vector<std::string> texts;
    for (const Value& each : *value.items()) texts.push_back(*each.text());
    return cell_of_texts(texts);
  }
  if (const auto* text = value.text()) return *text;
  if (const auto number = value.integer()) return fmt::to_string(*number);
  if (const auto on = value.boolean()) return *on ? "1" : "0";
  return {};
}

std::string field_of(std::string_view kind, const void* object, std::string_view field) {
  return cell_of(model::find_kind(kind)->field(field)->get(object));
}

/// What the user refers to, by its key; empty: nothing.
std::string key_of(const model::Config& config, const model::Field& field, const void* user) {
  const model::KindSchema& kind = *model::find_kind(field.reference);
  const void* object = model::table_of(config, kind).find(field.get(user).integer().value_or(0));
  return object == nullptr ? std::string() : cell_of(kind.field(kind.spec().key)->get(object));
}

std::string user_cell(const model::Config& config, const model::User& user, std::string_view name) {
  const model::Field& field = *model::find_kind("user")->field(name);
  return field.type == model::FieldType::Reference ? key_of(config, field, &user) : cell_of(field.get(&user));
}

std::string number_cell(const model::Extension* extension, std::string_view field,
                        const UserDirectory& users) {
  if (extension == nullptr) return {};
  if (field == "exten") return extension->exten;
  if (field == "context") return users.context_name(extension->context);
  const auto* to = extension->destination.as<model::ToUser>();
  return to == nullptr || to->ring_seconds == 0 ? std::string() : fmt::to_string(to->ring_seconds);
}

std::string cell(const UserColumn& column, const model::User& user, const UserDirectory& users,
                 const UserPermissions& permissions) {
  const UserHoldings& owned = users.holdings(user.id);
  switch (column.part) {
    case UserPart::User: return user_cell(users.config(), user, column.field);
    case UserPart::Permission: return cell_of_texts(permissions.names_of(user.id));
    case UserPart::Extension:
      // A line without a number has a context all the same.
      if (owned.extension == nullptr && owned.line != nullptr && column.field == "context")
        return users.context_name(owned.line->context);
      return number_cell(owned.extension, column.field, users);
    case UserPart::Incall: return number_cell(owned.incall, column.field, users);
    case UserPart::Line:
      if (owned.line == nullptr) return {};
      return column.field == "protocol" ? "sip" : owned.line->name;
    case UserPart::Voicemail:
      if (owned.voicemail == nullptr) return {};
      if (column.field == "context") return users.context_name(owned.voicemail->context);
      return field_of("voicemail", owned.voicemail, column.field);
  }
  return {};
}

}  // namespace

std::string export_users(const model::Config& config) {
  const UserDirectory users(config);
  const UserPermissions permissions(config);
  std::vector<const UserColumn*> columns;
  std::vector<std::string> cells;
  for (const UserColumn& column : user_columns()) {
    if (!is_exported(column)) continue;
    columns.push_back(&column);
    cells.emplace_back(column.name);
  }
  std::string table = std::string(csv::kMark) + csv::write_row(cells);
  for (const auto& [id, user] : config.users()) {
    cells.clear();
    for (const UserColumn* column : columns) cells.push_back(cell(*column, *user, users, permissions));
    table += csv::write_row(cells);
  }
  return table;
}

}  // namespace xivo::api
