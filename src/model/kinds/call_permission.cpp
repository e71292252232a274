#include "model/kinds/call_permission.hpp"

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model {

namespace {

using namespace declare;
constexpr CharacterClass kPatternCharacters{
    "0-9*#+XZNxzn_.![]-",
    {"chiffres, * # + ; derrière _ aussi X Z N [ ] . !", "digits, * # +; behind _ also X Z N [ ] . !"}};

const KindSpec kSpec{
    .name = "call_permission",
    .plural = "call_permissions",
    .title = {"Droit d'appel", "Call permission"},
    .plural_title = {"Droits d'appel", "Call permissions"},
    .help =
        {"Interdit à des utilisateurs ou à une route d'appeler certains numéros, ou le permet. Les numéros "
         "d'urgence sont toujours permis.",
         "Forbids users or a route to call certain numbers, or allows it. Emergency numbers are always "
         "allowed."},
    .key = "name",
    .groups = {{"general", {"Général", "General"}}, {"who", {"Pour qui", "For whom"}}},
};

std::vector<Field> rule_fields() {
  return {
      text(&CallPermission::name, {.name = "name",
                                   .title = {"Nom", "Name"},
                                   .help = {"Comment les gens l'appellent.", "What people call it."},
                                   .required = true,
                                   .unique = true,
                                   .bounds = {1, 128},
                                   .example = "International",
                                   .group = "general",
                                   .listed = true}),
      choice(&CallPermission::mode,
             {.name = "mode",
              .title = {"Mode", "Mode"},
              .help = {"Interdire ou permettre. De deux droits du même niveau, celui qui permet l'emporte.",
                       "Deny or allow. Of two permissions at one level the one that allows wins."},
              .choices = {{"deny", {"interdire", "deny"}}, {"allow", {"permettre", "allow"}}},
              .example = "deny",
              .group = "general",
              .listed = true}),
      text_list(
          &CallPermission::extensions,
          {.name = "extensions",
           .title = {"Numéros", "Numbers"},
           .help = {"Numéros ou motifs, comme on les compose, avec ou sans le chiffre pour l'extérieur.",
                    "Numbers or patterns, as they are dialled, with or without the digit for the outside."},
           .required = true,
           .bounds = {0, 500},
           .characters = kPatternCharacters,
           .accepts = numbering::is_number_or_pattern,
           .example = "_00X.",
           .group = "general",
           .listed = true}),
      secret(
          &CallPermission::password,
          {.name = "password",
           .title = {"Code", "Code"},
           .help = {"Qui compose ce code peut appeler malgré l'interdiction. Le code propre à un utilisateur "
                    "le remplace pour lui.",
                    "Whoever enters this code may call in spite of the prohibition. A user's own code takes "
                    "its place for him."},
           .bounds = {1, 40},
           .characters = {"0-9*#", {"chiffres, * et #", "digits, * and #"}},
           .example = "4711",
           .group = "general"}),
      boolean(&CallPermission::enabled,
              {.name = "enabled",
               .title = {"Activé", "Enabled"},
               .help = {"Un droit désactivé est ignoré.", "A disabled one is ignored."},
               .example = "true",
               .group = "general",
               .listed = true}),
      text(&CallPermission::description, {.name = "description",
                                          .title = {"Description", "Description"},
                                          .help = {"Texte libre.", "Any text."},
                                          .bounds = {0, 1024},
                                          .example = "Décision de la direction du 3 mars",
                                          .group = "general",
                                          .advanced = true}),
  };
}

std::vector<Field> who_fields() {
  return {
      reference_list(&CallPermission::users,
                     {.name = "users",
                      .title = {"Utilisateurs", "Users"},
                      .help = {"À qui il s'applique : à leurs appels, renvois et transferts.",
                               "To whom it applies: to their calls, forwards and transfers."},
                      .bounds = {0, 10'000},
                      .reference = "user",
                      .example = "1",
                      .group = "who"}),
      reference_list(&CallPermission::outgoing_routes,
                     {.name = "outgoing_routes",
                      .title = {"Routes sortantes", "Outgoing routes"},
                      .help = {"À tous ceux qui sortent par elles, si aucun droit d'utilisateur n'en décide.",
                               "To everybody who goes out by them, unless a user's permission decides."},
                      .bounds = {0, 500},
                      .reference = "outgoing_route",
                      .example = "1",
                      .group = "who"}),
  };
}

}  // namespace

const KindSchema& call_permission_kind() {
  static const TypedKind<CallPermission> kKind(
      kSpec, [](const CallPermission& permission) { return permission.name; },
      joined({rule_fields(), who_fields()}));
  return kKind;
}

}  // namespace xivo::model
