// Circles that close only when somebody is busy, does not answer or is away.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "model/checker/survey.hpp"
#include "model/kinds/schedule.hpp"

namespace xivo::model::checker {
namespace {

/// A user or a number.
struct Node {
  bool user = false;
  std::int64_t id = 0;
  bool operator==(const Node&) const = default;
};
struct HashNode {
  std::size_t operator()(const Node& node) const {
    return std::hash<std::int64_t>{}(node.id * 2 + (node.user ? 1 : 0));
  }
};

/// Where a call goes on from a node.
struct Edge {
  Node to;
  std::string_view kind{};  // whose field sends it there; empty: it always goes there
  std::int64_t id = 0;
  std::string_view field{};
  bool is_switch = false;  // the field is one that is switched off, not a destination
};

class Graph {
 public:
  explicit Graph(const Survey& survey) : survey_(survey) {}

  /// Whether calls to the user can go on for another reason than a forward of everything.
  static bool has_conditions(const User& user) {
    return user.forward_busy_enabled || user.forward_noanswer_enabled || user.schedule ||
           !user.fallback_busy.is_none() || !user.fallback_noanswer.is_none() ||
           !user.fallback_congestion.is_none() || !user.fallback_fail.is_none();
  }

  [[nodiscard]] std::vector<Edge> from(const Node& node) const {
    std::vector<Edge> edges;
    if (node.user) {
      if (const User* user = survey_.config.user({node.id}); user != nullptr && user->enabled)
        of_user(*user, edges);
    } else {
      const Extension* extension = survey_.config.find(ExtensionId{node.id});
      if (extension != nullptr && extension->enabled)
        add(edges, extension->destination, extension->context, {.to = {}});
    }
    return edges;
  }

 private:
  void add(std::vector<Edge>& edges, const Destination& to, ContextId home, Edge edge) const {
    if (const auto* user = to.as<ToUser>()) {
      edge.to = {true, user->user.value};
      edges.push_back(edge);
    } else if (const auto* next = to.as<ToExtension>()) {
      add_number(edges, next->exten, next->context ? next->context : home, edge);
    }
  }
  void add_number(std::vector<Edge>& edges, std::string_view number, ContextId home, Edge edge) const {
    const Extension* extension = survey_.resolve(home, number);
    if (extension == nullptr) return;
    edge.to = {false, extension->id.value};
    edges.push_back(edge);
  }

  void of_schedule(const User& user, ContextId home, std::vector<Edge>& edges) const {
    const Schedule* schedule = survey_.config.find(user.schedule);
    if (schedule == nullptr || !schedule->enabled) return;
    const std::int64_t id = schedule->id.value;
    add(edges, schedule->closed_destination, home, {{}, "schedule", id, "closed_destination"});
    add(edges, schedule->holiday_destination, home, {{}, "schedule", id, "holiday_destination"});
    for (const ExceptionalPeriod& period : schedule->exceptional_periods)
      add(edges, period.destination, home, {{}, "schedule", id, ""});
  }

  void of_user(const User& user, std::vector<Edge>& edges) const {
    const auto lines = survey_.config.lines_of(user.id);
    const ContextId home = lines.empty() ? ContextId{} : lines.front()->context;
    const auto edge = [&](std::string_view field, bool is_switch) {
      return Edge{{}, "user", user.id.value, field, is_switch};
    };
    of_schedule(user, home, edges);
    if (user.forward_unconditional_enabled)
      return add_number(edges, user.forward_unconditional_destination, home, Edge{});
    if (user.forward_busy_enabled)
      add_number(edges, user.forward_busy_destination, home, edge("forward_busy_enabled", true));
    if (user.forward_noanswer_enabled)
      add_number(edges, user.forward_noanswer_destination, home, edge("forward_noanswer_enabled", true));
    add(edges, user.fallback_busy, home, edge("fallback_busy", false));
    add(edges, user.fallback_noanswer, home, edge("fallback_noanswer", false));
    add(edges, user.fallback_congestion, home, edge("fallback_congestion", false));
    add(edges, user.fallback_fail, home, edge("fallback_fail", false));
  }

  const Survey& survey_;
};

Fix fix_of(const Survey& survey, const Edge& edge) {
  if (edge.field.empty()) return {};
  const std::string label = survey.side(edge.kind, edge.id).label;
  const Value off = edge.is_switch ? Value(false) : Value::object({{"type", "none"}});
  return {{fmt::format("Arrêter le renvoi de « {} »", label),
           fmt::format("Switch off the forward of \"{}\"", label)},
          {set_field(edge.kind, edge.id, edge.field, off)}};
}

/// A depth-first walk that tells of each way back to where it came from.
class Walk {
 public:
  Walk(Survey& survey, const Graph& graph) : survey_(survey), graph_(graph) {}

  void begin(const Node& start) {
    if (!enter(start, {})) return;
    while (!path_.empty() && !survey_.is_full("call-loop-when-unanswered")) {
      Place& place = path_.back();
      if (place.next == place.edges.size()) {
        on_path_[place.node] = false;
        path_.pop_back();
        continue;
      }
      const Edge edge = place.edges[place.next++];
      if (!enter(edge.to, edge) && on_path_[edge.to]) tell(edge);
    }
  }

 private:
  struct Place {
    Node node;
    Edge came_by;
    std::vector<Edge> edges;
    std::size_t next = 0;
  };

  bool enter(const Node& node, const Edge& by) {
    if (!on_path_.try_emplace(node, true).second) return false;
    path_.push_back({node, by, graph_.from(node)});
    return true;
  }

  [[nodiscard]] Side side(const Node& node) const {
    return survey_.side(node.user ? "user" : "extension", node.id);
  }

  void tell(const Edge& back) {
    const auto start =
        std::find_if(path_.begin(), path_.end(), [&](const Place& place) { return place.node == back.to; });
    const Edge* condition = back.kind.empty() ? nullptr : &back;
    std::vector<Side> sides;
    std::string words;
    for (auto at = start; at != path_.end(); ++at) {
      if (at != start && !at->came_by.kind.empty() && condition == nullptr) condition = &at->came_by;
      sides.push_back(side(at->node));
      words += sides.back().label + " → ";
    }
    if (condition == nullptr) return;  // check_loops() tells of those that always close
    words += sides.front().label;
    survey_.add(
        {Severity::Warning,
         "call-loop-when-unanswered",
         {fmt::format("Quand personne ne répond, un appel tourne en rond puis est refusé : {}", words),
          fmt::format("When nobody answers, a call goes round in circles and is then refused: {}", words)},
         std::move(sides),
         fix_of(survey_, *condition)});
  }

  Survey& survey_;
  const Graph& graph_;
  std::unordered_map<Node, bool, HashNode> on_path_;  // of every node that was seen
  std::vector<Place> path_;
};

}  // namespace

void check_conditional_loops(Survey& survey) {
  const Graph graph(survey);
  Walk walk(survey, graph);
  for (const auto& [id, user] : survey.config.users()) {
    if (user->enabled && Graph::has_conditions(*user)) walk.begin({true, id});
  }
}

}  // namespace xivo::model::checker
