#pragma once

#include <array>
#include <string>
#include <vector>

#include "api/route.hpp"

namespace xivo::api {

/// GET /schema: the declared kinds and types of destination in words that forms, lists and scripts are made from.
/// Thread  the web loop.
class SchemaRoutes {
 public:
  SchemaRoutes();
  void add_routes(std::vector<Route>& routes);

 private:
  std::array<std::string, 2> documents_;  // JSON, by language
};

/// {kinds: [...], destinations: [...]}, members that would say "no" or "none" left out.
model::Value schema_document(model::Language language);

}  // namespace xivo::api
