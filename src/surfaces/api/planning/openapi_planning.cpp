// The schemas of findings and simulations.
#include <array>

#include "api/openapi.hpp"
#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

constexpr std::array kObject{
    Member{"kind", Type::Text, {"Genre", "Kind"}},
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"label", Type::Text, {"Nom", "Name"}},
};

Value fix_schema(Language language) {
  static constexpr std::array kFix{Member{"sentence", Type::Text, {"Ce qu'il fait", "What it does"}}};
  static constexpr std::array kChange{
      Member{"kind", Type::Text, {"Genre", "Kind"}},
      Member{"op", Type::Text, {"update", "update"}},
      Member{"id", Type::Integer, {"L'objet", "The object"}},
      Member{"fields", Type::Any, {"Ses champs", "Its fields"}},
  };
  Value fix = object_schema(kFix, language);
  add_property(fix, "changes", array_of(object_schema(kChange, language)));
  fix.set("type", Value::List{Value("object"), Value("null")});
  return fix;
}

Value finding_schema(Language language) {
  static constexpr std::array kFinding{
      Member{"severity", Type::Text, {"block, error, warning ou hint", "block, error, warning or hint"}},
      Member{"code", Type::Text, {"Quel constat", "Which finding"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  Value finding = object_schema(kFinding, language);
  add_property(finding, "objects", array_of(object_schema(kObject, language)));
  add_property(finding, "fix", fix_schema(language));
  return finding;
}

Value findings_schema(Language language) {
  static constexpr std::array kFindings{
      Member{"revision", Type::Integer, {"Révision regardée", "Revision looked at"}}};
  Value all = object_schema(kFindings, language);
  add_property(all, "items", array_of(reference_to("Finding")));
  return all;
}

Value run_schema(Language language) {
  static constexpr std::array kRun{
      Member{"scenario", Type::Integer, {"Le scénario", "The scenario"}},
      Member{"name", Type::Text, {"Son nom", "Its name"}},
      Member{"hold", Type::Boolean, {"Retient ce qui le casse", "Holds back what breaks it"}},
      Member{"passed", Type::Boolean, {"S'il passe", "Whether it passes"}},
      Member{"expected", Type::Text, {"Ce qui devait arriver, en clair", "What had to happen, in words"}},
      Member{"happened", Type::Text, {"Ce qui arriverait, en clair", "What would happen, in words"}},
  };
  return object_schema(kRun, language);
}

Value simulation_schema(Language language) {
  static constexpr std::array kSimulation{
      Member{"outcome",
             Type::Text,
             {"reached, feature, asks_code, refused ou endless",
              "reached, feature, asks_code, refused or endless"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  static constexpr std::array kStage{
      Member{"title", Type::Text, {"Titre", "Title"}},
      Member{"sentence", Type::Text, {"Ce qui est fait", "What is done"}},
      Member{"outcome", Type::TextOrNull, {"Ce qui est supposé ensuite", "What is assumed next"}},
  };
  static constexpr std::array kStep{
      Member{"rule", Type::Text, {"Règle", "Rule"}},
      Member{"met", Type::Boolean, {"Satisfaite", "Met"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  static constexpr std::array kNode{
      Member{"id", Type::Text, {"Nom du nœud", "The node's name"}},
      Member{"kind", Type::Text, {"Règle, ou end", "Rule, or end"}},
      Member{"object", Type::Any, {"L'objet, ou null", "The object, or null"}},
      Member{"label", Type::Text, {"En clair", "In words"}},
      Member{"state", Type::Text, {"passed, refused ou end", "passed, refused or end"}},
  };
  static constexpr std::array kEdge{
      Member{"from", Type::Text, {"Du nœud", "From the node"}},
      Member{"to", Type::Text, {"Au nœud", "To the node"}},
      Member{"label", Type::Text, {"Ce qui s'est passé entre eux", "What happened between"}},
  };
  static constexpr std::array kSip{
      Member{"trunk", Type::Integer, {"Faisceau", "Trunk"}},
      Member{"name", Type::Text, {"Nom du trunk", "The trunk's name"}},
      Member{"number", Type::Text, {"Numéro composé", "Number that is dialled"}},
      Member{"caller_number", Type::Text, {"Numéro présenté", "Number that is shown"}},
      Member{"caller_name", Type::Text, {"Nom présenté", "Name that is shown"}},
      Member{"anonymous", Type::Boolean, {"Secret", "Withheld"}},
      Member{"request_uri", Type::Text, {"Request-URI de l'INVITE", "Request-URI of the INVITE"}},
  };
  static constexpr std::array kHeader{
      Member{"name", Type::Text, {"En-tête", "Header"}},
      Member{"value", Type::Text, {"Sa valeur", "Its value"}},
  };
  Value step = object_schema(kStep, language);
  add_property(step, "objects", array_of(object_schema(kObject, language)));
  Value stage = object_schema(kStage, language);
  add_property(stage, "steps", array_of(std::move(step)));
  Value graph =
      Value::object({{"type", "object"}, {"required", Value::List{}}, {"properties", Value::object()}});
  add_property(graph, "nodes", array_of(object_schema(kNode, language)));
  add_property(graph, "edges", array_of(object_schema(kEdge, language)));
  Value schema = object_schema(kSimulation, language);
  add_property(schema, "stages", array_of(std::move(stage)));
  add_property(schema, "graph", std::move(graph));
  Value sip = object_schema(kSip, language);
  add_property(sip, "headers", array_of(object_schema(kHeader, language)));
  add_property(schema, "sip", array_of(std::move(sip)));
  return schema;
}

Value question_schema(Language language) {
  const bool french = language == Language::French;
  const auto text = [](std::string_view help) {
    return Value::object({{"type", "string"}, {"description", help}});
  };
  const auto integer = Value::object({{"type", "integer"}});
  const Value from = Value::object(
      {{"type", "object"},
       {"properties",
        Value::object(
            {{"user", integer},
             {"line", integer},
             {"trunk", integer},
             {"caller", text(french ? "Au lieu de line : 101, 101@contexte ou le nom d'une ligne"
                                    : "Instead of line: 101, 101@context or a line's name")},
             {"trunk_name", text(french ? "Au lieu de trunk : son nom" : "Instead of trunk: its name")},
             {"caller_number", Value::object({{"type", "string"}})}})}});
  const Value assumption = Value::object(
      {{"type", "object"},
       {"properties",
        Value::object(
            {{"user", integer},
             {"trunk", integer},
             {"who", text(french ? "Au lieu de user ou trunk : un numéro interne, ou le nom d'un trunk"
                                 : "Instead of user or trunk: a number inside, or a trunk's name")},
             {"state", text("registered, unregistered, busy, dnd, no_answer; down, congestion")}})}});
  const Value example =
      Value::object({{"from", Value::object({{"user", 1}})},
                     {"dialled", "0123456789"},
                     {"at", "2026-07-14T19:00"},
                     {"assume", Value::List{Value::object({{"user", 3}, {"state", "busy"}})}}});
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("from"), Value("dialled")}},
       {"examples", Value::List{example}},
       {"properties", Value::object({{"from", from},
                                     {"dialled", text(french ? "Numéro composé" : "Number that is dialled")},
                                     {"at", text(french ? "Heure de l'entreprise ; absente : maintenant"
                                                        : "The company's time; absent: now")},
                                     {"assume", array_of(assumption)}})}});
}

}  // namespace

Value planning_components(Language language) {
  Value all = map_components(language);
  const Value own = Value::object({{"Finding", finding_schema(language)},
                                   {"Findings", findings_schema(language)},
                                   {"ScenarioRun", run_schema(language)},
                                   {"SimulationQuestion", question_schema(language)},
                                   {"Simulation", simulation_schema(language)}});
  for (const auto& schema : *own.members()) all.set(schema.name, schema.value);
  return all;
}

}  // namespace xivo::api
