#include "api/users/user_columns.hpp"

#include <algorithm>
#include <array>

#include "model/schema.hpp"

namespace xivo::api {
namespace {

using Part = UserPart;

// In XiVO's order; what stands here of a user comes first, the rest of the user's fields last.
constexpr std::array kKnown{
    UserColumn{"uuid", Part::User, "uuid"},
    UserColumn{"firstname", Part::User, "firstname"},
    UserColumn{"lastname", Part::User, "lastname"},
    UserColumn{"email", Part::User, "email"},
    UserColumn{"language", Part::User, "language"},
    UserColumn{"mobile_phone_number", Part::User, "mobile_phone_number"},
    UserColumn{"outgoing_caller_id", Part::User, "outgoing_caller_id"},
    UserColumn{"enabled", Part::User, "enabled"},
    UserColumn{"supervision_enabled", Part::User, "supervision_enabled"},
    UserColumn{"call_transfer_enabled", Part::User, "call_transfer_enabled"},
    UserColumn{"dtmf_hangup_enabled", Part::User, "dtmf_hangup_enabled"},
    UserColumn{"simultaneous_calls", Part::User, "simultaneous_calls"},
    UserColumn{"ring_seconds", Part::User, "ring_seconds"},
    UserColumn{"call_permission_password", Part::User, "call_permission_password"},
    UserColumn{"username", Part::User, "username"},
    UserColumn{"exten", Part::Extension, "exten"},
    UserColumn{"context", Part::Extension, "context"},
    UserColumn{"line_protocol", Part::Line, "protocol"},
    UserColumn{"sip_username", Part::Line, "name"},
    UserColumn{"sip_secret", Part::Line, "secret"},
    UserColumn{"incall_exten", Part::Incall, "exten"},
    UserColumn{"incall_context", Part::Incall, "context"},
    UserColumn{"incall_ring_seconds", Part::Incall, "destination.ring_seconds"},
    UserColumn{"voicemail_name", Part::Voicemail, "name"},
    UserColumn{"voicemail_number", Part::Voicemail, "number"},
    UserColumn{"voicemail_context", Part::Voicemail, "context"},
    UserColumn{"voicemail_password", Part::Voicemail, "password"},
    UserColumn{"voicemail_email", Part::Voicemail, "email"},
    UserColumn{"voicemail_attach_audio", Part::Voicemail, "attach_audio"},
    UserColumn{"voicemail_delete_messages", Part::Voicemail, "delete_messages"},
    UserColumn{"voicemail_ask_password", Part::Voicemail, "ask_password"},
    UserColumn{"call_permissions", Part::Permission, "users"},
};

constexpr model::Words kFallbacks{"les destinations de repli se règlent sur la page de l'utilisateur",
                                  "fallback destinations are set on the user's own page"};
constexpr std::array kIgnored{
    IgnoredColumn{
        "entity_id",
        {"les utilisateurs sont ceux du système, sans entité", "users are the system's, without an entity"}},
    IgnoredColumn{"password",
                  {"les utilisateurs ne se connectent pas encore à des logiciels",
                   "users do not sign in to software yet"}},
    IgnoredColumn{"cti_profile_enabled", {"il n'y a pas de client CTI", "there is no CTI client"}},
    IgnoredColumn{"cti_profile_name", {"il n'y a pas de client CTI", "there is no CTI client"}},
    IgnoredColumn{"fallback_noanswer", kFallbacks},
    IgnoredColumn{"fallback_busy", kFallbacks},
    IgnoredColumn{"fallback_congestion", kFallbacks},
    IgnoredColumn{"fallback_fail", kFallbacks},
    IgnoredColumn{"provisioning_code",
                  {"les téléphones ne se configurent pas encore d'eux-mêmes",
                   "telephones do not configure themselves yet"}},
};

/// An object that people call by its key can be named in a cell; the mailbox has columns of its own.
bool fits_a_cell(const model::Field& field) {
  if (field.type == model::FieldType::Destination) return false;
  if (field.type != model::FieldType::Reference) return true;
  return !model::find_kind(field.reference)->spec().key.empty();
}

std::vector<UserColumn> all_columns() {
  std::vector<UserColumn> all(kKnown.begin(), kKnown.end());
  for (const model::Field& field : model::find_kind("user")->fields()) {
    const bool known = std::any_of(kKnown.begin(), kKnown.end(), [&](const UserColumn& c) {
      return c.part == Part::User && c.field == field.name;
    });
    if (!known && fits_a_cell(field)) all.push_back({field.name, Part::User, field.name});
  }
  return all;
}

}  // namespace

const std::vector<UserColumn>& user_columns() {
  static const std::vector<UserColumn> kAll = all_columns();
  return kAll;
}

const UserColumn* find_user_column(std::string_view name) {
  const auto& all = user_columns();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const UserColumn& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::span<const IgnoredColumn> ignored_user_columns() { return kIgnored; }

bool is_exported(const UserColumn& column) {
  const bool of_user = column.part == Part::User;
  return !(of_user && model::find_kind("user")->field(column.field)->write_only()) &&
         column.field != "secret" && !(column.part == Part::Voicemail && column.field == "password");
}

}  // namespace xivo::api
