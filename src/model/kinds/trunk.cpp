#include "model/kinds/trunk.hpp"

#include "base/ip_network.hpp"
#include "model/config_index.hpp"
#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

bool is_trunk_host(std::string_view text) { return parse_fixed_host(text) || parse_named_host(text); }

namespace {

using namespace declare;
using Rule = Problem::Rule;

/// A network larger than this is everybody: calls from it would be let in unasked.
constexpr unsigned kNarrowest = 8;

const Trunk& trunk_of(const RuleInput& input) { return *input.config.find(TrunkId{input.id}); }

void registering_has_an_account(const RuleInput& input, Problems& problems) {
  const Trunk& trunk = trunk_of(input);
  if (trunk.registers && trunk.username.empty()) report(input, problems, Rule::Required, "username");
}

bool is_network(std::string_view text) {
  const auto network = IpNetwork::parse(text);
  if (!network) return false;
  const unsigned bits = network->address.is_v4() ? network->prefix - 96U : network->prefix;
  return bits >= kNarrowest;
}

void addresses_are_networks(const RuleInput& input, Problems& problems) {
  const Trunk& trunk = trunk_of(input);
  for (const std::string& text : trunk.match_addresses) {
    if (is_network(text)) continue;
    report(input, problems, Rule::Pattern, "match_addresses").facts = {{"value", text}};
  }
}

bool overlap(const IpNetwork& a, const IpNetwork& b) {
  return a.prefix < b.prefix ? a.contains(b.address) : b.contains(a.address);
}

/// The networks and addresses that are written down; the ones that a name has are not known here.
std::vector<IpNetwork> sources_of(const Trunk& trunk) {
  std::vector<IpNetwork> all;
  if (const auto host = parse_fixed_host(trunk.host); host && host->port == 0)
    all.push_back(IpNetwork::host(host->ip));
  for (const std::string& text : trunk.match_addresses)
    if (const auto network = IpNetwork::parse(text)) all.push_back(*network);
  return all;
}

/// A call of a trunk that does not register is known by its source address alone.
void source_is_of_one_trunk(const RuleInput& input, Problems& problems) {
  const Trunk& trunk = trunk_of(input);
  if (trunk.registers || !trunk.enabled) return;
  for (const auto& [id, other] : input.config.objects<Trunk>()) {
    if (id == input.id || other->registers || !other->enabled) continue;
    for (const IpNetwork& mine : sources_of(trunk)) {
      for (const IpNetwork& theirs : sources_of(*other)) {
        if (!overlap(mine, theirs)) continue;
        Problem& problem = report(input, problems, Rule::NotUnique, "match_addresses");
        problem.facts = {{"value", mine.to_string()}};
        problem.other = Problem::Other{"trunk", id, other->name};
        return;
      }
    }
  }
}

/// Calls of a trunk may reach what an incall context offers; an internal context would let strangers dial out.
void context_is_for_incoming_calls(const RuleInput& input, Problems& problems) {
  const Context* context = input.config.find(trunk_of(input).context);
  if (context == nullptr || context->type == "incall") return;
  report(input, problems, Rule::ContextType, "context").facts = {
      {"use", "trunk"}, {"context", context->name}, {"type", context->type}};
}

const KindSpec kSpec{
    .name = "trunk",
    .plural = "trunks",
    .title = {"Trunk", "Trunk"},
    .plural_title = {"Trunks", "Trunks"},
    .help = {"Un accès vers l'extérieur : opérateur, autre autocommutateur ou passerelle.",
             "A way to the outside: an operator, another PBX or a gateway."},
    .rules = {registering_has_an_account, addresses_are_networks, source_is_of_one_trunk,
              context_is_for_incoming_calls},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"account", {"Compte chez l'opérateur", "Account with the operator"}},
               {"incoming", {"Appels entrants", "Incoming calls"}},
               {"outgoing", {"Appels sortants", "Outgoing calls"}},
               {"signalling", {"Signalisation et voix", "Signalling and voice"}}},
};

constexpr CharacterClass kAccountCharacters{
    "!#-;=?-~",
    {"caractères ASCII sans espace ni guillemet ni < >", "ASCII characters without blanks, quotes and < >"}};
constexpr CharacterClass kNumberCharacters{"0-9+", {"chiffres, + devant", "digits, + in front"}};

Field host_field(std::string Trunk::* member, FieldSpec spec) {
  spec.bounds = {1, 253};
  spec.accepts = is_trunk_host;
  spec.broken = Rule::NotAnAddress;
  return text(member, std::move(spec));
}

Field account_text(std::string Trunk::* member, FieldSpec spec) {
  spec.bounds = {1, 128};
  spec.characters = kAccountCharacters;
  spec.group = "account";
  return text(member, std::move(spec));
}

std::vector<Field> general_fields() {
  return {
      text(&Trunk::name, {.name = "name",
                          .title = {"Nom", "Name"},
                          .help = {"Nom court, par lequel les routes et les scripts désignent le trunk.",
                                   "Short name by which routes and scripts call the trunk."},
                          .required = true,
                          .unique = true,
                          .bounds = {1, 40},
                          .characters = kNameCharacters,
                          .example = "operateur",
                          .group = "general",
                          .listed = true}),
      text(&Trunk::label, {.name = "label",
                           .title = {"Libellé", "Label"},
                           .help = {"Comment les gens l'appellent.", "What people call it."},
                           .bounds = {0, 128},
                           .example = "Opérateur principal",
                           .group = "general",
                           .listed = true}),
      boolean(&Trunk::enabled, {.name = "enabled",
                                .title = {"Activé", "Enabled"},
                                .help = {"Un trunk désactivé ne s'enregistre pas et ne passe aucun appel.",
                                         "A disabled trunk does not register and carries no call."},
                                .example = "true",
                                .group = "general",
                                .listed = true}),
      text(&Trunk::template_name,
           {.name = "template",
            .title = {"Modèle", "Template"},
            .help = {"Modèle d'opérateur d'après lequel le trunk a été rempli.",
                     "The operator's template that the trunk was filled in from."},
            .bounds = {0, 64},
            .characters = {"a-z0-9-", {"lettres minuscules, chiffres et -", "small letters, digits and -"}},
            .example = "ovh",
            .group = "general",
            .advanced = true}),
      text(&Trunk::description,
           {.name = "description",
            .title = {"Description", "Description"},
            .help = {"Remarques : contrat, numéro du support.", "Notes: contract, number of the support."},
            .bounds = {0, 1024},
            .example = "Contrat 4711",
            .group = "general",
            .advanced = true}),
  };
}

std::vector<Field> account_fields() {
  return {
      host_field(
          &Trunk::host,
          {.name = "host",
           .title = {"Serveur", "Server"},
           .help = {"Adresse ou domaine SIP de l'opérateur, avec ou sans port. Un domaine est cherché "
                    "dans le DNS (NAPTR, SRV), et le serveur suivant essayé si le premier se tait.",
                    "The operator's address or SIP domain, with or without a port. A domain is "
                    "looked up in the DNS (NAPTR, SRV), and the next server tried when one is silent."},
           .required = true,
           .example = "sip.example.com",
           .group = "account",
           .listed = true}),
      account_text(&Trunk::username, {.name = "username",
                                      .title = {"Identifiant", "User name"},
                                      .help = {"Nom du compte chez l'opérateur ; souvent un numéro.",
                                               "Name of the account with the operator; often a number."},
                                      .example = "0033123456789"}),
      account_text(&Trunk::auth_username,
                   {.name = "auth_username",
                    .title = {"Identifiant d'authentification", "Authentication name"},
                    .help = {"S'il diffère de l'identifiant.", "If it differs from the user name."},
                    .example = "auth-4711",
                    .advanced = true}),
      secret(&Trunk::secret,
             {.name = "secret",
              .title = {"Mot de passe", "Password"},
              .help = {"Mot de passe du compte ; jamais relu.", "The account's password; never read back."},
              .bounds = {1, 128},
              .example = "k7Qw9zT2xB4m",
              .group = "account"}),
      boolean(&Trunk::registers,
              {.name = "register",
               .title = {"S'enregistrer", "Register"},
               .help = {"S'enregistrer chez l'opérateur (REGISTER). Non : l'opérateur connaît notre adresse.",
                        "Register with the operator. No: the operator knows our address."},
               .example = "true",
               .group = "account",
               .listed = true}),
      host_field(&Trunk::registrar, {.name = "registrar",
                                     .title = {"Serveur d'enregistrement", "Registrar"},
                                     .help = {"S'il diffère du serveur.", "If it differs from the server."},
                                     .example = "reg.example.com",
                                     .group = "account",
                                     .advanced = true}),
      integer(&Trunk::register_expires, {.name = "register_expires",
                                         .title = {"Durée d'enregistrement", "Registration time"},
                                         .help = {"Durée demandée ; l'opérateur peut en donner une autre.",
                                                  "Time asked for; the operator may give another one."},
                                         .bounds = {60, 86'400},
                                         .unit = "s",
                                         .example = "600",
                                         .group = "account",
                                         .advanced = true}),
      host_field(&Trunk::outbound_proxy,
                 {.name = "outbound_proxy",
                  .title = {"Proxy sortant", "Outbound proxy"},
                  .help = {"Où tout est envoyé (SBC de l'opérateur) ; vide : directement au serveur.",
                           "Where everything is sent (the operator's SBC); empty: to the server itself."},
                  .example = "sbc.example.com:5060",
                  .group = "account",
                  .advanced = true}),
      account_text(&Trunk::from_user,
                   {.name = "from_user",
                    .title = {"Utilisateur de From", "From user"},
                    .help = {"Imposé par certains opérateurs ; vide : le numéro présenté.",
                             "Imposed by some operators; empty: the number that is shown."},
                    .example = "0033123456789",
                    .advanced = true}),
      host_field(&Trunk::from_domain, {.name = "from_domain",
                                       .title = {"Domaine de From", "From domain"},
                                       .help = {"S'il diffère du serveur.", "If it differs from the server."},
                                       .example = "example.com",
                                       .group = "account",
                                       .advanced = true}),
  };
}

std::vector<Field> incoming_fields() {
  return {
      reference(
          &Trunk::context,
          {.name = "context",
           .title = {"Contexte des appels entrants", "Context of incoming calls"},
           .help = {"Contexte (de type entrant) où les numéros appelés sont cherchés ; aucun : les appels "
                    "du trunk sont refusés.",
                    "Context (of type incall) in which the called numbers are looked for; none: the "
                    "trunk's calls are refused."},
           .reference = "context",
           .example = "2",
           .group = "incoming",
           .listed = true}),
      text_list(
          &Trunk::match_addresses,
          {.name = "match_addresses",
           .title = {"Adresses reconnues", "Recognised addresses"},
           .help = {"Adresses ou réseaux (/8 au moins) d'où viennent les appels de l'opérateur, en plus "
                    "de celles du serveur. Personne d'autre n'entre sans mot de passe.",
                    "Addresses or networks (/8 at least) that the operator's calls come from, besides "
                    "the server's own. Nobody else comes in without a password."},
           .bounds = {0, 64},
           .characters = {"0-9A-Fa-f.:/", {"une adresse IP ou un réseau", "an IP address or a network"}},
           .example = "198.51.100.0/24",
           .group = "incoming"}),
      integer(&Trunk::max_channels_in,
              {.name = "max_channels_in",
               .title = {"Appels entrants simultanés", "Simultaneous incoming calls"},
               .help = {"0 : sans limite.", "0: no limit."},
               .bounds = {0, 10'000},
               .example = "10",
               .group = "incoming"}),
      boolean(&Trunk::identity_in,
              {.name = "identity_in",
               .title = {"Croire l'identité reçue", "Believe the identity received"},
               .help = {"Prendre l'appelant dans P-Asserted-Identity : à réserver aux opérateurs.",
                        "Take the caller from P-Asserted-Identity: meant for operators."},
               .example = "true",
               .group = "incoming",
               .advanced = true}),
  };
}

std::vector<Field> outgoing_fields() {
  return {
      integer(&Trunk::max_channels_out,
              {.name = "max_channels_out",
               .title = {"Appels sortants simultanés", "Simultaneous outgoing calls"},
               .help = {"0 : sans limite. Au-delà, la route essaie le trunk suivant.",
                        "0: no limit. Above it the route tries the next trunk."},
               .bounds = {0, 10'000},
               .example = "10",
               .group = "outgoing"}),
      text(&Trunk::outgoing_caller_id,
           {.name = "outgoing_caller_id",
            .title = {"Numéro présenté", "Number shown"},
            .help = {"Pour ceux qui n'en ont pas à eux ; tel qu'on le compose, ou +33…",
                     "For those who have none of their own; as it is dialled, or +33…"},
            .bounds = {1, 32},
            .characters = kNumberCharacters,
            .example = "+33123456789",
            .group = "outgoing"}),
      choice(&Trunk::outgoing_caller_id_format,
             {.name = "outgoing_caller_id_format",
              .title = {"Forme des numéros", "Form of numbers"},
              .help = {"Forme dans laquelle l'opérateur veut les numéros.",
                       "The form in which the operator wants numbers."},
              .choices = {{"+E164", {"+33123456789", "+33123456789"}},
                          {"E164", {"33123456789", "33123456789"}},
                          {"national", {"0123456789 (national)", "0123456789 (national)"}}},
              .example = "+E164",
              .group = "outgoing"}),
      choice(&Trunk::identity_out,
             {.name = "identity_out",
              .title = {"Identité envoyée", "Identity sent"},
              .help = {"Comment l'opérateur apprend qui appelle, même en cas d'appel masqué.",
                       "How the operator is told who calls, even when the call is anonymous."},
              .choices = {{"none", {"From seulement", "From only"}},
                          {"pai", {"P-Asserted-Identity", "P-Asserted-Identity"}},
                          {"rpid", {"Remote-Party-ID", "Remote-Party-ID"}}},
              .example = "pai",
              .group = "outgoing",
              .advanced = true}),
      boolean(&Trunk::diversion_out, {.name = "diversion_out",
                                      .title = {"Dire les renvois", "Tell of forwards"},
                                      .help = {"Ajouter Diversion aux appels renvoyés vers l'extérieur.",
                                               "Add Diversion to calls that are forwarded to the outside."},
                                      .example = "false",
                                      .group = "outgoing",
                                      .advanced = true}),
      text(&Trunk::country,
           {.name = "country",
            .title = {"Pays", "Country"},
            .help = {"Pays (ISO 3166-1) dont l'opérateur parle les numéros ; vide : celui de "
                     "la société.",
                     "Country (ISO 3166-1) whose numbers the operator speaks; empty: the "
                     "company's."},
            .bounds = {2, 2},
            .characters = {"A-Z", {"lettres capitales", "capital letters"}},
            .example = "FR",
            .group = "outgoing",
            .advanced = true}),
  };
}

std::vector<Field> signalling_fields() {
  return {
      choice(&Trunk::transport,
             {.name = "transport",
              .title = {"Transport", "Transport"},
              .help = {"Indifférent : ce que dit le DNS, sinon UDP.", "Any: what the DNS says, else UDP."},
              .choices = {{"any", {"indifférent", "any"}},
                          {"udp", {"UDP", "UDP"}},
                          {"tcp", {"TCP", "TCP"}},
                          {"tls", {"TLS (signalisation chiffrée)", "TLS (encrypted signalling)"}}},
              .example = "udp",
              .group = "signalling"}),
      text_list(&Trunk::codecs,
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
      choice(
          &Trunk::dtmf_mode,
          {.name = "dtmf_mode",
           .title = {"Touches (DTMF)", "Keys (DTMF)"},
           .help = {"Comment les touches sont transmises. Automatique : RFC 4733 si l'opérateur l'accepte.",
                    "How keys are sent. Automatic: RFC 4733 if the operator takes it."},
           .choices = {{"auto", {"automatique", "automatic"}},
                       {"rfc4733", {"RFC 4733 (telephone-event)", "RFC 4733 (telephone-event)"}},
                       {"info", {"SIP INFO", "SIP INFO"}},
                       {"inband", {"dans la voix", "in the voice"}}},
           .example = "auto",
           .group = "signalling",
           .advanced = true}),
      choice(&Trunk::encryption,
             {.name = "encryption",
              .title = {"Chiffrement de la voix", "Voice encryption"},
              .help = {"SRTP, clés échangées dans la signalisation (SDES) : à réserver aux trunks en TLS.",
                       "SRTP, its keys exchanged in the signalling (SDES): meant for trunks on TLS."},
              .choices = {{"no", {"non", "no"}},
                          {"optional", {"facultatif", "optional"}},
                          {"required", {"obligatoire", "required"}}},
              .example = "no",
              .group = "signalling",
              .advanced = true}),
      integer(&Trunk::options_interval,
              {.name = "options_interval",
               .title = {"Surveillance", "Supervision"},
               .help = {"Intervalle des OPTIONS qui vérifient que l'opérateur répond ; 0 : aucun.",
                        "Interval of the OPTIONS that see whether the operator answers; 0: none."},
               .bounds = {0, 3'600},
               .unit = "s",
               .example = "60",
               .group = "signalling",
               .advanced = true}),
  };
}

}  // namespace

const KindSchema& trunk_kind() {
  static const TypedKind<Trunk> kKind(
      kSpec, [](const Trunk& trunk) { return trunk.title(); },
      joined(
          {general_fields(), account_fields(), incoming_fields(), outgoing_fields(), signalling_fields()}));
  return kKind;
}

}  // namespace xivo::model
