#include "model/declare.hpp"
#include "model/kinds/user_fields.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model {

namespace {

using namespace declare;

Field switched(bool User::* member, std::string_view name, Words title, Words help) {
  return boolean(member,
                 {.name = name, .title = title, .help = help, .example = "false", .group = "forwards"});
}

Field number(std::string User::* member, std::string_view name, Words title) {
  return text(member, {.name = name,
                       .title = title,
                       .help = {"Numéro, composé avec les droits de l'utilisateur.",
                                "Number, dialled with the user's rights."},
                       .bounds = {0, 40},
                       .characters = {"0-9*#+", {"chiffres, * # et +", "digits, * # and +"}},
                       .example = "102",
                       .group = "forwards"});
}

Field fallback(Destination User::* member, std::string_view name, Words title) {
  return destination(member,
                     {.name = name,
                      .title = title,
                      .help = {"Où vont les appels quand l'utilisateur n'a pas de renvoi pour ce cas.",
                               "Where calls go when the user has no forward for the case."},
                      .group = "forwards",
                      .advanced = true});
}

}  // namespace

void forwards_have_numbers(const RuleInput& input, Problems& problems) {
  const User& user = *input.config.find(UserId{input.id});
  const auto check = [&](bool enabled, const std::string& to, std::string_view field) {
    if (enabled && to.empty()) report(input, problems, Problem::Rule::Required, field);
  };
  check(user.forward_unconditional_enabled, user.forward_unconditional_destination,
        "forward_unconditional_destination");
  check(user.forward_busy_enabled, user.forward_busy_destination, "forward_busy_destination");
  check(user.forward_noanswer_enabled, user.forward_noanswer_destination, "forward_noanswer_destination");
}

std::vector<Field> user_forward_fields() {
  return {
      switched(&User::dnd_enabled, "dnd_enabled", {"Ne pas déranger", "Do not disturb"},
               {"L'utilisateur est occupé pour tous.", "The user is busy for everybody."}),
      switched(&User::forward_unconditional_enabled, "forward_unconditional_enabled",
               {"Renvoi de tous les appels", "Unconditional forward"},
               {"Aucune ligne ne sonne.", "No line rings."}),
      number(&User::forward_unconditional_destination, "forward_unconditional_destination",
             {"Renvoi de tous les appels vers", "Unconditional forward to"}),
      switched(&User::forward_busy_enabled, "forward_busy_enabled",
               {"Renvoi sur occupation", "Forward on busy"},
               {"Quand l'utilisateur est occupé, ne veut pas être dérangé ou refuse l'appel.",
                "When the user is busy, does not want to be disturbed or rejects the call."}),
      number(&User::forward_busy_destination, "forward_busy_destination",
             {"Renvoi sur occupation vers", "Forward on busy to"}),
      switched(&User::forward_noanswer_enabled, "forward_noanswer_enabled",
               {"Renvoi sur non-réponse", "Forward on no answer"},
               {"Quand personne ne répond, ou qu'aucun téléphone n'est joignable.",
                "When nobody answers, or no phone can be reached."}),
      number(&User::forward_noanswer_destination, "forward_noanswer_destination",
             {"Renvoi sur non-réponse vers", "Forward on no answer to"}),
      fallback(&User::fallback_noanswer, "fallback_noanswer",
               {"À défaut de réponse", "Else when nobody answers"}),
      fallback(&User::fallback_busy, "fallback_busy", {"À défaut, si occupé", "Else when busy"}),
      fallback(&User::fallback_congestion, "fallback_congestion",
               {"À défaut, si encombré", "Else on congestion"}),
      fallback(&User::fallback_fail, "fallback_fail", {"À défaut, si injoignable", "Else when unreachable"}),
      text_list(&User::blocklist,
                {.name = "blocklist",
                 .title = {"Appelants refusés", "Blocked callers"},
                 .help = {"Numéros ou modèles d'appelants de l'extérieur qui ne passent pas.",
                          "Numbers or patterns of callers from the outside who do not get through."},
                 .bounds = {0, 500},
                 .characters = {"0-9*#+XZNxzn_.![]-", {"un numéro ou un modèle", "a number or a pattern"}},
                 .accepts = numbering::is_number_or_pattern,
                 .example = "_0899XXXXXX",
                 .group = "forwards",
                 .advanced = true}),
      reference(&User::schedule, {.name = "schedule",
                                  .title = {"Horaire", "Schedule"},
                                  .help = {"Quand l'utilisateur prend des appels ; aucun : toujours.",
                                           "When the user takes calls; none: always."},
                                  .reference = "schedule",
                                  .example = "1",
                                  .group = "forwards",
                                  .advanced = true}),
  };
}

}  // namespace xivo::model
