#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/kinds/user_fields.hpp"

namespace xivo::model {

namespace {

using namespace declare;

const KindSpec kSpec{
    .name = "user",
    .plural = "users",
    .title = {"Utilisateur", "User"},
    .plural_title = {"Utilisateurs", "Users"},
    .help = {"Une personne que l'on peut appeler. Ses téléphones sont ses lignes.",
             "A person who can be called. The telephones are the user's lines."},
    .rules = {forwards_have_numbers},
    .key = "uuid",
    .owned = {{"lines", "line", "user"},
              {"extensions", "extension", "destination"},
              {"voicemail", "voicemail", ""}},
    .groups = {{"person", {"Personne", "Person"}},
               {"calls", {"Appels", "Calls"}},
               {"forwards", {"Renvois", "Forwards"}},
               {"presentation", {"Présentation", "Presentation"}},
               {"rights", {"Droits", "Rights"}},
               {"recording", {"Enregistrement", "Recording"}}},
};

std::vector<Field> person_fields() {
  return {
      uuid(&User::uuid, "person"),
      text(&User::firstname, {.name = "firstname",
                              .title = {"Prénom", "First name"},
                              .help = {"Prénom, ou nom du poste s'il n'est pas celui d'une personne.",
                                       "First name, or the name of a telephone that is nobody's."},
                              .required = true,
                              .bounds = {1, 128},
                              .example = "Alice",
                              .group = "person",
                              .listed = true}),
      text(&User::lastname, {.name = "lastname",
                             .title = {"Nom", "Last name"},
                             .help = {"Nom de famille.", "Family name."},
                             .bounds = {0, 128},
                             .example = "Durand",
                             .group = "person",
                             .listed = true}),
      text(&User::email,
           {.name = "email",
            .title = {"Courriel", "E-mail"},
            .help = {"Adresse à laquelle écrire à l'utilisateur ; deux utilisateurs ne la partagent pas.",
                     "Where to write to the user; no two users share it."},
            .unique = true,
            .bounds = {3, 254},
            .accepts = is_mail_address,
            .example = "alice@example.com",
            .group = "person",
            .listed = true}),
      text(&User::mobile_phone_number,
           {.name = "mobile_phone_number",
            .title = {"Numéro de mobile", "Mobile number"},
            .help = {"Numéro du téléphone mobile.", "Number of the mobile telephone."},
            .bounds = {1, 40},
            .characters = {"0-9*#+", {"chiffres, * # et +", "digits, * # and +"}},
            .example = "0612345678",
            .group = "person"}),
      choice(&User::language, languages({.name = "language",
                                         .title = {"Langue", "Language"},
                                         .help = {"Langue des annonces entendues par l'utilisateur.",
                                                  "Language of the prompts the user hears."},
                                         .example = "fr_FR",
                                         .group = "person"})),
      text(&User::timezone, {.name = "timezone",
                             .title = {"Fuseau horaire", "Time zone"},
                             .help = {"Fuseau de l'utilisateur ; vide : celui de la société.",
                                      "The user's time zone; empty: the company's."},
                             .bounds = {1, 64},
                             .characters = kZoneCharacters,
                             .example = "Europe/Paris",
                             .group = "person",
                             .advanced = true}),
      text(&User::username, {.name = "username",
                             .title = {"Identifiant", "User name"},
                             .help = {"Nom sous lequel l'utilisateur se connecte à ses logiciels.",
                                      "The name under which the user signs in to software."},
                             .unique = true,
                             .bounds = {2, 254},
                             .example = "adurand",
                             .group = "person",
                             .advanced = true}),
      text(&User::userfield, {.name = "userfield",
                              .title = {"Champ libre", "User field"},
                              .help = {"À l'usage de la société.", "For the company's own use."},
                              .bounds = {0, 128},
                              .example = "Compta",
                              .group = "person",
                              .advanced = true}),
      text(&User::description, {.name = "description",
                                .title = {"Description", "Description"},
                                .help = {"Texte libre.", "Any text."},
                                .bounds = {0, 1024},
                                .example = "Bureau 204",
                                .group = "person",
                                .advanced = true}),
  };
}

std::vector<Field> presentation_fields() {
  return {
      text(&User::caller_id, {.name = "caller_id",
                              .title = {"Nom présenté", "Caller name"},
                              .help = {"Nom affiché chez l'appelé ; vide : prénom et nom.",
                                       "The name shown to whom the user calls; empty: first and last name."},
                              .bounds = {0, 160},
                              .example = "Alice Durand",
                              .group = "presentation"}),
      text(&User::outgoing_caller_id,
           {.name = "outgoing_caller_id",
            .title = {"Présentation à l'extérieur", "Outgoing caller id"},
            .help = {"Vers l'extérieur : « default », « anonymous » ou un numéro.",
                     "Towards the outside: \"default\", \"anonymous\" or a number."},
            .required = true,
            .bounds = {1, 80},
            .example = "default",
            .group = "presentation",
            .advanced = true}),
      text(&User::music_on_hold,
           {.name = "music_on_hold",
            .title = {"Musique d'attente", "Music on hold"},
            .help = {"Classe de musique que l'utilisateur fait entendre en attente ; vide : le silence.",
                     "Class of the music that the user's held callers hear; empty: silence."},
            .bounds = {0, 128},
            .characters = {"A-Za-z0-9_.-", {"lettres, chiffres et _ . -", "letters, digits and _ . -"}},
            .example = "default",
            .group = "presentation"}),
  };
}

std::vector<Field> call_fields() {
  return {
      integer(
          &User::ring_seconds,
          {.name = "ring_seconds",
           .title = {"Durée de sonnerie", "Ringing time"},
           .help =
               {"Temps pendant lequel les lignes sonnent avant le renvoi sur non-réponse ; 0 : jusqu'à ce "
                "que "
                "l'appelant raccroche.",
                "How long the lines ring before the call goes on as not answered; 0: until the caller hangs "
                "up."},
           .bounds = {0, 10'800},
           .unit = "s",
           .example = "30",
           .group = "calls"}),
      integer(&User::simultaneous_calls,
              {.name = "simultaneous_calls",
               .title = {"Appels simultanés", "Simultaneous calls"},
               .help = {"Nombre d'appels en cours au-delà duquel l'utilisateur est occupé.",
                        "With so many calls in progress the user is busy."},
               .bounds = {1, 20},
               .example = "5",
               .group = "calls"}),
      boolean(&User::call_waiting,
              {.name = "call_waiting",
               .title = {"Appel en attente", "Call waiting"},
               .help = {"Un second appel sonne pendant le premier ; sinon l'utilisateur est occupé.",
                        "A second call rings during the first; otherwise the user is busy."},
               .example = "true",
               .group = "calls"}),
      reference(&User::voicemail, {.name = "voicemail",
                                   .title = {"Boîte vocale", "Voicemail"},
                                   .help = {"La boîte de l'utilisateur.", "The user's mailbox."},
                                   .reference = "voicemail",
                                   .example = "1",
                                   .group = "calls"}),
      boolean(&User::enabled, {.name = "enabled",
                               .title = {"Activé", "Enabled"},
                               .help = {"Un utilisateur désactivé ne peut ni appeler ni être appelé.",
                                        "A disabled user can neither call nor be called."},
                               .example = "true",
                               .group = "calls",
                               .listed = true}),
  };
}

Field right(bool User::* member, std::string_view name, Words title, Words help, std::string_view example) {
  return boolean(
      member,
      {.name = name, .title = title, .help = help, .example = example, .group = "rights", .advanced = true});
}

std::vector<Field> right_fields() {
  return {
      right(&User::supervision_enabled, "supervision_enabled", {"Supervision", "Supervision"},
            {"D'autres peuvent voir si l'utilisateur est en communication.",
             "Others may see whether the user is in a call."},
            "true"),
      right(&User::call_transfer_enabled, "call_transfer_enabled",
            {"Transfert par touches", "Transfer by keys"},
            {"L'utilisateur peut transférer un appel en composant un code.",
             "The user may transfer a call by dialling a code."},
            "false"),
      right(
          &User::dtmf_hangup_enabled, "dtmf_hangup_enabled", {"Raccrocher par touches", "Hang up by keys"},
          {"L'utilisateur peut raccrocher en composant un code.", "The user may hang up by dialling a code."},
          "false"),
      secret(
          &User::call_permission_password,
          {.name = "call_permission_password",
           .title = {"Code d'autorisation", "Call permission code"},
           .help = {"Code de l'utilisateur, demandé à la place de celui d'un droit d'appel, qui n'est alors "
                    "pas accepté de lui.",
                    "The user's own code, asked for instead of that of a call permission, which is then not "
                    "accepted from him."},
           .bounds = {1, 16},
           .characters = {"0-9*#", {"chiffres, * et #", "digits, * and #"}},
           .example = "4821",
           .group = "rights",
           .advanced = true}),
      integer(&User::subscription_type, {.name = "subscription_type",
                                         .title = {"Type d'abonnement", "Subscription type"},
                                         .help = {"À l'usage de la société ; le système ne s'en sert pas.",
                                                  "For the company's own use; the system makes none of it."},
                                         .bounds = {0, 10},
                                         .example = "0",
                                         .group = "rights",
                                         .advanced = true}),
  };
}

Field recording(bool User::* member, std::string_view name, Words title) {
  return boolean(member, {.name = name,
                          .title = title,
                          .help = {"Ces appels sont à enregistrer.", "These calls are to be recorded."},
                          .example = "false",
                          .group = "recording",
                          .advanced = true});
}

std::vector<Field> recording_fields() {
  return {
      recording(&User::call_record_incoming_internal_enabled, "call_record_incoming_internal_enabled",
                {"Reçus de l'intérieur", "Received from inside"}),
      recording(&User::call_record_incoming_external_enabled, "call_record_incoming_external_enabled",
                {"Reçus de l'extérieur", "Received from outside"}),
      recording(&User::call_record_outgoing_internal_enabled, "call_record_outgoing_internal_enabled",
                {"Émis vers l'intérieur", "Made to the inside"}),
      recording(&User::call_record_outgoing_external_enabled, "call_record_outgoing_external_enabled",
                {"Émis vers l'extérieur", "Made to the outside"}),
      recording(&User::online_call_record_enabled, "online_call_record_enabled",
                {"À la demande, pendant l'appel", "On demand, during the call"}),
  };
}

}  // namespace

const KindSchema& user_kind() {
  static const TypedKind<User> kKind(
      kSpec, [](const User& user) { return user.full_name(); },
      joined({person_fields(), presentation_fields(), call_fields(), user_forward_fields(), right_fields(),
              recording_fields()}));
  return kKind;
}

const DestinationType& user_destination() {
  static const DestinationType kType = destination_type<ToUser>(
      "user", {"Utilisateur", "User"},
      {"Toutes les lignes de l'utilisateur sonnent.", "All the lines of the user ring."},
      {reference(&ToUser::user, {.name = "user",
                                 .title = {"Utilisateur", "User"},
                                 .help = {"Qui est appelé.", "Who is called."},
                                 .required = true,
                                 .reference = "user",
                                 .example = "1"}),
       integer(&ToUser::ring_seconds, {.name = "ring_seconds",
                                       .title = {"Durée de sonnerie", "Ringing time"},
                                       .help = {"0 : celle de l'utilisateur.", "0: the user's own."},
                                       .bounds = {0, 10'800},
                                       .unit = "s",
                                       .example = "0"})});
  return kType;
}

}  // namespace xivo::model
