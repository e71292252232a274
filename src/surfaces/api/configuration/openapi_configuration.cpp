// The schemas of changing the configuration and of its history.
#include <array>

#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

constexpr std::array kRevision{
    Member{"number", Type::Integer, {"Numéro", "Number"}},
    Member{"at", Type::Time, {"Quand", "When"}},
    Member{"author", Type::Text, {"Qui", "Who"}},
    Member{"message", Type::Text, {"Pourquoi", "Why"}},
    Member{"changes", Type::Integer, {"Combien d'objets", "How many objects"}},
};

constexpr std::array kChangedField{
    Member{"name", Type::Text, {"Champ", "Field"}},
    Member{"title", Type::Text, {"Nom affiché", "Its title"}},
    Member{"before", Type::Any, {"Valeur avant ; secrets masqués", "Value before; secrets masked"}},
    Member{"after", Type::Any, {"Valeur après ; secrets masqués", "Value after; secrets masked"}},
};

constexpr std::array kChangedObject{
    Member{"kind", Type::Text, {"Genre", "Kind"}},
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"op", Type::Text, {"create, update ou delete", "create, update or delete"}},
    Member{"name", Type::Text, {"Nom", "Name"}},
};

Value other_party_schema(Language language) {
  static constexpr std::array kMembers{
      Member{"revision", Type::Integer, {"Révision de l'autre", "The other party's revision"}},
      Member{"author", Type::Text, {"Qui", "Who"}},
      Member{"at", Type::Time, {"Quand", "When"}},
      Member{"message", Type::Text, {"Pourquoi", "Why"}},
  };
  Value schema = object_schema(kMembers, language);
  add_property(schema, "difference", reference_to("Difference"));
  return schema;
}

Value difference_schema(Language language) {
  Value object = object_schema(kChangedObject, language);
  add_property(object, "fields", array_of(object_schema(kChangedField, language)));
  return array_of(std::move(object));
}

Value revision_schema(Language language) {
  Value schema = object_schema(kRevision, language);
  add_property(schema, "difference", reference_to("Difference"));
  return schema;
}

Value revision_difference_schema(Language language) {
  static constexpr std::array kMembers{
      Member{"from", Type::Integer, {"La plus ancienne des deux", "The older one"}},
      Member{"to", Type::Integer, {"La plus récente", "The newer one"}},
      Member{"changes", Type::Integer, {"Combien d'objets", "How many objects"}},
  };
  Value schema = object_schema(kMembers, language);
  add_property(schema, "difference", reference_to("Difference"));
  return schema;
}

Value transaction_result_schema(Language language) {
  const bool french = language == Language::French;
  const auto member = [](Value type, std::string_view help) {
    return Value::object({{"type", std::move(type)}, {"description", help}});
  };
  Value ids = array_of(Value::object({{"type", "integer"}}));
  ids.set("description", french ? "L'objet de chaque modification" : "The object of each change");
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("revision"), Value("dry_run"), Value("ids"), Value("changes"),
                                Value("difference"), Value("findings"), Value("broken_scenarios")}},
       {"properties",
        Value::object({{"revision", member(Value("integer"),
                                           french ? "Révision qui en résulte" : "The revision that results")},
                       {"dry_run", member(Value("boolean"), french ? "Essai seulement" : "Only tried")},
                       {"ids", std::move(ids)},
                       {"changes", member(Value("integer"),
                                          french ? "Combien d'objets changent" : "How many objects change")},
                       {"difference", reference_to("Difference")},
                       {"findings", array_of(reference_to("Finding"))},
                       {"broken_scenarios", array_of(reference_to("ScenarioRun"))},
                       {"impact", reference_to("Impact")}})}});
}

Value transaction_schema(Language language) {
  const bool french = language == Language::French;
  const auto member = [](Value type, std::string_view help) {
    return Value::object({{"type", std::move(type)}, {"description", help}});
  };
  Value op = member(Value("string"), french ? "Quoi faire" : "What to do");
  op.set("enum", Value::List{Value("create"), Value("update"), Value("delete")});
  Value message =
      member(Value("string"), french ? "Pourquoi, gardé dans l'historique" : "Why, kept in the history");
  message.set("maxLength", Value(1'000));
  const Value change = Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("kind"), Value("op")}},
       {"properties",
        Value::object(
            {{"kind", member(Value("string"), french ? "Genre de l'objet" : "The object's kind")},
             {"op", std::move(op)},
             {"id",
              member(either("integer"),
                     french ? "L'objet ; pour create : absent, ou négatif pour qu'on puisse s'y référer"
                            : "The object; for create: absent, or negative so that it can be referred to")},
             {"fields", member(either("object"), french ? "Ses champs" : "Its fields")},
             {"base_revision",
              member(either("integer"), french ? "Refuser si l'objet a changé depuis celle-ci"
                                               : "Refuse when it changed since this one")}})}});
  const Value example = Value::object(
      {{"message", "a new colleague"},
       {"dry_run", true},
       {"changes", Value::List{Value::object({{"kind", "user"},
                                              {"op", "create"},
                                              {"id", -1},
                                              {"fields", Value::object({{"firstname", "Dora"}})}})}}});
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("changes")}},
       {"examples", Value::List{example}},
       {"properties",
        Value::object(
            {{"message", std::move(message)},
             {"dry_run", Value::object({{"type", "boolean"}})},
             {"force", member(Value("boolean"),
                              french ? "Malgré les scénarios qui la retiennent ; il faut un message"
                                     : "In spite of the scenarios that hold it back; a message is needed")},
             {"changes", array_of(change)}})}});
}

/// What a table of users did, beside what any transaction answers.
Value import_result_schema(Language language) {
  static constexpr std::array kIgnored{
      Member{"column", Type::Text, {"Colonne sans effet", "Column without effect"}},
      Member{
          "rows", Type::Integer, {"Lignes où elle disait quelque chose", "Rows in which it said something"}},
      Member{"reason", Type::Text, {"Pourquoi", "Why"}},
  };
  static constexpr std::array kCounts{
      Member{"rows", Type::Integer, {"Lignes lues, sans l'en-tête", "Rows read, less the header"}},
      Member{"created", Type::Integer, {"Utilisateurs créés", "Users created"}},
      Member{"updated", Type::Integer, {"Utilisateurs modifiés", "Users changed"}},
      Member{"unchanged", Type::Integer, {"Lignes qui ne changent rien", "Rows that change nothing"}},
  };
  Value schema = transaction_result_schema(language);
  const Value counts = object_schema(kCounts, language);
  for (const auto& member : *counts.find("properties")->members())
    add_property(schema, member.name, member.value);
  add_property(schema, "ignored", array_of(object_schema(kIgnored, language)));
  return schema;
}

Value user_table_schema(Language language) {
  const bool french = language == Language::French;
  return Value::object(
      {{"type", "string"},
       {"description",
        french ? "CSV (RFC 4180, UTF-8) aux noms de colonnes de XiVO ; séparateur , ; tabulation ou |"
               : "CSV (RFC 4180, UTF-8) with XiVO's column names; separator , ; tab or |"},
       {"examples", Value::List{Value("firstname,lastname,email\r\nDora,Lemaire,dora@example.com\r\n")}}});
}

Value rollback_schema(Language language) {
  const bool french = language == Language::French;
  Value mode = Value::object({{"type", "string"}, {"enum", Value::List{Value("undo"), Value("return")}}});
  mode.set("description", french ? "undo : annuler cette seule révision ; return : revenir à son état"
                                 : "undo: take back this revision alone; return: to the state of it");
  const Value example = Value::object({{"mode", "undo"}, {"message", "a mistake"}, {"dry_run", true}});
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("mode")}},
       {"examples", Value::List{example}},
       {"properties", Value::object({{"mode", std::move(mode)},
                                     {"message", Value::object({{"type", "string"}, {"maxLength", 1'000}})},
                                     {"dry_run", Value::object({{"type", "boolean"}})}})}});
}

Value revision_page_schema() {
  return Value::object({{"type", "object"},
                        {"required", Value::List{Value("items"), Value("next")}},
                        {"properties", Value::object({{"items", array_of(reference_to("Revision"))},
                                                      {"next", type_schema(Type::IntegerOrNull)}})}});
}

}  // namespace

Value configuration_components(Language language) {
  return Value::object({{"Difference", difference_schema(language)},
                        {"Transaction", transaction_schema(language)},
                        {"TransactionResult", transaction_result_schema(language)},
                        {"UserTable", user_table_schema(language)},
                        {"UserImportResult", import_result_schema(language)},
                        {"Rollback", rollback_schema(language)},
                        {"RevisionDifference", revision_difference_schema(language)},
                        {"Revision", revision_schema(language)},
                        {"OtherParty", other_party_schema(language)},
                        {"RevisionPage", revision_page_schema()}});
}

}  // namespace xivo::api
