// Patterns against numbers and against each other.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "model/call_rules.hpp"
#include "model/checker/survey.hpp"
#include "model/numbering/pattern.hpp"
#include "model/routing/number_index.hpp"

namespace xivo::model::checker {
namespace {

using numbering::Pattern;

struct Written {
  const Extension* extension;
  Pattern pattern;
};

/// The enabled extensions of each context, if there is any pattern.
struct Numbers {
  std::unordered_map<ContextId, std::vector<Written>> patterns;
  std::unordered_map<ContextId, std::vector<const Extension*>> exact;

  explicit Numbers(const Config& config) {
    for (const auto& [id, extension] : config.objects<Extension>()) {
      if (!extension->enabled || !numbering::is_pattern(extension->exten)) continue;
      if (auto pattern = Pattern::parse(extension->exten))
        patterns[extension->context].push_back({extension.get(), std::move(*pattern)});
    }
    if (patterns.empty()) return;
    for (const auto& [id, extension] : config.objects<Extension>()) {
      if (extension->enabled && !numbering::is_pattern(extension->exten))
        exact[extension->context].push_back(extension.get());
    }
  }
};

/// Whether `wide` takes every number that `narrow` takes.
bool covers(const Pattern& wide, const Pattern& narrow) {
  const auto& a = wide.sets();
  const auto& b = narrow.sets();
  if (b.size() < a.size() || (!wide.is_open() && (narrow.is_open() || b.size() != a.size()))) return false;
  if (wide.tail() == Pattern::Tail::Dot && b.size() == a.size() && narrow.tail() != Pattern::Tail::Dot)
    return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((b[i] & ~a[i]).any()) return false;
  }
  return true;
}

void tell_hidden(Survey& survey, const Extension& winner, const Extension& hidden, std::string_view code) {
  const std::string here = survey.side("context", winner.context).label;
  const std::string there = survey.side("context", hidden.context).label;
  survey.add({Severity::Error,
              code,
              {fmt::format("Le modèle {} de « {} » prend tout ce que prendrait le {} de « {} »", winner.exten,
                           here, hidden.exten, there),
               fmt::format("The pattern {} of \"{}\" takes all that {} of \"{}\" would take", winner.exten,
                           here, hidden.exten, there)},
              {survey.side("extension", winner.id), survey.side("extension", hidden.id)},
              {{fmt::format("Désactiver le {}, qui n'est jamais atteint", hidden.exten),
                fmt::format("Disable {}, which is never reached", hidden.exten)},
               {set_field("extension", hidden.id.value, "enabled", false)}}});
}

/// What is found first takes it all, however special what comes later is.
void compare(Survey& survey, const Numbers& numbers, ContextId first, ContextId later) {
  const auto patterns = numbers.patterns.find(first);
  if (patterns == numbers.patterns.end()) return;
  if (const auto exact = numbers.exact.find(later); exact != numbers.exact.end()) {
    for (const Extension* number : exact->second) {
      const Extension* winner = survey.config.extension_patterns().find(first, number->exten);
      if (winner != nullptr && !survey.is_full("pattern-hides-number"))
        tell_hidden(survey, *winner, *number, "pattern-hides-number");
    }
  }
  const auto others = numbers.patterns.find(later);
  if (others == numbers.patterns.end()) return;
  for (const Written& winner : patterns->second) {
    for (const Written& hidden : others->second) {
      if (survey.is_full("pattern-hidden")) return;
      if (covers(winner.pattern, hidden.pattern))
        tell_hidden(survey, *winner.extension, *hidden.extension, "pattern-hidden");
    }
  }
}

/// Patterns of one context that take the same numbers, though written differently.
void compare_equals(Survey& survey, std::vector<Written> all) {
  std::sort(all.begin(), all.end(), [](const Written& a, const Written& b) {
    const auto order = a.pattern.order(b.pattern);
    return order != 0 ? order < 0 : a.extension->id < b.extension->id;
  });
  for (std::size_t at = 1; at < all.size() && !survey.is_full("pattern-hidden"); ++at) {
    if (all[at - 1].pattern.order(all[at].pattern) == 0)
      tell_hidden(survey, *all[at - 1].extension, *all[at].extension, "pattern-hidden");
  }
}

/// Everything that can be dialled, to see whether a permission speaks of any of it.
class Dialled {
 public:
  explicit Dialled(const Survey& survey) : numbers_(survey.by_text()) {
    for (const Extension* extension : numbers_) {
      if (!numbering::is_pattern(extension->exten)) continue;
      if (auto pattern = Pattern::parse(extension->exten)) patterns_.push_back(std::move(*pattern));
    }
    for (const OutgoingRoute* route : survey.config.outgoing().all()) {
      for (const OutgoingPattern& row : route->patterns) add(row);
    }
  }

  [[nodiscard]] bool has(const Pattern& wanted) const {
    const std::string_view leading = wanted.leading();
    if (leading.starts_with('+')) return true;  // some form of a number that routes take in another
    const auto before = [](const Extension* number, std::string_view text) { return number->exten < text; };
    for (auto at = std::lower_bound(numbers_.begin(), numbers_.end(), leading, before);
         at != numbers_.end() && (*at)->exten.starts_with(leading); ++at) {
      if (!numbering::is_pattern((*at)->exten) && wanted.matches((*at)->exten)) return true;
    }
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const Pattern& pattern) { return pattern.overlaps(wanted); });
  }

 private:
  void add(const OutgoingPattern& row) {
    const bool pattern = numbering::is_pattern(row.pattern);
    for (const std::string& prefix : {std::string(), row.external_prefix}) {
      const std::string text = pattern ? "_" + prefix + row.pattern.substr(1) : prefix + row.pattern;
      if (auto read = Pattern::parse(text)) patterns_.push_back(std::move(*read));
    }
  }
  const std::vector<const Extension*>& numbers_;
  std::vector<Pattern> patterns_;
};

}  // namespace

void check_patterns_over_numbers(Survey& survey) {
  const Numbers numbers(survey.config);
  if (numbers.patterns.empty()) return;
  std::set<std::pair<ContextId, ContextId>> compared;
  for (const ContextId home : survey.homes()) {
    const auto& reach = survey.reach(home);
    for (std::size_t at = 0; at < reach.size(); ++at) {
      const auto own = numbers.patterns.find(reach[at]);
      if (own == numbers.patterns.end()) continue;
      if (compared.insert({reach[at], reach[at]}).second) compare_equals(survey, own->second);
      for (std::size_t later = at + 1; later < reach.size(); ++later) {
        if (compared.insert({reach[at], reach[later]}).second)
          compare(survey, numbers, reach[at], reach[later]);
      }
    }
  }
}

void check_permission_patterns(Survey& survey) {
  const auto& rules = survey.config.call_rules().permissions;
  if (rules.empty()) return;
  const Dialled dialled(survey);
  for (const PermissionRule& rule : rules) {
    std::string idle;
    for (const Pattern& pattern : rule.patterns) {
      if (!dialled.has(pattern)) idle += (idle.empty() ? "" : ", ") + std::string(pattern.text());
    }
    if (idle.empty()) continue;
    const std::string& name = rule.permission->name;
    survey.add(
        {Severity::Warning,
         "permission-matches-nothing",
         {fmt::format("La permission « {} » parle de numéros que personne ne peut composer : {}", name, idle),
          fmt::format("The permission \"{}\" speaks of numbers that nobody can dial: {}", name, idle)},
         {survey.side("call_permission", rule.permission->id)}});
  }
}

}  // namespace xivo::model::checker
