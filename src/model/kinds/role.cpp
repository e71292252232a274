#include "model/access.hpp"
#include "model/declare.hpp"
#include "model/kinds/access_rules.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

constexpr std::size_t kShownMax = 80;  // bytes of an offending right that a problem repeats

const Role* before(const RuleInput& input) { return static_cast<const Role*>(input.before); }

std::string area_names() {
  std::string names;
  for (const Area& area : areas()) names += (names.empty() ? "" : ", ") + std::string(area.name);
  return names;
}

void rights_are_scopes(const RuleInput& input, Problems& problems) {
  for (const std::string& right : input.config.find(RoleId{input.id})->rights) {
    if (is_scope(right)) continue;
    report(input, problems, Rule::UnknownScope, "rights").facts = {{"value", right.substr(0, kShownMax)},
                                                                   {"areas", area_names()}};
  }
}

void supplied_role_stays(const RuleInput& input, Problems& problems) {
  const Role* was = before(input);
  if (was == nullptr || !is_supplied_role(was->name)) return;
  const Role* is = input.config.find(RoleId{input.id});
  if (is != nullptr && is->name == was->name && !is->rights.empty()) return;
  report(input, problems, Rule::SuppliedRole, is == nullptr ? "" : is->rights.empty() ? "rights" : "name");
}

/// Neither by a role of one's making nor by changing somebody else's does anybody get or take away what is above him.
void rights_are_the_authors_to_give(const RuleInput& input, Problems& problems) {
  for (const Role* role : {before(input), input.config.find(RoleId{input.id})}) {
    if (role != nullptr) check_author(input, role->rights, "rights", problems);
  }
}

const KindSpec kSpec{
    .name = "role",
    .plural = "roles",
    .title = {"Rôle", "Role"},
    .plural_title = {"Rôles", "Roles"},
    .help = {"Ce qu'un compte a le droit de faire.", "What an account may do."},
    .rules = {rights_are_scopes, supplied_role_stays, rights_are_the_authors_to_give,
              an_administrator_remains},
    .removal_rules = {supplied_role_stays, rights_are_the_authors_to_give},
    .key = "name",
};

std::vector<Field> fields() {
  return {
      text(&Role::name,
           {.name = "name",
            .title = {"Nom", "Name"},
            .help = {"Nom court du rôle ; celui d'un rôle fourni ne change pas.",
                     "Short name of the role; that of a supplied role does not change."},
            .required = true,
            .unique = true,
            .bounds = {1, 64},
            .characters = {"a-z0-9_-", {"minuscules, chiffres, _ et -", "small letters, digits, _ and -"}},
            .example = "helpdesk"}),
      text(&Role::label, {.name = "label",
                          .title = {"Libellé", "Label"},
                          .help = {"Nom affiché ; « français / English » : à chacun le sien.",
                                   "The name shown; \"français / English\": to each reader his own."},
                          .bounds = {1, 128},
                          .example = "Assistance"}),
      text(&Role::description, {.name = "description",
                                .title = {"Description", "Description"},
                                .help = {"À quoi sert le rôle ; de même en deux langues si l'on veut.",
                                         "What the role is for; in two languages, too, if wished."},
                                .bounds = {1, 500},
                                .example = "Aide les utilisateurs"}),
      text_list(
          &Role::rights,
          {.name = "rights",
           .title = {"Droits", "Rights"},
           .help = {"Chaque droit s'écrit domaine:action, par exemple user:read ; * vaut tout, d'un côté "
                    "comme de l'autre.",
                    "Each right is written area:action, for example user:read; * means all, on either "
                    "side."},
           .bounds = {0, 100},
           .example = "user:read"}),
  };
}

}  // namespace

const KindSchema& role_kind() {
  static const TypedKind<Role> kKind(kSpec, [](const Role& role) { return role.name; }, fields());
  return kKind;
}

}  // namespace xivo::model
