#include "model/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/destination.hpp"
#include "model/numbering/pattern.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/schema.hpp"

namespace xivo::model {

namespace {

using Rule = Problem::Rule;

struct RuleWords {
  Rule rule;
  std::string_view wire;
  /// {title} the field's title, {other} the other object, {<fact>} a fact.
  Words sentence;
};

constexpr std::array kRules{
    RuleWords{Rule::Required, "required", {"« {title} » est obligatoire", "\"{title}\" is required"}},
    RuleWords{Rule::TooShort,
              "too-short",
              {"« {title} » est trop court ({length}, au moins {min})",
               "\"{title}\" is too short ({length}, at least {min})"}},
    RuleWords{Rule::TooLong,
              "too-long",
              {"« {title} » est trop long ({length}, au plus {max})",
               "\"{title}\" is too long ({length}, at most {max})"}},
    RuleWords{Rule::OutOfRange,
              "out-of-range",
              {"« {title} » vaut {value} mais doit être entre {min} et {max}",
               "\"{title}\" is {value} but must be between {min} and {max}"}},
    RuleWords{Rule::Pattern,
              "pattern",
              {"« {title} » contient un caractère ou une forme qui n'est pas admis ici{allowed_clause}",
               "\"{title}\" has a character or a form that is not allowed here{allowed_clause}"}},
    RuleWords{Rule::UnknownChoice,
              "unknown-choice",
              {"« {title} » ne peut pas être « {value} » (possibles : {choices})",
               "\"{title}\" cannot be \"{value}\" (possible: {choices})"}},
    RuleWords{Rule::UnknownField,
              "unknown-field",
              {"le champ « {title} » n'existe pas", "there is no field \"{title}\""}},
    RuleWords{Rule::UnknownKind,
              "unknown-kind",
              {"ce genre d'objet n'existe pas", "there is no such kind of object"}},
    RuleWords{Rule::WrongType,
              "wrong-type",
              {"« {title} » n'est pas du bon type (attendu : {expected})",
               "\"{title}\" is not of the right type (expected: {expected})"}},
    RuleWords{Rule::NotFound,
              "not-found",
              {"l'objet n'existe pas (ou plus)", "the object does not exist (any more)"}},
    RuleWords{Rule::AlreadyExists,
              "already-exists",
              {"un objet porte déjà ce numéro d'identification", "an object with this id exists already"}},
    RuleWords{Rule::ReferenceMissing,
              "reference-missing",
              {"« {title} » désigne {reference} {value}, qui n'existe pas",
               "\"{title}\" refers to {reference} {value}, which does not exist"}},
    RuleWords{Rule::NotUnique,
              "not-unique",
              {"« {title} » : {value} est déjà pris par {other}",
               "\"{title}\": {value} is already taken by {other}"}},
    RuleWords{Rule::StillReferenced,
              "still-referenced",
              {"suppression impossible : {other} s'y réfère encore",
               "cannot be deleted: {other} still refers to it"}},
    RuleWords{
        Rule::ReadOnly, "read-only", {"« {title} » ne se modifie pas", "\"{title}\" cannot be changed"}},
    RuleWords{
        Rule::Conflict,
        "conflict",
        {"l'objet a été modifié entre-temps (révision {revision}, vous partiez de la {base}){fields_clause}",
         "the object has been changed meanwhile (revision {revision}, you started from "
         "{base}){fields_clause}"}},
    RuleWords{Rule::ExtensionIsFeatureCode,
              "extension-is-feature-code",
              {"le numéro {exten} appelle déjà la fonction « {feature} » (code {code})",
               "number {exten} already calls the feature \"{feature}\" (code {code})"}},
    RuleWords{Rule::NotAnAddress,
              "not-an-address",
              {"« {title} » : {value} n'est {dynamic_clause}ni une adresse IP, ni un nom de machine complet, "
               "avec ou sans port",
               "\"{title}\": {value} is neither {dynamic_clause}an IP address nor a full host name, with or "
               "without a port"}},
    RuleWords{Rule::Repeated,
              "repeated",
              {"« {title} » contient deux fois {value}", "\"{title}\" has {value} twice"}},
    RuleWords{
        Rule::TooManyChanges,
        "too-many-changes",
        {"trop de modifications à la fois (au plus {max})", "too many changes at a time (at most {max})"}},
    RuleWords{
        Rule::Forbidden, "forbidden", {"il vous manque le droit {scope}", "you lack the right {scope}"}},
    RuleWords{Rule::AboveOwnRights,
              "above-own-rights",
              {"personne ne donne ni ne retire un droit qu'il n'a pas lui-même ({scope})",
               "nobody gives or takes away a right that is not his own ({scope})"}},
    RuleWords{Rule::LastAdministrator,
              "last-administrator",
              {"il doit rester un compte activé qui a tous les droits (*:*)",
               "an enabled account with all rights (*:*) has to remain"}},
    RuleWords{Rule::SuppliedRole,
              "supplied-role",
              {"un rôle fourni avec le système ne peut être ni supprimé, ni renommé, ni vidé de ses droits",
               "a role that comes with the system can be neither deleted, nor renamed, nor left without "
               "rights"}},
    RuleWords{Rule::UnknownScope,
              "unknown-scope",
              {"« {value} » n'est pas un droit ; un droit s'écrit domaine:action (domaines : {areas})",
               "\"{value}\" is no right; a right is written area:action (areas: {areas})"}},
    RuleWords{Rule::NotDeletable,
              "not-deletable",
              {"cet objet est unique et ne se supprime pas",
               "this object is the only one of its kind and cannot be deleted"}},
    RuleWords{Rule::RangeMixedLengths,
              "range-mixed-lengths",
              {"« {title} » : {start} et {end} n'ont pas le même nombre de chiffres",
               "\"{title}\": {start} and {end} have not the same number of digits"}},
    RuleWords{Rule::RangeBackwards,
              "range-backwards",
              {"« {title} » : la fin {end} précède le début {start}",
               "\"{title}\": the end {end} comes before the start {start}"}},
    RuleWords{Rule::IncludeCycle,
              "include-cycle",
              {"« {title} » : les inclusions tournent en rond ({path})",
               "\"{title}\": the contexts include each other in a circle ({path})"}},
    RuleWords{Rule::ContextType,
              "context-type",
              {"{use_clause} n'a pas sa place dans le contexte {context}, de type {type}",
               "{use_clause} does not belong into context {context}, which is of type {type}"}},
    RuleWords{Rule::OutsideRange,
              "outside-range",
              {"« {title} » : {exten} est hors des plages du contexte {context} ({ranges})",
               "\"{title}\": {exten} is outside the ranges of context {context} ({ranges})"}},
    RuleWords{Rule::PlanConflict, "plan-conflict", {"{sentence_clause}", "{sentence_clause}"}},
    RuleWords{Rule::ScenarioBroken,
              "scenario-broken",
              {"le scénario ne passerait plus : {sentence_clause}",
               "the scenario would not pass any more: {sentence_clause}"}},
};

const RuleWords& words_of(Rule rule) {
  for (const RuleWords& words : kRules) {
    if (words.rule == rule) return words;
  }
  return kRules.front();
}

std::string quoted(std::string_view text, Language language) {
  return language == Language::French ? fmt::format("« {} »", text) : fmt::format("\"{}\"", text);
}

std::string object_words(std::string_view kind_name, std::int64_t id, std::string_view name,
                         Language language) {
  const KindSchema* kind = find_kind(kind_name);
  std::string words(kind == nullptr ? kind_name : kind->spec().title.in(language));
  if (!name.empty()) words += " " + quoted(name, language);
  if (id > 0) words += fmt::format(fmt::runtime(language == Language::French ? " (n° {})" : " (no. {})"), id);
  if (id <= 0 && name.empty()) words += language == Language::French ? " à créer" : " to be created";
  return words;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

/// The option of any type of destination; types that share a name of an option mean the same by it.
const Field* find_option(std::string_view name) {
  for (const DestinationType* type : destination_types()) {
    if (const Field* option = find_field(type->fields, name)) return option;
  }
  return nullptr;
}

/// The fields along a problem's path: the field itself, then what is within it. Empty: unknown.
struct Path {
  std::vector<const Field*> fields;
  std::string row;  // "2" for the second
};
Path path_of(const Problem& problem) {
  Path path;
  const KindSchema* kind = find_kind(problem.kind);
  if (kind == nullptr) return path;
  for (const std::string_view part : text::split(problem.field, '.')) {
    if (const auto index = text::parse_decimal<std::int64_t>(part)) {
      path.row = fmt::to_string(*index + 1);
      continue;
    }
    const Field* within = path.fields.empty() ? nullptr : path.fields.back();
    const Field* next = within == nullptr                        ? kind->field(part)
                        : within->type == FieldType::Destination ? find_option(part)
                                                                 : find_field(within->fields, part);
    if (next == nullptr) return {};
    path.fields.push_back(next);
  }
  return path;
}

const Field* field_of(const Problem& problem) {
  const Path path = path_of(problem);
  return path.fields.empty() ? nullptr : path.fields.back();
}

/// "Plages des utilisateurs, 2 : Début"
std::string title_of(const Problem& problem, Language language) {
  const Path path = path_of(problem);
  if (path.fields.empty()) return problem.field;
  std::string title(path.fields.front()->title.in(language));
  if (!path.row.empty()) title += ", " + path.row;
  for (std::size_t i = 1; i < path.fields.size(); ++i) {
    title += language == Language::French ? "\u00a0: " : ": ";
    title += path.fields[i]->title.in(language);
  }
  return title;
}

std::string allowed_clause(const Problem& problem, Language language) {
  const Field* field = field_of(problem);
  if (field != nullptr && field->accepts == numbering::is_number_or_pattern) {
    const auto fault = numbering::Pattern::fault(problem.fact("value"));
    if (fault && *fault > numbering::PatternFault::Character)
      return fmt::format(" ({})", words(*fault).in(language));
  }
  if (field == nullptr || field->characters.set.empty()) return {};
  return fmt::format(fmt::runtime(language == Language::French ? " (admis : {})" : " (allowed: {})"),
                     field->characters.words.in(language));
}

/// What is in the wrong context: an object of that kind, else a destination of that type.
std::string use_clause(const Problem& problem, Language language) {
  const auto use = problem.fact("use");
  const KindSchema* kind = use == problem.kind ? find_kind(use) : nullptr;
  if (kind != nullptr) return quoted(kind->spec().title.in(language), language);
  const bool french = language == Language::French;
  return (french ? "une destination " : "a destination ") + quoted(use, language);
}

/// A line may register instead of having an address.
std::string_view dynamic_clause(const Problem& problem, Language language) {
  if (problem.kind != "line") return {};
  return language == Language::French ? "ni « dynamic », " : "\"dynamic\" nor ";
}

/// What stands for {name} in a sentence.
std::string filled(const Problem& problem, std::string_view name, Language language) {
  if (name == "title") return title_of(problem, language);
  if (name == "other") {
    if (!problem.other) return "?";
    return object_words(problem.other->kind, problem.other->id, problem.other->name, language);
  }
  if (name == "sentence_clause")
    return std::string(problem.fact(language == Language::French ? "french" : "english"));
  if (name == "reference") {
    const KindSchema* kind = find_kind(problem.fact(name));
    return std::string(kind == nullptr ? problem.fact(name) : kind->spec().title.in(language));
  }
  if (name == "use_clause") return use_clause(problem, language);
  if (name == "dynamic_clause") return std::string(dynamic_clause(problem, language));
  if (name == "allowed_clause") return allowed_clause(problem, language);
  if (name == "fields_clause" && problem.fact("fields").empty()) return {};
  if (name == "fields_clause") {
    return fmt::format(
        fmt::runtime(language == Language::French ? " ; diffèrent : {}" : "; these differ: {}"),
        problem.fact("fields"));
  }
  if (name == "feature") return routing::feature_title(problem.fact(name), language);
  return std::string(problem.fact(name));
}

}  // namespace

std::string_view Problem::fact(std::string_view wanted) const {
  for (const auto& [key, value] : facts) {
    if (key == wanted) return value;
  }
  return {};
}

std::string_view name(Problem::Rule rule) { return words_of(rule).wire; }

std::string describe(const Problem& problem, Language language) {
  std::string sentence = object_words(problem.kind, problem.id, problem.name, language);
  sentence += language == Language::French ? " : " : ": ";
  std::string_view rest = words_of(problem.rule).sentence.in(language);
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    sentence += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    sentence += filled(problem, rest.substr(open + 1, close - open - 1), language);
    rest.remove_prefix(close + 1);
  }
  return sentence + ".";
}

}  // namespace xivo::model
