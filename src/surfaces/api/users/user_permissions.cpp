#include "api/users/user_permissions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::api {

std::vector<std::string> texts_of_cell(std::string_view cell) {
  std::vector<std::string> texts;
  for (const std::string_view part : text::split(cell, ';')) {
    if (const auto trimmed = text::trim(part); !trimmed.empty()) texts.emplace_back(trimmed);
  }
  return texts;
}

std::string cell_of_texts(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ";"));
}

UserPermissions::UserPermissions(const model::Config& config) {
  for (const auto& [id, permission] : config.objects<model::CallPermission>()) {
    if (permission->name.find(';') != std::string::npos) continue;
    Entry& entry = by_name_[permission->name];
    entry.permission = &*permission;
    for (const model::UserId user : permission->users) entry.users.push_back(user.value);
  }
}

std::vector<std::string> UserPermissions::names_of(model::UserId user) const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : by_name_) {
    if (std::find(entry.users.begin(), entry.users.end(), user.value) != entry.users.end())
      names.push_back(name);
  }
  return names;
}

std::string UserPermissions::give(std::int64_t user, const std::vector<std::string>& names,
                                  std::size_t line) {
  for (const std::string& name : names) {
    if (!by_name_.contains(name)) return name;
  }
  for (auto& [name, entry] : by_name_) {
    const auto has = std::find(entry.users.begin(), entry.users.end(), user);
    const bool wanted = std::find(names.begin(), names.end(), name) != names.end();
    if (wanted == (has != entry.users.end())) continue;
    if (wanted) {
      entry.users.push_back(user);
    } else {
      entry.users.erase(has);
    }
    entry.lines.push_back(line);
  }
  return {};
}

std::vector<UserPermissions::Changed> UserPermissions::changed() const {
  std::vector<Changed> all;
  for (const auto& [name, entry] : by_name_) {
    if (entry.lines.empty()) continue;
    Changed changed{entry.permission->id.value, {}, entry.lines};
    for (const std::int64_t user : entry.users) changed.users.emplace_back(user);
    all.push_back(std::move(changed));
  }
  return all;
}

}  // namespace xivo::api
