// The schema of what goes over the WebSocket (no route answers it, but programs want its type), and examples of answers.
#include <array>

#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

Value text_of(std::string_view help) { return Value::object({{"type", "string"}, {"description", help}}); }

Value event_schema(Language language) {
  const bool french = language == Language::French;
  Value topic = text_of(french ? "De quoi il s'agit ; absent de hello et resync"
                               : "What it is about; not in hello and resync");
  topic.set("enum",
            Value::List{Value("call"), Value("registration"), Value("configuration"), Value("guard")});
  Value at = text_of(french ? "Quand" : "When");
  at.set("format", "date-time");
  Value data = Value::object({{"type", "object"}});
  data.set("description",
           french ? "L'appel, la ligne et ses contacts, l'échec, la révision, ou qui est bloqué"
                  : "The call, the line and its contacts, the failure, the revision, or who is blocked");
  Value cursor = Value::object({{"type", "integer"}});
  cursor.set("description",
             french ? "À redonner pour reprendre ici" : "To be given again to read on from here");
  Value properties = Value::object(
      {{"cursor", std::move(cursor)},
       {"topic", std::move(topic)},
       {"type",
        text_of(
            french
                ? "hello, resync, started, dialled, ringing, feature, answered, held, resumed, left, ended, "
                  "registered, unregistered, failed, revision, tripped ou released"
                : "hello, resync, started, dialled, ringing, feature, answered, held, resumed, left, ended, "
                  "registered, unregistered, failed, revision, tripped or released")},
       {"at", std::move(at)},
       {"topics", array_of(Value::object({{"type", "string"}}))},
       {"data", std::move(data)}});
  const Value example = Value::object(
      {{"cursor", std::int64_t{1'887'436'800'001}},
       {"topic", "configuration"},
       {"type", "revision"},
       {"at", "2026-11-27T09:00:00.000Z"},
       {"data",
        Value::object({{"revision", 42}, {"author", "admin"}, {"message", "wedding"}, {"changes", 1}})}});
  return Value::object({{"type", "object"},
                        {"description", french ? "Un message de GET /events" : "One message of GET /events"},
                        {"required", Value::List{Value("cursor"), Value("type")}},
                        {"examples", Value::List{example}},
                        {"properties", std::move(properties)}});
}

Value explanation() {
  const Value change =
      Value::object({{"kind", "line"}, {"id", 7}, {"fields", Value::object({{"enabled", true}})}});
  return Value::object(
      {{"state", "disabled"},
       {"sentence", "The line is disabled: no phone can register or call."},
       {"advice", Value::List{Value::object({{"sentence", "Enable the line."}, {"change", change}})}},
       {"contacts", Value::List{}},
       {"failures", Value::List{}}});
}

Value wedding() {
  const Value field = Value::object(
      {{"name", "lastname"}, {"title", "Last name"}, {"before", "Durand"}, {"after", "Martin"}});
  return Value::List{Value::object({{"kind", "user"},
                                    {"id", 7},
                                    {"op", "update"},
                                    {"name", "Alice Martin"},
                                    {"fields", Value::List{field}}})};
}

Value result() {
  return Value::object({{"revision", 42},
                        {"dry_run", false},
                        {"ids", Value::List{Value(7)}},
                        {"changes", 1},
                        {"difference", wedding()},
                        {"findings", Value::List{}},
                        {"broken_scenarios", Value::List{}}});
}

Value revision() {
  return Value::object({{"number", 42},
                        {"at", "2026-11-27T09:00:00.000Z"},
                        {"author", "admin"},
                        {"message", "wedding"},
                        {"changes", 1},
                        {"difference", wedding()}});
}

void set_example(Value& schemas, std::string_view component, Value example) {
  Value schema = *schemas.find(component);
  schema.set("examples", Value::List{std::move(example)});
  schemas.set(component, std::move(schema));
}

}  // namespace

void add_live_components(Value& schemas, Language language) {
  schemas.set("Event", event_schema(language));
  set_example(schemas, "LineRegistration", explanation());
  set_example(schemas, "Difference", wedding());
  set_example(schemas, "TransactionResult", result());
  set_example(schemas, "Revision", revision());
}

}  // namespace xivo::api
