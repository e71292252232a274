#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"
#include "model/schema.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// The description of the interface, made from the routes and the declared kinds.               OpenAPI 3.1
model::Value openapi_document(const std::vector<Route>& routes, const std::string& version,
                              model::Language language);

/// What a kind's JSON schema is for.
enum class SchemaUse : std::uint8_t {
  Shown,    // as GET answers: everything but secrets
  Created,  // as POST and PUT take it: required fields named
  Changed,  // as PATCH takes it
};
model::Value kind_schema(const model::KindSchema& kind, SchemaUse use, model::Language language);

/// A character class as an ECMA-262 pattern. The empty text passes: it means "none", whatever the class.
std::string pattern_of(std::string_view set);

/// The schema of a destination: one of the declared types.
model::Value destination_schema(SchemaUse use, model::Language language);

/// The schemas that no kind declares: problems, sessions, live data, records.
model::Value common_components(model::Language language);
/// Those of transactions and revisions.
model::Value configuration_components(model::Language language);
/// Those of findings and simulations.
model::Value planning_components(model::Language language);
model::Value map_components(model::Language language);

/// Adds the messages of the WebSocket, and examples to what the others have declared.
void add_live_components(model::Value& schemas, model::Language language);
/// Those of trunk states and templates.
model::Value trunk_components(model::Language language);
/// Those of signing in, tokens and the log of accesses.
model::Value access_components(model::Language language);

/// Those of schedules and toll-fraud guards.
void add_schedule_components(model::Value& schemas, model::Language language);

/// {"$ref": "#/components/schemas/<name>"}
model::Value reference_to(std::string_view component);
/// The schema of {items, total}.
model::Value page_schema(std::string_view item_component);

}  // namespace xivo::api
