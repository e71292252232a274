#include "api/trunks/trunk_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Registering = TrunkState::Registering;
using Answering = TrunkState::Answering;

struct StateWords {
  std::string_view name;
  model::Words sentence;
};

StateWords words_of(Registering state) {
  switch (state) {
    case Registering::None:
      return {"none",
              {"ne s'enregistre pas : reconnu par son adresse", "does not register: known by its address"}};
    case Registering::Unregistered: return {"unregistered", {"n'est pas enregistré", "is not registered"}};
    case Registering::RequestSent: return {"registering", {"s'enregistre", "is registering"}};
    case Registering::Registered: return {"registered", {"enregistré", "registered"}};
    case Registering::Rejected: break;
  }
  return {"rejected", {"l'opérateur refuse l'enregistrement", "the operator refuses the registration"}};
}

StateWords words_of(Answering state) {
  switch (state) {
    case Answering::Unwatched: return {"unwatched", {"n'est pas surveillé", "is not watched"}};
    case Answering::Unknown: return {"unknown", {"n'a pas encore répondu", "has not answered yet"}};
    case Answering::Reachable: return {"reachable", {"répond", "answers"}};
    case Answering::Unreachable: break;
  }
  return {"unreachable", {"ne répond pas", "does not answer"}};
}

Value time_value(const std::optional<runtime::WallTime>& at) { return at ? Value(time_text(*at)) : Value(); }

Value event_value(const TrunkEventLine& event, Language language) {
  return Value::object({{"at", time_text(event.at)},
                        {"event", event.event},
                        {"sentence", event.sentence.in(language)},
                        {"failure", event.failure}});
}

/// "registered", and why it may not stay so.
std::string registration_sentence(const TrunkState& state, Language language) {
  std::string sentence(words_of(state.registering).sentence.in(language));
  if (state.last_error) {
    sentence += language == Language::French ? " : " : ": ";
    sentence += state.last_error->sentence.in(language);
  }
  return sentence;
}

Value registration_value(const TrunkState& state, Language language) {
  Value::List history;
  for (const auto& event : state.history) history.push_back(event_value(event, language));
  return Value::object({{"state", words_of(state.registering).name},
                        {"sentence", registration_sentence(state, language)},
                        {"since", time_text(state.since)},
                        {"registered_at", time_value(state.registered_at)},
                        {"expires", time_value(state.expires)},
                        {"next_try", time_value(state.next_try)},
                        {"interval", state.interval},
                        {"last_error", state.last_error ? event_value(*state.last_error, language) : Value()},
                        {"history", std::move(history)}});
}

Value options_value(const TrunkState& state, Language language) {
  const auto words = words_of(state.answering);
  return Value::object(
      {{"state", words.name},
       {"sentence", words.sentence.in(language)},
       {"latency_ms", state.latency
                          ? Value(std::chrono::round<std::chrono::milliseconds>(*state.latency).count())
                          : Value()},
       {"at", time_value(state.answered_at)}});
}

Value ratio_value(std::uint64_t answered, std::uint64_t calls) {
  const auto percent =
      calls == 0 ? Value() : Value(static_cast<std::int64_t>((answered * 100 + calls / 2) / calls));
  return Value::object({{"calls", static_cast<std::int64_t>(calls)},
                        {"answered", static_cast<std::int64_t>(answered)},
                        {"percent", percent}});
}

struct CauseWords {
  int cause;
  model::Words sentence;
};
constexpr std::array kCauses{
    CauseWords{1, {"l'opérateur ne connaît pas ce numéro", "the operator does not know this number"}},
    CauseWords{18, {"l'opérateur ne répond pas", "the operator does not answer"}},
    CauseWords{20, {"le correspondant n'est pas joignable", "the called party cannot be reached"}},
    CauseWords{21, {"l'opérateur a refusé l'appel", "the operator refused the call"}},
    CauseWords{27, {"l'opérateur est injoignable", "the operator cannot be reached"}},
    CauseWords{28, {"le numéro est incomplet ou mal formé", "the number is incomplete or malformed"}},
    CauseWords{34, {"l'opérateur est saturé", "the operator is congested"}},
    CauseWords{38,
               {"l'opérateur refuse notre identifiant ou notre mot de passe",
                "the operator refuses our user name or password"}},
    CauseWords{41, {"panne passagère chez l'opérateur", "a temporary failure at the operator's"}},
    CauseWords{58,
               {"aucun codec ou chiffrement commun avec l'opérateur",
                "no codec or encryption in common with the operator"}},
    CauseWords{102, {"l'opérateur n'a pas répondu à temps", "the operator did not answer in time"}},
};

}  // namespace

std::string_view describe_cause(int cause, Language language) {
  const auto found =
      std::find_if(kCauses.begin(), kCauses.end(), [&](const auto& row) { return row.cause == cause; });
  if (found != kCauses.end()) return found->sentence.in(language);
  return language == Language::French ? "l'appel n'a pas abouti" : "the call did not succeed";
}

Value trunk_state_value(const model::Trunk& trunk, const TrunkState* known, Language language) {
  static const TrunkState kNone;
  const TrunkState& state = known != nullptr ? *known : kNone;
  Value::List failures;
  for (const auto& failure : state.failures) {
    failures.push_back(Value::object({{"at", time_text(failure.at)},
                                      {"number", failure.number},
                                      {"cause", failure.cause},
                                      {"status", failure.status == 0 ? Value() : Value(failure.status)},
                                      {"sentence", describe_cause(failure.cause, language)}}));
  }
  return Value::object(
      {{"id", trunk.id.value},
       {"name", trunk.name},
       {"label", trunk.title()},
       {"enabled", trunk.enabled},
       {"usable", trunk.enabled && state.usable},
       {"registration", known == nullptr ? Value() : registration_value(state, language)},
       {"options", known == nullptr ? Value() : options_value(state, language)},
       {"channels", Value::object({{"in", state.channels_in},
                                   {"out", state.channels_out},
                                   {"max_in", trunk.max_channels_in},
                                   {"max_out", trunk.max_channels_out}})},
       {"answer_seizure_ratio", Value::object({{"in", ratio_value(state.in_answered, state.in_calls)},
                                               {"out", ratio_value(state.out_answered, state.out_calls)}})},
       {"failures", std::move(failures)}});
}

Value trunk_templates_value(Language language) {
  const std::string_view wanted = language == Language::French ? "fr" : "en";
  const auto said = [&](const Value& of, std::string_view member) {
    const Value* words = of.find(member);
    return words == nullptr ? std::string() : words->text_at(wanted);
  };
  Value::List items;
  for (const auto file : trunk_template_files()) {
    const auto read = model::parse_json(file);
    if (!read) continue;
    items.push_back(Value::object({{"name", read->text_at("name")},
                                   {"title", said(*read, "title")},
                                   {"help", said(*read, "help")},
                                   {"country", read->text_at("country")},
                                   {"fields", *read->find("fields")},
                                   {"ask", *read->find("ask")}}));
  }
  const auto total = std::ssize(items);
  return Value::object({{"items", std::move(items)}, {"total", total}});
}

}  // namespace xivo::api
