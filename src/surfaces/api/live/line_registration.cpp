#include "api/live/line_registration.hpp"

#include <fmt/format.h>

#include <set>

#include "api/live/live_values.hpp"
#include "api/wording.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Reason = RegistrationFailure::Reason;

constexpr std::int64_t kContactsMax = 100;  // what SipLine::max_contacts allows

class Report {
 public:
  Report(const Value& line, const LineState& state, Language language)
      : line_(line), state_(state), french_(language == Language::French), language_(language) {}

  Value make() {
    const std::string host = line_.text_at("host", "dynamic");
    if (!line_.boolean_at("enabled", true)) {
      report("disabled", say("La ligne est désactivée : aucun téléphone ne peut s'enregistrer ni appeler.",
                             "The line is disabled: no phone can register or call."));
      advise(say("Activer la ligne.", "Enable the line."), change("enabled", true));
    } else if (host != "dynamic") {
      report("fixed",
             fmt::format(fmt::runtime(say("La ligne a l'adresse fixe {} : elle ne s'enregistre pas.",
                                          "The line has the fixed address {}: it does not register.")),
                         host));
      if (!state_.failures.empty())
        advise(say("Si c'est un téléphone qui doit s'enregistrer, lui rendre une adresse dynamique.",
                   "If a phone is to register with it, make its address dynamic again."),
               change("host", "dynamic"));
    } else if (!state_.contacts.empty()) {
      registered();
      advise_on_failures();
    } else if (!state_.failures.empty()) {
      refused();
      advise_on_failures();
    } else {
      silent();
    }
    return value();
  }

 private:
  [[nodiscard]] std::string say(std::string_view in_french, std::string_view in_english) const {
    return std::string(french_ ? in_french : in_english);
  }
  void report(std::string_view state, std::string sentence) {
    name_ = state;
    sentence_ = std::move(sentence);
  }
  void advise(std::string sentence, Value what = {}) {
    Value item = Value::object({{"sentence", std::move(sentence)}});
    if (!what.is_null()) item.set("change", std::move(what));
    advice_.push_back(std::move(item));
  }
  [[nodiscard]] Value change(std::string_view field, Value to) const {
    return Value::object({{"kind", "line"},
                          {"id", line_.integer_at("id")},
                          {"fields", Value::object({{std::string(field), std::move(to)}})}});
  }

  void registered() {
    const auto& contact = state_.contacts.front();
    const std::string model =
        contact.user_agent.empty() ? say("un téléphone", "a phone") : contact.user_agent;
    if (state_.contacts.size() == 1) {
      return report("registered",
                    fmt::format(fmt::runtime(say("Enregistrée : {} à {}, depuis le {}.",
                                                 "Registered: {} at {}, since {}.")),
                                model, contact.source.to_string(), time_text(contact.registered)));
    }
    report("registered",
           fmt::format(fmt::runtime(say("Enregistrée par {} téléphones.", "Registered by {} phones.")),
                       state_.contacts.size()));
  }

  void refused() {
    const auto& failure = state_.failures.front();
    const bool once = failure.count == 1;
    std::string sentence =
        fmt::format(fmt::runtime(once ? say("Refusée une fois, le {1} depuis {2} : {3}",
                                            "Refused once, at {1} from {2}: {3}")
                                      : say("Refusée {} fois, la dernière le {} depuis {} : {}",
                                            "Refused {} times, last at {} from {}: {}")),
                    failure.count, time_text(failure.last), failure.source.ip.to_string(),
                    describe(failure.reason, language_));
    report("refused", sentence + (failure.detail.empty() ? "." : " (" + failure.detail + ")."));
  }

  void silent() {
    const std::string account = line_.text_at("name");
    if (state_.went) {
      report(
          "expired",
          fmt::format(fmt::runtime(say(
                          "Elle était enregistrée jusqu'au {} ; depuis, aucun téléphone ne s'est présenté.",
                          "It was registered until {}; no phone has come since.")),
                      time_text(*state_.went)));
      return advise(
          say("Vérifier que le téléphone est allumé, branché au réseau, et qu'il atteint ce serveur.",
              "Check that the phone is on and on the network, and that it reaches this server."));
    }
    report(
        "never",
        fmt::format(fmt::runtime(say(
                        "Depuis le démarrage ({}), aucun téléphone ne s'est présenté avec cet identifiant.",
                        "Since the start ({}), no phone has come with this user name.")),
                    time_text(state_.started)));
    advise(fmt::format(
        fmt::runtime(
            say("Dans le téléphone, donner l'adresse de ce serveur, l'identifiant « {} » et le mot de passe "
                "SIP de la ligne.",
                "Give the phone this server's address, the user name \"{}\" and the line's SIP password.")),
        account));
    advise(
        say("Si le téléphone est réglé, un pare-feu ou un autre réseau l'empêche peut-être d'atteindre ce "
            "serveur.",
            "If the phone is set up, a firewall or another network may keep it from reaching this server."));
  }

  void advise_on_failures() {
    std::set<Reason> told;
    for (const auto& failure : state_.failures) {
      if (told.insert(failure.reason).second) advise_on(failure);
    }
  }

  void advise_on(const RegistrationFailure& failure) {
    switch (failure.reason) {
      case Reason::WrongSecret:
        return advise(
            say("Saisir à nouveau le mot de passe SIP de la ligne dans le téléphone, ou en donner un nouveau "
                "à la ligne.",
                "Enter the line's SIP password into the phone again, or give the line a new one."));
      case Reason::WrongRealm:
        return advise(say("Laisser le domaine d'authentification (realm) du téléphone vide.",
                          "Leave the phone's authentication realm empty."));
      case Reason::WrongTransport:
        return advise(
            fmt::format(
                fmt::runtime(say("Régler le téléphone sur le transport {}, ou admettre tous les transports.",
                                 "Set the phone to transport {}, or allow every transport.")),
                line_.text_at("transport")),
            change("transport", "any"));
      case Reason::TooManyContacts: {
        const auto now = line_.integer_at("max_contacts");
        return advise(say("Éteindre un des autres téléphones de la ligne, ou en admettre un de plus.",
                          "Switch off one of the line's other phones, or allow one more."),
                      now > 0 && now < kContactsMax ? change("max_contacts", now + 1) : Value());
      }
      case Reason::IntervalTooBrief:
        return advise(say("Dans le téléphone, demander un enregistrement d'au moins 60 secondes.",
                          "Make the phone ask for a registration of at least 60 seconds."));
      case Reason::LockedOut:
        return advise(
            say("Corriger le mot de passe dans le téléphone, puis attendre : le blocage se lève de lui-même.",
                "Correct the password in the phone, then wait: the lock ends by itself."));
      case Reason::WrongPort:
        return advise(say("Régler le téléphone pour qu'il annonce le port dont il écrit (rport, NAT).",
                          "Set the phone so that it names the port it sends from (rport, NAT)."));
      case Reason::StaleNonce:
      case Reason::ReplayedNonce:
        return advise(say("Rien à faire si le téléphone recommence ; sinon le redémarrer.",
                          "Nothing to do when the phone tries again; otherwise restart it."));
      case Reason::Malformed:
        return advise(say("Mettre à jour le logiciel du téléphone : sa requête n'est pas du SIP correct.",
                          "Update the phone's software: its request is not correct SIP."));
      case Reason::UnknownUser:
      case Reason::Disabled:
      case Reason::FixedHost:
        return advise(say(
            "La ligne a été corrigée depuis : le prochain essai du téléphone dira s'il reste un obstacle.",
            "The line was corrected since: the phone's next attempt will tell whether anything is left."));
      case Reason::Other:
        return advise(
            say("Vérifier l'identifiant et le nom d'authentification du téléphone : tous deux sont ceux de "
                "la ligne.",
                "Check the phone's user name and authentication name: both are the line's."));
    }
  }

  Value value() {
    Value::List contacts;
    for (const auto& contact : state_.contacts) contacts.push_back(to_value(contact));
    Value::List failures;
    for (const auto& failure : state_.failures) failures.push_back(to_value(failure, language_));
    return Value::object({{"state", name_},
                          {"sentence", sentence_},
                          {"advice", std::move(advice_)},
                          {"contacts", std::move(contacts)},
                          {"failures", std::move(failures)}});
  }

  const Value& line_;
  const LineState& state_;
  const bool french_;
  const Language language_;
  std::string name_;
  std::string sentence_;
  Value::List advice_;
};

}  // namespace

Value line_registration_value(const Value& line, const LineState& state, Language language) {
  return Report(line, state, language).make();
}

}  // namespace xivo::api
