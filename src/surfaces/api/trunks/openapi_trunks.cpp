// The schemas of trunk states and templates.
#include <array>

#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

constexpr std::array kEvent{
    Member{"at", Type::Time, {"Quand", "When"}},
    Member{"event", Type::Text, {"registered, refused, silent…", "registered, refused, silent ..."}},
    Member{"sentence", Type::Text, {"En une phrase", "In one sentence"}},
    Member{"failure", Type::Boolean, {"Mauvaise nouvelle", "Bad news"}},
};
constexpr std::array kRegistration{
    Member{"state",
           Type::Text,
           {"none, unregistered, registering, registered ou rejected",
            "none, unregistered, registering, registered or rejected"}},
    Member{"sentence", Type::Text, {"En une phrase", "In one sentence"}},
    Member{"since", Type::Time, {"Depuis quand", "Since when"}},
    Member{"registered_at", Type::TimeOrNull, {"Dernier succès", "Last success"}},
    Member{"expires", Type::TimeOrNull, {"Valable jusque-là", "Valid until then"}},
    Member{"next_try", Type::TimeOrNull, {"Prochain essai", "Next try"}},
    Member{"interval", Type::Integer, {"Secondes accordées", "Seconds granted"}},
};
constexpr std::array kOptions{
    Member{"state",
           Type::Text,
           {"unwatched, unknown, reachable ou unreachable", "unwatched, unknown, reachable or unreachable"}},
    Member{"sentence", Type::Text, {"En une phrase", "In one sentence"}},
    Member{"latency_ms", Type::IntegerOrNull, {"Temps de réponse", "Time to answer"}},
    Member{"at", Type::TimeOrNull, {"Dernière réponse, ou dernier silence", "Last answer, or last silence"}},
};
constexpr std::array kChannels{
    Member{"in", Type::Integer, {"Appels entrants en cours", "Incoming calls in progress"}},
    Member{"out", Type::Integer, {"Appels sortants en cours", "Outgoing calls in progress"}},
    Member{"max_in", Type::Integer, {"0 : sans limite", "0: no limit"}},
    Member{"max_out", Type::Integer, {"0 : sans limite", "0: no limit"}},
};
constexpr std::array kRatio{
    Member{"calls",
           Type::Integer,
           {"Appels terminés depuis le démarrage", "Calls that are over, since the start"}},
    Member{"answered", Type::Integer, {"Dont répondus", "Answered among them"}},
    Member{"percent", Type::IntegerOrNull, {"Part répondue", "Share that was answered"}},
};
constexpr std::array kFailure{
    Member{"at", Type::Time, {"Quand", "When"}},
    Member{"number", Type::Text, {"Numéro appelé", "Number called"}},
    Member{"cause", Type::Integer, {"Cause UIT-T Q.850", "ITU-T Q.850 cause"}},
    Member{"status", Type::IntegerOrNull, {"Réponse SIP", "SIP status"}},
    Member{"sentence", Type::Text, {"En une phrase", "In one sentence"}},
};
constexpr std::array kState{
    Member{"id", Type::Integer, {"Numéro du trunk", "The trunk's number"}},
    Member{"name", Type::Text, {"Nom", "Name"}},
    Member{"label", Type::Text, {"Libellé", "Label"}},
    Member{"enabled", Type::Boolean, {"Activé", "Enabled"}},
    Member{"usable", Type::Boolean, {"Les routes s'en servent", "Routes make use of it"}},
};
constexpr std::array kTemplate{
    Member{"name", Type::Text, {"Nom", "Name"}},
    Member{"title", Type::Text, {"Opérateur", "Operator"}},
    Member{"help", Type::Text, {"Ce qu'il faut savoir", "What is to be known"}},
    Member{"country", Type::Text, {"Pays ; vide : partout", "Country; empty: anywhere"}},
    Member{"fields", Type::Any, {"Champs du trunk déjà remplis", "Fields of the trunk, filled in"}},
    Member{"ask", Type::Texts, {"Champs à demander", "Fields to ask for"}},
};

Value or_null(Value schema) {
  return Value::object({{"anyOf", Value::List{std::move(schema), Value::object({{"type", "null"}})}}});
}

}  // namespace

Value trunk_components(Language language) {
  Value registration = object_schema(kRegistration, language);
  add_property(registration, "last_error", or_null(object_schema(kEvent, language)));
  add_property(registration, "history", array_of(object_schema(kEvent, language)));
  Value ratio = object_schema(std::span<const Member>{}, language);
  add_property(ratio, "in", object_schema(kRatio, language));
  add_property(ratio, "out", object_schema(kRatio, language));
  Value state = object_schema(kState, language);
  add_property(state, "registration", or_null(std::move(registration)));
  add_property(state, "options", or_null(object_schema(kOptions, language)));
  add_property(state, "channels", object_schema(kChannels, language));
  add_property(state, "answer_seizure_ratio", std::move(ratio));
  add_property(state, "failures", array_of(object_schema(kFailure, language)));
  return Value::object({{"TrunkState", std::move(state)},
                        {"TrunkStatePage", page_schema("TrunkState")},
                        {"TrunkTemplate", object_schema(kTemplate, language)},
                        {"TrunkTemplatePage", page_schema("TrunkTemplate")}});
}

}  // namespace xivo::api
