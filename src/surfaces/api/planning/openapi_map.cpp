// The schemas of the numbering map, of scenarios that are run, and of what would be lost.
#include <array>

#include "api/openapi.hpp"
#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

constexpr std::array kNamed{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"name", Type::Text, {"Nom", "Name"}},
};
constexpr std::array kSide{
    Member{"kind", Type::Text, {"Genre", "Kind"}},
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"label", Type::Text, {"Nom", "Name"}},
};

Value or_null(Value object) {
  object.set("type", Value::List{Value("object"), Value("null")});
  return object;
}

Value range_schema(Language language) {
  static constexpr std::array kRange{
      Member{"use",
             Type::Text,
             {"user, group, ivr, queue, conference_room ou incall",
              "user, group, ivr, queue, conference_room or incall"}},
      Member{"start", Type::Text, {"Premier", "First"}},
      Member{"end", Type::Text, {"Dernier", "Last"}},
      Member{"size", Type::Integer, {"Combien de numéros", "How many numbers"}},
      Member{"used", Type::Integer, {"Combien sont pris", "How many are taken"}},
      Member{"free", Type::Integer, {"Combien sont libres", "How many are free"}},
      Member{"next", Type::TextOrNull, {"Le premier libre", "The first that is free"}},
      Member{"emergency",
             Type::Texts,
             {"Numéros d'urgence, jamais proposés", "Emergency numbers, never proposed"}},
  };
  static constexpr std::array kOverlap{
      Member{"context", Type::Integer, {"Contexte", "Context"}},
      Member{"name", Type::Text, {"Son nom", "Its name"}},
      Member{"use", Type::Text, {"De qui", "Whose"}},
      Member{"start", Type::Text, {"Premier", "First"}},
      Member{"end", Type::Text, {"Dernier", "Last"}},
  };
  Value range = object_schema(kRange, language);
  add_property(range, "overlaps", array_of(object_schema(kOverlap, language)));
  return range;
}

Value map_schema(Language language) {
  static constexpr std::array kContext{
      Member{"id", Type::Integer, {"Numéro", "Number"}},
      Member{"name", Type::Text, {"Nom", "Name"}},
      Member{"label", Type::Text, {"Nom affiché", "Label"}},
      Member{"type", Type::Text, {"Type", "Type"}},
      Member{"enabled", Type::Boolean, {"Activé", "Enabled"}},
      Member{"phones",
             Type::Integer,
             {"Téléphones dont les appels y commencent", "Phones whose calls begin in it"}},
      Member{"numbers", Type::Integer, {"Numéros", "Numbers"}},
      Member{"patterns", Type::Integer, {"Modèles", "Patterns"}},
      Member{"disabled", Type::Integer, {"Dont désactivés", "Of these disabled"}},
      Member{"shadowed", Type::Integer, {"Dont cachés", "Of these hidden"}},
  };
  static constexpr std::array kPhones{Member{"phones", Type::Integer, {"Téléphones", "Phones"}}};
  static constexpr std::array kHelp{
      Member{"proven", Type::Boolean, {"S'ils joignent les secours", "Whether they reach help"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  static constexpr std::array kTotals{
      Member{"numbers", Type::Integer, {"Numéros", "Numbers"}},
      Member{"phones", Type::Integer, {"Téléphones", "Phones"}},
      Member{"without_help", Type::Integer, {"Qui ne joignent pas les secours", "That do not reach help"}},
      Member{"findings", Type::Integer, {"Constats", "Findings"}},
  };
  static constexpr std::array kMap{
      Member{"revision", Type::Integer, {"Révision regardée", "Revision looked at"}}};
  Value context = object_schema(kContext, language);
  add_property(context, "includes", array_of(object_schema(kNamed, language)));
  Value home = object_schema(kNamed, language);
  add_property(home, "phones", *object_schema(kPhones, language).find("properties")->find("phones"));
  add_property(context, "dialled_from", array_of(std::move(home)));
  add_property(context, "ranges", array_of(range_schema(language)));
  add_property(context, "help", or_null(object_schema(kHelp, language)));
  Value map = object_schema(kMap, language);
  add_property(map, "totals", object_schema(kTotals, language));
  add_property(map, "contexts", array_of(std::move(context)));
  return map;
}

Value page_of(Value item, Language language) {
  static constexpr std::array kPage{Member{"total", Type::Integer, {"En tout", "In all"}}};
  Value page = object_schema(kPage, language);
  add_property(page, "items", array_of(std::move(item)));
  return page;
}

Value numbers_schema(Language language) {
  static constexpr std::array kNumber{
      Member{"exten", Type::Text, {"Numéro ou modèle", "Number or pattern"}},
      Member{"type", Type::Text, {"number, pattern, route ou code", "number, pattern, route or code"}},
      Member{"destination", Type::Any, {"Où il mène, ou null", "Where it leads, or null"}},
      Member{"state",
             Type::Text,
             {"reached, shadowed, disabled ou unreachable", "reached, shadowed, disabled or unreachable"}},
      Member{"phones",
             Type::Integer,
             {"Combien de téléphones peuvent le composer", "How many phones can dial it"}},
  };
  Value number = object_schema(kNumber, language);
  add_property(number, "object", object_schema(kSide, language));
  add_property(number, "context", or_null(object_schema(kNamed, language)));
  add_property(number, "shadowed_by", or_null(object_schema(kSide, language)));
  return page_of(std::move(number), language);
}

Value proofs_schema(Language language) {
  static constexpr std::array kPhone{
      Member{"proven", Type::Boolean, {"Tous aboutissent", "All of them go out"}}};
  static constexpr std::array kCall{
      Member{"number", Type::Text, {"Numéro d'urgence", "Emergency number"}},
      Member{"reached", Type::Boolean, {"S'il aboutit", "Whether it goes out"}},
      Member{"dialled", Type::Text, {"Ce que le trunk compose", "What the trunk dials"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  static constexpr std::array kCounts{
      Member{"proven", Type::Integer, {"Téléphones qui joignent les secours", "Phones that reach help"}},
      Member{"unproven", Type::Integer, {"Téléphones qui ne les joignent pas", "Phones that do not"}},
  };
  Value call = object_schema(kCall, language);
  add_property(call, "route", or_null(object_schema(kNamed, language)));
  add_property(call, "trunk", or_null(object_schema(kNamed, language)));
  Value phone = object_schema(kPhone, language);
  add_property(phone, "line", object_schema(kNamed, language));
  add_property(phone, "user", or_null(object_schema(kNamed, language)));
  add_property(phone, "context", or_null(object_schema(kNamed, language)));
  add_property(phone, "calls", array_of(std::move(call)));
  Value page = page_of(std::move(phone), language);
  const Value counts = object_schema(kCounts, language);
  for (const auto& member : *counts.find("properties")->members())
    add_property(page, member.name, member.value);
  return page;
}

Value runs_schema(Language language) {
  static constexpr std::array kRuns{
      Member{"revision", Type::Integer, {"Révision regardée", "Revision looked at"}},
      Member{"draft", Type::Boolean, {"Avec des modifications à l'essai", "With changes that are tried"}},
      Member{"passed", Type::Integer, {"Combien passent", "How many pass"}},
      Member{"failed", Type::Integer, {"Combien échouent", "How many fail"}},
  };
  Value runs = object_schema(kRuns, language);
  add_property(runs, "items", array_of(reference_to("ScenarioRun")));
  return runs;
}

Value run_wish_schema() {
  const Value changes = *reference_to("Transaction").find("$ref");
  return Value::object(
      {{"type", "object"},
       {"examples", Value::List{Value::object({{"scenarios", Value::List{Value(3)}}})}},
       {"properties",
        Value::object({{"scenarios", array_of(Value::object({{"type", "integer"}}))},
                       {"changes", Value::object({{"$ref", *changes.text() + "/properties/changes"}})}})}});
}

Value impact_schema(Language language) {
  static constexpr std::array kImpact{Member{"sentence", Type::Text, {"En clair", "In words"}}};
  static constexpr std::array kReference{
      Member{"kind", Type::Text, {"Genre", "Kind"}},
      Member{"id", Type::Integer, {"Numéro", "Number"}},
      Member{"label", Type::Text, {"Nom", "Name"}},
      Member{"field", Type::Text, {"Par quel champ", "By which field"}},
      Member{"title", Type::Text, {"Nom affiché du champ", "The field's title"}},
  };
  static constexpr std::array kDeadEnd{
      Member{"kind", Type::Text, {"Genre", "Kind"}},
      Member{"id", Type::Integer, {"Numéro", "Number"}},
      Member{"label", Type::Text, {"Nom", "Name"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  static constexpr std::array kLoss{
      Member{"context", Type::Integer, {"Contexte des téléphones", "The phones' context"}},
      Member{"name", Type::Text, {"Son nom", "Its name"}},
      Member{"phones", Type::Integer, {"Combien de téléphones", "How many phones"}},
      Member{"sentence", Type::Text, {"En clair", "In words"}},
  };
  Value impact = object_schema(kImpact, language);
  add_property(impact, "object", object_schema(kSide, language));
  add_property(impact, "references", array_of(object_schema(kReference, language)));
  add_property(impact, "numbers", array_of(object_schema(kDeadEnd, language)));
  add_property(impact, "callers", array_of(object_schema(kLoss, language)));
  add_property(impact, "scenarios", array_of(reference_to("ScenarioRun")));
  add_property(impact, "findings", array_of(reference_to("Finding")));
  return impact;
}

Value emergency_schema(Language language) {
  static constexpr std::array kNumbers{Member{"numbers", Type::Texts, {"Numéros", "Numbers"}}};
  return object_schema(kNumbers, language);
}

}  // namespace

Value map_components(Language language) {
  return Value::object({{"NumberingMap", map_schema(language)},
                        {"MappedNumbers", numbers_schema(language)},
                        {"EmergencyProofs", proofs_schema(language)},
                        {"EmergencyNumbers", emergency_schema(language)},
                        {"ScenarioRuns", runs_schema(language)},
                        {"ScenarioRunWish", run_wish_schema()},
                        {"Impact", impact_schema(language)}});
}

}  // namespace xivo::api
