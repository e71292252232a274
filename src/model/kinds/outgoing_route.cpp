#include "model/kinds/outgoing_route.hpp"

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/kinds/trunk.hpp"
#include "model/numbering/pattern.hpp"
#include "model/numbering/rewrite.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

constexpr CharacterClass kPatternCharacters{
    "0-9*#+XZNxzn_.![]-",
    {"chiffres, * # + ; derrière _ aussi X Z N [ ] . !", "digits, * # +; behind _ also X Z N [ ] . !"}};
constexpr CharacterClass kDialled{"0-9*#+", {"chiffres, * # et +", "digits, * # and +"}};

const OutgoingRoute& route_of(const RuleInput& input) {
  return *input.config.find(OutgoingRouteId{input.id});
}

/// Callers from outside look their numbers up in contexts of type incall: nothing there may lead out again.
void context_is_not_for_incoming_calls(const RuleInput& input, Problems& problems) {
  const OutgoingRoute& route = route_of(input);
  const Context* context = input.config.find(route.context);
  if (context == nullptr || context->type != "incall") return;
  report(input, problems, Rule::ContextType, "context").facts = {
      {"use", "outgoing_route"}, {"context", context->name}, {"type", context->type}};
}

void expressions_can_be_read(const RuleInput& input, Problems& problems) {
  const OutgoingRoute& route = route_of(input);
  for (std::size_t i = 0; i < route.patterns.size(); ++i) {
    const OutgoingPattern& row = route.patterns[i];
    if (row.match_regex.empty() || numbering::Rewrite::parse(row.match_regex, row.replace)) continue;
    report(input, problems, Rule::Pattern, "patterns." + std::to_string(i) + ".match_regex").facts = {
        {"value", row.match_regex}};
  }
}

const KindSpec kSpec{
    .name = "outgoing_route",
    .plural = "outgoing_routes",
    .title = {"Route sortante", "Outgoing route"},
    .plural_title = {"Routes sortantes", "Outgoing routes"},
    .help = {"Par où sortent les appels vers l'extérieur, et sous quelle forme.",
             "Where calls to the outside go out, and in which form."},
    .rules = {context_is_not_for_incoming_calls, expressions_can_be_read},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"numbers", {"Numéros", "Numbers"}},
               {"way", {"Chemin", "Way"}}},
};

std::vector<Field> number_fields() {
  return {
      text(&OutgoingPattern::pattern,
           {.name = "pattern",
            .title = {"Numéro ou modèle", "Number or pattern"},
            .help = {"Ce qui est composé, sans le préfixe de sortie : 18, _0ZXXXXXXXX, _00X.",
                     "What is dialled, without the digit for the outside: 18, _0ZXXXXXXXX, _00X."},
            .required = true,
            .bounds = {1, 40},
            .characters = kPatternCharacters,
            .accepts = numbering::is_number_or_pattern,
            .example = "_0ZXXXXXXXX"}),
      text(&OutgoingPattern::external_prefix,
           {.name = "external_prefix",
            .title = {"Préfixe de sortie", "Outside digit"},
            .help = {"Le chiffre que l'on compose devant, et qui n'est jamais envoyé.",
                     "The digit that is dialled in front and never sent."},
            .bounds = {0, 8},
            .characters = {"0-9*#", {"chiffres, * et #", "digits, * and #"}},
            .example = "0"}),
      integer(&OutgoingPattern::strip_digits,
              {.name = "strip_digits",
               .title = {"Chiffres ôtés", "Digits stripped"},
               .help = {"Nombre de chiffres ôtés au début, préfixe de sortie non compris.",
                        "How many digits are taken off the front, the outside digit not counted."},
               .bounds = {0, 20},
               .example = "0"}),
      text(&OutgoingPattern::prefix, {.name = "prefix",
                                      .title = {"Préfixe ajouté", "Prefix added"},
                                      .help = {"Ce qui est mis devant le numéro, en dernier.",
                                               "What is put in front of the number, at last."},
                                      .bounds = {0, 20},
                                      .characters = kDialled,
                                      .example = ""}),
  };
}

std::vector<Field> rewriting_fields() {
  return {
      text(&OutgoingPattern::match_regex,
           {.name = "match_regex",
            .title = {"Expression régulière", "Regular expression"},
            .help = {"Réécrit le numéro entier quand elle le reconnaît ; vide : pas de réécriture.",
                     "Rewrites the whole number when it matches; empty: no rewriting."},
            .bounds = {0, 64},
            .characters = {" -~", {"caractères ASCII", "ASCII characters"}},
            .example = "0([1-9].*)"}),
      text(&OutgoingPattern::replace,
           {.name = "replace",
            .title = {"Remplacement", "Replacement"},
            .help = {"Le nouveau numéro ; \\1 à \\9 valent ce que les parenthèses ont pris.",
                     "The new number; \\1 to \\9 stand for what the parentheses took."},
            .bounds = {0, 40},
            .characters = {"0-9*#+\\", {"chiffres, * # + et \\1 à \\9", "digits, * # + and \\1 to \\9"}},
            .example = "\\1"}),
      text(&OutgoingPattern::caller_id,
           {.name = "caller_id",
            .title = {"Numéro présenté", "Number shown"},
            .help = {"Pour qui n'en a pas de propre ; « anonymous » : aucun ; vide : celui du trunk.",
                     "For those who have none of their own; \"anonymous\": none; empty: the trunk's."},
            .bounds = {0, 80},
            .characters = {"0-9+*#a-z", {"un numéro, ou anonymous", "a number, or anonymous"}},
            .example = "+33123456789"}),
  };
}

std::vector<Field> general_fields() {
  return {
      text(&OutgoingRoute::name, {.name = "name",
                                  .title = {"Nom", "Name"},
                                  .help = {"Nom de la route.", "The route's name."},
                                  .required = true,
                                  .unique = true,
                                  .bounds = {1, 128},
                                  .example = "National",
                                  .group = "general",
                                  .listed = true}),
      integer(&OutgoingRoute::priority,
              {.name = "priority",
               .title = {"Priorité", "Priority"},
               .help = {"La plus petite d'abord ; à égalité, le modèle le plus précis.",
                        "The lowest first; of equal ones, the most specific pattern."},
               .bounds = {1, 1000},
               .example = "1",
               .group = "general",
               .listed = true}),
      reference(&OutgoingRoute::context,
                {.name = "context",
                 .title = {"Contexte", "Context"},
                 .help = {"Où ses numéros existent ; les contextes qui l'incluent peuvent les composer.",
                          "Where its numbers exist; contexts that include it can dial them."},
                 .required = true,
                 .reference = "context",
                 .example = "1",
                 .group = "general",
                 .listed = true}),
      boolean(&OutgoingRoute::emergency,
              {.name = "emergency",
               .title = {"Urgences", "Emergency"},
               .help = {"Les numéros d'urgence sortent par les trunks de cette route, et d'elle seule.",
                        "Emergency numbers go out by the trunks of this route, and of no other."},
               .example = "false",
               .group = "general"}),
      boolean(&OutgoingRoute::enabled,
              {.name = "enabled",
               .title = {"Activée", "Enabled"},
               .help = {"Une route désactivée ne prend aucun appel.", "A disabled route takes no call."},
               .example = "true",
               .group = "general"}),
      text(&OutgoingRoute::description, {.name = "description",
                                         .title = {"Description", "Description"},
                                         .help = {"Texte libre.", "Any text."},
                                         .bounds = {0, 1024},
                                         .example = "Fixes et mobiles français",
                                         .group = "general"}),
  };
}

std::vector<Field> way_fields() {
  return {
      reference_list(
          &OutgoingRoute::trunks,
          {.name = "trunks",
           .title = {"Trunks", "Trunks"},
           .help = {"Essayés dans l'ordre ; le suivant en cas d'encombrement ou d'indisponibilité seulement.",
                    "Tried in order; the next one on congestion or when one is unavailable only."},
           .bounds = {0, 20},
           .reference = "trunk",
           .example = "1",
           .group = "way",
           .listed = true}),
      reference(&OutgoingRoute::schedule, {.name = "schedule",
                                           .title = {"Horaire", "Schedule"},
                                           .help = {"Quand la route prend des appels ; aucun : toujours. "
                                                    "Fermée sans destination, elle cède à la suivante.",
                                                    "When the route takes calls; none: always. Closed "
                                                    "without a destination it gives way to the next."},
                                           .reference = "schedule",
                                           .example = "1",
                                           .group = "way"}),
      boolean(&OutgoingRoute::internal_caller_id,
              {.name = "internal_caller_id",
               .title = {"Numéro interne présenté", "Internal number shown"},
               .help = {"Montre le numéro interne de l'appelant, comme entre deux sites.",
                        "Shows the caller's internal number, as between two sites."},
               .example = "false",
               .group = "way"}),
      integer(&OutgoingRoute::ring_seconds,
              {.name = "ring_seconds",
               .title = {"Durée de sonnerie", "Ring time"},
               .help = {"0 : jusqu'à ce que l'appelant raccroche.", "0: until the caller hangs up."},
               .bounds = {0, 10'800},
               .unit = "s",
               .example = "0",
               .group = "way"}),
  };
}

}  // namespace

const KindSchema& outgoing_route_kind() {
  static const TypedKind<OutgoingRoute> kKind(
      kSpec, [](const OutgoingRoute& route) { return route.name; },
      joined(
          {general_fields(),
           {rows(
               &OutgoingRoute::patterns,
               {.name = "patterns",
                .title = {"Numéros", "Numbers"},
                .help =
                    {"Ce que la route prend, et ce qu'elle en fait : le préfixe de sortie et les chiffres à "
                     "ôter s'en vont, l'expression réécrit, le préfixe s'ajoute.",
                     "What the route takes, and what it makes of it: the outside digit and the digits to "
                     "strip go, the expression rewrites, the prefix is added."},
                .bounds = {0, 200},
                .group = "numbers"},
               joined({number_fields(), rewriting_fields()}))},
           way_fields()}));
  return kKind;
}

const DestinationType& outcall_destination() {
  static const DestinationType kType = destination_type<ToOutcall>(
      "outcall", {"Numéro extérieur", "Outside number"},
      {"Un numéro de l'extérieur, par une route sortante.", "A number outside, by an outgoing route."},
      {text(&ToOutcall::exten,
            {.name = "exten",
             .title = {"Numéro", "Number"},
             .help = {"Le numéro, avec le préfixe de sortie.", "The number, with the outside digit."},
             .required = true,
             .bounds = {1, 40},
             .characters = kDialled,
             .example = "102"}),
       reference(&ToOutcall::route, {.name = "route",
                                     .title = {"Route sortante", "Outgoing route"},
                                     .help = {"Laquelle ; aucune : la première qui prend ce numéro.",
                                              "Which one; none: the first that takes the number."},
                                     .reference = "outgoing_route",
                                     .example = "1"})});
  return kType;
}

}  // namespace xivo::model
