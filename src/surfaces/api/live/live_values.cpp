#include "api/live/live_values.hpp"

#include <algorithm>
#include <array>

#include "api/wording.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Reason = RegistrationFailure::Reason;

struct ReasonWords {
  Reason reason;
  std::string_view name;
  model::Words sentence;
};

constexpr std::array kReasons{
    ReasonWords{Reason::UnknownUser,
                "unknown-user",
                {"Aucune ligne ne porte cet identifiant", "No line has this user name"}},
    ReasonWords{Reason::WrongSecret,
                "wrong-secret",
                {"Le mot de passe SIP du téléphone n'est pas celui de la ligne",
                 "The phone's SIP password is not the line's"}},
    ReasonWords{
        Reason::WrongRealm,
        "wrong-realm",
        {"Le téléphone s'identifie pour un autre domaine", "The phone authenticates for another realm"}},
    ReasonWords{Reason::WrongTransport,
                "wrong-transport",
                {"La ligne n'admet pas ce transport", "The line does not allow this transport"}},
    ReasonWords{Reason::WrongPort,
                "wrong-port",
                {"Le téléphone écrit d'un autre port que celui prévu",
                 "The phone sends from another port than expected"}},
    ReasonWords{Reason::TooManyContacts,
                "too-many-contacts",
                {"Trop de téléphones sont déjà enregistrés avec cette ligne",
                 "Too many phones are registered with this line already"}},
    ReasonWords{Reason::Disabled, "disabled", {"La ligne est désactivée", "The line is disabled"}},
    ReasonWords{Reason::FixedHost,
                "fixed-host",
                {"La ligne a une adresse fixe et ne s'enregistre pas",
                 "The line has a fixed address and does not register"}},
    ReasonWords{Reason::StaleNonce,
                "stale-nonce",
                {"Le défi d'authentification avait expiré", "The authentication challenge had expired"}},
    ReasonWords{Reason::ReplayedNonce,
                "replayed-nonce",
                {"Une réponse déjà utilisée a été rejouée", "An answer that was used before was sent again"}},
    ReasonWords{
        Reason::Malformed, "malformed", {"La requête SIP est mal formée", "The SIP request is malformed"}},
    ReasonWords{
        Reason::IntervalTooBrief,
        "interval-too-brief",
        {"Le téléphone demande un enregistrement trop court", "The phone asks for too short a registration"}},
    ReasonWords{Reason::LockedOut,
                "locked-out",
                {"Trop de mots de passe erronés avant : cette tentative n'a pas été examinée",
                 "Too many wrong passwords before: this attempt was not looked at"}},
    ReasonWords{Reason::Other, "other", {"Autre raison", "Another reason"}},
};

const ReasonWords& words_of(Reason reason) {
  const auto at =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& row) { return row.reason == reason; });
  return at == kReasons.end() ? kReasons.back() : *at;
}

Value reference(std::int64_t id) { return id == 0 ? Value() : Value(id); }
Value time_value(const std::optional<runtime::WallTime>& at) { return at ? Value(time_text(*at)) : Value(); }
/// Addresses that are not known (yet) are null.
Value address_value(const SocketAddress& address) {
  return address == SocketAddress{} ? Value() : Value(address.to_string());
}

Value quality_value(const std::optional<LiveQuality>& quality) {
  if (!quality) return {};
  return Value::object({{"loss_permille", quality->loss_permille},
                        {"jitter_ms", quality->jitter_ms},
                        {"round_trip_ms", quality->round_trip_ms},
                        {"remote_loss_permille", quality->remote_loss_permille},
                        {"mos_hundredths", quality->mos_hundredths}});
}

Value leg_value(const LiveLeg& leg) {
  return Value::object({{"line_id", reference(leg.line_id)},
                        {"peer", leg.peer},
                        {"number", leg.number},
                        {"name", leg.name},
                        {"role", leg.caller ? "caller" : "called"},
                        {"channel", leg.channel},
                        {"state", leg.state},
                        {"codec", leg.codec},
                        {"address", address_value(leg.address)},
                        {"quality", quality_value(leg.quality)}});
}

}  // namespace

Value to_value(const Registration& r, Language) {
  return Value::object({{"line_id", reference(r.line_id)},
                        {"line", r.line},
                        {"exten", r.exten},
                        {"user_id", reference(r.user_id)},
                        {"user", r.user},
                        {"contact", r.contact},
                        {"source", address_value(r.source)},
                        {"transport", r.transport},
                        {"user_agent", r.user_agent},
                        {"registered", time_text(r.registered)},
                        {"expires", time_value(r.expires)},
                        {"priority", int{r.q}}});
}

Value to_value(const RegistrationFailure& f, Language language) {
  return Value::object({{"first", time_text(f.first)},
                        {"last", time_text(f.last)},
                        {"count", std::int64_t{f.count}},
                        {"account", f.account},
                        {"source", address_value(f.source)},
                        {"transport", f.transport},
                        {"method", f.method},
                        {"reason", name(f.reason)},
                        {"message", describe(f.reason, language)},
                        {"detail", f.detail},
                        {"user_agent", f.user_agent}});
}

Value to_value(const LiveCall& call, Language) {
  Value::List legs;
  for (const auto& leg : call.legs) legs.push_back(leg_value(leg));
  return Value::object({{"id", call.id},
                        {"caller_number", call.caller_number},
                        {"caller_name", call.caller_name},
                        {"dialled", call.dialled},
                        {"state", call.state},
                        {"since", time_text(call.since)},
                        {"answered", time_value(call.answered)},
                        {"legs", std::move(legs)}});
}

std::string_view name(Reason reason) { return words_of(reason).name; }
std::string_view describe(Reason reason, Language language) { return words_of(reason).sentence.in(language); }

}  // namespace xivo::api
