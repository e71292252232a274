#pragma once

#include <map>
#include <set>
#include <vector>

#include "model/schema.hpp"
#include "model/transaction.hpp"
#include "runtime/rng.hpp"

/// What belongs to an object, as its kind declares it (KindSpec::owned): a user's lines, extensions and mailbox.
namespace xivo::api {

/// For each of the objects `owners`: {"lines": [ids], "extensions": [ids]}.
/// Thread  any; looks through the tables of the owned kinds, a worker's for many objects
std::map<std::int64_t, model::Value> owned_ids(const model::Config& config, const model::KindSchema& kind,
                                               const std::set<std::int64_t>& owners);

/// Adds to an object as REST shows it what belongs to it.
void add_owned(const model::Config& config, const model::KindSchema& kind, model::Value& object);

/// Takes from a body what GET added, so that it can be sent back.
void strip_owned(const model::KindSchema& kind, model::Value& fields);

/// The changes that create an object together with the members nested in it; the object's own is the first. Members that
/// are no objects are left where they are, for apply() to judge. What a nested member of a user leaves out follows from the
/// first extension: a line's name and context, a mailbox's number and context; a line's secret is drawn.
std::vector<model::Change> creation_of(const model::Config& config, const model::KindSchema& kind,
                                       model::Value fields, runtime::Rng& rng);

/// The changes that delete an object with all that belongs to it; the object's own is the first. A mailbox that somebody
/// else uses, too, stays.
std::vector<model::Change> removal_of(const model::Config& config, const model::KindSchema& kind,
                                      std::int64_t id);

}  // namespace xivo::api
