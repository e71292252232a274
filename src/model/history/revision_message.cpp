#include "model/history/revision_message.hpp"

#include <algorithm>
#include <array>

namespace xivo::model {
namespace {

struct MessageWords {
  RevisionMessage message;
  std::string_view name;  // in storage
  Words words;  // {} stands for the fact
};

using Message = RevisionMessage;
constexpr std::array kMessages{
    MessageWords{Message::FeatureCodes,
                 "feature-codes",
                 {"Codes des fonctions de cette version", "Codes of the features of this version"}},
    MessageWords{Message::FirstObjects,
                 "first-objects",
                 {"Ce avec quoi tout système commence", "What every system starts with"}},
    MessageWords{Message::ExampleCompany,
                 "example-company",
                 {"Entreprise d'exemple du premier démarrage", "Example company of the first start"}},
    MessageWords{Message::RolesAndAccounts,
                 "roles-and-accounts",
                 {"Rôles et comptes du système", "Roles and accounts of the system"}},
    MessageWords{Message::NumbersOfLines,
                 "numbers-of-lines",
                 {"Contextes et numéros tirés des lignes d'une version précédente",
                  "Contexts and extensions out of the lines of an earlier version"}},
    MessageWords{Message::FirstRunWizard, "first-run-wizard", {"Première configuration", "First setup"}},
    MessageWords{Message::UserTable, "user-table", {"Import d'utilisateurs", "Import of users"}},
    MessageWords{Message::Undo, "undo", {"Annulation de la révision {}", "Undo of revision {}"}},
    MessageWords{Message::Return, "return", {"Retour à la révision {}", "Return to revision {}"}},
};

std::string with_fact(std::string_view words, std::string_view fact) {
  std::string text(words);
  if (const auto place = text.find("{}"); place != std::string::npos) text.replace(place, 2, fact);
  return text;
}

}  // namespace

std::string revision_message(RevisionMessage message, std::string_view fact) {
  std::string text;
  for (const MessageWords& each : kMessages) {
    if (each.message == message) text.append("@").append(each.name);
  }
  if (!fact.empty()) text.append(":").append(fact);
  return text;
}

std::string worded_message(std::string_view message, Language language) {
  const bool data = message.starts_with('@');
  const auto colon = std::min(message.find(':'), message.size());
  const auto name = data ? message.substr(1, colon - 1) : std::string_view();
  for (const MessageWords& each : kMessages) {
    if (data && each.name == name)
      return with_fact(each.words.in(language), message.substr(std::min(colon + 1, message.size())));
    if (each.words.english == message) return std::string(each.words.in(language));
  }
  return std::string(message);
}

}  // namespace xivo::model
