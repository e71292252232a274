// Where numbers, forwards and schedules lead.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "model/checker/survey.hpp"
#include "model/kinds/incoming_route.hpp"

namespace xivo::model::checker {
namespace {

/// Tells whether objects that are referred to are switched off. A kind is looked for by its name once.
class Targets {
 public:
  explicit Targets(const Config& config) : config_(config) {}
  /// Not when the object has no such switch, or is not there.
  [[nodiscard]] bool is_off(std::string_view kind, std::int64_t id) {
    const auto known =
        std::find_if(all_.begin(), all_.end(), [&](const Target& target) { return target.name == kind; });
    const Target& target = known == all_.end() ? add(kind) : *known;
    const void* object = target.objects->find(id);
    return object != nullptr && target.kind->is_off(object);
  }

 private:
  struct Target {
    std::string_view name;
    const KindSchema* kind;
    const AnyTable* objects;
  };
  const Target& add(std::string_view name) {
    const KindSchema* kind = find_kind(name);
    return all_.emplace_back(Target{kind->name(), kind, &table_of(config_, *kind)});
  }
  const Config& config_;
  std::vector<Target> all_;
};

void tell_disabled(Survey& survey, const KindSchema& kind, std::int64_t id, std::string_view target_kind,
                   std::int64_t to) {
  // Whoever switches a person or a phone off means that its number is not answered; whatever else leads there is forgotten.
  const bool own_number = kind.name() == "extension" && (target_kind == "user" || target_kind == "line");
  const Side from_side = survey.side(kind.name(), id);
  const Side to_side = survey.side(target_kind, to);
  survey.add(
      {own_number ? Severity::Warning : Severity::Block,
       "destination-disabled",
       {fmt::format("« {} » envoie des appels à « {} », qui est désactivé", from_side.label, to_side.label),
        fmt::format("\"{}\" sends calls to \"{}\", which is disabled", from_side.label, to_side.label)},
       {from_side, to_side},
       {{fmt::format("Activer « {} »", to_side.label), fmt::format("Enable \"{}\"", to_side.label)},
        {set_field(target_kind, to, "enabled", true)}}});
}

/// What the destinations of all objects of a kind lead to.
void check_kind(Survey& survey, Targets& targets, const KindSchema& kind) {
  std::vector<const Field*> fields;
  for (const Field& field : kind.fields()) {
    if (field.type == FieldType::Destination) fields.push_back(&field);
  }
  if (fields.empty()) return;
  std::int64_t from = 0;
  const ReferenceSeen seen = [&](std::string_view target_kind, std::int64_t to) {
    if (targets.is_off(target_kind, to)) tell_disabled(survey, kind, from, target_kind, to);
  };
  for (const auto& [id, object] : table_of(survey.config, kind).objects()) {
    if (kind.is_off(object.get())) continue;
    from = id;
    for (const Field* field : fields) field->refer(object.get(), seen);
  }
}

void require_destination(Survey& survey, std::string_view kind, std::int64_t id,
                         const Destination& destination) {
  if (!destination.is_none()) return;
  const Side side = survey.side(kind, id);
  survey.add({Severity::Block,
              "destination-missing",
              {fmt::format("« {} » ne mène nulle part", side.label),
               fmt::format("\"{}\" leads nowhere", side.label)},
              {side},
              {{fmt::format("Désactiver « {} »", side.label), fmt::format("Disable \"{}\"", side.label)},
               {set_field(kind, id, "enabled", false)}}});
}

/// Users and numbers, and what sends a call on from one to another whatever the moment.
class Ways {
 public:
  explicit Ways(Survey& survey) : survey_(survey) {}
  using Node = std::pair<bool, std::int64_t>;  // whether it is a user; id

  [[nodiscard]] std::optional<Node> next(const Node& from) const {
    return from.first ? of_user(from.second) : of_number(from.second);
  }
  /// Whether a number leads to another one; most lead to a person who answers.
  [[nodiscard]] bool goes_on(const Node& from) const {
    const auto to = next(from);
    return to && (!to->first || next(*to));
  }
  [[nodiscard]] Side side(const Node& node) const {
    return survey_.side(node.first ? "user" : "extension", node.second);
  }

 private:
  [[nodiscard]] std::optional<Node> of_number(std::int64_t id) const {
    const Extension* extension = survey_.config.find(ExtensionId{id});
    if (extension == nullptr || !extension->enabled) return std::nullopt;
    if (const auto* to = extension->destination.as<ToUser>()) return Node{true, to->user.value};
    if (const auto* to = extension->destination.as<ToExtension>())
      return number(to->context ? to->context : extension->context, to->exten);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Node> of_user(std::int64_t id) const {
    const User* user = survey_.config.user({id});
    if (user == nullptr || !user->enabled || !user->forward_unconditional_enabled) return std::nullopt;
    const auto lines = survey_.config.lines_of(user->id);
    if (lines.empty()) return std::nullopt;
    return number(lines.front()->context, user->forward_unconditional_destination);
  }
  [[nodiscard]] std::optional<Node> number(ContextId context, std::string_view exten) const {
    const Extension* extension = survey_.resolve(context, exten);
    if (extension == nullptr) return std::nullopt;
    return Node{false, extension->id.value};
  }
  Survey& survey_;
};

void tell_loop(Survey& survey, const Ways& ways, const std::vector<Ways::Node>& loop) {
  std::vector<Side> sides;
  std::string path;
  Fix fix;
  for (const auto& node : loop) {
    sides.push_back(ways.side(node));
    path += sides.back().label + " → ";
    if (!fix.changes.empty()) continue;
    if (node.first) {
      fix = {{fmt::format("Arrêter le renvoi de « {} »", sides.back().label),
              fmt::format("Switch off the forward of \"{}\"", sides.back().label)},
             {set_field("user", node.second, "forward_unconditional_enabled", false)}};
    }
  }
  if (fix.changes.empty()) {
    fix = {{fmt::format("Désactiver le {}", sides.front().label),
            fmt::format("Disable {}", sides.front().label)},
           {set_field("extension", loop.front().second, "enabled", false)}};
  }
  path += sides.front().label;
  survey.add({Severity::Block,
              "call-loop",
              {fmt::format("Un appel tourne en rond : {}", path),
               fmt::format("A call goes round in circles: {}", path)},
              std::move(sides),
              std::move(fix)});
}

}  // namespace

void check_destinations(Survey& survey) {
  Targets targets(survey.config);
  for (const KindSchema* kind : kinds()) check_kind(survey, targets, *kind);
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    if (extension->enabled) require_destination(survey, "extension", id, extension->destination);
  }
  for (const auto& [id, route] : survey.config.objects<IncomingRoute>()) {
    if (route->enabled) require_destination(survey, "incoming_route", id, route->destination);
  }
}

void check_loops(Survey& survey) {
  const Ways ways(survey);
  std::map<Ways::Node, std::int64_t> seen;  // in which walk
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    if (!ways.goes_on({false, id})) continue;
    std::vector<Ways::Node> path;
    std::optional<Ways::Node> at = Ways::Node{false, id};
    while (at && seen.try_emplace(*at, id).second) {
      path.push_back(*at);
      at = ways.next(*at);
    }
    if (!at || seen.at(*at) != id) continue;
    const auto start = std::find(path.begin(), path.end(), *at);
    if (start != path.end()) tell_loop(survey, ways, {start, path.end()});
  }
}

}  // namespace xivo::model::checker
