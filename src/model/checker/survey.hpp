#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/checker/finding.hpp"
#include "model/schema.hpp"

/// What the checks share; for the files of this folder only.
namespace xivo::model::checker {

/// A configuration that is being looked through, and what was found so far.
class Survey {
 public:
  explicit Survey(const Config& of);

  const Config& config;

  /// Contexts whose numbers can be dialled from one: itself, then its includes, depth first, each once.
  [[nodiscard]] const std::vector<ContextId>& reach(ContextId from) const;
  /// The contexts in which lines that can be used start their calls.
  [[nodiscard]] const std::set<ContextId>& homes() const { return homes_; }
  /// Whether numbers of both contexts can be dialled from some home; asked often, remembered.
  [[nodiscard]] bool meet(ContextId a, ContextId b) const;
  /// The number as it is found from a context; nullptr: there is no such exact number.
  [[nodiscard]] const Extension* resolve(ContextId from, std::string_view exten) const;

  template <class Kind>
  [[nodiscard]] Side side(std::string_view kind, ObjectId<Kind> id) const {
    return side(kind, id.value);
  }
  [[nodiscard]] Side side(std::string_view kind, std::int64_t id) const;
  void add(Finding finding) {
    if (!is_full(finding.code)) {
      ++told_[finding.code];
      found.push_back(std::move(finding));
    }
  }
  /// Whether no more findings of a code are kept.
  [[nodiscard]] bool is_full(std::string_view code) const {
    const auto told = told_.find(code);
    return told != told_.end() && told->second >= kFindingsMax;
  }

  std::vector<Finding> found;

 private:
  void collect(ContextId at, std::vector<ContextId>& into) const;
  std::unordered_map<ContextId, std::vector<ContextId>> reach_;
  std::set<ContextId> homes_;
  std::unordered_map<std::string_view, std::size_t> told_;  // by code
  mutable std::map<std::pair<ContextId, ContextId>, bool> meet_;
};

/// A change that sets one field.
Change set_field(std::string_view kind, std::int64_t id, std::string_view field, Value value);

using Check = void (*)(Survey& survey);
// ---- number_checks.cpp
void check_shadowed_numbers(Survey& survey);
void check_prefixes(Survey& survey);
void check_codes_over_numbers(Survey& survey);
void check_emergency_numbers_taken(Survey& survey);
void check_full_ranges(Survey& survey);
void check_numbers_like_emergency(Survey& survey);
void check_numbers_outside_ranges(Survey& survey);
// ---- pattern_checks.cpp
void check_patterns_over_numbers(Survey& survey);
void check_permission_patterns(Survey& survey);
// ---- outside_checks.cpp
void check_emergency_reached(Survey& survey);
void check_captured_numbers(Survey& survey);
void check_equal_patterns(Survey& survey);
void check_routes_reached(Survey& survey);
void check_permissions_used(Survey& survey);
void check_numbers_from_outside(Survey& survey);
void check_outside_digits(Survey& survey);
// ---- destination_checks.cpp
void check_destinations(Survey& survey);
void check_loops(Survey& survey);
// ---- conditional_loops.cpp
void check_conditional_loops(Survey& survey);

}  // namespace xivo::model::checker
