#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;

bool is_emergency_number(std::string_view text) {
  constexpr std::size_t kShortest = 2;
  constexpr std::size_t kLongest = 10;
  return text.size() >= kShortest && text.size() <= kLongest;
}

const KindSpec kSpec{
    .name = "general",
    .plural = "generals",
    .title = {"Paramètres généraux", "General settings"},
    .plural_title = {"Paramètres généraux", "General settings"},
    .help = {"Ce qui vaut pour tout le système.", "What holds for the whole system."},
    .singleton = true,
};

}  // namespace

const KindSchema& general_kind() {
  static const TypedKind<General> kKind(
      kSpec, [](const General& general) { return general.company; },
      {
          text(&General::company, {.name = "company",
                                   .title = {"Société", "Company"},
                                   .help = {"Nom de la société.", "Name of the company."},
                                   .bounds = {1, 128},
                                   .example = "Durand SA"}),
          choice(&General::language,
                 languages({.name = "language",
                            .title = {"Langue", "Language"},
                            .help = {"Langue des annonces, quand personne n'en a choisi d'autre.",
                                     "Language of prompts where nobody chose another."},
                            .example = "fr_FR"})),
          text(&General::country, {.name = "country",
                                   .title = {"Pays", "Country"},
                                   .help = {"Code du pays (ISO 3166-1), pour les tonalités et les numéros.",
                                            "Country code (ISO 3166-1), for tones and numbers."},
                                   .required = true,
                                   .bounds = {2, 2},
                                   .characters = {"A-Z", {"lettres capitales", "capital letters"}},
                                   .example = "FR"}),
          text(&General::timezone, {.name = "timezone",
                                    .title = {"Fuseau horaire", "Time zone"},
                                    .help = {"Fuseau de la société.", "The company's time zone."},
                                    .required = true,
                                    .bounds = {1, 64},
                                    .characters = kZoneCharacters,
                                    .example = "Europe/Paris"}),
          text_list(
              &General::emergency_numbers,
              {.name = "emergency_numbers",
               .title = {"Numéros d'urgence", "Emergency numbers"},
               .help =
                   {"Sortent toujours, de chaque ligne et avant toute autre règle ; aucun : ceux du pays.",
                    "Go out always, from every line and before every other rule; none: the country's."},
               .bounds = {0, 40},
               .characters = {"0-9", {"chiffres", "digits"}},
               .accepts = is_emergency_number,
               .example = "112"}),
          boolean(
              &General::hold_scenarios,
              {.name = "hold_scenarios",
               .title = {"Retenir ce qui casse un scénario", "Hold back what breaks a scenario"},
               .help = {"Chaque scénario refuse les modifications qui le casseraient, sauf si on les force "
                        "avec un motif.",
                        "Every scenario refuses changes that would break it, unless they are forced with a "
                        "reason."},
               .example = "true",
               .advanced = true}),
          boolean(&General::setup_done,
                  {.name = "setup_done",
                   .title = {"Installation terminée", "Set-up done"},
                   .help = {"Tant que non, l'interface web propose l'assistant de départ.",
                            "While not, the web interface offers the first-run wizard."},
                   .example = "true",
                   .advanced = true}),
      });
  return kKind;
}

}  // namespace xivo::model
