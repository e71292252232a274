#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.hpp"
#include "model/language.hpp"
#include "model/transaction.hpp"

/// What is wrong with a numbering plan although each object of it is right.
namespace xivo::model::checker {

enum class Severity : std::uint8_t {
  Block,  // calls are lost, or help is not reached
  Error,  // something configured can never work as it is written
  Warning,
  Hint,
};
std::string_view name(Severity severity);  // "block", "error", "warning", "hint"

/// One sentence in both languages.
struct Sentence {
  std::string french;
  std::string english;
  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::French ? french : english;
  }
};

/// What a finding is about, named as people call it.
struct Side {
  std::string_view kind;  // a name of the registry
  std::int64_t id = 0;
  std::string label;
};

/// Changes that cure a finding; empty: only a person can choose.
struct Fix {
  Sentence sentence;
  std::vector<Change> changes;
};

struct Finding {
  Severity severity = Severity::Hint;
  std::string_view code;  // "number-shadowed"
  Sentence sentence;
  std::vector<Side> sides;
  Fix fix{};
  std::uint8_t check = 0;  // which of the checks told it; for the checker itself
  /// The same for the same conflict in two configurations.
  [[nodiscard]] std::string key() const;
};

/// Of one code no more are kept: who has more has one cause, not hundreds.
constexpr std::size_t kFindingsMax = 500;
/// Of one code no more are compared with those of another configuration: 24 bytes each.
constexpr std::size_t kComparedMax = 100'000;

/// Everything found, the worst first; of one severity in the order of the checks. Pure.
/// Thread  any but a call shard's: 10,000 numbers take milliseconds
std::vector<Finding> findings(const Config& config);
/// The same. `known` are the findings of `before`: what a check found there is told again when no table changed that it reads.
std::vector<Finding> findings(const Config& config, const Config& before, const std::vector<Finding>& known);

/// Those of `after` that `before` does not have, or has as something less grave; of each code kFindingsMax. `known` and `found` are
/// their findings(); a plan of which these were cut is looked through again, so that what is new is told however much is old.
/// Of a code of which `before` has kComparedMax none is told as new, so that whoever mends one of them is not told of another.
std::vector<Finding> introduced(const Config& before, const std::vector<Finding>& known, const Config& after,
                                std::vector<Finding> found);

}  // namespace xivo::model::checker
