#include "model/kinds/toll_guard.hpp"

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/schedule/clock_text.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

/// Half a night would be no night, and a rule of a night that never comes protects nobody.
void night_has_both_ends(const RuleInput& input, Problems& problems) {
  const TollGuard& guard = *input.config.find(TollGuardId{input.id});
  const bool rules = guard.night_international == "deny" || guard.night_premium == "deny";
  if (guard.night_start.empty() && (rules || !guard.night_end.empty()))
    report(input, problems, Rule::Required, "night_start");
  if (guard.night_end.empty() && (rules || !guard.night_start.empty()))
    report(input, problems, Rule::Required, "night_end");
}

const KindSpec kSpec{
    .name = "toll_guard",
    .plural = "toll_guards",
    .title = {"Garde anti-fraude", "Toll-fraud guard"},
    .plural_title = {"Gardes anti-fraude", "Toll-fraud guards"},
    .help =
        {"Limite les appels vers l'extérieur de chaque utilisateur et de chaque trunk. Une limite horaire "
         "atteinte bloque jusqu'à ce que quelqu'un débloque ; les numéros d'urgence restent joignables.",
         "Limits every user's and every trunk's calls to the outside. A limit of the hour, once reached, "
         "blocks until somebody releases; emergency numbers can always be called."},
    .rules = {night_has_both_ends},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"limits", {"Limites", "Limits"}},
               {"night", {"Nuit", "Night"}}},
};

std::vector<Field> general_fields() {
  return {
      text(&TollGuard::name, {.name = "name",
                              .title = {"Nom", "Name"},
                              .help = {"Comment les gens l'appellent.", "What people call it."},
                              .required = true,
                              .unique = true,
                              .bounds = {1, 128},
                              .example = "Standard",
                              .group = "general",
                              .listed = true}),
      boolean(&TollGuard::enabled,
              {.name = "enabled",
               .title = {"Activé", "Enabled"},
               .help = {"Une garde désactivée ne limite rien.", "A disabled guard limits nothing."},
               .example = "true",
               .group = "general",
               .listed = true}),
      reference_list(
          &TollGuard::users,
          {.name = "users",
           .title = {"Utilisateurs", "Users"},
           .help = {"Chacun compte pour soi. Ni utilisateur ni trunk : tous les utilisateurs et tous "
                    "les trunks.",
                    "Each counts on his own. Neither users nor trunks: every user and every trunk."},
           .bounds = {0, 10'000},
           .reference = "user",
           .example = "1",
           .group = "general"}),
      reference_list(&TollGuard::trunks, {.name = "trunks",
                                          .title = {"Trunks", "Trunks"},
                                          .help = {"Chacun compte pour soi.", "Each counts on its own."},
                                          .bounds = {0, 500},
                                          .reference = "trunk",
                                          .example = "1",
                                          .group = "general"}),
      text(&TollGuard::description, {.name = "description",
                                     .title = {"Description", "Description"},
                                     .help = {"Texte libre.", "Any text."},
                                     .bounds = {0, 1024},
                                     .example = "Pour tous les postes de bureau",
                                     .group = "general",
                                     .advanced = true}),
  };
}

Field limit(std::int64_t TollGuard::* member, std::string_view name, Words title, Words help,
            std::string_view example) {
  return integer(member, {.name = name,
                          .title = title,
                          .help = help,
                          .bounds = {0, 100'000},
                          .example = example,
                          .group = "limits",
                          .listed = true});
}

std::vector<Field> limit_fields() {
  return {
      limit(&TollGuard::simultaneous_max, "simultaneous_max", {"Appels simultanés", "Simultaneous calls"},
            {"Au plus vers l'extérieur à la fois ; 0 : sans limite.",
             "At most to the outside at a time; 0: no limit."},
            "3"),
      limit(&TollGuard::hourly_max, "hourly_max", {"Appels par heure", "Calls within the hour"},
            {"Au plus en soixante minutes ; 0 : sans limite.", "At most within sixty minutes; 0: no limit."},
            "60"),
      limit(&TollGuard::international_hourly_max, "international_hourly_max",
            {"International par heure", "International within the hour"},
            {"Appels internationaux et par satellite en soixante minutes ; 0 : sans limite.",
             "International and satellite calls within sixty minutes; 0: no limit."},
            "10"),
      limit(&TollGuard::premium_hourly_max, "premium_hourly_max",
            {"Surtaxés par heure", "Premium within the hour"},
            {"Appels vers des numéros surtaxés en soixante minutes ; 0 : sans limite.",
             "Calls to premium-rate numbers within sixty minutes; 0: no limit."},
            "5"),
  };
}

Field night_time(std::string TollGuard::* member, std::string_view name, Words title, Words help,
                 std::string_view example) {
  return text(member, {.name = name,
                       .title = title,
                       .help = help,
                       .bounds = {5, 5},
                       .characters = {"0-9:", {"une heure HH:MM", "a time HH:MM"}},
                       .accepts = schedule::is_minute_of_day,
                       .example = example,
                       .group = "night"});
}

Field night_rule(std::string TollGuard::* member, std::string_view name, Words title) {
  return choice(member,
                {.name = name,
                 .title = title,
                 .help = {"Permis ou refusé pendant la nuit.", "Allowed or refused during the night."},
                 .choices = {{"allow", {"permis", "allowed"}}, {"deny", {"refusé", "refused"}}},
                 .example = "deny",
                 .group = "night"});
}

std::vector<Field> night_fields() {
  return {
      night_time(&TollGuard::night_start, "night_start", {"Début de la nuit", "Start of the night"},
                 {"À l'heure de la société.", "In the company's time."}, "20:00"),
      night_time(&TollGuard::night_end, "night_end", {"Fin de la nuit", "End of the night"},
                 {"Minute comprise ; avant le début : le lendemain matin.",
                  "Minute included; before the start: the morning after."},
                 "06:59"),
      night_rule(&TollGuard::night_international, "night_international",
                 {"International la nuit", "International at night"}),
      night_rule(&TollGuard::night_premium, "night_premium", {"Surtaxés la nuit", "Premium at night"}),
  };
}

}  // namespace

const KindSchema& toll_guard_kind() {
  static const TypedKind<TollGuard> kKind(
      kSpec, [](const TollGuard& guard) { return guard.name; },
      joined({general_fields(), limit_fields(), night_fields()}));
  return kKind;
}

}  // namespace xivo::model
