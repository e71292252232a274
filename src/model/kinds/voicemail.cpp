#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

/// Else the message would be nowhere.
void deleted_messages_are_sent(const RuleInput& input, Problems& problems) {
  const Voicemail& box = *input.config.find(VoicemailId{input.id});
  if (!box.delete_messages) return;
  if (box.email.empty()) report(input, problems, Rule::Required, "email");
  if (!box.attach_audio) report(input, problems, Rule::Required, "attach_audio");
}

const KindSpec kSpec{
    .name = "voicemail",
    .plural = "voicemails",
    .title = {"Boîte vocale", "Voicemail"},
    .plural_title = {"Boîtes vocales", "Voicemails"},
    .help = {"Une boîte vocale. Elle se configure dès maintenant ; ce système n'enregistre pas encore de "
             "messages.",
             "A mailbox. It can be configured now; this system takes no messages yet."},
    .rules = {deleted_messages_are_sent},
    .groups = {{"general", {"Général", "General"}}, {"messages", {"Messages", "Messages"}}},
};

std::vector<Field> identity_fields() {
  return {
      text(&Voicemail::name, {.name = "name",
                              .title = {"Nom", "Name"},
                              .help = {"À qui est la boîte.", "Whose box it is."},
                              .required = true,
                              .bounds = {1, 80},
                              .example = "Alice Durand",
                              .group = "general",
                              .listed = true}),
      text(&Voicemail::number, {.name = "number",
                                .title = {"Numéro", "Number"},
                                .help = {"Numéro de la boîte, unique dans son contexte.",
                                         "The box's number, unique in its context."},
                                .required = true,
                                .unique = true,
                                .unique_within = "context",
                                .bounds = {1, 40},
                                .characters = {"0-9", {"chiffres", "digits"}},
                                .example = "101",
                                .group = "general",
                                .listed = true}),
      reference(&Voicemail::context, {.name = "context",
                                      .title = {"Contexte", "Context"},
                                      .help = {"Contexte du numéro.", "The number's context."},
                                      .required = true,
                                      .reference = "context",
                                      .example = "1",
                                      .group = "general",
                                      .listed = true}),
      secret(&Voicemail::password,
             {.name = "password",
              .title = {"Code", "PIN"},
              .help = {"Code demandé pour consulter la boîte.", "PIN asked for to listen to the box."},
              .bounds = {1, 16},
              .characters = {"0-9", {"chiffres", "digits"}},
              .example = "48213",
              .group = "general"}),
      choice(&Voicemail::language,
             languages({.name = "language",
                        .title = {"Langue", "Language"},
                        .help = {"Langue des annonces de la boîte.", "Language of the box's prompts."},
                        .example = "fr_FR",
                        .group = "general",
                        .advanced = true})),
      text(&Voicemail::timezone, {.name = "timezone",
                                  .title = {"Fuseau horaire", "Time zone"},
                                  .help = {"Pour les heures annoncées ; vide : celui de la société.",
                                           "For the times told; empty: the company's."},
                                  .bounds = {1, 64},
                                  .characters = kZoneCharacters,
                                  .example = "Europe/Paris",
                                  .group = "general",
                                  .advanced = true}),
      boolean(&Voicemail::enabled,
              {.name = "enabled",
               .title = {"Activée", "Enabled"},
               .help = {"Une boîte désactivée ne prend pas de message.", "A disabled box takes no messages."},
               .example = "true",
               .group = "general"}),
  };
}

std::vector<Field> message_fields() {
  return {
      text(&Voicemail::email,
           {.name = "email",
            .title = {"Courriel", "E-mail"},
            .help = {"Adresse avertie de chaque message.", "Address that is told of each message."},
            .bounds = {3, 254},
            .accepts = is_mail_address,
            .example = "alice@example.com",
            .group = "messages",
            .listed = true}),
      integer(&Voicemail::max_messages,
              {.name = "max_messages",
               .title = {"Nombre de messages", "Messages"},
               .help = {"Combien de messages la boîte garde.", "How many messages the box keeps."},
               .bounds = {1, 10'000},
               .example = "100",
               .group = "messages",
               .advanced = true}),
      boolean(&Voicemail::attach_audio,
              {.name = "attach_audio",
               .title = {"Joindre le son", "Attach the sound"},
               .help = {"Le message est joint au courriel.", "The message goes with the e-mail."},
               .example = "true",
               .group = "messages"}),
      boolean(
          &Voicemail::delete_messages,
          {.name = "delete_messages",
           .title = {"Supprimer après l'envoi", "Delete when sent"},
           .help = {"Le message envoyé par courriel n'est pas gardé ; il faut une adresse et le son joint.",
                    "A message sent by e-mail is not kept; needs an address and the sound attached."},
           .example = "false",
           .group = "messages"}),
      boolean(&Voicemail::ask_password, {.name = "ask_password",
                                         .title = {"Demander le code", "Ask for the PIN"},
                                         .help = {"Le code est demandé, même depuis son propre téléphone.",
                                                  "The PIN is asked for, from the owner's telephone, too."},
                                         .example = "true",
                                         .group = "messages"}),
  };
}

}  // namespace

const KindSchema& voicemail_kind() {
  static const TypedKind<Voicemail> kKind(
      kSpec, [](const Voicemail& box) { return box.name; }, joined({identity_fields(), message_fields()}));
  return kKind;
}

const DestinationType& voicemail_destination() {
  static const DestinationType kType = destination_type<ToVoicemail>(
      "voicemail", {"Boîte vocale", "Voicemail"},
      {"Laisser un message ; ce système n'en prend pas encore et refuse l'appel.",
       "Leave a message; this system takes none yet and refuses the call."},
      {reference(&ToVoicemail::voicemail, {.name = "voicemail",
                                           .title = {"Boîte vocale", "Voicemail"},
                                           .help = {"Où laisser le message.", "Where to leave the message."},
                                           .required = true,
                                           .reference = "voicemail",
                                           .example = "1"}),
       choice(&ToVoicemail::greeting, {.name = "greeting",
                                       .title = {"Annonce", "Greeting"},
                                       .help = {"Annonce jouée d'abord.", "Greeting played first."},
                                       .choices = {{"none", {"aucune", "none"}},
                                                   {"busy", {"occupé", "busy"}},
                                                   {"unavailable", {"absent", "unavailable"}}},
                                       .example = "unavailable"}),
       boolean(&ToVoicemail::skip_instructions,
               {.name = "skip_instructions",
                .title = {"Sans mode d'emploi", "Skip instructions"},
                .help = {"Passer directement au bip.", "Go straight to the tone."},
                .example = "false"})});
  return kType;
}

}  // namespace xivo::model
