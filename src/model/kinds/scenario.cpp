#include "model/kinds/scenario.hpp"

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/schedule/clock_text.hpp"

namespace xivo::model {

namespace {

using namespace declare;

const KindSpec kSpec{
    .name = "scenario",
    .plural = "scenarios",
    .title = {"Scénario", "Scenario"},
    .plural_title = {"Scénarios", "Scenarios"},
    .help = {"Un appel et l'endroit où il doit aboutir : un essai du plan, rejoué avant chaque modification.",
             "A call and where it has to end: a test of the plan, run again before each change."},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"call", {"L'appel", "The call"}},
               {"expected", {"Ce qui doit arriver", "What has to happen"}}},
};

constexpr CharacterClass kDialledCharacters{"0-9*#+", {"chiffres, * # et +", "digits, * # and +"}};

std::vector<Field> general_fields() {
  return {
      text(&Scenario::name, {.name = "name",
                             .title = {"Nom", "Name"},
                             .help = {"Ce que le scénario vérifie.", "What the scenario makes sure of."},
                             .required = true,
                             .unique = true,
                             .bounds = {1, 128},
                             .example = "Le standard sonne le matin",
                             .group = "general",
                             .listed = true}),
      boolean(&Scenario::enabled,
              {.name = "enabled",
               .title = {"Activé", "Enabled"},
               .help = {"Un scénario désactivé n'est pas joué.", "A disabled scenario is not run."},
               .example = "true",
               .group = "general",
               .listed = true}),
      boolean(&Scenario::hold,
              {.name = "hold",
               .title = {"Retient les modifications", "Holds changes back"},
               .help = {"Une modification qui le casserait est refusée, sauf si on la force avec un motif.",
                        "A change that would break it is refused, unless it is forced with a reason."},
               .example = "true",
               .group = "general",
               .listed = true}),
      text(&Scenario::description, {.name = "description",
                                    .title = {"Description", "Description"},
                                    .help = {"Texte libre.", "Any text."},
                                    .bounds = {0, 1024},
                                    .example = "Demandé par la direction",
                                    .group = "general",
                                    .advanced = true}),
  };
}

std::vector<Field> assumption_fields() {
  return {
      text(&ScenarioAssumption::who, {.name = "who",
                                      .title = {"Qui", "Who"},
                                      .help = {"Le numéro d'un utilisateur, ou le nom d'un trunk.",
                                               "A user's number, or a trunk's name."},
                                      .required = true,
                                      .bounds = {1, 80},
                                      .example = "103"}),
      choice(
          &ScenarioAssumption::state,
          {.name = "state",
           .title = {"État", "State"},
           .help = {"Ce que l'on suppose : les cinq premiers d'un utilisateur, les deux derniers d'un trunk.",
                    "What is assumed: the first five of a user, the last two of a trunk."},
           .choices = {{"registered", {"enregistré", "registered"}},
                       {"unregistered", {"pas enregistré", "not registered"}},
                       {"busy", {"occupé", "busy"}},
                       {"dnd", {"ne pas déranger", "do not disturb"}},
                       {"no_answer", {"ne répond pas", "does not answer"}},
                       {"down", {"en panne", "down"}},
                       {"congestion", {"saturé", "congested"}}},
           .example = "busy"}),
  };
}

std::vector<Field> call_fields() {
  return {
      text(&Scenario::caller,
           {.name = "caller",
            .title = {"Appelant", "Caller"},
            .help = {"Un numéro interne (101, ou 101@contexte) ou le nom d'une ligne ; pour un appel de "
                     "l'extérieur, son numéro.",
                     "A number inside (101, or 101@context) or a line's name; for a call from outside, its "
                     "number."},
            .bounds = {0, 80},
            .example = "101",
            .group = "call",
            .listed = true}),
      text(&Scenario::trunk,
           {.name = "trunk",
            .title = {"Arrive par le trunk", "Comes by the trunk"},
            .help = {"Nom du trunk d'un appel de l'extérieur ; vide : l'appel vient de l'intérieur.",
                     "Name of the trunk of a call from outside; empty: the call comes from inside."},
            .bounds = {0, 80},
            .example = "operateur",
            .group = "call"}),
      text(&Scenario::dialled, {.name = "dialled",
                                .title = {"Numéro composé", "Number dialled"},
                                .help = {"Comme on le compose.", "As it is dialled."},
                                .required = true,
                                .bounds = {1, 40},
                                .characters = kDialledCharacters,
                                .example = "102",
                                .group = "call",
                                .listed = true}),
      text(&Scenario::at,
           {.name = "at",
            .title = {"Quand", "When"},
            .help = {"Heure de l'entreprise, AAAA-MM-JJTHH:MM ; vide : l'heure à laquelle on le joue.",
                     "The company's time, YYYY-MM-DDTHH:MM; empty: the time at which it is run."},
            .bounds = {0, 16},
            .characters = {"0-9T:-", {"une heure AAAA-MM-JJTHH:MM", "a time YYYY-MM-DDTHH:MM"}},
            .accepts = schedule::is_wall_time,
            .example = "2026-07-14T19:00",
            .group = "call"}),
      rows(&Scenario::assumptions,
           {.name = "assumptions",
            .title = {"On suppose", "It is assumed"},
            .help = {"L'état des téléphones et des trunks ; sinon chacun répond et chaque trunk marche.",
                     "The state of phones and trunks; else everybody answers and every trunk works."},
            .bounds = {0, 20},
            .group = "call"},
           assumption_fields()),
  };
}

std::vector<Field> expected_fields() {
  return {
      choice(&Scenario::expected,
             {.name = "expected",
              .title = {"L'appel doit", "The call has to"},
              .help = {"Où il doit aboutir.", "Where it has to end."},
              .choices = {{"rings", {"sonner chez", "ring at"}},
                          {"goes_out", {"sortir par le trunk", "go out by the trunk"}},
                          {"voicemail", {"aller à la messagerie de", "go to the mailbox of"}},
                          {"announcement", {"entendre l'annonce", "hear the announcement"}},
                          {"feature", {"atteindre la fonction", "reach the feature"}},
                          {"asks_code", {"demander un code", "ask for a code"}},
                          {"refused", {"être refusé", "be refused"}}},
              .example = "rings",
              .group = "expected",
              .listed = true}),
      text(&Scenario::expected_target,
           {.name = "expected_target",
            .title = {"Chez qui, par quoi", "At whose, by which"},
            .help =
                {"Le numéro ou le nom d'un utilisateur, le nom d'un trunk, une messagerie, une annonce ou "
                 "une fonction ; vide : peu importe.",
                 "A user's number or name, a trunk's name, a mailbox, an announcement or a feature; empty: "
                 "whichever."},
            .bounds = {0, 128},
            .example = "102",
            .group = "expected",
            .listed = true}),
      text(&Scenario::expected_number, {.name = "expected_number",
                                        .title = {"Numéro envoyé", "Number sent"},
                                        .help = {"Ce que le trunk doit composer ; vide : peu importe.",
                                                 "What the trunk has to dial; empty: whichever."},
                                        .bounds = {0, 40},
                                        .characters = kDialledCharacters,
                                        .example = "0123456789",
                                        .group = "expected"}),
      integer(&Scenario::expected_cause,
              {.name = "expected_cause",
               .title = {"Cause du refus", "Cause of the refusal"},
               .help = {"Numéro de la cause (Q.850) : 17 occupé, 21 rejeté ; 0 : peu importe.",
                        "Number of the cause (Q.850): 17 busy, 21 rejected; 0: whichever."},
               .bounds = {0, 127},
               .example = "17",
               .group = "expected"}),
  };
}

}  // namespace

const KindSchema& scenario_kind() {
  static const TypedKind<Scenario> kKind(
      kSpec, [](const Scenario& scenario) { return scenario.name; },
      joined({general_fields(), call_fields(), expected_fields()}));
  return kKind;
}

}  // namespace xivo::model
