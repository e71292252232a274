#include "model/kinds/incoming_route.hpp"

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

constexpr CharacterClass kPatternCharacters{
    "0-9*#+XZNxzn_.![]-",
    {"chiffres, * et # ; derrière _ aussi X Z N [ ] . !", "digits, * and #; behind _ also X Z N [ ] . !"}};

const IncomingRoute& route_of(const RuleInput& input) {
  return *input.config.find(IncomingRouteId{input.id});
}

void context_is_for_incoming_calls(const RuleInput& input, Problems& problems) {
  const Context* context = input.config.find(route_of(input).context);
  if (context == nullptr || context->type == "incall") return;
  report(input, problems, Rule::ContextType, "context").facts = {
      {"use", "incoming_route"}, {"context", context->name}, {"type", context->type}};
}

/// Of a number with more or fewer digits than are compared, nothing would ever be found.
void as_many_digits_as_compared(const RuleInput& input, Problems& problems) {
  const IncomingRoute& route = route_of(input);
  if (route.did_length == 0 || route.exten.empty() || numbering::is_pattern(route.exten)) return;
  const auto digits = std::to_string(route.exten.size());
  if (digits == std::to_string(route.did_length)) return;
  report(input, problems, Rule::OutOfRange, "did_length").facts = {
      {"min", digits}, {"max", digits}, {"value", std::to_string(route.did_length)}};
}

/// Two routes for the very same calls: which one would take them is anybody's guess.
void calls_have_one_route(const RuleInput& input, Problems& problems) {
  const IncomingRoute& route = route_of(input);
  if (!route.enabled) return;
  for (const auto& [id, other] : input.config.objects<IncomingRoute>()) {
    const bool same = id != input.id && other->enabled && other->context == route.context &&
                      other->exten == route.exten && other->did_length == route.did_length &&
                      other->trunk == route.trunk && other->caller_number == route.caller_number;
    if (!same) continue;
    Problem& problem = report(input, problems, Rule::NotUnique, "exten");
    problem.facts = {{"value", route.exten}};
    problem.other = Problem::Other{"incoming_route", id, other->name};
    return;
  }
}

const KindSpec kSpec{
    .name = "incoming_route",
    .plural = "incoming_routes",
    .title = {"Route entrante", "Incoming route"},
    .plural_title = {"Routes entrantes", "Incoming routes"},
    .help = {"Où vont les appels de l'extérieur vers un numéro de la société.",
             "Where calls from the outside to a number of the company go."},
    .rules = {context_is_for_incoming_calls, as_many_digits_as_compared, calls_have_one_route},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"calls", {"Appels concernés", "Which calls"}},
               {"treatment", {"Traitement", "Treatment"}}},
};

std::vector<Field> general_fields() {
  return {
      text(&IncomingRoute::name, {.name = "name",
                                  .title = {"Nom", "Name"},
                                  .help = {"Nom de la route.", "The route's name."},
                                  .required = true,
                                  .unique = true,
                                  .bounds = {1, 128},
                                  .example = "Standard",
                                  .group = "general",
                                  .listed = true}),
      boolean(&IncomingRoute::enabled,
              {.name = "enabled",
               .title = {"Activée", "Enabled"},
               .help = {"Une route désactivée ne prend aucun appel.", "A disabled route takes no call."},
               .example = "true",
               .group = "general"}),
      text(&IncomingRoute::description, {.name = "description",
                                         .title = {"Description", "Description"},
                                         .help = {"Texte libre.", "Any text."},
                                         .bounds = {0, 1024},
                                         .example = "Le numéro de l'accueil",
                                         .group = "general"}),
  };
}

std::vector<Field> call_fields() {
  return {
      reference(&IncomingRoute::context,
                {.name = "context",
                 .title = {"Contexte", "Context"},
                 .help = {"Contexte d'appels entrants, où le trunk cherche ses numéros.",
                          "Context of incoming calls, where the trunk looks for its numbers."},
                 .required = true,
                 .reference = "context",
                 .example = "2",
                 .group = "calls",
                 .listed = true}),
      text(&IncomingRoute::exten, {.name = "exten",
                                   .title = {"Numéro appelé", "Called number"},
                                   .help = {"Numéro (SDA) sans + au début, ou modèle ; vide : tous.",
                                            "Number (DID) without a leading +, or pattern; empty: all."},
                                   .bounds = {0, 40},
                                   .characters = kPatternCharacters,
                                   .accepts = numbering::is_number_or_pattern,
                                   .example = "0123456789",
                                   .group = "calls",
                                   .listed = true}),
      integer(&IncomingRoute::did_length,
              {.name = "did_length",
               .title = {"Chiffres comparés", "Digits compared"},
               .help = {"Nombre de derniers chiffres du numéro appelé que l'on compare ; 0 : tous.",
                        "How many of the called number's last digits are compared; 0: all."},
               .bounds = {0, 16},
               .example = "0",
               .group = "calls"}),
      reference(&IncomingRoute::trunk, {.name = "trunk",
                                        .title = {"Trunk", "Trunk"},
                                        .help = {"Seulement ses appels ; aucun : ceux de tous.",
                                                 "Its calls only; none: those of all."},
                                        .reference = "trunk",
                                        .example = "1",
                                        .group = "calls"}),
      text(
          &IncomingRoute::caller_number,
          {.name = "caller_number",
           .title = {"Numéro de l'appelant", "Caller's number"},
           .help =
               {"Seulement ses appels : numéro comme on le compose dans le pays, ou modèle ; vide : de tous.",
                "His calls only: number as it is dialled in the country, or pattern; empty: from all."},
           .bounds = {0, 40},
           .characters = kPatternCharacters,
           .accepts = numbering::is_number_or_pattern,
           .example = "_06XXXXXXXX",
           .group = "calls"}),
  };
}

std::vector<Field> treatment_fields() {
  return {
      choice(&IncomingRoute::caller_id_mode,
             {.name = "caller_id_mode",
              .title = {"Nom de l'appelant", "Caller's name"},
              .help = {"Ce que l'on fait du nom présenté.", "What becomes of the name that is shown."},
              .choices = {{"", {"inchangé", "unchanged"}},
                          {"prepend", {"ajouter devant", "put in front"}},
                          {"append", {"ajouter derrière", "put behind"}},
                          {"overwrite", {"remplacer", "replace"}}},
              .example = "prepend",
              .group = "treatment"}),
      text(&IncomingRoute::caller_id_name,
           {.name = "caller_id_name",
            .title = {"Texte du nom", "Text of the name"},
            .help = {"Ce qui est ajouté, ou prend la place.", "What is added, or takes the place."},
            .bounds = {0, 80},
            .example = "Accueil - ",
            .group = "treatment"}),
      text(&IncomingRoute::greeting_sound,
           {.name = "greeting_sound",
            .title = {"Annonce d'accueil", "Greeting"},
            .help = {"Son joué avant la destination ; vide : aucun.",
                     "Sound played before the destination; empty: none."},
            .bounds = {0, 128},
            .characters = {"A-Za-z0-9_/.-", {"lettres, chiffres et _ / . -", "letters, digits and _ / . -"}},
            .example = "hello-world",
            .group = "treatment"}),
      reference(&IncomingRoute::schedule, {.name = "schedule",
                                           .title = {"Horaire", "Schedule"},
                                           .help = {"Quand les appels sont pris ; aucun : toujours.",
                                                    "When calls are taken; none: always."},
                                           .reference = "schedule",
                                           .example = "1",
                                           .group = "treatment"}),
      destination(&IncomingRoute::destination, {.name = "destination",
                                                .title = {"Destination", "Destination"},
                                                .help = {"Où vont les appels.", "Where calls go."},
                                                .group = "treatment",
                                                .listed = true}),
  };
}

}  // namespace

const KindSchema& incoming_route_kind() {
  static const TypedKind<IncomingRoute> kKind(
      kSpec, [](const IncomingRoute& route) { return route.name; },
      joined({general_fields(), call_fields(), treatment_fields()}));
  return kKind;
}

}  // namespace xivo::model
