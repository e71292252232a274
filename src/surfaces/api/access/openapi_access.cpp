// The schemas of signing in, tokens and the log of accesses.
#include <array>

#include "api/openapi.hpp"
#include "api/openapi_members.hpp"
#include "store/account_store.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using model::Words;

constexpr std::array kSignedIn{
    Member{"account", Type::Text, {"Compte", "Account"}},
    Member{"csrf", Type::Text, {"À rendre en X-CSRF-Token", "To be sent as X-CSRF-Token"}},
    Member{"expires", Type::Time, {"Fin de la session", "End of the session"}},
};

constexpr std::array kSession{
    Member{"kind", Type::Text, {"session, token ou local", "session, token or local"}},
    Member{"account", Type::Text, {"Compte", "Account"}},
    Member{"account_id", Type::IntegerOrNull, {"Numéro du compte", "The account's number"}},
    Member{"role", Type::TextOrNull, {"Nom du rôle", "The role's name"}},
    Member{"role_label", Type::TextOrNull, {"Libellé du rôle", "The role's label"}},
    Member{"rights", Type::Texts, {"Droits, domaine:action", "Rights, area:action"}},
    Member{"language", Type::Text, {"auto, fr ou en", "auto, fr or en"}},
    Member{"totp", Type::Boolean, {"Un second facteur est en service", "A second factor is in use"}},
    Member{"expires", Type::TimeOrNull, {"Fin de la session", "End of the session"}},
    Member{"csrf", Type::TextOrNull, {"À rendre en X-CSRF-Token", "To be sent as X-CSRF-Token"}},
};

constexpr std::array kOpenSession{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"created", Type::Time, {"Ouverte", "Opened"}},
    Member{"seen", Type::Time, {"Dernier usage, à la minute près", "Last use, to the minute"}},
    Member{"expires", Type::Time, {"Fin", "End"}},
    Member{"source", Type::Text, {"Adresse", "Address"}},
    Member{"agent", Type::Text, {"Programme, tel qu'il se nomme", "Program, as it calls itself"}},
    Member{"current", Type::Boolean, {"Celle-ci même", "This very one"}},
};

constexpr std::array kToken{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"label", Type::Text, {"À quoi il sert", "What it is for"}},
    Member{"scopes", Type::Texts, {"Droits, domaine:action", "Rights, area:action"}},
    Member{"created", Type::Time, {"Créé", "Created"}},
    Member{"expires", Type::TimeOrNull, {"Fin ; null : aucune", "End; null: none"}},
    Member{"last_used", Type::TimeOrNull, {"Dernier usage, à la minute près", "Last use, to the minute"}},
    Member{"last_source", Type::Text, {"D'où", "Where from"}},
};

constexpr std::array kTokenMade{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"token", Type::Text, {"Le jeton, montré cette seule fois", "The token, shown this once"}},
    Member{"label", Type::Text, {"À quoi il sert", "What it is for"}},
    Member{"scopes", Type::Texts, {"Droits, domaine:action", "Rights, area:action"}},
    Member{"expires", Type::TimeOrNull, {"Fin ; null : aucune", "End; null: none"}},
};

constexpr std::array kAudit{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"at", Type::Time, {"Quand", "When"}},
    Member{"account", Type::Text, {"Compte ; vide : inconnu", "Account; empty: unknown"}},
    Member{"event", Type::Text, {"Événement, nom stable", "Event, a stable name"}},
    Member{"source", Type::Text, {"Adresse, ou socket", "Address, or socket"}},
    Member{"detail", Type::Text, {"Précision", "Detail"}},
};

constexpr std::array kSecondFactor{
    Member{"secret", Type::Text, {"Secret, en base32", "Secret, in base32"}},
    Member{"uri", Type::Text, {"otpauth://, à montrer en code QR", "otpauth://, to be shown as a QR code"}},
};

constexpr std::array kRecoveryCodes{
    Member{"recovery_codes", Type::Texts, {"Chacun sert une fois", "Each serves once"}},
};

constexpr std::array kRevealed{Member{"value", Type::Text, {"Le secret", "The secret"}}};

/// A text that a request gives.
struct Asked {
  std::string_view name;
  Words help;
  std::string_view example;
  bool secret = false;
  bool required = true;
  std::size_t min = 0;
};

Value body_schema(std::initializer_list<Asked> members, Language language) {
  Value properties = Value::object();
  Value example = Value::object();
  Value::List required;
  for (const Asked& member : members) {
    Value schema = Value::object({{"type", "string"}, {"description", member.help.in(language)}});
    if (member.secret) schema.set("format", "password");
    if (member.min > 0) schema.set("minLength", static_cast<std::int64_t>(member.min));
    properties.set(member.name, std::move(schema));
    if (!member.example.empty()) example.set(member.name, member.example);
    if (member.required) required.emplace_back(member.name);
  }
  return Value::object({{"type", "object"},
                        {"required", std::move(required)},
                        {"examples", Value::List{std::move(example)}},
                        {"properties", std::move(properties)}});
}

Value token_wish_schema(Language language) {
  const bool french = language == Language::French;
  Value scopes = type_schema(Type::Texts);
  scopes.set("description", french ? "Droits, domaine:action ; pas plus que le compte n'en a"
                                   : "Rights, area:action; no more than the account has");
  scopes.set("minItems", 1);
  Value label = type_schema(Type::Text);
  label.set("description", french ? "À quoi il sert" : "What it is for");
  Value expires = type_schema(Type::TimeOrNull);
  expires.set("description", french ? "Fin ; absent : aucune" : "End; absent: none");
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("label"), Value("scopes")}},
       {"examples",
        Value::List{Value::object({{"label", "backup"}, {"scopes", Value::List{Value("*:read")}}})}},
       {"properties",
        Value::object(
            {{"label", std::move(label)}, {"scopes", std::move(scopes)}, {"expires", std::move(expires)}})}});
}

Value audit_page_schema() {
  return Value::object({{"type", "object"},
                        {"required", Value::List{Value("items"), Value("next")}},
                        {"properties", Value::object({{"items", array_of(reference_to("AuditEntry"))},
                                                      {"next", type_schema(Type::IntegerOrNull)}})}});
}

Value signed_in_schema(Language language) {
  Value schema = object_schema(kSignedIn, language);
  Value properties = *schema.find("properties");
  properties.set("token", type_schema(Type::Text));  // told to programs only
  schema.set("properties", std::move(properties));
  return schema;
}

}  // namespace

Value access_components(Language language) {
  constexpr auto kMin = store::AccountStore::kPasswordMin;
  return Value::object(
      {{"Credentials",
        body_schema({{"account", {"Compte", "Account"}, "admin"},
                     {"password", {"Mot de passe", "Password"}, "correct horse", true},
                     {"totp",
                      {"Code du second facteur, ou de secours", "Code of the second factor, or for recovery"},
                      "",
                      false,
                      false}},
                    language)},
       {"SignedIn", signed_in_schema(language)},
       {"Session", object_schema(kSession, language)},
       {"OpenSession", object_schema(kOpenSession, language)},
       {"OpenSessionPage", page_schema("OpenSession")},
       {"PasswordChange",
        body_schema({{"old", {"Mot de passe actuel", "Present password"}, "correct horse", true},
                     {"new", {"Nouveau mot de passe", "New password"}, "battery staple", true, true, kMin}},
                    language)},
       {"PasswordCreate",
        body_schema({{"password", {"Mot de passe", "Password"}, "battery staple", true, true, kMin}},
                    language)},
       {"PasswordAgain",
        body_schema({{"password",
                      {"Mot de passe du compte qui demande", "Password of the account that asks"},
                      "correct horse",
                      true}},
                    language)},
       {"SecondFactor", object_schema(kSecondFactor, language)},
       {"SecondFactorCode",
        body_schema({{"code", {"Code de l'application", "The application's code"}, "123456"}}, language)},
       {"RecoveryCodes", object_schema(kRecoveryCodes, language)},
       {"Token", object_schema(kToken, language)},
       {"TokenPage", page_schema("Token")},
       {"TokenCreate", token_wish_schema(language)},
       {"TokenMade", object_schema(kTokenMade, language)},
       {"AuditEntry", object_schema(kAudit, language)},
       {"AuditPage", audit_page_schema()},
       {"RevealWish",
        body_schema({{"field", {"Nom du champ", "The field's name"}, "secret"},
                     {"reason", {"Motif, gardé au journal", "Why, kept in the log"}, "", false, false}},
                    language)},
       {"Revealed", object_schema(kRevealed, language)}});
}

}  // namespace xivo::api
