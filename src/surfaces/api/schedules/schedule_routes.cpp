#include "api/schedules/schedule_routes.hpp"

#include <optional>

#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/call_rules.hpp"
#include "model/kinds/schedule.hpp"
#include "model/schedule/calendar.hpp"
#include "model/schedule/clock_text.hpp"

namespace xivo::api {
namespace {

namespace schedule = model::schedule;
using model::Language;
using model::ScheduleId;
using model::Value;
using std::chrono::sys_seconds;

ParameterSpec id_parameter() {
  return {
      "id", "path", Value::object({{"type", "integer"}}), {"Numéro de l'horaire", "The schedule's number"}};
}

/// The schedule that a path names; 404 has been answered when there is none.
std::optional<ScheduleId> asked(const ExchangePtr& exchange, const model::Config& config) {
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  if (id && config.find(ScheduleId{*id}) != nullptr) return ScheduleId{*id};
  exchange->refuse(Refusal::NotFound);
  return std::nullopt;
}

const TimeZone& zone_of(const model::Config& config, ScheduleId id) {
  const auto& rules = config.call_rules();
  const auto found = rules.timetables.find(id.value);
  return found == rules.timetables.end() ? *rules.zone : *found->second.zone;
}

Value time_or_null(const std::optional<sys_seconds>& at) { return at ? Value(time_text(*at)) : Value(); }

/// In the schedule's own time, or with a zone.
std::optional<sys_seconds> moment_of(const std::string& text, const TimeZone& zone) {
  if (const auto wall = schedule::wall_time_of(text)) return zone.system(*wall);
  if (const auto at = parse_time(text)) return std::chrono::floor<std::chrono::seconds>(*at);
  return std::nullopt;
}

sys_seconds now() { return std::chrono::floor<std::chrono::seconds>(runtime::SystemClock().wall()); }

Value day_value(const schedule::CalendarDay& day, Language language) {
  Value::List spans;
  for (const auto& span : day.spans) {
    spans.push_back(Value::object({{"from", schedule::minute_text(span.from)},
                                   {"to", schedule::minute_text(span.to)},
                                   {"state", schedule::name(span.verdict.state)},
                                   {"sentence", schedule::describe(span.verdict, language)}}));
  }
  return Value::object({{"date", schedule::date_text(day.date)},
                        {"holiday", day.holiday ? Value(std::string(day.holiday->in(language))) : Value()},
                        {"spans", std::move(spans)}});
}

}  // namespace

void ScheduleRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "GET",
       .path = "/schedules/{id}/state",
       .scope = "schedule:read",
       .id = "get_schedule_state",
       .tag = "schedule",
       .summary = {"Ouvert ou fermé, jusqu'à quand, et où vont les appels",
                   "Open or closed, until when, and where calls go"},
       .parameters = {id_parameter(),
                      query_parameter(
                          "at", Value::object({{"type", "string"}}),
                          {"Moment (2026-07-14T19:00, à l'heure de l'horaire, ou avec Z) ; "
                           "absent : maintenant",
                           "Moment (2026-07-14T19:00 in the schedule's time, or with Z); absent: now"})},
       .answers = {{200, {"L'état", "The state"}, "ScheduleState"}},
       .refusals = {Refusal::NotFound, Refusal::BadParameter},
       .handler = [this](const ExchangePtr& e) { state(e); }});
  routes.push_back(
      {.method = "GET",
       .path = "/schedules/{id}/calendar",
       .scope = "schedule:read",
       .id = "get_schedule_calendar",
       .tag = "schedule",
       .summary = {"Jour par jour, sans tenir compte d'un mode forcé", "Day by day, whatever mode is forced"},
       .parameters = {id_parameter(),
                      query_parameter("from", Value::object({{"type", "string"}, {"format", "date"}}),
                                      {"Premier jour ; absent : aujourd'hui", "First day; absent: today"}),
                      query_parameter("days",
                                      Value::object({{"type", "integer"},
                                                     {"minimum", 1},
                                                     {"maximum", kDaysMax},
                                                     {"default", kDaysDefault}}),
                                      {"Nombre de jours", "How many days"})},
       .answers = {{200, {"Les jours", "The days"}, "ScheduleCalendar"}},
       .refusals = {Refusal::NotFound, Refusal::BadParameter, Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { calendar(e); }});
}

void ScheduleRoutes::state(const ExchangePtr& exchange) {
  const auto config = config_.current();
  const auto id = asked(exchange, *config);
  if (!id) return;
  Parameters parameters(*exchange);
  const auto text = parameters.text("at");
  const auto at = text ? moment_of(*text, zone_of(*config, *id)) : now();
  if (!at) {
    parameters.wrong("at", "pattern",
                     exchange->say("« at » doit être un moment (2026-07-14T19:00)",
                                   "\"at\" has to be a moment (2026-07-14T19:00)"));
  }
  if (!parameters.finish()) return;
  const auto moment = schedule::moment(*config, *id, *at, exchange->language);
  exchange->json(
      200, Value::object(
               {{"at", time_text(*at)},
                {"state", schedule::name(moment.verdict.state)},
                {"open", moment.verdict.open()},
                {"sentence", moment.sentence + "."},
                {"until", time_or_null(moment.until)},
                {"opens", time_or_null(moment.opens)},
                {"destination", moment.verdict.open() ? Value() : moment.verdict.destination->to_value()}}));
}

void ScheduleRoutes::calendar(const ExchangePtr& exchange) {
  const auto config = config_.current();
  const auto id = asked(exchange, *config);
  if (!id) return;
  Parameters parameters(*exchange);
  const auto text = parameters.text("from");
  const auto days = parameters.integer("days", {1, kDaysMax}, kDaysDefault);
  const auto from = text ? schedule::date_of(*text)
                         : std::chrono::floor<std::chrono::days>(zone_of(*config, *id).local(now()));
  if (!from) {
    parameters.wrong(
        "from", "pattern",
        exchange->say("« from » doit être une date (2026-07-14)", "\"from\" has to be a date (2026-07-14)"));
  }
  if (!parameters.finish()) return;
  const bool taken = workers_.submit([exchange, config, id = *id, first = *from, days] {
    Value::List all;
    for (const auto& day : schedule::calendar(*config, id, first, static_cast<int>(days)))
      all.push_back(day_value(day, exchange->language));
    exchange->json(200, Value::object({{"timezone", zone_of(*config, id).name()},
                                       {"mode", config->find(id)->mode},
                                       {"days", std::move(all)}}));
  });
  if (!taken) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
