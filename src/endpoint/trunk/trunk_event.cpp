#include "endpoint/trunk/trunk_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xivo::endpoint {
namespace {

using Kind = TrunkEvent::Kind;

struct EventWords {
  Kind kind;
  std::string_view name;
  bool failure;
  /// {0} status, {1} seconds, {2} detail
  model::Words sentence;
};

constexpr std::array kEvents{
    EventWords{Kind::Registered,
               "registered",
               false,
               {"enregistré chez {2} pour {1} s", "registered with {2} for {1} s"}},
    EventWords{Kind::Refreshed,
               "refreshed",
               false,
               {"enregistrement renouvelé chez {2} pour {1} s", "registration renewed with {2} for {1} s"}},
    EventWords{
        Kind::Unregistered, "unregistered", false, {"enregistrement retiré", "registration withdrawn"}},
    EventWords{Kind::Expired,
               "expired",
               true,
               {"l'enregistrement a expiré avant d'avoir pu être renouvelé",
                "the registration ran out before it could be renewed"}},
    EventWords{Kind::WrongCredentials,
               "wrong-credentials",
               true,
               {"identifiant ou mot de passe refusé par l'opérateur ({0})",
                "user name or password refused by the operator ({0})"}},
    EventWords{Kind::Unanswerable,
               "unanswerable",
               true,
               {"l'opérateur demande une authentification que ce compte ne peut pas donner ({0})",
                "the operator asks for an authentication that this account cannot give ({0})"}},
    EventWords{Kind::Refused,
               "refused",
               true,
               {"refusé par l'opérateur : {0} {2}", "refused by the operator: {0} {2}"}},
    EventWords{Kind::IntervalTooBrief,
               "interval-too-brief",
               false,
               {"l'opérateur demande une durée d'au moins {1} s", "the operator asks for at least {1} s"}},
    EventWords{Kind::NotFound,
               "not-found",
               true,
               {"{2} est introuvable dans le DNS", "{2} cannot be found in the DNS"}},
    EventWords{Kind::Silent, "silent", true, {"{2} ne répond pas", "{2} does not answer"}},
    EventWords{Kind::Unreachable, "unreachable", true, {"{2} est injoignable", "{2} cannot be reached"}},
    EventWords{Kind::ConnectionLost,
               "connection-lost",
               true,
               {"la connexion à l'opérateur est coupée", "the connection to the operator is lost"}},
    EventWords{Kind::Answers, "answers", false, {"{2} répond", "{2} answers"}},
    EventWords{Kind::AnswersNot,
               "answers-not",
               true,
               {"{2} ne répond plus aux OPTIONS", "{2} no longer answers OPTIONS"}},
};

const EventWords& words_of(Kind kind) {
  return *std::find_if(kEvents.begin(), kEvents.end(), [&](const auto& row) { return row.kind == kind; });
}

}  // namespace

std::string_view name(Kind kind) { return words_of(kind).name; }
bool is_failure(Kind kind) { return words_of(kind).failure; }

std::string describe(const TrunkEvent& event, model::Language language) {
  return fmt::format(fmt::runtime(words_of(event.kind).sentence.in(language)), event.status, event.seconds,
                     event.detail);
}

void TrunkHistory::add(TrunkEvent event) {
  if (event.detail.size() > kDetailBytesMax) event.detail.resize(kDetailBytesMax);
  if (event.kind == Kind::Refreshed && !events_.empty() && events_.back().kind == Kind::Refreshed)
    events_.pop_back();
  events_.push_back(std::move(event));
  if (events_.size() > kEventsMax) events_.pop_front();
}

}  // namespace xivo::endpoint
