// The schemas that no kind declares.
#include <array>

#include "api/openapi_members.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;

constexpr std::array kStatus{
    Member{"product", Type::Text, {"Produit", "Product"}},
    Member{"version", Type::Text, {"Version", "Version"}},
    Member{"status", Type::Text, {"« ok »", "\"ok\""}},
    Member{"started", Type::Time, {"Démarré", "Started"}},
    Member{"now", Type::Time, {"Heure du système", "The system's time"}},
    Member{"config_revision", Type::Integer, {"Révision en vigueur", "The revision in force"}},
};

constexpr std::array kRegistration{
    Member{"line_id", Type::IntegerOrNull, {"Ligne", "Line"}},
    Member{"line", Type::Text, {"Identifiant SIP", "SIP user name"}},
    Member{"exten", Type::Text, {"Numéro ; vide : aucun", "Number; empty: none"}},
    Member{"user_id", Type::IntegerOrNull, {"Utilisateur", "User"}},
    Member{"user", Type::Text, {"Nom de l'utilisateur", "The user's name"}},
    Member{"contact", Type::Text, {"URI enregistrée", "Registered URI"}},
    Member{
        "source", Type::TextOrNull, {"Adresse d'où vient le téléphone", "The address the phone comes from"}},
    Member{"transport", Type::Text, {"udp, tcp, tls, ws ou wss", "udp, tcp, tls, ws or wss"}},
    Member{"user_agent", Type::Text, {"Modèle annoncé", "Model as announced"}},
    Member{"registered", Type::Time, {"Depuis", "Since"}},
    Member{"expires", Type::TimeOrNull, {"Jusqu'à ; null : adresse fixe", "Until; null: a fixed address"}},
    Member{"priority", Type::Integer, {"q en millièmes", "q in thousandths"}},
};

constexpr std::array kFailure{
    Member{"first", Type::Time, {"Première fois", "First time"}},
    Member{"last", Type::Time, {"Dernière fois", "Last time"}},
    Member{"count", Type::Integer, {"Combien de fois", "How often"}},
    Member{"account", Type::Text, {"Identifiant annoncé", "User name as claimed"}},
    Member{"source", Type::TextOrNull, {"Adresse", "Address"}},
    Member{"transport", Type::Text, {"Transport", "Transport"}},
    Member{"method", Type::Text, {"Méthode SIP", "SIP method"}},
    Member{"reason", Type::Text, {"Raison, nom stable", "Reason, a stable name"}},
    Member{"message", Type::Text, {"Raison en clair", "Reason in words"}},
    Member{"detail", Type::Text, {"Ce qui était attendu", "What was expected"}},
    Member{"user_agent", Type::Text, {"Modèle annoncé", "Model as announced"}},
};

constexpr std::array kLeg{
    Member{"line_id", Type::IntegerOrNull, {"Ligne", "Line"}},
    Member{"peer", Type::Text, {"Ligne, ou adresse", "Line, or address"}},
    Member{"number", Type::Text, {"Numéro", "Number"}},
    Member{"name", Type::Text, {"Nom", "Name"}},
    Member{"role", Type::Text, {"caller ou called", "caller or called"}},
    Member{"channel", Type::Text, {"Canal", "Channel"}},
    Member{"state", Type::Text, {"État", "State"}},
    Member{"codec", Type::Text, {"Codec", "Codec"}},
    Member{"address", Type::TextOrNull, {"Adresse de signalisation", "Address of signalling"}},
};

constexpr std::array kQuality{
    Member{"loss_permille", Type::Integer, {"Perte ici, en millièmes", "Loss here, in thousandths"}},
    Member{"jitter_ms", Type::Integer, {"Gigue", "Jitter"}},
    Member{"round_trip_ms", Type::Integer, {"Aller-retour ; 0 : inconnu", "Round trip; 0: unknown"}},
    Member{"remote_loss_permille",
           Type::Integer,
           {"Perte que voit le téléphone, en millièmes", "Loss that the phone sees, in thousandths"}},
    Member{"mos_hundredths", Type::Integer, {"Note (MOS) en centièmes", "Score (MOS) in hundredths"}},
};

constexpr std::array kCall{
    Member{"id", Type::Text, {"Identifiant", "Id"}},
    Member{"caller_number", Type::Text, {"Numéro de l'appelant", "The caller's number"}},
    Member{"caller_name", Type::Text, {"Nom de l'appelant", "The caller's name"}},
    Member{"dialled", Type::Text, {"Numéro composé", "Number dialled"}},
    Member{"state", Type::Text, {"État", "State"}},
    Member{"since", Type::Time, {"Début", "Start"}},
    Member{"answered", Type::TimeOrNull, {"Décroché", "Answered"}},
};

constexpr std::array kRecord{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"uuid", Type::Text, {"UUID", "UUID"}},
    Member{"start", Type::Time, {"Début", "Start"}},
    Member{"answer", Type::TimeOrNull, {"Décroché", "Answered"}},
    Member{"end", Type::Time, {"Fin", "End"}},
    Member{"duration_ms", Type::IntegerOrNull, {"Durée de conversation, en ms", "Time talked, in ms"}},
    Member{"caller_line", Type::IntegerOrNull, {"Ligne de l'appelant", "The caller's line"}},
    Member{"caller_number", Type::Text, {"Numéro de l'appelant", "The caller's number"}},
    Member{"caller_name", Type::Text, {"Nom de l'appelant", "The caller's name"}},
    Member{"dialled", Type::Text, {"Numéro composé", "Number dialled"}},
    Member{"called_user", Type::IntegerOrNull, {"Utilisateur appelé", "The called user"}},
    Member{"called_number", Type::Text, {"Numéro de l'appelé", "The called number"}},
    Member{"called_name", Type::Text, {"Nom de l'appelé", "The called name"}},
    Member{"disposition", Type::Text, {"Issue", "How it ended"}},
    Member{"cause", Type::Integer, {"Cause Q.850", "Q.850 cause"}},
    Member{"hung_up_by", Type::Text, {"Qui a raccroché", "Who hung up"}},
    Member{"config_revision", Type::Integer, {"Configuration suivie", "The configuration it followed"}},
};

constexpr std::array kRecordLeg{
    Member{"number", Type::Integer, {"Rang", "Rank"}},
    Member{"role", Type::Text, {"caller ou called", "caller or called"}},
    Member{"line", Type::IntegerOrNull, {"Ligne", "Line"}},
    Member{"channel", Type::Text, {"Canal", "Channel"}},
    Member{"remote", Type::Text, {"Adresse", "Address"}},
    Member{"codec", Type::Text, {"Codec", "Codec"}},
    Member{"start", Type::Time, {"Début", "Start"}},
    Member{"answer", Type::TimeOrNull, {"Décroché", "Answered"}},
    Member{"end", Type::Time, {"Fin", "End"}},
    Member{"cause", Type::Integer, {"Cause Q.850", "Q.850 cause"}},
    Member{"sip_status", Type::IntegerOrNull, {"Réponse SIP finale", "Final SIP response"}},
};

constexpr std::array kTraceEntry{
    Member{"at", Type::Time, {"Quand", "When"}},
    Member{"kind", Type::Text, {"Genre", "Kind"}},
    Member{"who", Type::Text, {"Participant ; vide : l'appel", "Participant; empty: the call"}},
    Member{"text", Type::Text, {"Ce qui s'est passé", "What happened"}},
};

constexpr std::array kBan{
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"network", Type::Text, {"Adresse ou réseau", "Address or network"}},
    Member{"reason", Type::Text, {"Raison, nom stable", "Reason, a stable name"}},
    Member{"message", Type::Text, {"Raison en clair", "Reason in words"}},
    Member{"detail", Type::Text, {"Précision", "Detail"}},
    Member{"author", Type::Text, {"Qui ; vide : le système", "Who; empty: the system"}},
    Member{"since", Type::Time, {"Depuis", "Since"}},
    Member{"until", Type::TimeOrNull, {"Jusqu'à ; null : jusqu'à sa levée", "Until; null: until released"}},
};

Value advice_schema(Language language) {
  static constexpr std::array kMembers{Member{"sentence", Type::Text, {"Que faire", "What to do"}}};
  const bool french = language == Language::French;
  Value change = Value::object(
      {{"type", "object"},
       {"description", french ? "Une modification toute prête pour POST /transaction (op update)"
                              : "A change ready for POST /transaction (op update)"},
       {"properties", Value::object({{"kind", type_schema(Type::Text)},
                                     {"id", type_schema(Type::Integer)},
                                     {"fields", Value::object({{"type", "object"}})}})}});
  Value schema = object_schema(kMembers, language);
  Value properties = *schema.find("properties");
  properties.set("change", std::move(change));
  schema.set("properties", std::move(properties));
  return schema;
}

Value line_registration_schema(Language language) {
  static constexpr std::array kMembers{
      Member{"state",
             Type::Text,
             {"registered, never, expired, refused, disabled ou fixed",
              "registered, never, expired, refused, disabled or fixed"}},
      Member{"sentence", Type::Text, {"L'état en clair", "The state in words"}},
  };
  Value schema = object_schema(kMembers, language);
  add_property(schema, "advice", array_of(advice_schema(language)));
  add_property(schema, "contacts", array_of(reference_to("Registration")));
  add_property(schema, "failures", array_of(reference_to("RegistrationFailure")));
  return schema;
}

Value trace_schema(Language language) {
  return Value::object(
      {{"type", either("object")},
       {"properties", Value::object({{"dropped", type_schema(Type::Integer)},
                                     {"participants", type_schema(Type::Texts)},
                                     {"entries", array_of(object_schema(kTraceEntry, language))}})}});
}

Value leg_schema(Language language) {
  Value quality = object_schema(kQuality, language);
  quality.set("type", Value::List{Value("object"), Value("null")});
  Value leg = object_schema(kLeg, language);
  add_property(leg, "quality", std::move(quality));
  return leg;
}

Value call_detail_schema(Language language) {
  Value schema = object_schema(kCall, language);
  add_property(schema, "legs", array_of(leg_schema(language)));
  add_property(schema, "config_revision", type_schema(Type::Integer));
  add_property(schema, "feature", type_schema(Type::Text));
  add_property(schema, "trace", trace_schema(language));
  return schema;
}

Value problem_schema(Language language) {
  static constexpr std::array kDocument{
      Member{"type", Type::Text, {"URN du genre de refus", "URN of the kind of refusal"}},
      Member{"title", Type::Text, {"Le refus en bref", "The refusal in brief"}},
      Member{"status", Type::Integer, {"Statut HTTP", "HTTP status"}},
      Member{"detail", Type::Text, {"Ce cas précis", "This very case"}},
      Member{"instance", Type::Text, {"Chemin demandé", "The path asked for"}},
  };
  const Value text = Value::object({{"type", "string"}});
  const Value object = Value::object(
      {{"type", "object"},
       {"properties",
        Value::object({{"kind", text}, {"id", Value::object({{"type", "integer"}})}, {"name", text}})}});
  const Value item = Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("rule"), Value("message")}},
       {"properties",
        Value::object({{"rule", text},
                       {"message", text},
                       {"object", object},
                       {"field", text},
                       {"parameter", text},
                       {"facts", Value::object({{"type", "object"}, {"additionalProperties", text}})},
                       {"change", Value::object({{"type", "integer"}})},
                       {"row", Value::object({{"type", "integer"}})},
                       {"column", text},
                       {"other", object}})}});
  Value schema = object_schema(kDocument, language);
  Value properties = *schema.find("properties");
  properties.set("problems", array_of(item));
  properties.set("findings", array_of(reference_to("Finding")));
  properties.set("broken_scenarios", array_of(reference_to("ScenarioRun")));
  properties.set("other", reference_to("OtherParty"));
  schema.set("properties", std::move(properties));
  return schema;
}

Value ban_wish_schema(Language language) {
  const bool french = language == Language::French;
  const auto member = [](Value type, std::string_view help) {
    return Value::object({{"type", std::move(type)}, {"description", help}});
  };
  Value seconds = member(either("integer"), french ? "Durée en secondes ; absent : jusqu'à sa levée"
                                                   : "Seconds; absent: until released");
  seconds.set("minimum", Value(1));
  Value detail = member(either("string"), french ? "Pourquoi" : "Why");
  detail.set("maxLength", Value(200));
  const Value example =
      Value::object({{"network", "203.0.113.9"}, {"detail", "scanner"}, {"seconds", 86'400}});
  return Value::object(
      {{"type", "object"},
       {"required", Value::List{Value("network")}},
       {"examples", Value::List{example}},
       {"properties", Value::object({{"network", member(Value("string"), french ? "Adresse IP ou réseau"
                                                                                : "IP address or network")},
                                     {"detail", std::move(detail)},
                                     {"seconds", std::move(seconds)}})}});
}

Value statistics_schema(Language language) {
  static constexpr std::array kSum{
      Member{"packets_received", Type::Integer, {"Paquets reçus", "Packets received"}},
      Member{"packets_sent", Type::Integer, {"Paquets envoyés", "Packets sent"}},
      Member{"packets_lost", Type::Integer, {"Paquets perdus", "Packets lost"}},
      Member{"packets_refused", Type::Integer, {"Paquets refusés", "Packets refused"}},
      Member{"jitter_us", Type::Integer, {"Gigue, en µs", "Jitter, in µs"}},
      Member{"jitter_us_max", Type::Integer, {"Gigue la plus forte, en µs", "Highest jitter, in µs"}},
      Member{"round_trip_us", Type::Integer, {"Aller-retour, en µs", "Round trip, in µs"}},
      Member{"remote_loss_permille",
             Type::Integer,
             {"Pertes vues en face, en ‰", "Loss as the other side saw it, in ‰"}},
      Member{"mos_hundredths",
             Type::IntegerOrNull,
             {"MOS estimé, en centièmes", "Estimated MOS, in hundredths"}},
  };
  static constexpr std::array kSeries{"at_s",          "loss_permille",        "jitter_ms",
                                      "round_trip_ms", "remote_loss_permille", "mos_hundredths"};
  const bool french = language == Language::French;
  Value series = Value::object();
  for (const char* figure : kSeries) series.set(figure, array_of(type_schema(Type::Integer)));
  Value schema = object_schema(kSum, language);
  schema.set("type", either("object"));
  schema.set("description", french ? "Qualité des flux, ou null" : "Quality of the streams, or null");
  add_property(schema, "quality",
               Value::object({{"type", "object"},
                              {"description", french ? "Au fil du temps : une liste par grandeur"
                                                     : "Over time: one list a figure"},
                              {"properties", std::move(series)}}));
  return schema;
}

Value call_record_schema(Language language) {
  Value schema = object_schema(kRecord, language);
  Value leg = object_schema(kRecordLeg, language);
  add_property(leg, "statistics", statistics_schema(language));
  add_property(schema, "legs", array_of(std::move(leg)));
  add_property(schema, "trace", trace_schema(language));
  return schema;
}

Value context_numbers_schema() {
  const Value number = Value::object({{"type", "string"}});
  const Value count = Value::object({{"type", "integer"}, {"minimum", 0}});
  const auto record = [](Value properties) {
    Value::List required;
    for (const auto& property : *properties.members()) required.emplace_back(property.name);
    return Value::object(
        {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}});
  };
  return record(Value::object(
      {{"ranges",
        array_of(record(Value::object({{"start", number},
                                       {"end", number},
                                       {"size", count},
                                       {"used", count},
                                       {"emergency", array_of(Value::object({{"type", "string"}}))}})))},
       {"used",
        array_of(record(Value::object(
            {{"exten", number}, {"extension", count}, {"kind", number}, {"id", count}, {"name", number}})))},
       {"free", array_of(record(Value::object({{"start", number}, {"end", number}})))},
       {"next", type_schema(Type::TextOrNull)}}));
}

}  // namespace

Value common_components(Language language) {
  Value call = object_schema(kCall, language);
  add_property(call, "legs", array_of(leg_schema(language)));
  return Value::object({{"Problem", problem_schema(language)},
                        {"Status", object_schema(kStatus, language)},
                        {"OpenApi", Value::object({{"type", "object"}})},
                        {"Schema", Value::object({{"type", "object"}})},
                        {"ContextNumbers", context_numbers_schema()},
                        {"Registration", object_schema(kRegistration, language)},
                        {"RegistrationPage", page_schema("Registration")},
                        {"RegistrationFailure", object_schema(kFailure, language)},
                        {"RegistrationFailurePage", page_schema("RegistrationFailure")},
                        {"Ban", object_schema(kBan, language)},
                        {"BanPage", page_schema("Ban")},
                        {"BanWish", ban_wish_schema(language)},
                        {"Call", std::move(call)},
                        {"CallDetail", call_detail_schema(language)},
                        {"LineRegistration", line_registration_schema(language)},
                        {"CallPage", page_schema("Call")},
                        {"CallRecordSummary", object_schema(kRecord, language)},
                        {"Table", type_schema(Type::Text)},
                        {"CallRecordPage", page_schema("CallRecordSummary")},
                        {"CallRecord", call_record_schema(language)}});
}

}  // namespace xivo::api
