#pragma once

#include <string>
#include <vector>

#include "model/transaction.hpp"
#include "model/value.hpp"
#include "store/config_store.hpp"

namespace xivo::api {

constexpr std::size_t kShownChangesMax = 1'000;  // objects of one shown difference; nobody reads more

/// A difference as people read it: what model::difference() made, with each field's title; fields that a new or deleted
/// object leaves empty are not mentioned. Secrets are masked.
/// Shape   [{kind, id, op, name, fields: [{name, title, before, after}]}], at most `limit` of them
model::Value shown_difference(const std::vector<model::ResolvedChange>& changes, model::Language language,
                              std::size_t limit = kShownChangesMax);
/// The same of one that was stored as JSON.
model::Value shown_difference(const std::string& stored, model::Language language,
                              std::size_t limit = kShownChangesMax);

/// Who changed what when: {number, at, author, message}.
model::Value revision_head(const store::RevisionRecord& record, model::Language language);

}  // namespace xivo::api
