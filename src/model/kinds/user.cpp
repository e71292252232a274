#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;

/// One '@' with something on both sides and no blank; whether mail arrives there, only mail can tell.
bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
}

const KindSpec kSpec{
    .name = "user",
    .plural = "users",
    .title = {"Utilisateur", "User"},
    .plural_title = {"Utilisateurs", "Users"},
    .help = {"Une personne que l'on peut appeler. Ses téléphones sont ses lignes.",
             "A person who can be called. The telephones are the user's lines."},
};

std::vector<Field> identity_fields() {
  return {
      text(&User::uuid,
           {.name = "uuid",
            .title = {"UUID", "UUID"},
            .help = {"Identifiant universel, attribué à la création.",
                     "Universal identifier, assigned at creation."},
            .read_only = true,
            .assigned_uuid = true,
            .unique = true,
            .bounds = {36, 36},
            .characters = {"0-9a-f-", {"chiffres hexadécimaux et tirets", "hexadecimal digits, hyphens"}},
            .example = "7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f10"}),
      text(&User::firstname, {.name = "firstname",
                              .title = {"Prénom", "First name"},
                              .help = {"Prénom, ou nom du poste s'il n'est pas celui d'une personne.",
                                       "First name, or the name of a telephone that is nobody's."},
                              .required = true,
                              .bounds = {1, 128},
                              .example = "Alice"}),
      text(&User::lastname, {.name = "lastname",
                             .title = {"Nom", "Last name"},
                             .help = {"Nom de famille.", "Family name."},
                             .bounds = {0, 128},
                             .example = "Durand"}),
      text(&User::email,
           {.name = "email",
            .title = {"Courriel", "E-mail"},
            .help = {"Adresse à laquelle écrire à l'utilisateur ; deux utilisateurs ne la partagent pas.",
                     "Where to write to the user; no two users share it."},
            .unique = true,
            .bounds = {3, 254},
            .accepts = is_mail_address,
            .example = "alice@example.com"}),
  };
}

std::vector<Field> voice_fields() {
  return {
      text(&User::caller_id, {.name = "caller_id",
                              .title = {"Nom présenté", "Caller name"},
                              .help = {"Nom affiché chez l'appelé ; vide : prénom et nom.",
                                       "The name shown to whom the user calls; empty: first and last name."},
                              .bounds = {0, 160},
                              .example = "Alice Durand"}),
      choice(&User::language, {.name = "language",
                               .title = {"Langue", "Language"},
                               .help = {"Langue des annonces entendues par l'utilisateur.",
                                        "Language of the prompts the user hears."},
                               .choices = {{"fr_FR", {"français", "French"}},
                                           {"fr_CA", {"français (Canada)", "French (Canada)"}},
                                           {"en_US", {"anglais (États-Unis)", "English (United States)"}},
                                           {"en_GB", {"anglais (Royaume-Uni)", "English (United Kingdom)"}}},
                               .example = "fr_FR"}),
      text(&User::music_on_hold,
           {.name = "music_on_hold",
            .title = {"Musique d'attente", "Music on hold"},
            .help = {"Classe de musique que l'utilisateur fait entendre en attente ; vide : le silence.",
                     "Class of the music that the user's held callers hear; empty: silence."},
            .bounds = {0, 128},
            .characters = {"A-Za-z0-9_.-", {"lettres, chiffres et _ . -", "letters, digits and _ . -"}},
            .example = "default"}),
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
           .example = "30"}),
      integer(&User::simultaneous_calls,
              {.name = "simultaneous_calls",
               .title = {"Appels simultanés", "Simultaneous calls"},
               .help = {"Nombre d'appels en cours au-delà duquel l'utilisateur est occupé.",
                        "With so many calls in progress the user is busy."},
               .bounds = {1, 20},
               .example = "5"}),
      boolean(&User::call_waiting,
              {.name = "call_waiting",
               .title = {"Appel en attente", "Call waiting"},
               .help = {"Un second appel sonne pendant le premier ; sinon l'utilisateur est occupé.",
                        "A second call rings during the first; otherwise the user is busy."},
               .example = "true"}),
      boolean(&User::enabled, {.name = "enabled",
                               .title = {"Activé", "Enabled"},
                               .help = {"Un utilisateur désactivé ne peut ni appeler ni être appelé.",
                                        "A disabled user can neither call nor be called."},
                               .example = "true"}),
  };
}

}  // namespace

const KindSchema& user_kind() {
  static const TypedKind<User> kKind(
      kSpec, [](const User& user) { return user.full_name(); },
      joined({identity_fields(), voice_fields(), call_fields()}));
  return kKind;
}

}  // namespace xivo::model
