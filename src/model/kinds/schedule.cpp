#include "model/kinds/schedule.hpp"

#include "base/time_zone.hpp"
#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/schedule/clock_text.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

void dates_are_in_order(const RuleInput& input, Problems& problems) {
  const Schedule& schedule = *input.config.find(ScheduleId{input.id});
  for (std::size_t i = 0; i < schedule.exceptional_periods.size(); ++i) {
    const ExceptionalPeriod& period = schedule.exceptional_periods[i];
    const std::string where = "exceptional_periods." + std::to_string(i);
    if (period.last_date.empty()) continue;
    if (period.first_date.empty()) {
      report(input, problems, Rule::Required, where + ".first_date");
    } else if (period.last_date < period.first_date) {  // YYYY-MM-DD: compared as texts
      report(input, problems, Rule::RangeBackwards, where + ".last_date").facts = {
          {"start", period.first_date}, {"end", period.last_date}};
    }
  }
}

const KindSpec kSpec{
    .name = "schedule",
    .plural = "schedules",
    .title = {"Horaire", "Schedule"},
    .plural_title = {"Horaires", "Schedules"},
    .help = {"Quand les appels sont pris, et où ils vont sinon : périodes d'ouverture, fermetures "
             "exceptionnelles, jours fériés, ouverture ou fermeture forcée.",
             "When calls are taken, and where they go otherwise: open periods, exceptional closures, public "
             "holidays, forced opening or closure."},
    .rules = {dates_are_in_order},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"open", {"Ouverture", "Opening"}},
               {"closed", {"Fermeture", "Closure"}}},
};

constexpr CharacterClass kTimeCharacters{"0-9:", {"une heure HH:MM", "a time HH:MM"}};
constexpr CharacterClass kDateCharacters{"0-9-", {"une date AAAA-MM-JJ", "a date YYYY-MM-DD"}};
constexpr CharacterClass kSetCharacters{
    "0-9,-", {"des nombres et des plages : 1-5 ou 1,3", "numbers and ranges: 1-5 or 1,3"}};

std::vector<Choice> calendars() {
  return {{"none", {"aucun", "none"}},
          {"FR", {"France", "France"}},
          {"FR-57", {"France (Alsace-Moselle)", "France (Alsace-Moselle)"}},
          {"FR-GP", {"Guadeloupe", "Guadeloupe"}},
          {"FR-MQ", {"Martinique", "Martinique"}},
          {"FR-GF", {"Guyane", "French Guiana"}},
          {"FR-RE", {"La Réunion", "Réunion"}},
          {"FR-YT", {"Mayotte", "Mayotte"}},
          {"MC", {"Monaco", "Monaco"}},
          {"BE", {"Belgique", "Belgium"}},
          {"CH", {"Suisse", "Switzerland"}},
          {"LU", {"Luxembourg", "Luxembourg"}},
          {"DE", {"Allemagne", "Germany"}},
          {"AT", {"Autriche", "Austria"}},
          {"ES", {"Espagne", "Spain"}},
          {"IT", {"Italie", "Italy"}},
          {"PT", {"Portugal", "Portugal"}},
          {"NL", {"Pays-Bas", "Netherlands"}},
          {"GB", {"Royaume-Uni (Angleterre et pays de Galles)", "United Kingdom (England and Wales)"}},
          {"IE", {"Irlande", "Ireland"}}};
}

template <class Row>
std::vector<Field> hour_fields() {
  return {
      text<Row>(&Row::hours_start, {.name = "hours_start",
                                    .title = {"De", "From"},
                                    .help = {"Première minute.", "First minute."},
                                    .required = true,
                                    .bounds = {5, 5},
                                    .characters = kTimeCharacters,
                                    .accepts = schedule::is_minute_of_day,
                                    .example = "08:30"}),
      text<Row>(&Row::hours_end, {.name = "hours_end",
                                  .title = {"À", "To"},
                                  .help = {"Dernière minute, comprise. Avant le début : le lendemain matin.",
                                           "Last minute, included. Before the start: the morning after."},
                                  .required = true,
                                  .bounds = {5, 5},
                                  .characters = kTimeCharacters,
                                  .accepts = schedule::is_minute_of_day,
                                  .example = "18:00"}),
  };
}

template <class Row>
std::vector<Field> day_fields() {
  return {
      text<Row>(&Row::week_days, {.name = "week_days",
                                  .title = {"Jours de la semaine", "Days of the week"},
                                  .help = {"1 est lundi, 7 dimanche.", "1 is Monday, 7 is Sunday."},
                                  .required = true,
                                  .bounds = {1, 20},
                                  .characters = kSetCharacters,
                                  .accepts = schedule::is_week_days,
                                  .example = "1-5"}),
      text<Row>(&Row::month_days, {.name = "month_days",
                                   .title = {"Jours du mois", "Days of the month"},
                                   .help = {"De 1 à 31.", "From 1 to 31."},
                                   .required = true,
                                   .bounds = {1, 90},
                                   .characters = kSetCharacters,
                                   .accepts = schedule::is_month_days,
                                   .example = "1-31"}),
      text<Row>(&Row::months, {.name = "months",
                               .title = {"Mois", "Months"},
                               .help = {"De 1 à 12.", "From 1 to 12."},
                               .required = true,
                               .bounds = {1, 30},
                               .characters = kSetCharacters,
                               .accepts = schedule::is_months,
                               .example = "1-12"}),
  };
}

std::vector<Field> exception_fields() {
  return {
      text(&ExceptionalPeriod::label,
           {.name = "label",
            .title = {"Libellé", "Label"},
            .help = {"Pourquoi c'est fermé, comme on le dit.", "Why it is closed, as people say it."},
            .bounds = {0, 64},
            .example = "Inventaire"}),
      text(&ExceptionalPeriod::first_date, {.name = "first_date",
                                            .title = {"Premier jour", "First day"},
                                            .help = {"Vide : chaque année, selon les jours et les mois.",
                                                     "Empty: every year, by days and months."},
                                            .bounds = {10, 10},
                                            .characters = kDateCharacters,
                                            .accepts = schedule::is_date,
                                            .example = "2026-12-24"}),
      text(&ExceptionalPeriod::last_date,
           {.name = "last_date",
            .title = {"Dernier jour", "Last day"},
            .help = {"Compris ; vide : le premier jour seul.", "Included; empty: the first day alone."},
            .bounds = {10, 10},
            .characters = kDateCharacters,
            .accepts = schedule::is_date,
            .example = "2027-01-03"}),
      destination(&ExceptionalPeriod::destination,
                  {.name = "destination",
                   .title = {"Destination", "Destination"},
                   .help = {"Où vont alors les appels ; aucune : comme hors des heures d'ouverture.",
                            "Where calls go then; none: as outside of the opening hours."}}),
  };
}

std::vector<Field> general_fields() {
  return {
      text(&Schedule::name, {.name = "name",
                             .title = {"Nom", "Name"},
                             .help = {"Comment les gens l'appellent.", "What people call it."},
                             .required = true,
                             .unique = true,
                             .bounds = {1, 128},
                             .example = "Heures de bureau",
                             .group = "general",
                             .listed = true}),
      choice(&Schedule::mode, {.name = "mode",
                               .title = {"Mode", "Mode"},
                               .help = {"Automatique, ou forcé jusqu'à nouvel ordre.",
                                        "Automatic, or forced until further notice."},
                               .choices = {{"automatic", {"automatique", "automatic"}},
                                           {"open", {"ouverture forcée", "forced open"}},
                                           {"closed", {"fermeture forcée", "forced closed"}}},
                               .example = "automatic",
                               .group = "general",
                               .listed = true}),
      text(&Schedule::code, {.name = "code",
                             .title = {"Code de bascule", "Switching code"},
                             .help = {"Chiffres à composer après *39 pour forcer l'état contraire, puis "
                                      "revenir à l'automatique ; vide : "
                                      "aucun téléphone ne le peut.",
                                      "Digits dialled after *39 to force the opposite state, and again to go "
                                      "back to automatic; empty: "
                                      "no phone can."},
                             .unique = true,
                             .bounds = {0, 16},
                             .characters = {"0-9", {"des chiffres", "digits"}},
                             .example = "4321",
                             .group = "general"}),
      boolean(&Schedule::enabled,
              {.name = "enabled",
               .title = {"Activé", "Enabled"},
               .help = {"Un horaire désactivé est toujours ouvert.", "A disabled schedule is always open."},
               .example = "true",
               .group = "general",
               .listed = true}),
      text(&Schedule::timezone, {.name = "timezone",
                                 .title = {"Fuseau horaire", "Time zone"},
                                 .help = {"Vide : celui de la société.", "Empty: the company's."},
                                 .bounds = {1, 64},
                                 .characters = kZoneCharacters,
                                 .accepts = TimeZone::exists,
                                 .example = "Europe/Paris",
                                 .group = "general",
                                 .advanced = true}),
      text(&Schedule::description, {.name = "description",
                                    .title = {"Description", "Description"},
                                    .help = {"Texte libre.", "Any text."},
                                    .bounds = {0, 1024},
                                    .example = "Accueil et standard",
                                    .group = "general",
                                    .advanced = true}),
  };
}

std::vector<Field> period_fields() {
  return {
      rows(&Schedule::open_periods,
           {.name = "open_periods",
            .title = {"Périodes d'ouverture", "Open periods"},
            .help = {"Quand c'est ouvert ; aucune : jamais.", "When it is open; none: never."},
            .bounds = {0, 100},
            .group = "open"},
           joined({hour_fields<Period>(), day_fields<Period>()})),
      rows(&Schedule::exceptional_periods,
           {.name = "exceptional_periods",
            .title = {"Fermetures exceptionnelles", "Exceptional closures"},
            .help = {"Fermé malgré les périodes d'ouverture ; la première qui convient l'emporte.",
                     "Closed in spite of the open periods; the first that holds wins."},
            .bounds = {0, 200},
            .group = "closed"},
           joined({exception_fields(), hour_fields<ExceptionalPeriod>(), day_fields<ExceptionalPeriod>()})),
  };
}

std::vector<Field> closure_fields() {
  return {
      choice(&Schedule::holidays, {.name = "holidays",
                                   .title = {"Jours fériés", "Public holidays"},
                                   .help = {"Calendrier des jours où c'est fermé toute la journée.",
                                            "Calendar of the days on which it is closed all day."},
                                   .choices = calendars(),
                                   .example = "FR",
                                   .group = "closed",
                                   .listed = true}),
      destination(
          &Schedule::holiday_destination,
          {.name = "holiday_destination",
           .title = {"Destination les jours fériés", "Destination on public holidays"},
           .help = {"Aucune : comme hors des heures d'ouverture.", "None: as outside of the opening hours."},
           .group = "closed"}),
      destination(&Schedule::closed_destination,
                  {.name = "closed_destination",
                   .title = {"Destination à la fermeture", "Destination when closed"},
                   .help = {"Où vont les appels quand c'est fermé ; aucune : ils sont refusés.",
                            "Where calls go when it is closed; none: they are refused."},
                   .group = "closed"}),
  };
}

}  // namespace

const KindSchema& schedule_kind() {
  static const TypedKind<Schedule> kKind(
      kSpec, [](const Schedule& schedule) { return schedule.name; },
      joined({general_fields(), period_fields(), closure_fields()}));
  return kKind;
}

}  // namespace xivo::model
