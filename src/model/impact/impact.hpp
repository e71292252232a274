#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "model/review/review.hpp"
#include "model/schema.hpp"

/// What can no longer be reached once an object is gone.
namespace xivo::model::impact {

using checker::Sentence;
using checker::Side;

/// An object that refers to it, and stands in the way of deleting it.
struct Reference {
  Side from;
  std::string_view field;
  Words title;
};

/// A number, route or forward that ends nowhere then.
struct DeadEnd {
  Side from;
  Sentence sentence;
};

/// Phones that lose a way out, or help.
struct Loss {
  ContextId context{};
  std::size_t phones = 0;
  Sentence sentence;
};

struct Impact {
  Side object;
  std::vector<Reference> references;
  std::vector<DeadEnd> dead_ends;
  std::vector<Loss> losses;
  std::vector<scenario::Run> broken_scenarios;
  std::vector<checker::Finding> findings;
};

/// Of each list no more are told.
constexpr std::size_t kToldMax = 500;

/// The configuration without an object, whoever refers to it: what referred refers to nothing then.
ConfigSnapshot without(const Config& config, const KindSchema& kind, std::int64_t id);

/// Of an object that exists.
/// Thread  any but a call shard's
Impact impact_of(const ConfigSnapshot& config, const KindSchema& kind, std::int64_t id,
                 const review::Reviewer& reviewer, std::chrono::sys_seconds now);

/// One sentence for the whole.
std::string describe(const Impact& impact, Language language);

}  // namespace xivo::model::impact
