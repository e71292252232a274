#include <array>

#include "api/openapi_members.hpp"

namespace xivo::api {

using model::Language;
using model::Value;

namespace {

constexpr std::array kState{
    Member{"at", Type::Time, {"Le moment", "The moment"}},
    Member{"state",
           Type::Text,
           {"unscheduled, open, forced_open, closed, forced_closed, exception ou holiday",
            "unscheduled, open, forced_open, closed, forced_closed, exception or holiday"}},
    Member{"open", Type::Boolean, {"Ouvert", "Open"}},
    Member{"sentence", Type::Text, {"En clair", "In words"}},
    Member{
        "until", Type::TimeOrNull, {"Jusqu'à quand ; null : pour longtemps", "Until when; null: for long"}},
    Member{"opens", Type::TimeOrNull, {"Prochaine ouverture", "Next opening"}},
};
constexpr std::array kSpan{
    Member{"from", Type::Text, {"Première minute, HH:MM", "First minute, HH:MM"}},
    Member{"to", Type::Text, {"Dernière minute, comprise", "Last minute, included"}},
    Member{"state", Type::Text, {"open, closed, exception ou holiday", "open, closed, exception or holiday"}},
    Member{"sentence", Type::Text, {"En clair", "In words"}},
};
constexpr std::array kDay{
    Member{"date", Type::Text, {"AAAA-MM-JJ", "YYYY-MM-DD"}},
    Member{"holiday", Type::TextOrNull, {"Le jour férié", "The public holiday"}},
};
constexpr std::array kCalendar{
    Member{"timezone", Type::Text, {"Fuseau horaire", "Time zone"}},
    Member{"mode", Type::Text, {"automatic, open ou closed", "automatic, open or closed"}},
};
constexpr std::array kTollAccount{
    Member{"kind", Type::Text, {"user ou trunk", "user or trunk"}},
    Member{"id", Type::Integer, {"Numéro", "Number"}},
    Member{"label", Type::Text, {"Nom", "Name"}},
    Member{"in_progress",
           Type::Integer,
           {"Appels en cours vers l'extérieur", "Calls to the outside in progress"}},
    Member{"hour", Type::Integer, {"Commencés en une heure", "Begun within the hour"}},
    Member{"international_hour", Type::Integer, {"Dont internationaux", "International ones of them"}},
    Member{"premium_hour", Type::Integer, {"Dont surtaxés", "Premium-rate ones of them"}},
};
constexpr std::array kTollBlock{
    Member{"since", Type::Time, {"Depuis", "Since"}},
    Member{"reason", Type::Text, {"Nom stable de la raison", "The reason's stable name"}},
    Member{"guard", Type::Any, {"La garde, {id, label}, ou null", "The guard, {id, label}, or null"}},
    Member{"limit", Type::Integer, {"La limite", "The limit"}},
    Member{"count", Type::Integer, {"Ce qui a été compté", "What was counted"}},
    Member{"sentence", Type::Text, {"En clair", "In words"}},
};

Value calendar_schema(Language language) {
  Value day = object_schema(kDay, language);
  add_property(day, "spans", array_of(object_schema(kSpan, language)));
  Value schema = object_schema(kCalendar, language);
  add_property(schema, "days", array_of(std::move(day)));
  return schema;
}

Value state_schema(Language language) {
  Value schema = object_schema(kState, language);
  add_property(
      schema, "destination",
      Value::object({{"type", either("object")},
                     {"description", language == Language::French ? "Où vont les appels ; null : c'est ouvert"
                                                                  : "Where calls go; null: it is open"}}));
  return schema;
}

Value account_schema(Language language) {
  Value block = object_schema(kTollBlock, language);
  block.set("type", either("object"));
  Value schema = object_schema(kTollAccount, language);
  add_property(schema, "blocked", std::move(block));
  return schema;
}

Value release_schema() {
  const Value number = Value::object({{"type", "integer"}, {"minimum", 1}});
  return Value::object({{"type", "object"},
                        {"examples", Value::List{Value::object({{"user", 1}})}},
                        {"properties", Value::object({{"user", number}, {"trunk", number}})}});
}

}  // namespace

void add_schedule_components(Value& schemas, Language language) {
  schemas.set("ScheduleState", state_schema(language));
  schemas.set("ScheduleCalendar", calendar_schema(language));
  schemas.set("TollAccount", account_schema(language));
  schemas.set("TollAccountPage", page_schema("TollAccount"));
  schemas.set("TollRelease", release_schema());
}

}  // namespace xivo::api
