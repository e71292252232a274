#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/parameters.hpp"
#include "model/config.hpp"
#include "model/schema.hpp"

namespace xivo::api {

/// What a client wants to see of the objects of one kind.
struct ObjectQuery {
  std::string search;  // anywhere in the object's name or texts, any case, accents apart
  std::vector<std::pair<const model::Field*, std::string>> filters;  // the field's value, as text
  const model::Field* order = nullptr;  // by id when null
  bool descending = false;
  Page page;

  /// Shape   search, order, direction, limit, offset, and each field that may be read by its own name
  static ObjectQuery read(Parameters& parameters, const model::KindSchema& kind);
};

/// {items, total}: the objects that the query asks for, as REST shows them.
/// Thread  any; takes time with many objects, so a worker's.
model::Value list_objects(const model::Config& config, const model::KindSchema& kind,
                          const ObjectQuery& query);

}  // namespace xivo::api
