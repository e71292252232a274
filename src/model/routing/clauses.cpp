#include <fmt/format.h>

#include <functional>

#include "base/text.hpp"
#include "model/destination.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/routing/rule_words.hpp"

namespace xivo::model::routing {

namespace {

/// A text around a fact, or nothing when there is no such fact.
std::string around(const Step& step, std::string_view fact, Words words, Language language) {
  const auto value = step.fact(fact);
  return value.empty() ? std::string() : fmt::format(fmt::runtime(words.in(language)), value);
}

/// The words for a fact's value, from a list.
struct Case {
  std::string_view value;
  Words words;
};
std::string among(std::string_view value, std::initializer_list<Case> cases, Language language) {
  for (const Case& each : cases) {
    if (each.value == value) return std::string(each.words.in(language));
  }
  return std::string(value);
}

std::string target(const Step& step, Language language) {
  const DestinationType* type = find_destination(step.fact("type"));
  std::string text(type == nullptr ? step.fact("type") : type->title.in(language));
  const auto who = step.fact("name");
  if (who.empty()) return text;
  const bool feature = step.fact("type") == "feature";
  return text + " " + (feature ? feature_title(who, language) : std::string(who));
}

std::string contacts(const Step& step, Language language) {
  if (!step.fact("host").empty()) return around(step, "host", {" à l'adresse {}", " at {}"}, language);
  constexpr Words kPhones{" ({contacts} {contacts|téléphone|téléphones})",
                          " ({contacts} {contacts|phone|phones})"};
  return step.fact("contacts").empty() ? std::string() : filled(kPhones.in(language), step, language);
}

std::string lines(const Step& step, Language language) {
  constexpr Words kLines{" ({lines} {lines|ligne|lignes})", " ({lines} {lines|line|lines})"};
  return step.fact("lines").empty() ? std::string() : filled(kLines.in(language), step, language);
}

/// What is told to a system behind a line, which is no telephone.
std::string dialled_number(const Step& step, Language language) {
  if (step.fact("profile").empty()) return {};
  return std::string(Words{" ; c'est un autre système, qui reçoit le numéro composé",
                           "; it is another system, which is sent the number that was dialled"}
                         .in(language));
}

std::string no_feature(const Step& step, Language language) {
  const Words words{"appelle la fonction {}, que seul son téléphone peut appeler",
                    "calls the feature {}, which only a person's own telephone can call"};
  return fmt::format(fmt::runtime(words.in(language)), feature_title(step.fact("feature"), language));
}

std::string hours(const Step& step, Language language) {
  const auto state = step.fact("state");
  if (state == "forced_open" || state == "forced_closed")
    return std::string(Words{" (forcé à la main)", " (forced by hand)"}.in(language));
  if (state == "holiday") {
    const auto day = step.fact(language == Language::French ? "holiday_fr" : "holiday_en");
    return fmt::format(
        fmt::runtime(language == Language::French ? " (jour férié : {})" : " (public holiday: {})"), day);
  }
  return around(step, "label", {" ({})", " ({})"}, language);
}

std::string denied(const Step& step, Language language) {
  const bool french = language == Language::French;
  const auto number = step.fact("number");
  const auto permission = step.fact("permission");
  if (permission.empty()) {
    return fmt::format(fmt::runtime(french ? "{} n'est permis à personne que l'on connaisse."
                                           : "{} is allowed to nobody that is known."),
                       number);
  }
  const auto payer = clause(step, "payer_clause", language);
  const auto pattern = clause(step, "pattern_clause", language);
  const bool wrong = step.fact("reason") == "code-wrong";
  return fmt::format(
      fmt::runtime(wrong ? (french ? "Le code de la permission {} n'est pas le bon pour {}{}{}."
                                   : "The code is not that of permission {} for {}{}{}.")
                         : (french ? "La permission {} interdit {}{}{}." : "Permission {} forbids {}{}{}.")),
      permission, number, payer, pattern);
}

std::string shown(const Step& step, Language language) {
  const bool french = language == Language::French;
  const auto number = step.fact("number");
  if (!step.fact("anonymous").empty()) {
    return number.empty()
               ? (french ? "L'appel est anonyme." : "The call is anonymous.")
               : fmt::format(
                     fmt::runtime(french ? "L'appel est anonyme ; l'opérateur, lui, reçoit {}."
                                         : "The call is anonymous; the operator is told {} all the same."),
                     number);
  }
  if (number.empty())
    return french ? "L'appelé voit l'identité du trunk." : "The called party is shown the trunk's identity.";
  return fmt::format(
      fmt::runtime(french ? "L'appelé voit le numéro {}." : "The called party is shown number {}."), number);
}

std::string outcome(const Step& step, Language language) {
  const auto value = text::parse_decimal<int>(step.fact("outcome"));
  if (!value || *value < 0 || *value > static_cast<int>(Outcome::Rejected)) return {};
  return describe(static_cast<Outcome>(*value), language);
}

std::string whom(const Step& step, Language language) {
  if (!step.fact("user").empty()) return std::string(step.fact("user"));
  const bool french = language == Language::French;
  return fmt::format(fmt::runtime(french ? "Le numéro {}" : "Number {}"), step.fact("number"));
}

using Maker = std::string (*)(const Step&, Language);
struct Clause {
  std::string_view name;
  Maker make;
};

std::string forwarded(const Step& step, Language language) {
  return among(step.fact("reason"),
               {{"unconditional", {"tous les appels", "all calls"}},
                {"busy", {"les appels sur occupation", "calls on busy"}},
                {"noanswer", {"les appels sans réponse", "calls without an answer"}}},
               language);
}
std::string fallback(const Step& step, Language language) {
  return among(step.fact("reason"),
               {{"busy", {"sur occupation", "on busy"}},
                {"noanswer", {"en l'absence de réponse", "without an answer"}},
                {"congestion", {"en cas d'encombrement", "on congestion"}},
                {"fail", {"en cas d'échec", "on failure"}}},
               language);
}
std::string hindrance(const Step& step, Language language) {
  return among(
      step.fact("hindrance"),
      {{"empty", {"il n'a pas de numéro", "it has no number"}},
       {"feature", {"c'est un code de fonction", "it is a feature code"}},
       {"homeless",
        {"l'utilisateur n'a pas de ligne, donc pas de contexte", "the user has no line and so no context"}}},
      language);
}
std::string down(const Step& step, Language language) {
  return std::string((step.fact("disabled").empty()
                          ? Words{"il ne répond pas en ce moment", "it does not answer now"}
                          : Words{"il est désactivé", "it is disabled"})
                         .in(language));
}
std::string unserved(const Step& step, Language language) {
  if (step.fact("type") == "none") return {};
  return std::string(
      Words{", que ce système ne sert pas", ", which this system does not serve"}.in(language));
}

constexpr Clause kClauses[] = {
    {"target", target},
    {"contacts_clause", contacts},
    {"lines_clause", lines},
    {"dialled_clause", dialled_number},
    {"hours_clause", hours},
    {"denied_clause", denied},
    {"shown_clause", shown},
    {"outcome_clause", outcome},
    {"whom_clause", whom},
    {"forward_clause", forwarded},
    {"fallback_clause", fallback},
    {"hindrance_clause", hindrance},
    {"down_clause", down},
    {"unserved_clause", unserved},
};

/// Clauses that are one fact with words around it.
struct Around {
  std::string_view name;
  std::string_view fact;
  Words words;
};
constexpr Around kAround[] = {
    {"user_clause", "user", {", {}", ", {}"}},
    {"via_clause", "via", {", inclus dans {}", ", which {} includes"}},
    {"searched_clause", "searched", {", ni dans ceux qu'il inclut ({})", ", nor in those it includes ({})"}},
    {"own_caller_clause",
     "own_caller",
     {", qui garde son numéro d'appelant, {}", ", which keeps its caller's number, {}"}},
    {"argument_clause", "argument", {", argument {}", ", argument {}"}},
    {"pattern_clause", "pattern", {" (modèle {})", " (pattern {})"}},
    {"did_clause", "exten", {" ({})", " ({})"}},
    {"caller_clause", "caller", {", pour l'appelant {}", ", for the caller {}"}},
    {"payer_clause", "user", {" à {}", " to {}"}},
    {"route_clause", "route", {", par la route {}", ", by route {}"}},
};

}  // namespace

std::string clause(const Step& step, std::string_view name, Language language) {
  if (name == "no_feature_clause" && step.fact("feature").empty())
    return std::string(Words{"n'est pas un code de fonction", "is not a feature code"}.in(language));
  if (name == "no_feature_clause") return no_feature(step, language);
  if (name == "feature") return feature_title(step.fact(name), language);
  if (name == "code_clause") {
    return std::string(step.fact("own_code").empty()
                           ? Words{"un code", "a code"}.in(language)
                           : Words{"le code propre à l'utilisateur", "the user's own code"}.in(language));
  }
  if (name == "guard_clause") {
    const auto why = step.fact(language == Language::French ? "sentence_fr" : "sentence_en");
    return why.empty() ? std::string()
                       : fmt::format(fmt::runtime(language == Language::French ? " : {}" : ": {}"), why);
  }
  for (const Clause& each : kClauses) {
    if (each.name == name) return each.make(step, language);
  }
  for (const Around& each : kAround) {
    if (each.name == name) return around(step, each.fact, each.words, language);
  }
  return std::string(step.fact(name));
}

}  // namespace xivo::model::routing
