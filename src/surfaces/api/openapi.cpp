#include "api/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/object_routes.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

Value json_content(Value schema, std::string_view type = "application/json") {
  return Value::object({{std::string(type), Value::object({{"schema", std::move(schema)}})}});
}

/// The refusals of a route by status: several may share one.
std::vector<Refusal> refusals_of(const Route& route) {
  std::vector<Refusal> all = route.refusals;
  if (!route.open) {
    all.push_back(Refusal::Unauthenticated);
    all.push_back(Refusal::StorageFailed);
    all.push_back(Refusal::Forbidden);
    if (route.method != "GET") all.push_back(Refusal::CrossSite);
  }
  if (std::any_of(route.parameters.begin(), route.parameters.end(),
                  [](const auto& p) { return p.in == "query"; })) {
    all.push_back(Refusal::BadParameter);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Value headers_of(const Route& route, const AnswerSpec& answer, Language language) {
  Value headers = Value::object();
  const bool french = language == Language::French;
  const auto add = [&](std::string_view name, std::string_view help) {
    headers.set(name,
                Value::object({{"description", help}, {"schema", Value::object({{"type", "string"}})}}));
  };
  const bool one_object = route.path.ends_with("{id}") && (route.method == "GET" || !route.body.empty());
  const bool configured = route.tag != "live" && route.tag != "access" && route.tag != "call-records" &&
                          route.tag != "configuration";
  const bool has_etag = configured && (answer.status == 201 || one_object);
  if (has_etag) add("ETag", french ? "Révision de l'objet" : "The object's revision");
  if (answer.status == 201) add("Location", french ? "Où est l'objet" : "Where the object is");
  return headers;
}

Value responses_of(const Route& route, Language language) {
  Value responses = Value::object();
  for (const AnswerSpec& answer : route.answers) {
    Value response = Value::object({{"description", answer.help.in(language)}});
    if (Value headers = headers_of(route, answer, language); !headers.members()->empty()) {
      response.set("headers", std::move(headers));
    }
    if (!answer.schema.empty())
      response.set("content", json_content(reference_to(answer.schema), answer.type));
    responses.set(fmt::to_string(answer.status), std::move(response));
  }
  for (const Refusal refusal : refusals_of(route)) {
    const std::string status = fmt::to_string(status_of(refusal));
    ProblemDocument document;
    document.refusal = refusal;
    const Value example = to_value(document, language, "/api/v1" + route.path);
    if (responses.find(status)) continue;
    Value content = json_content(reference_to("Problem"), "application/problem+json");
    Value media = *content.find("application/problem+json");
    media.set("example", example);
    content.set("application/problem+json", std::move(media));
    responses.set(
        status, Value::object({{"description", example.text_at("title")}, {"content", std::move(content)}}));
  }
  return responses;
}

Value operation_of(const Route& route, Language language) {
  Value operation = Value::object({{"operationId", route.id},
                                   {"tags", Value::List{Value(route.tag)}},
                                   {"summary", route.summary.in(language)}});
  operation.set("security", route.open ? Value(Value::List{})
                                       : Value(Value::List{Value::object({{"bearer", Value::List{}}}),
                                                           Value::object({{"cookie", Value::List{}}})}));
  if (!route.scope.empty()) operation.set("x-scope", route.scope);
  Value::List parameters;
  for (const ParameterSpec& parameter : route.parameters) {
    parameters.push_back(Value::object({{"name", parameter.name},
                                        {"in", parameter.in},
                                        {"required", parameter.in == "path"},
                                        {"description", parameter.help.in(language)},
                                        {"schema", parameter.schema}}));
  }
  if (!parameters.empty()) operation.set("parameters", std::move(parameters));
  if (!route.body.empty()) {
    operation.set("requestBody",
                  Value::object({{"required", true},
                                 {"content", json_content(reference_to(route.body), route.body_type)}}));
  }
  operation.set("responses", responses_of(route, language));
  return operation;
}

Value paths_of(const std::vector<Route>& routes, Language language) {
  Value paths = Value::object();
  for (const Route& route : routes) {
    const Value* known = paths.find(route.path);
    Value item = known ? *known : Value::object();
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(c | 0x20);  // methods are capital ASCII letters
    item.set(method, operation_of(route, language));
    paths.set(route.path, std::move(item));
  }
  return paths;
}

bool is_owned(const model::KindSchema& kind) {
  const auto& all = model::kinds();
  return std::any_of(all.begin(), all.end(), [&](const model::KindSchema* owner) {
    const auto& owned = owner->spec().owned;
    return std::any_of(owned.begin(), owned.end(),
                       [&](const auto& each) { return each.kind == kind.name(); });
  });
}

Value components_of(Language language) {
  Value schemas = common_components(language);
  const Value configuration = configuration_components(language);
  for (const auto& schema : *configuration.members()) schemas.set(schema.name, schema.value);
  const Value planning = planning_components(language);
  for (const auto& schema : *planning.members()) schemas.set(schema.name, schema.value);
  const Value access = access_components(language);
  for (const auto& schema : *access.members()) schemas.set(schema.name, schema.value);
  const Value trunks = trunk_components(language);
  for (const auto& schema : *trunks.members()) schemas.set(schema.name, schema.value);
  for (const model::KindSchema* kind : model::kinds()) {
    const std::string name = component_name(*kind);
    schemas.set(name, kind_schema(*kind, SchemaUse::Shown, language));
    schemas.set(name + "Create", kind_schema(*kind, SchemaUse::Created, language));
    schemas.set(name + "Change", kind_schema(*kind, SchemaUse::Changed, language));
    schemas.set(name + "Page", page_schema(name));
    // Nested in what it belongs to it may leave out what follows from that.
    Value nested = kind_schema(*kind, SchemaUse::Created, language);
    nested.erase("required");
    if (is_owned(*kind)) schemas.set(name + "Nested", std::move(nested));
  }
  schemas.set("Destination", destination_schema(SchemaUse::Shown, language));
  schemas.set("DestinationInput", destination_schema(SchemaUse::Created, language));
  add_schedule_components(schemas, language);
  add_live_components(schemas, language);
  const bool french = language == Language::French;
  Value security = Value::object(
      {{"bearer", Value::object({{"type", "http"},
                                 {"scheme", "bearer"},
                                 {"description", french ? "Un jeton de POST /login ou de POST /tokens"
                                                        : "A token of POST /login or of POST /tokens"}})},
       {"cookie",
        Value::object({{"type", "apiKey"},
                       {"in", "cookie"},
                       {"name", "xivo_session"},
                       {"description", french ? "Posé par POST /login ; « __Host-xivo_session » par HTTPS"
                                              : "Set by POST /login; \"__Host-xivo_session\" by HTTPS"}})}});
  return Value::object({{"schemas", std::move(schemas)}, {"securitySchemes", std::move(security)}});
}

Value tags_of(const std::vector<Route>& routes) {
  Value::List tags;
  std::vector<std::string> seen;
  for (const Route& route : routes) {
    if (std::find(seen.begin(), seen.end(), route.tag) != seen.end()) continue;
    seen.push_back(route.tag);
    tags.push_back(Value::object({{"name", route.tag}}));
  }
  return tags;
}

}  // namespace

Value reference_to(std::string_view component) {
  return Value::object({{"$ref", fmt::format("#/components/schemas/{}", component)}});
}

Value page_schema(std::string_view item_component) {
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("items"), Value("total")}},
       {"properties",
        Value::object({{"items", Value::object({{"type", "array"}, {"items", reference_to(item_component)}})},
                       {"total", Value::object({{"type", "integer"}, {"minimum", 0}})}})}});
}

Value openapi_document(const std::vector<Route>& routes, const std::string& version, Language language) {
  const bool french = language == Language::French;
  Value info = Value::object(
      {{"title", french ? "XiVO : interface d'administration" : "XiVO: administration interface"},
       {"version", version},
       {"description",
        french ? "Toute modification vaut dès qu'elle est acceptée. Les refus sont des documents RFC 9457."
               : "Every change is in force once accepted. Refusals are RFC 9457 documents."},
       {"license", Value::object({{"name", "GPL-3.0-or-later"}, {"identifier", "GPL-3.0-or-later"}})}});
  return Value::object({{"openapi", "3.1.0"},
                        {"info", std::move(info)},
                        {"servers", Value::List{Value::object({{"url", "/api/v1"}})}},
                        {"tags", tags_of(routes)},
                        {"paths", paths_of(routes, language)},
                        {"components", components_of(language)}});
}

}  // namespace xivo::api
