#include "model/access.hpp"
#include "model/declare.hpp"
#include "model/kinds/access_rules.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

/// Who may touch an account has all that its role allows: nobody reaches above himself by way of another's account.
void role_is_the_authors_to_give(const RuleInput& input, Problems& problems) {
  const auto* before = static_cast<const Account*>(input.before);
  for (const Account* account : {before, input.config.find(AccountId{input.id})}) {
    const Role* role = account == nullptr ? nullptr : input.config.find(account->role);
    if (role != nullptr) check_author(input, role->rights, "role", problems);
  }
}

const KindSpec kSpec{
    .name = "account",
    .plural = "accounts",
    .title = {"Compte", "Account"},
    .plural_title = {"Comptes", "Accounts"},
    .help =
        {"Une personne ou un programme qui administre le système. Le mot de passe se donne à part et n'est "
         "dans aucun historique.",
         "A person or a program that administers the system. The password is set apart from it and is in "
         "no history."},
    .rules = {role_is_the_authors_to_give, an_administrator_remains},
    .removal_rules = {role_is_the_authors_to_give, an_administrator_remains},
    .key = "name",
};

std::vector<Field> fields() {
  return {
      text(&Account::name,
           {.name = "name",
            .title = {"Identifiant", "Account name"},
            .help = {"Ce que l'on tape pour s'identifier.", "What is typed to sign in."},
            .required = true,
            .unique = true,
            .bounds = {1, 64},
            .characters = {"a-z0-9._@+-",
                           {"minuscules, chiffres et . _ @ + -", "small letters, digits and . _ @ + -"}},
            .example = "jeanne"}),
      reference(&Account::role,
                {.name = "role",
                 .title = {"Rôle", "Role"},
                 .help = {"Ce que le compte a le droit de faire.", "What the account may do."},
                 .required = true,
                 .reference = "role",
                 .example = "1"}),
      choice(&Account::language,
             {.name = "language",
              .title = {"Langue", "Language"},
              .help = {"Langue des pages et des messages.", "Language of pages and messages."},
              .choices = {{"auto", {"celle du navigateur", "the browser's"}},
                          {"fr", {"français", "French"}},
                          {"en", {"anglais", "English"}}},
              .example = "fr"}),
      text(&Account::email, {.name = "email",
                             .title = {"Courriel", "E-mail"},
                             .help = {"Adresse à laquelle écrire à qui tient le compte.",
                                      "Where to write to whoever holds the account."},
                             .bounds = {3, 254},
                             .accepts = is_mail_address,
                             .example = "jeanne@example.com"}),
      reference(&Account::user, {.name = "user",
                                 .title = {"Utilisateur", "User"},
                                 .help = {"L'utilisateur du téléphone qui tient le compte, s'il en est un.",
                                          "The telephone's user who holds the account, if there is one."},
                                 .reference = "user",
                                 .example = "1"}),
      boolean(
          &Account::enabled,
          {.name = "enabled",
           .title = {"Activé", "Enabled"},
           .help = {"Un compte désactivé ne s'identifie plus ; ses sessions et ses jetons ne valent rien.",
                    "A disabled account cannot sign in; its sessions and tokens are worth nothing."},
           .example = "true"}),
  };
}

}  // namespace

void an_administrator_remains(const RuleInput& input, Problems& problems) {
  const bool removal = table_of(input.config, input.kind).find(input.id) == nullptr;
  if (has_administrator(input.config) || (!removal && input.config.objects<Account>().empty())) return;
  report(input, problems, Rule::LastAdministrator, "");
}

void check_author(const RuleInput& input, const std::vector<std::string>& rights, std::string_view field,
                  Problems& problems) {
  if (input.rights == nullptr) return;
  const auto missing = input.rights->missing(rights);
  if (missing.empty()) return;
  report(input, problems, Rule::AboveOwnRights, field).facts = {{"scope", std::string(missing)}};
}

const KindSchema& account_kind() {
  static const TypedKind<Account> kKind(kSpec, [](const Account& account) { return account.name; }, fields());
  return kKind;
}

}  // namespace xivo::model
