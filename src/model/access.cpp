#include "model/access.hpp"

#include <algorithm>

#include "model/config.hpp"
#include "model/rights.hpp"

namespace xivo::model {

const std::vector<Role>& supplied_roles() {
  static const std::vector<Role> kRoles{
      {.name = "administrator",
       .label = "Administrateur / Administrator",
       .description = "Tous les droits. / All rights.",
       .rights = {"*:*"}},
      {.name = "supervisor",
       .label = "Superviseur / Supervisor",
       .description = "Suit les appels et peut y mettre fin. / Watches calls and may end them.",
       .rights = {"user:read", "line:read", "extension:read", "context:read", "voicemail:read",
                  "general:read", "call:*", "registration:read", "record:read", "ban:read", "system:read"}},
      {.name = "operator",
       .label = "Opérateur / Operator",
       .description = "Gère les utilisateurs et leurs téléphones au quotidien. / Looks after users and their "
                      "telephones day by day.",
       .rights = {"user:*", "line:*", "extension:*", "voicemail:*", "context:read", "feature_code:read",
                  "general:read", "call:*", "registration:read", "record:read", "history:read", "ban:*",
                  "system:read"}},
      {.name = "auditor",
       .label = "Auditeur / Auditor",
       .description = "Lit tout, ne change rien. / Reads everything, changes nothing.",
       .rights = {"*:read"}},
      {.name = "user",
       .label = "Utilisateur / User",
       .description = "Consulte l'annuaire. / Looks people up.",
       .rights = {"user:read", "extension:read", "general:read"}},
  };
  return kRoles;
}

bool is_supplied_role(std::string_view name) {
  const auto& roles = supplied_roles();
  return std::any_of(roles.begin(), roles.end(), [&](const Role& role) { return role.name == name; });
}

std::string label_in(const Role& role, Language language) {
  constexpr std::string_view kBetween = " / ";
  const auto at = role.label.find(kBetween);
  if (at == std::string::npos || role.label.find(kBetween, at + 1) != std::string::npos) return role.label;
  return language == Language::French ? role.label.substr(0, at) : role.label.substr(at + kBetween.size());
}

bool has_administrator(const Config& config) {
  const auto& accounts = config.objects<Account>();
  return std::any_of(accounts.begin(), accounts.end(), [&](const auto& entry) {
    const Role* role = entry.second->enabled ? config.find(entry.second->role) : nullptr;
    return role != nullptr && Rights(role->rights).allows("*:*");
  });
}

const Account* account_by_name(const Config& config, std::string_view name) {
  const auto& accounts = config.objects<Account>();
  const auto found = std::find_if(accounts.begin(), accounts.end(),
                                  [&](const auto& entry) { return entry.second->name == name; });
  return found == accounts.end() ? nullptr : found->second.get();
}

}  // namespace xivo::model
