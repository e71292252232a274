#include "model/rights.hpp"

#include <algorithm>
#include <optional>

#include "model/schema.hpp"

namespace xivo::model {

namespace {

struct Parts {
  std::string_view area;
  std::string_view action;
};

std::optional<Parts> parts_of(std::string_view scope) {
  const auto colon = scope.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Parts{scope.substr(0, colon), scope.substr(colon + 1)};
}

bool covers(std::string_view pattern, std::string_view wanted) { return pattern == "*" || pattern == wanted; }

bool covers(const Parts& pattern, const Parts& wanted) {
  return covers(pattern.area, wanted.area) && covers(pattern.action, wanted.action);
}

/// What two patterns of one side have in common; nothing when that is nothing.
std::optional<std::string_view> common(std::string_view a, std::string_view b) {
  if (covers(a, b)) return b;
  if (covers(b, a)) return a;
  return std::nullopt;
}

std::vector<Area> all_areas() {
  std::vector<Area> all;
  for (const KindSchema* kind : kinds()) {
    all.push_back({kind->name(), {"read", "write"}, kind->spec().plural_title});
  }
  const std::vector<Area> others{
      {"call", {"read", "hangup"}, {"Appels en cours", "Calls in progress"}},
      {"registration", {"read"}, {"Téléphones enregistrés", "Registered telephones"}},
      {"record", {"read"}, {"Historique des appels", "Call history"}},
      {"history", {"read", "rollback"}, {"Historique de la configuration", "History of the configuration"}},
      {"ban", {"read", "write"}, {"Adresses bannies", "Banned addresses"}},
      {"token", {"write"}, {"Jetons d'accès", "Access tokens"}},
      {"audit", {"read"}, {"Journal des accès", "Log of accesses"}},
      {"secret", {"reveal"}, {"Secrets", "Secrets"}},
      {"system", {"read"}, {"Système", "System"}},
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace

const std::vector<Area>& areas() {
  static const std::vector<Area> all = all_areas();
  return all;
}

bool is_scope(std::string_view text) {
  const auto parts = parts_of(text);
  if (!parts) return false;
  const auto has_action = [&](const Area& area) {
    return parts->action == "*" ||
           std::find(area.actions.begin(), area.actions.end(), parts->action) != area.actions.end();
  };
  return std::any_of(areas().begin(), areas().end(),
                     [&](const Area& area) { return covers(parts->area, area.name) && has_action(area); });
}

bool Rights::allows(std::string_view scope) const {
  if (scope.empty()) return true;
  const auto wanted = parts_of(scope);
  return wanted && std::any_of(scopes_.begin(), scopes_.end(), [&](const std::string& own) {
           const auto pattern = parts_of(own);
           return pattern && covers(*pattern, *wanted);
         });
}

std::string_view Rights::missing(const std::vector<std::string>& scopes) const {
  const auto found =
      std::find_if(scopes.begin(), scopes.end(), [this](const std::string& scope) { return !allows(scope); });
  return found == scopes.end() ? std::string_view() : std::string_view(*found);
}

Rights Rights::limited_to(const std::vector<std::string>& scopes) const {
  std::vector<std::string> both;
  for (const std::string& own : scopes_) {
    for (const std::string& other : scopes) {
      const auto a = parts_of(own);
      const auto b = parts_of(other);
      if (!a || !b) continue;
      const auto area = common(a->area, b->area);
      const auto action = common(a->action, b->action);
      if (!area || !action) continue;
      std::string scope = std::string(*area) + ":" + std::string(*action);
      if (std::find(both.begin(), both.end(), scope) == both.end()) both.push_back(std::move(scope));
    }
  }
  return Rights(std::move(both));
}

}  // namespace xivo::model
