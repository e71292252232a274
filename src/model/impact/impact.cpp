#include "model/impact/impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/checker/survey.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering_map/numbering_map.hpp"
#include "model/references.hpp"
#include "model/routing/number_index.hpp"
#include "model/schema.hpp"

namespace xivo::model::impact {
namespace {

std::vector<Reference> references_to(const checker::Survey& survey, const KindSchema& kind, std::int64_t id) {
  std::vector<Reference> references;
  for (const KindSchema* holder : kinds()) {
    for (const Field& field : holder->fields()) {
      if (!may_refer(field, kind.name())) continue;
      table_of(survey.config, *holder).for_each([&](std::int64_t at, const void* object) {
        Value value = field.get(object);
        bool refers = false;
        visit_references(field, value, [&](std::string_view of, Value& target, const std::string&) {
          refers = refers || (of == kind.name() && target.integer().value_or(0) == id);
        });
        if (refers && references.size() < kToldMax)
          references.push_back({survey.side(holder->name(), at), field.name, field.title});
      });
    }
  }
  return references;
}

/// Follows what led somewhere before and leads nowhere after.
class DeadEnds {
 public:
  DeadEnds(const checker::Survey& before, const checker::Survey& after) : before_(before), after_(after) {}

  std::vector<DeadEnd> find() {
    for (const auto& [id, extension] : before_.config.objects<Extension>()) {
      const Extension* now = after_.config.find(ExtensionId{id});
      if (extension->enabled && (now == nullptr || leads_nowhere(extension->destination, now->destination)))
        lose(*extension);
    }
    while (find_more()) {
    }
    find_routes();
    find_forwards();
    return std::move(all_);
  }

 private:
  static bool leads_nowhere(const Destination& before, const Destination& after) {
    return !before.is_none() && after.is_none();
  }
  void tell(Side from, std::string_view to) {
    if (all_.size() == kToldMax) return;
    const std::string label = from.label;
    all_.push_back({std::move(from),
                    {fmt::format("« {} » ne mène plus à {}", label, to.empty() ? "personne" : to),
                     fmt::format("\"{}\" leads to {} no more", label, to.empty() ? "anybody" : to)}});
  }
  void lose(const Extension& extension) {
    if (!lost_.insert(extension.id.value).second) return;
    tell(before_.side("extension", extension.id), {});
  }
  [[nodiscard]] bool is_lost(ContextId context, std::string_view number) const {
    const Extension* extension = before_.resolve(context, number);
    return extension != nullptr && lost_.contains(extension->id.value) &&
           after_.resolve(context, number) == nullptr;
  }
  [[nodiscard]] bool is_lost(const Destination& to, ContextId home) const {
    const auto* next = to.as<ToExtension>();
    if (next == nullptr) return false;
    const ContextId context = next->context ? next->context : home;
    const Extension* extension = before_.resolve(context, next->exten);
    return extension != nullptr && lost_.contains(extension->id.value);
  }
  bool find_more() {
    bool found = false;
    for (const auto& [id, extension] : before_.config.objects<Extension>()) {
      if (!extension->enabled || lost_.contains(id) || !is_lost(extension->destination, extension->context))
        continue;
      lost_.insert(id);
      tell(before_.side("extension", id), extension->destination.as<ToExtension>()->exten);
      found = true;
    }
    return found;
  }
  void find_routes() {
    for (const auto& [id, route] : before_.config.objects<IncomingRoute>()) {
      const IncomingRoute* now = after_.config.find(IncomingRouteId{id});
      if (!route->enabled) continue;
      if (now == nullptr || leads_nowhere(route->destination, now->destination)) {
        tell(before_.side("incoming_route", id), {});
      } else if (is_lost(route->destination, route->context)) {
        tell(before_.side("incoming_route", id), route->destination.as<ToExtension>()->exten);
      }
    }
  }
  void find_forwards() {
    for (const auto& [id, user] : before_.config.users()) {
      const auto lines = before_.config.lines_of(user->id);
      if (lines.empty() || after_.config.user(user->id) == nullptr) continue;
      const auto look = [&](bool enabled, const std::string& number) {
        if (enabled && is_lost(lines.front()->context, number)) tell(before_.side("user", id), number);
      };
      look(user->forward_unconditional_enabled, user->forward_unconditional_destination);
      look(user->forward_busy_enabled, user->forward_busy_destination);
      look(user->forward_noanswer_enabled, user->forward_noanswer_destination);
    }
  }

  const checker::Survey& before_;
  const checker::Survey& after_;
  std::set<std::int64_t> lost_;  // extensions
  std::vector<DeadEnd> all_;
};

/// The names of the outgoing routes with a way out that can be dialled from a context.
std::set<std::int64_t> ways_out(const checker::Survey& survey, ContextId home) {
  std::set<std::int64_t> ways;
  const auto& reach = survey.reach(home);
  for (const OutgoingRoute* route : survey.config.outgoing().all()) {
    const bool has_trunk = std::any_of(route->trunks.begin(), route->trunks.end(), [&](TrunkId id) {
      const Trunk* trunk = survey.config.find(id);
      return trunk != nullptr && trunk->enabled;
    });
    if (has_trunk && std::find(reach.begin(), reach.end(), route->context) != reach.end())
      ways.insert(route->id.value);
  }
  return ways;
}

std::vector<Loss> losses(const checker::Survey& before, const checker::Survey& after) {
  std::vector<Loss> all;
  const numbering_map::Map now(before.config, {});
  const numbering_map::Map then(after.config, {});
  const auto later = then.contexts();
  for (const auto& map : now.contexts()) {
    if (map.phones == 0 || all.size() >= kToldMax) continue;
    const std::string name = before.side("context", map.id).label;
    const auto kept = ways_out(after, map.id);
    for (const std::int64_t way : ways_out(before, map.id)) {
      if (kept.contains(way)) continue;
      const std::string route = before.side("outgoing_route", way).label;
      all.push_back(
          {map.id,
           map.phones,
           {fmt::format("Les {} téléphones de « {} » ne sortent plus par « {} »", map.phones, name, route),
            fmt::format("The {} phones of \"{}\" go out by \"{}\" no more", map.phones, name, route)}});
    }
    const auto same =
        std::find_if(later.begin(), later.end(), [&](const auto& each) { return each.id == map.id; });
    const bool helped = map.help && map.help->reached;
    if (!helped || (same != later.end() && same->help && same->help->reached)) continue;
    if (same != later.end() && same->phones == 0) continue;
    all.push_back(
        {map.id,
         map.phones,
         {fmt::format("Les {} téléphones de « {} » n'atteignent plus les secours", map.phones, name),
          fmt::format("The {} phones of \"{}\" reach no help any more", map.phones, name)}});
  }
  return all;
}

}  // namespace

Impact impact_of(const ConfigSnapshot& config, const KindSchema& kind, std::int64_t id,
                 const review::Reviewer& reviewer, std::chrono::sys_seconds now) {
  const ConfigSnapshot then = without(*config, kind, id);
  const checker::Survey before(*config);
  const checker::Survey after(*then);
  Impact impact;
  impact.object = before.side(kind.name(), id);
  impact.references = references_to(before, kind, id);
  impact.dead_ends = DeadEnds(before, after).find();
  impact.losses = losses(before, after);
  impact.broken_scenarios = scenario::broken(*config, *then, now);
  const auto known = reviewer.findings(config);
  impact.findings = checker::introduced(*config, *known, *then, checker::findings(*then, *config, *known));
  return impact;
}

namespace {

/// One sort of loss, told when there is any.
struct Part {
  std::size_t (*size)(const Impact&);
  Words one;
  Words several;
};
constexpr Part kParts[] = {
    {[](const Impact& of) { return of.references.size(); },
     {"objet n'a plus sa référence", "object loses its reference"},
     {"objets n'ont plus leur référence", "objects lose their reference"}},
    {[](const Impact& of) { return of.dead_ends.size(); },
     {"numéro ou renvoi ne mène plus nulle part", "number or forward ends nowhere"},
     {"numéros et renvois ne mènent plus nulle part", "numbers and forwards end nowhere"}},
    {[](const Impact& of) { return of.losses.size(); },
     {"groupe de téléphones perd une sortie", "group of phones loses a way out"},
     {"groupes de téléphones perdent une sortie", "groups of phones lose a way out"}},
    {[](const Impact& of) { return of.broken_scenarios.size(); },
     {"scénario échoue", "scenario fails"},
     {"scénarios échouent", "scenarios fail"}},
};

}  // namespace

std::string describe(const Impact& impact, Language language) {
  const bool french = language == Language::French;
  const std::size_t harm = impact.dead_ends.size() + impact.losses.size() + impact.broken_scenarios.size();
  if (harm == 0 && impact.references.empty())
    return french ? "Rien ne dépend de cet objet." : "Nothing depends on this object.";
  std::string parts;
  for (const Part& part : kParts) {
    const auto count = static_cast<std::int64_t>(part.size(impact));
    if (count == 0) continue;
    const Words words = is_plural(count, language) ? part.several : part.one;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", count, words.in(language));
  }
  return fmt::format(fmt::runtime(french ? "Sans « {} » : {}." : "Without \"{}\": {}."), impact.object.label,
                     parts);
}

}  // namespace xivo::model::impact
