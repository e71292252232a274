#include "api/users/user_export.hpp"

#include <fmt/format.h>

#include "api/users/user_columns.hpp"
#include "api/users/user_holdings.hpp"
#include "base/csv.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string cell_of(const Value& value) {
  if (const auto* text = value.text()) return *text;
  if (const auto number = value.integer()) return fmt::to_string(*number);
  if (const auto on = value.boolean()) return *on ? "1" : "0";
  return {};
}

std::string field_of(std::string_view kind, const void* object, std::string_view field) {
  return cell_of(model::find_kind(kind)->field(field)->get(object));
}

std::string number_cell(const model::Extension* extension, std::string_view field,
                        const UserDirectory& users) {
  if (extension == nullptr) return {};
  if (field == "exten") return extension->exten;
  if (field == "context") return users.context_name(extension->context);
  const auto* to = extension->destination.as<model::ToUser>();
  return to == nullptr || to->ring_seconds == 0 ? std::string() : fmt::to_string(to->ring_seconds);
}

std::string cell(const UserColumn& column, const model::User& user, const UserDirectory& users) {
  const UserHoldings& owned = users.holdings(user.id);
  switch (column.part) {
    case UserPart::User: return field_of("user", &user, column.field);
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
  std::vector<const UserColumn*> columns;
  std::vector<std::string> cells;
  for (const UserColumn& column : user_columns()) {
    if (!is_exported(column)) continue;
    columns.push_back(&column);
    cells.emplace_back(column.name);
  }
  std::string table = std::string(kMark) + csv::write_row(cells);
  for (const auto& [id, user] : config.users()) {
    cells.clear();
    for (const UserColumn* column : columns) cells.push_back(cell(*column, *user, users));
    table += csv::write_row(cells);
  }
  return table;
}

}  // namespace xivo::api
