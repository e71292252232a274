#include "api/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/planning/review_values.hpp"
#include "api/strand.hpp"
#include "base/log.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Rule = model::Problem::Rule;

struct Row {
  Refusal refusal;
  int status;
  std::string_view name;
  model::Words title;
};

constexpr std::array kRows{
    Row{Refusal::Malformed,
        400,
        "malformed",
        {"Le corps de la requête n'est pas du JSON valable", "The body is no valid JSON"}},
    Row{Refusal::BadParameter,
        400,
        "bad-parameter",
        {"Un paramètre n'est pas admis", "A parameter is not acceptable"}},
    Row{Refusal::Unauthenticated, 401, "unauthenticated", {"Identifiez-vous d'abord", "Sign in first"}},
    Row{Refusal::WrongCredentials,
        401,
        "wrong-credentials",
        {"Compte ou mot de passe incorrect", "Wrong account or password"}},
    Row{Refusal::SecondFactorNeeded,
        401,
        "totp-required",
        {"Un code à usage unique est nécessaire", "A one-time code is needed"}},
    Row{Refusal::BadCsrfToken,
        403,
        "csrf-token",
        {"L'en-tête X-CSRF-Token manque ou n'est pas celui de la session",
         "The header X-CSRF-Token is missing or not the session's"}},
    Row{Refusal::Forbidden, 403, "forbidden", {"Un droit vous manque", "You lack a right"}},
    Row{Refusal::SessionNeeded,
        403,
        "session-needed",
        {"Seul un compte qui s'est identifié lui-même peut faire cela, pas un jeton d'accès",
         "Only an account that signed in itself can do this, no access token"}},
    Row{Refusal::CrossSite,
        403,
        "cross-site",
        {"Requête venant d'un autre site", "The request comes from another site"}},
    Row{Refusal::NoSuchRoute,
        404,
        "no-such-route",
        {"Cette adresse n'existe pas", "There is nothing at this address"}},
    Row{Refusal::NotFound, 404, "not-found", {"L'objet n'existe pas", "There is no such object"}},
    Row{Refusal::MethodNotAllowed,
        405,
        "method-not-allowed",
        {"Méthode non admise ici", "The method is not allowed here"}},
    Row{Refusal::Conflict,
        409,
        "conflict",
        {"La modification en contredit une autre", "The change conflicts with what is there"}},
    Row{Refusal::PlanConflict,
        409,
        "plan-conflict",
        {"La modification casserait le plan de numérotation", "The change would break the numbering plan"}},
    Row{Refusal::ScenarioBroken,
        409,
        "scenario-broken",
        {"La modification casserait un scénario qui la retient",
         "The change would break a scenario that holds it back"}},
    Row{Refusal::PreconditionFailed,
        412,
        "precondition-failed",
        {"L'objet a changé entre-temps", "The object has changed meanwhile"}},
    Row{Refusal::WrongMediaType,
        415,
        "wrong-media-type",
        {"Le corps doit être en application/json", "The body has to be application/json"}},
    Row{Refusal::Invalid, 422, "invalid", {"Une valeur n'est pas admise", "A value is not acceptable"}},
    Row{Refusal::UpgradeRequired,
        426,
        "upgrade-required",
        {"Cette adresse ne parle que WebSocket", "This address speaks WebSocket only"}},
    Row{Refusal::TooManyAttempts,
        429,
        "too-many-attempts",
        {"Trop de tentatives ; attendez", "Too many attempts; wait"}},
    Row{Refusal::Internal, 500, "internal", {"Erreur interne", "Internal error"}},
    Row{Refusal::Busy,
        503,
        "busy",
        {"Le système est trop occupé ; réessayez", "The system is too busy; try again"}},
    Row{Refusal::StorageFailed,
        503,
        "storage-failed",
        {"La base de données a refusé", "The database has failed"}},
};

const Row& row_of(Refusal refusal) {
  return *std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.refusal == refusal; });
}

Value object_value(std::string_view kind, std::int64_t id, std::string_view name) {
  Value object = Value::object();
  if (!kind.empty()) object.set("kind", kind);
  if (id > 0) object.set("id", id);
  if (!name.empty()) object.set("name", name);
  return object;
}

Value problem_value(const model::Problem& problem, Language language) {
  Value value =
      Value::object({{"rule", model::name(problem.rule)}, {"message", describe(problem, language)}});
  value.set("object", object_value(problem.kind, problem.id, problem.name));
  if (!problem.field.empty()) value.set("field", problem.field);
  Value facts = Value::object();
  for (const auto& [fact, text] : problem.facts) facts.set(fact, text);
  if (!problem.facts.empty()) value.set("facts", std::move(facts));
  if (problem.other)
    value.set("other", object_value(problem.other->kind, problem.other->id, problem.other->name));
  value.set("change", static_cast<std::int64_t>(problem.change));
  return value;
}

/// The refusal that one broken rule amounts to.
Refusal kind_of(Rule rule, bool if_match) {
  switch (rule) {
    case Rule::NotFound: return Refusal::NotFound;
    case Rule::Conflict: return if_match ? Refusal::PreconditionFailed : Refusal::Conflict;
    case Rule::Forbidden:
    case Rule::AboveOwnRights: return Refusal::Forbidden;
    case Rule::PlanConflict: return Refusal::PlanConflict;
    case Rule::ScenarioBroken: return Refusal::ScenarioBroken;
    case Rule::NotUnique:
    case Rule::StillReferenced:
    case Rule::AlreadyExists:
    case Rule::LastAdministrator:
    case Rule::SuppliedRole:
    case Rule::ExtensionIsFeatureCode: return Refusal::Conflict;
    default: return Refusal::Invalid;
  }
}

}  // namespace

int status_of(Refusal refusal) { return row_of(refusal).status; }
std::string_view name(Refusal refusal) { return row_of(refusal).name; }

Value to_value(const ProblemDocument& document, Language language, std::string_view instance) {
  const Row& row = row_of(document.refusal);
  Value value = Value::object(
      {{"type", fmt::format("urn:xivo:problem:{}", row.name)},
       {"title", row.title.in(language)},
       {"status", row.status},
       {"detail", document.detail.empty() ? std::string(row.title.in(language)) : document.detail},
       {"instance", instance}});
  if (!document.problems.empty()) value.set("problems", document.problems);
  if (!document.findings.is_null()) value.set("findings", document.findings);
  if (!document.broken_scenarios.is_null()) value.set("broken_scenarios", document.broken_scenarios);
  if (!document.other.is_null()) value.set("other", document.other);
  return value;
}

ProblemDocument refusal_of(const model::Problems& problems, Language language, bool if_match) {
  ProblemDocument document;
  document.refusal = Refusal::Invalid;
  bool first = true;
  for (const auto& problem : problems) {
    const Refusal refusal = kind_of(problem.rule, if_match);
    // What the client can mend by itself comes first: a request with a bad field is invalid, whatever else it is.
    if (first || refusal == Refusal::Invalid) document.refusal = refusal;
    if (first) document.detail = describe(problem, language);
    document.problems.push_back(problem_value(problem, language));
    first = false;
  }
  return document;
}

ProblemDocument forbidden(std::string_view scope, Language language) {
  ProblemDocument document;
  document.refusal = Refusal::Forbidden;
  document.detail = fmt::format(fmt::runtime(language == Language::French ? "Il vous manque le droit « {} »"
                                                                          : "You lack the right \"{}\""),
                                scope);
  document.problems.push_back(Value::object({{"rule", model::name(Rule::Forbidden)},
                                             {"message", document.detail},
                                             {"facts", Value::object({{"scope", scope}})}}));
  return document;
}

ProblemDocument storage_refusal(const Error& error, Language language) {
  if (error.what == kTooManyWaiting) {
    ProblemDocument busy;
    busy.refusal = Refusal::Busy;
    busy.headers.push_back({"Retry-After", "1"});
    return busy;
  }
  log::error("api", "the database has failed: {} ({})", error.what, error.detail);
  ProblemDocument document;
  document.refusal = Refusal::StorageFailed;
  const bool french = language == Language::French;
  switch (store::failure_of(error)) {
    case store::Failure::DiskFull:
      document.detail = french ? "Le disque est plein" : "The disk is full";
      break;
    case store::Failure::DiskError:
      document.detail =
          french ? "Le disque refuse d'écrire ou de lire" : "The disk refuses to write or to read";
      break;
    case store::Failure::Locked:
      document.detail = french ? "Un autre programme verrouille la base de données"
                               : "Another program keeps the database locked";
      break;
    default: break;
  }
  document.headers.push_back({"Retry-After", "5"});
  return document;
}

ProblemDocument refusal_of(const store::Refusal& refusal, Language language, bool if_match) {
  if (refusal.storage) return storage_refusal(*refusal.storage, language);
  auto document = refusal_of(refusal.problems, language, if_match);
  if (document.refusal == Refusal::PlanConflict || document.refusal == Refusal::ScenarioBroken) {
    document.findings = findings_value(refusal.review.findings, language);
    document.broken_scenarios = runs_value(refusal.review.broken_scenarios, language);
  }
  return document;
}

}  // namespace xivo::api
