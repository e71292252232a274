#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/language.hpp"

/// Why the system itself made a revision, or made one in somebody's name who gave no reason: kept as data, worded when somebody
/// reads it, in that reader's language.
/// Shape   "@example-company", "@undo:41"
namespace xivo::model {

enum class RevisionMessage : std::uint8_t {
  FeatureCodes,
  FirstObjects,
  ExampleCompany,
  RolesAndAccounts,
  NumbersOfLines,
  FirstRunWizard,
  UserTable,
  Undo,  // the revision's number
  Return,  // the same
};

std::string revision_message(RevisionMessage message, std::string_view fact = {});

/// The sentence of such a message, or of one that an earlier version kept in English; what a person wrote comes back as it is.
std::string worded_message(std::string_view message, Language language);

}  // namespace xivo::model
