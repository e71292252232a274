#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.hpp"
#include "model/language.hpp"

namespace xivo::model {

/// Why a change was refused: data, so that REST, web, CLI and CSV import can each show it; worded by describe().
struct Problem {
  enum class Rule : std::uint8_t {
    Required,  // no value where one is needed
    TooShort,  // facts: min, length
    TooLong,  // facts: max, length
    OutOfRange,  // facts: min, max, value
    Pattern,  // facts: allowed (character class), value
    UnknownChoice,  // facts: choices, value
    UnknownField,
    UnknownKind,
    WrongType,  // facts: expected
    NotFound,  // the changed object does not exist
    AlreadyExists,  // create with the id of an existing object
    ReferenceMissing,  // facts: reference (kind), value; the object referred to does not exist
    NotUnique,  // other: who has the value; facts: value
    StillReferenced,  // delete; other: an object that refers to it, field: by which of its fields
    ReadOnly,
    Conflict,  // changed by somebody else since; facts: base, revision
    ExtensionIsFeatureCode,  // facts: exten, code, feature
    NotAnAddress,  // neither "dynamic" nor address[:port]
    Repeated,  // the same item twice in a list; facts: value
    TooManyChanges,  // facts: max
    Forbidden,  // facts: scope that the author lacks
    AboveOwnRights,  // facts: scope that the author would give or take, and lacks
    LastAdministrator,  // no enabled account with all rights would remain
    SuppliedRole,  // a role that comes with the system would be removed, renamed or emptied
    UnknownScope,  // facts: value, areas
    NotDeletable,  // the one object of its kind
    RangeMixedLengths,  // facts: start, end
    RangeBackwards,  // facts: start, end
    IncludeCycle,  // facts: path
    ContextType,  // facts: use (name of a destination type), context, type
    OutsideRange,  // facts: exten, context, ranges
    PlanConflict,  // a finding that blocks; other: the second side; facts: finding, french, english
    ScenarioBroken,  // a scenario that holds changes back; facts: french, english
  };

  /// Another object that is part of the problem.
  struct Other {
    std::string kind;
    std::int64_t id = 0;
    std::string name;
    bool operator==(const Other&) const = default;
  };

  Rule rule = Rule::Required;
  std::string kind;  // "user"
  std::int64_t id = 0;  // 0 or negative: an object that was to be created
  std::string field;  // empty: the object as a whole; "user_ranges.0.start": within the field user_ranges
  std::vector<std::pair<std::string, std::string>> facts;
  std::optional<Other> other;
  std::size_t change = 0;  // index of the change within its transaction
  std::string name;  // what a person calls the object; empty when it has no name yet

  [[nodiscard]] std::string_view fact(std::string_view name) const;
  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

/// One sentence that names object, field and the other party, as an administrator would say it.
std::string describe(const Problem& problem, Language language);

/// The stable name of a rule on the wire, e.g. "not-unique".
std::string_view name(Problem::Rule rule);

}  // namespace xivo::model
