#pragma once

#include <map>
#include <memory>
#include <vector>

#include "model/schema.hpp"
#include "model/transaction.hpp"

/// What apply() looks at once all changes are in place: how the objects fit together.
namespace xivo::model::detail {

constexpr std::size_t kProblemsMax = 1000;  // listed of one transaction; nobody reads more

/// An object that a transaction touched.
struct Touched {
  std::shared_ptr<const void> before;  // null: created by this transaction
  std::size_t change = 0;              // the last change that touched it
};
using TouchedObjects = std::map<const KindSchema*, std::map<std::int64_t, Touched>>;

/// References, uniqueness, kind rules and deletions, all in the configuration as it would be. `rights`: the author's, or
/// nullptr.
void check_together(const Config& next, const TouchedObjects& touched, const Rights* rights,
                    Problems& problems);

}  // namespace xivo::model::detail
