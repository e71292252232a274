// Numbers of the outside against those inside, and ways out and in.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "model/checker/survey.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering/free_numbers.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/routing/number_index.hpp"
#include "model/routing/route.hpp"

namespace xivo::model::checker {
namespace {

/// Everything is up and nobody is talking.
struct QuietMoment final : routing::LiveState {
  [[nodiscard]] int contacts_of(SipLineId) const override { return 1; }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
};

/// The contexts that have outgoing routes.
std::set<ContextId> ways_out(const Survey& survey) {
  std::set<ContextId> contexts;
  for (const OutgoingRoute* route : survey.config.outgoing().all()) contexts.insert(route->context);
  return contexts;
}

bool reach_of_some_home(const Survey& survey, ContextId context) {
  return std::any_of(survey.homes().begin(), survey.homes().end(), [&](ContextId home) {
    const auto& all = survey.reach(home);
    return std::find(all.begin(), all.end(), context) != all.end();
  });
}

bool has_trunk(const Survey& survey, const OutgoingRoute& route) {
  return std::any_of(route.trunks.begin(), route.trunks.end(), [&](TrunkId id) {
    const Trunk* trunk = survey.config.find(id);
    return trunk != nullptr && trunk->enabled;
  });
}

/// Emergency calls do not ask for rights, so one line speaks for all of its context.
void prove(Survey& survey, const SipLine& line, bool way_out) {
  const QuietMoment quiet;
  for (const std::string& number : numbering::emergency_numbers(survey.config)) {
    const auto plan = routing::route(survey.config, quiet,
                                     {.dialled = number, .from_line = line.id, .context = line.context},
                                     routing::Tracing::Off);
    if (plan.emergency && !plan.attempts.empty() && plan.attempts.front().number == number) continue;
    const std::string context = survey.side("context", line.context).label;
    survey.add({way_out ? Severity::Block : Severity::Warning,
                "emergency-unreachable",
                {fmt::format("Le {} n'est pas atteint depuis « {} » : aucun trunk activé ne le prend", number,
                             context),
                 fmt::format("{} is not reached from \"{}\": no enabled trunk takes it", number, context)},
                {survey.side("context", line.context), survey.side("general", kSingletonId)}});
    return;
  }
}

}  // namespace

void check_emergency_reached(Survey& survey) {
  const auto& routes = survey.config.outgoing().all();
  const bool way_out =
      std::any_of(routes.begin(), routes.end(), [&](const auto* route) { return has_trunk(survey, *route); });
  std::set<ContextId> proven;
  for (const auto& [id, line] : survey.config.lines()) {
    if (!line->enabled || !line->context || !proven.insert(line->context).second) continue;
    prove(survey, *line, way_out);
  }
}

void check_captured_numbers(Survey& survey) {
  const auto out = ways_out(survey);
  routing::OutgoingIndex::Entries entries;
  const auto capture = [&](std::string_view number, std::string_view kind, std::int64_t id) {
    for (const ContextId context : out) {
      survey.config.outgoing().find(context, number, entries);
      if (entries.empty() || survey.is_full("pattern-captures-number")) continue;
      const routing::OutgoingEntry& entry = *entries.front();
      survey.add({Severity::Error,
                  "pattern-captures-number",
                  {fmt::format("Le modèle {} de la route « {} » prend aussi le numéro interne {}",
                               entry.pattern.text(), entry.route->name, number),
                   fmt::format("The pattern {} of the route \"{}\" also takes the inside number {}",
                               entry.pattern.text(), entry.route->name, number)},
                  {survey.side("outgoing_route", entry.route->id), survey.side(kind, id)}});
    }
  };
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    if (!extension->enabled || numbering::is_pattern(extension->exten)) continue;
    if (survey.homes().contains(extension->context)) capture(extension->exten, "extension", id);
  }
  for (const auto& [id, code] : survey.config.objects<FeatureCode>()) {
    if (code->enabled) capture(code->code, "feature_code", id);
  }
}

void check_equal_patterns(Survey& survey) {
  struct Entry {
    const OutgoingRoute* route;
    numbering::Pattern pattern;
  };
  std::map<std::pair<ContextId, std::int64_t>, std::vector<Entry>> groups;
  for (const OutgoingRoute* route : survey.config.outgoing().all()) {
    for (const OutgoingPattern& row : route->patterns) {
      const bool pattern = numbering::is_pattern(row.pattern);
      const std::string whole =
          pattern ? "_" + row.external_prefix + row.pattern.substr(1) : row.external_prefix + row.pattern;
      if (auto parsed = numbering::Pattern::parse(whole))
        groups[{route->context, route->priority}].push_back({route, std::move(*parsed)});
    }
  }
  for (auto& [key, group] : groups) {
    std::sort(group.begin(), group.end(), [](const Entry& a, const Entry& b) {
      const auto order = a.pattern.order(b.pattern);
      return order != 0 ? order < 0 : a.route->id < b.route->id;
    });
    for (std::size_t at = 1; at < group.size(); ++at) {
      const Entry& a = group[at - 1];
      const Entry& b = group[at];
      if (a.route == b.route || a.pattern.order(b.pattern) != 0) continue;
      survey.add({Severity::Error,
                  "patterns-equal",
                  {fmt::format("Les routes « {} » et « {} » prennent les mêmes numéros ({}) avec la même "
                               "priorité : la seconde ne sert jamais",
                               a.route->name, b.route->name, a.pattern.text()),
                   fmt::format("The routes \"{}\" and \"{}\" take the same numbers ({}) with the same "
                               "priority: the second is never used first",
                               a.route->name, b.route->name, a.pattern.text())},
                  {survey.side("outgoing_route", a.route->id), survey.side("outgoing_route", b.route->id)},
                  {{fmt::format("Donner à « {} » la priorité {}", b.route->name, key.second + 1),
                    fmt::format("Give \"{}\" the priority {}", b.route->name, key.second + 1)},
                   {set_field("outgoing_route", b.route->id.value, "priority", key.second + 1)}}});
    }
  }
}

void check_outside_digits(Survey& survey) {
  struct First {
    const OutgoingRoute* route;
    std::string_view digit;
  };
  std::map<ContextId, First> firsts;
  std::set<ContextId> told;
  for (const OutgoingRoute* route : survey.config.outgoing().all()) {
    if (route->emergency) continue;
    for (const OutgoingPattern& row : route->patterns) {
      if (numbering::is_emergency_number(survey.config, row.pattern)) continue;
      const auto [entry, fresh] = firsts.try_emplace(route->context, First{route, row.external_prefix});
      const First& first = entry->second;
      if (fresh || first.digit == row.external_prefix || first.route == route) continue;
      if (!told.insert(route->context).second) continue;
      const auto shown = [](std::string_view digit) {
        return digit.empty() ? std::string("-") : std::string(digit);
      };
      survey.add(
          {Severity::Hint,
           "outside-digit-mixed",
           {fmt::format("Pour sortir on compose {} par la route « {} » et {} par « {} »", shown(first.digit),
                        first.route->name, shown(row.external_prefix), route->name),
            fmt::format("To go out one dials {} for the route \"{}\" and {} for \"{}\"", shown(first.digit),
                        first.route->name, shown(row.external_prefix), route->name)},
           {survey.side("outgoing_route", first.route->id), survey.side("outgoing_route", route->id)}});
    }
  }
}

void check_routes_reached(Survey& survey) {
  for (const OutgoingRoute* route : survey.config.outgoing().all()) {
    if (!has_trunk(survey, *route)) {
      survey.add({Severity::Warning,
                  "route-without-trunk",
                  {fmt::format("La route « {} » n'a aucun trunk activé", route->name),
                   fmt::format("The route \"{}\" has no enabled trunk", route->name)},
                  {survey.side("outgoing_route", route->id)}});
    }
    if (survey.homes().empty() || reach_of_some_home(survey, route->context)) continue;
    const Context* home = survey.config.context(*survey.homes().begin());
    const Context* context = survey.config.context(route->context);
    Finding finding{
        Severity::Warning,
        "route-unreachable",
        {fmt::format("Aucun téléphone ne peut composer les numéros de la route « {} »", route->name),
         fmt::format("No phone can dial the numbers of the route \"{}\"", route->name)},
        {survey.side("outgoing_route", route->id), survey.side("context", route->context)}};
    if (home != nullptr && context != nullptr && context->enabled) {
      Value includes = Value::list();
      for (const ContextId each : home->includes) includes.push(Value(each.value));
      includes.push(Value(route->context.value));
      finding.fix = {{fmt::format("Inclure « {} » dans « {} »", context->name, home->name),
                      fmt::format("Include \"{}\" in \"{}\"", context->name, home->name)},
                     {set_field("context", home->id.value, "includes", std::move(includes))}};
    }
    survey.add(std::move(finding));
  }
}

void check_permissions_used(Survey& survey) {
  for (const auto& [id, permission] : survey.config.objects<CallPermission>()) {
    if (!permission->enabled) continue;
    if (!permission->extensions.empty() &&
        !(permission->users.empty() && permission->outgoing_routes.empty()))
      continue;
    survey.add(
        {Severity::Warning,
         "permission-without-effect",
         {fmt::format("La permission « {} » ne vaut pour aucun numéro, ou pour personne", permission->name),
          fmt::format("The permission \"{}\" holds for no number, or for nobody", permission->name)},
         {survey.side("call_permission", permission->id)}});
  }
}

void check_numbers_from_outside(Survey& survey) {
  constexpr std::uint64_t kNumbersMax = 1'000;  // of one range
  for (const auto& [id, context] : survey.config.objects<Context>()) {
    for (const IncallRange& range : context->incall_ranges) {
      const auto start = text::parse_decimal<std::uint64_t>(range.start);
      const auto end = range.end.empty() ? start : text::parse_decimal<std::uint64_t>(range.end);
      if (!start || !end || *end < *start) continue;
      const std::uint64_t count = std::min(*end - *start + 1, kNumbersMax);
      std::uint64_t missing = 0;
      std::string first;
      for (std::uint64_t at = 0; at < count; ++at) {
        const std::string number = fmt::format("{:0{}}", *start + at, range.start.size());
        const Extension* extension = survey.config.extension(context->id, number);
        if (extension != nullptr || survey.config.incoming().find(context->id, number, {}, {}) != nullptr)
          continue;
        if (missing++ == 0) first = number;
      }
      if (missing == 0) continue;
      survey.add({Severity::Warning,
                  "numbers-without-route",
                  {fmt::format("« {} » : {} numéros à partir du {} n'ont pas de route entrante",
                               context->name, missing, first),
                   fmt::format("\"{}\": {} numbers from {} on have no incoming route", context->name, missing,
                               first)},
                  {survey.side("context", context->id)}});
    }
  }
}

}  // namespace xivo::model::checker
