#include "base/text.hpp"
#include "model/config_index.hpp"
#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

bool is_host(std::string_view text) {
  return text == "dynamic" || parse_fixed_host(text) || parse_named_host(text);
}

const SipLine& line_of(const RuleInput& input) { return *input.config.line(SipLineId{input.id}); }

Problem::Other other_line(const SipLine& line) { return {"line", line.id.value, line.name}; }

/// A phone without a password could be registered by anybody.
void dynamic_line_has_secret(const RuleInput& input, Problems& problems) {
  const SipLine& line = line_of(input);
  if (line.host == "dynamic" && line.secret.empty()) report(input, problems, Rule::Required, "secret");
}

/// Browsers register; nothing else would say where one is.
void browser_registers(const RuleInput& input, Problems& problems) {
  const SipLine& line = line_of(input);
  const bool browser = line.profile == "webrtc" || line.transport == "ws";
  if (!browser || line.host == "dynamic") return;
  Problem& problem = report(input, problems, Rule::UnknownChoice, "host");
  problem.facts = {{"value", line.host}, {"choices", "dynamic"}};
}

/// A call from a fixed peer is known by its source address alone.
void fixed_host_is_of_one_line(const RuleInput& input, Problems& problems) {
  const SipLine& line = line_of(input);
  const auto host = parse_fixed_host(line.host);
  if (!host) return;
  for (const SipLine* other : input.config.lines_at(host->ip)) {
    if (other->id == line.id || parse_fixed_host(other->host)->port != host->port) continue;
    Problem& problem = report(input, problems, Rule::NotUnique, "host");
    problem.facts = {{"value", line.host}};
    problem.other = other_line(*other);
    return;
  }
}

const KindSpec kSpec{
    .name = "line",
    .plural = "lines",
    .title = {"Ligne SIP", "SIP line"},
    .plural_title = {"Lignes SIP", "SIP lines"},
    .help = {"Le compte SIP d'un téléphone, ou un équipement à adresse fixe. Les numéros y mènent par leur "
             "destination.",
             "The SIP account of a telephone, or a peer with a fixed address. Numbers lead to it by their "
             "destination."},
    .rules = {dynamic_line_has_secret, browser_registers, fixed_host_is_of_one_line},
    .key = "name",
    .groups = {{"account", {"Compte", "Account"}},
               {"place", {"À qui, où", "Whose, where"}},
               {"signalling", {"Signalisation et voix", "Signalling and voice"}}},
};

std::vector<Field> account_fields() {
  return {
      text(&SipLine::name,
           {.name = "name",
            .title = {"Identifiant SIP", "SIP user name"},
            .help = {"Nom d'utilisateur avec lequel le téléphone s'enregistre.",
                     "The user name the phone registers with."},
            .required = true,
            .unique = true,
            .bounds = {1, 40},
            .characters = {"A-Za-z0-9_.+-", {"lettres, chiffres et _ . + -", "letters, digits and _ . + -"}},
            .example = "alice-bureau",
            .group = "account",
            .listed = true}),
      choice(
          &SipLine::profile,
          {.name = "profile",
           .title = {"Profil", "Profile"},
           .help = {"Ce qui se trouve au bout de la ligne. Téléphone : l'appelé voit le numéro et le nom de "
                    "la ligne ou de son utilisateur. Navigateur (WebRTC) : de même, et la voix est toujours "
                    "chiffrée (DTLS-SRTP, ICE, RTP et RTCP sur un seul port). Autre système "
                    "(autocommutateur, passerelle) : le numéro "
                    "d'appelant que donne chaque appel est gardé, et les appels vers lui portent le numéro "
                    "composé (Request-URI et To) au lieu du nom du compte.",
                    "What is at the other end. Telephone: the called party is shown the number and name of "
                    "the line or its user. Browser (WebRTC): the same, and the voice is always encrypted "
                    "(DTLS-SRTP, ICE, RTP and RTCP on one port). Other system (PBX, gateway): the caller's "
                    "number that each of its "
                    "calls gives is kept, and calls to it carry the number that was dialled (Request-URI and "
                    "To) instead of the account's name."},
           .choices = {{"phone", {"téléphone", "telephone"}},
                       {"webrtc", {"navigateur (WebRTC)", "browser (WebRTC)"}},
                       {"trunk",
                        {"autre système (autocommutateur, passerelle)", "other system (PBX, gateway)"}}},
           .example = "phone",
           .group = "account"}),
      secret(
          &SipLine::secret,
          {.name = "secret",
           .title = {"Mot de passe SIP", "SIP password"},
           .help =
               {"Mot de passe du téléphone ; jamais relu. Nécessaire sauf pour un équipement à adresse fixe.",
                "The phone's password; never read back. Needed except for a peer with a fixed address."},
           .bounds = {6, 128},
           .characters = {"!-~", {"caractères ASCII sans espace", "ASCII characters without blanks"}},
           .example = "k7Qw9zT2xB4m",
           .group = "account"}),
  };
}

std::vector<Field> place_fields() {
  return {
      reference(&SipLine::user, {.name = "user",
                                 .title = {"Utilisateur", "User"},
                                 .help = {"À qui est la ligne ; personne : un équipement.",
                                          "Whose line it is; nobody: a device."},
                                 .reference = "user",
                                 .example = "1",
                                 .group = "place",
                                 .listed = true}),
      integer(&SipLine::position,
              {.name = "position",
               .title = {"Rang", "Position"},
               .help = {"Rang parmi les lignes de l'utilisateur ; la première est la principale.",
                        "Position among the user's lines; the first is the main one."},
               .bounds = {1, 100},
               .example = "1",
               .group = "place",
               .advanced = true}),
      reference(&SipLine::context,
                {.name = "context",
                 .title = {"Contexte", "Context"},
                 .help = {"Contexte d'où partent les appels de la ligne ; aucun : elle ne peut appeler que "
                          "les fonctions.",
                          "The context in which the line's calls start; none: it can call features only."},
                 .reference = "context",
                 .example = "1",
                 .group = "place",
                 .listed = true}),
  };
}

std::vector<Field> signalling_fields() {
  return {
      integer(&SipLine::max_contacts,
              {.name = "max_contacts",
               .title = {"Enregistrements", "Registrations"},
               .help = {"Nombre de téléphones enregistrés en même temps avec ce compte.",
                        "How many phones may be registered with this account at a time."},
               .bounds = {1, 20},
               .example = "10",
               .group = "signalling",
               .advanced = true}),
      text_list(&SipLine::codecs,
                {.name = "codecs",
                 .title = {"Codecs", "Codecs"},
                 .help = {"Codecs proposés, par ordre de préférence.", "Codecs offered, best first."},
                 .required = true,
                 .bounds = {1, 4},
                 .choices = {{"alaw", {"G.711 loi A", "G.711 A-law"}},
                             {"g722", {"G.722 (large bande)", "G.722 (wideband)"}},
                             {"opus", {"Opus", "Opus"}},
                             {"ulaw", {"G.711 loi µ", "G.711 µ-law"}}},
                 .example = "alaw",
                 .group = "signalling"}),
      choice(&SipLine::transport,
             {.name = "transport",
              .title = {"Transport", "Transport"},
              .help = {"Transport que le téléphone peut utiliser ; « TCP » admet aussi TLS, « WebSocket » "
                       "avec ou sans TLS.",
                       "Transport the phone may use; \"TCP\" allows TLS, too, \"WebSocket\" is with TLS or "
                       "without."},
              .choices = {{"any", {"indifférent", "any"}},
                          {"udp", {"UDP", "UDP"}},
                          {"tcp", {"TCP", "TCP"}},
                          {"tls", {"TLS (signalisation chiffrée)", "TLS (encrypted signalling)"}},
                          {"ws", {"WebSocket (navigateur)", "WebSocket (browser)"}}},
              .example = "any",
              .group = "signalling",
              .advanced = true}),
      choice(&SipLine::encryption, {.name = "encryption",
                                    .title = {"Chiffrement de la voix", "Voice encryption"},
                                    .help = {"Sans effet sur un navigateur (WebRTC), toujours chiffré. SRTP, "
                                             "clés échangées dans la signalisation (SDES) : à réserver "
                                             "aux téléphones en TLS, car qui lit "
                                             "la signalisation lit les clés. Facultatif : chiffré si le "
                                             "téléphone le veut. Obligatoire : tout "
                                             "appel sans chiffrement est refusé (488).",
                                             "Without effect on a browser (WebRTC), which always encrypts. "
                                             "SRTP, its keys exchanged in the signalling (SDES): meant for "
                                             "telephones on TLS, since whoever "
                                             "reads the signalling reads the keys. Optional: encrypted if "
                                             "the telephone wants it. Required: a "
                                             "call without encryption is refused (488)."},
                                    .choices = {{"no", {"non", "no"}},
                                                {"optional", {"facultatif", "optional"}},
                                                {"required", {"obligatoire", "required"}}},
                                    .example = "optional",
                                    .group = "signalling",
                                    .advanced = true}),
      choice(
          &SipLine::dtmf_mode,
          {.name = "dtmf_mode",
           .title = {"Touches (DTMF)", "Key presses (DTMF)"},
           .help = {"Comment le téléphone envoie et reçoit les touches. Automatique : par RFC 4733 si le "
                    "téléphone le sait, sinon par tonalités dans la voix. Entre deux téléphones de modes "
                    "différents, les touches sont traduites.",
                    "How the telephone sends and gets key presses. Automatic: by RFC 4733 if the telephone "
                    "knows it, else as tones in the voice. Between two telephones of different modes they "
                    "are translated."},
           .choices = {{"auto", {"automatique", "automatic"}},
                       {"rfc4733", {"RFC 4733 (téléphone-événement)", "RFC 4733 (telephone events)"}},
                       {"info", {"SIP INFO", "SIP INFO"}},
                       {"inband", {"tonalités dans la voix", "tones in the voice"}}},
           .example = "auto",
           .group = "signalling",
           .advanced = true}),
  };
}

std::vector<Field> peer_fields() {
  return {
      text(&SipLine::host,
           {.name = "host",
            .title = {"Adresse", "Address"},
            .help =
                {"« dynamic » : le téléphone s'enregistre. Sinon adresse[:port] d'un équipement fixe "
                 "(passerelle, autre autocommutateur), reconnu à cette adresse et dispensé de mot de passe ; "
                 "ou nom[:port], cherché dans le DNS à chaque appel vers lui.",
                 "\"dynamic\": the phone registers. Otherwise address[:port] of a fixed peer (gateway, "
                 "other PBX), recognised by that address and not asked for a password; or name[:port], "
                 "which is looked up in the DNS for each call to it."},
            .required = true,
            .bounds = {1, 64},
            .accepts = is_host,
            .broken = Rule::NotAnAddress,
            .example = "dynamic",
            .group = "account",
            .listed = true}),
      boolean(&SipLine::enabled,
              {.name = "enabled",
               .title = {"Activée", "Enabled"},
               .help = {"Une ligne désactivée ne peut ni s'enregistrer, ni appeler, ni sonner.",
                        "A disabled line can neither register, nor call, nor ring."},
               .example = "true",
               .group = "account",
               .listed = true}),
  };
}

}  // namespace

const KindSchema& sip_line_kind() {
  static const TypedKind<SipLine> kKind(
      kSpec, [](const SipLine& line) { return line.name; },
      joined({account_fields(), place_fields(), signalling_fields(), peer_fields()}));
  return kKind;
}

const DestinationType& sip_line_destination() {
  static const DestinationType kType = destination_type<ToLine>(
      "line", {"Ligne SIP", "SIP line"},
      {"Une ligne sonne, ou un équipement à adresse fixe est appelé.",
       "One line rings, or a peer with a fixed address is called."},
      {reference(&ToLine::line, {.name = "line",
                                 .title = {"Ligne SIP", "SIP line"},
                                 .help = {"La ligne appelée.", "The line that is called."},
                                 .required = true,
                                 .reference = "line",
                                 .example = "1"}),
       integer(&ToLine::ring_seconds,
               {.name = "ring_seconds",
                .title = {"Durée de sonnerie", "Ringing time"},
                .help = {"0 : jusqu'à ce que l'appelant raccroche.", "0: until the caller hangs up."},
                .bounds = {0, 10'800},
                .unit = "s",
                .example = "30"})});
  return kType;
}

}  // namespace xivo::model
