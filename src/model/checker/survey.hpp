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

/// What the findings of a configuration are known by: many more than are kept.
class Marks {
 public:
  void note(const Finding& finding);
  /// Whether it was noted, as something as grave or graver, or nobody knows.
  [[nodiscard]] bool has(const Finding& finding) const;

 private:
  [[nodiscard]] bool is_full(std::string_view code) const;
  std::unordered_map<std::size_t, Severity> worst_;  // by the hash of the key
  std::unordered_map<std::string_view, std::size_t> counts_;
};

/// A configuration that is being looked through, and what was found so far.
class Survey {
 public:
  explicit Survey(const Config& of);

  const Config& config;

  /// Contexts whose numbers can be dialled from one: itself, then its includes, depth first, each once.
  [[nodiscard]] const std::vector<ContextId>& reach(ContextId from) const;
  /// The contexts in which lines that can be used start their calls.
  [[nodiscard]] const std::set<ContextId>& homes() const { return homes_; }
  /// All numbers and patterns, disabled ones too, in the order of their texts, then of their ids: what begins with a number
  /// follows it. Sorted when it is first asked for.
  [[nodiscard]] const std::vector<const Extension*>& by_text() const;
  /// Whether numbers of both contexts can be dialled from some home; asked often, remembered.
  [[nodiscard]] bool meet(ContextId a, ContextId b) const;
  /// The number as it is found from a context; nullptr: there is no such exact number.
  [[nodiscard]] const Extension* resolve(ContextId from, std::string_view exten) const;

  template <class Kind>
  [[nodiscard]] Side side(std::string_view kind, ObjectId<Kind> id) const {
    return side(kind, id.value);
  }
  [[nodiscard]] Side side(std::string_view kind, std::int64_t id) const;
  void add(Finding finding);
  /// Whether no more findings of a code are wanted.
  [[nodiscard]] bool is_full(std::string_view code) const;

  /// From now on findings are marked, not kept.
  void mark_in(Marks& marks) { marks_ = &marks; }
  /// From now on only those are kept that are not marked.
  void leave_out(const Marks& marks) { left_out_ = &marks; }

  std::vector<Finding> found;
  std::uint8_t check = 0;  // which of the checks is looking

 private:
  void collect(ContextId at, std::vector<ContextId>& into) const;
  std::unordered_map<ContextId, std::vector<ContextId>> reach_;
  std::set<ContextId> homes_;
  std::unordered_map<std::string_view, std::size_t> told_;  // kept, by code
  std::unordered_map<std::string_view, std::size_t> looked_;  // told of by the checks, by code
  Marks* marks_ = nullptr;
  const Marks* left_out_ = nullptr;
  mutable std::map<std::pair<ContextId, ContextId>, bool> meet_;
  mutable std::vector<const Extension*> by_text_;
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
