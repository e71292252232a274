#include <fmt/format.h>

#include <array>

#include "model/destination.hpp"
#include "model/routing/route.hpp"

namespace xivo::model::routing {

namespace {

using Rule = Step::Rule;

/// How a rule is told, met and not met. {name} stands for a fact.
struct RuleWords {
  Rule rule;
  Words met;
  Words missed;
};

constexpr std::array kRules{
    RuleWords{Rule::CallerKnown,
              {"L'appel vient de la ligne {line}.", "The call comes from line {line}."},
              {"L'appelant n'est pas une ligne connue.", "The caller is not a line of ours."}},
    RuleWords{Rule::CallerEnabled,
              {"L'appelant est activé.", "The caller is enabled."},
              {"L'appelant est désactivé (ligne {line}{user_clause}).",
               "The caller is disabled (line {line}{user_clause})."}},
    RuleWords{Rule::CallerLimit,
              {"L'appelant, {user}, a {calls} autre(s) appel(s) sur {limit} permis.",
               "The caller, {user}, has {calls} other call(s) of {limit} allowed."},
              {"L'appelant, {user}, a déjà {calls} appel(s) sur {limit} permis.",
               "The caller, {user}, already has {calls} call(s) of {limit} allowed."}},
    RuleWords{Rule::FeatureCode,
              {"« {dialled} » appelle la fonction {feature} (code {code}{argument_clause}).",
               "\"{dialled}\" calls the feature {feature} (code {code}{argument_clause})."},
              {"« {dialled} » n'est pas un code de fonction.", "\"{dialled}\" is not a feature code."}},
    RuleWords{Rule::Extension,
              {"Le numéro {exten} existe dans le contexte {context}{via_clause}.",
               "Number {exten} exists in context {context}{via_clause}."},
              {"Le numéro {exten} n'existe pas dans le contexte {context}{searched_clause}.",
               "Number {exten} does not exist in context {context}{searched_clause}."}},
    RuleWords{Rule::Destination,
              {"Il mène à : {target}{lines_clause}.", "It leads to: {target}{lines_clause}."},
              {"Il mène à : {target}{unserved_clause}.", "It leads to: {target}{unserved_clause}."}},
    RuleWords{Rule::HopLimit,
              {"Les renvois de numéro à numéro restent sous la limite de {limit}.",
               "Numbers lead to numbers within the limit of {limit}."},
              {"Les renvois de numéro à numéro dépassent la limite de {limit}.",
               "Numbers lead to numbers beyond the limit of {limit}."}},
    RuleWords{Rule::UserEnabled,
              {"{user} est activé.", "{user} is enabled."},
              {"{user} est désactivé.", "{user} is disabled."}},
    RuleWords{Rule::HasLines,
              {"{user} a {lines} ligne(s).", "{user} has {lines} line(s)."},
              {"{user} n'a pas de ligne.", "{user} has no line."}},
    RuleWords{Rule::LineEnabled,
              {"La ligne {line} est activée.", "Line {line} is enabled."},
              {"La ligne {line} est désactivée ; elle ne sonne pas.",
               "Line {line} is disabled and does not ring."}},
    RuleWords{
        Rule::CallLimit,
        {"{user} a {calls} appel(s) sur {limit} permis.", "{user} has {calls} call(s) of {limit} allowed."},
        {"{user} a déjà {calls} appel(s) sur {limit} permis.",
         "{user} already has {calls} call(s) of {limit} allowed."}},
    RuleWords{Rule::CallWaiting,
              {"{user} n'accepte pas de second appel, et n'en a aucun.",
               "{user} takes no second call, and has none."},
              {"{user} est en communication et n'accepte pas de second appel.",
               "{user} is in a call and takes no second one."}},
    RuleWords{
        Rule::Registered,
        {"La ligne {line} est joignable{contacts_clause}.", "Line {line} can be reached{contacts_clause}."},
        {"Aucun téléphone n'est enregistré sur la ligne {line}.", "No phone is registered on line {line}."}},
    RuleWords{Rule::OwnNumber,
              {"L'appelant compose son propre numéro : ses {lines} autre(s) ligne(s) sonnent.",
               "The caller dialled the own number: the {lines} other line(s) ring."},
              {"L'appelant compose son propre numéro et n'a pas d'autre ligne.",
               "The caller dialled the own number and has no other line."}},
};

std::string_view fact_of(const Step& step, std::string_view name) { return step.fact(name); }

std::string filled(const Step& step, std::string_view name, Language language) {
  const bool french = language == Language::French;
  if (name == "user_clause") {
    const auto user = fact_of(step, "user");
    return user.empty() ? std::string() : fmt::format(", {}", user);
  }
  if (name == "via_clause") {
    const auto via = fact_of(step, "via");
    if (via.empty()) return {};
    return fmt::format(fmt::runtime(french ? ", inclus dans {}" : ", which {} includes"), via);
  }
  if (name == "searched_clause") {
    const auto searched = fact_of(step, "searched");
    if (searched.empty()) return {};
    return fmt::format(
        fmt::runtime(french ? ", ni dans ceux qu'il inclut ({})" : ", nor in those it includes ({})"),
        searched);
  }
  if (name == "lines_clause") {
    const auto lines = fact_of(step, "lines");
    if (lines.empty()) return {};
    return fmt::format(fmt::runtime(french ? " ({} ligne(s))" : " ({} line(s))"), lines);
  }
  if (name == "unserved_clause") {
    if (fact_of(step, "type") == "none") return {};
    return french ? ", que ce système ne sert pas" : ", which this system does not serve";
  }
  if (name == "target") {
    const DestinationType* type = find_destination(fact_of(step, "type"));
    std::string target(type == nullptr ? fact_of(step, "type") : type->title.in(language));
    const auto who = fact_of(step, "name");
    return who.empty() ? target : target + " " + std::string(who);
  }
  if (name == "argument_clause") {
    const auto argument = fact_of(step, "argument");
    return argument.empty() ? std::string() : fmt::format(", argument {}", argument);
  }
  if (name == "contacts_clause") {
    const auto host = fact_of(step, "host");
    if (!host.empty()) return fmt::format(fmt::runtime(french ? " à l'adresse {}" : " at {}"), host);
    return fmt::format(fmt::runtime(french ? " ({} téléphone(s))" : " ({} phone(s))"),
                       fact_of(step, "contacts"));
  }
  return std::string(fact_of(step, name));
}

std::string fill(std::string_view sentence, const Step& step, Language language) {
  std::string text;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('{');
    text += sentence.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = sentence.find('}', open);
    text += filled(step, sentence.substr(open + 1, close - open - 1), language);
    sentence.remove_prefix(close + 1);
  }
  return text;
}

Words refusal(Cause cause) {
  switch (cause) {
    case Cause::DestinationOutOfOrder:
      return {"les numéros tournent en rond", "the numbers lead in a circle"};
    case Cause::FacilityRejected:
      return {"la destination n'est pas encore servie", "the destination is not served yet"};
    case Cause::UnallocatedNumber: return {"le numéro n'est attribué à personne", "the number is nobody's"};
    case Cause::UserBusy: return {"occupé", "busy"};
    case Cause::SubscriberAbsent: return {"injoignable pour le moment", "cannot be reached now"};
    case Cause::CallRejected: return {"l'appelant n'est pas autorisé à appeler", "the caller may not call"};
    case Cause::Congestion:
      return {"l'appelant a atteint sa limite d'appels", "the caller has reached the limit of calls"};
    default: return {"l'appel ne peut pas aboutir", "the call cannot be completed"};
  }
}

}  // namespace

std::string describe(const Step& step, Language language) {
  for (const RuleWords& words : kRules) {
    if (words.rule == step.rule)
      return fill((step.met ? words.met : words.missed).in(language), step, language);
  }
  return {};
}

std::string describe(const Plan& plan, Language language) {
  const bool french = language == Language::French;
  switch (plan.action) {
    case Plan::Action::Ring:
      return fmt::format(fmt::runtime(french ? "Sonnent {} ligne(s) pendant {} s au plus."
                                             : "{} line(s) ring for up to {} s."),
                         plan.lines.size(), plan.ring_time.count());
    case Plan::Action::Feature:
      return fmt::format(fmt::runtime(french ? "La fonction {} répond." : "The feature {} answers."),
                         plan.feature);
    case Plan::Action::Dial:
      return fmt::format(
          fmt::runtime(french ? "Le numéro {} est appelé à l'extérieur, par {} chemin(s) possible(s)."
                              : "Number {} is called outside, by {} possible way(s)."),
          plan.number, plan.attempts.size());
    case Plan::Action::AskCode:
      return french ? "L'appelant doit composer le code d'une permission."
                    : "The caller has to enter the code of a permission.";
    case Plan::Action::Refuse:
      return fmt::format(fmt::runtime(french ? "L'appel est refusé : {} (cause {})."
                                             : "The call is refused: {} (cause {})."),
                         refusal(plan.cause).in(language), static_cast<int>(plan.cause));
  }
  return {};
}

std::string describe(Outcome outcome, Language language) {
  const Words words = [outcome]() -> Words {
    switch (outcome) {
      case Outcome::Busy: return {"occupé", "busy"};
      case Outcome::NoAnswer: return {"pas de réponse", "no answer"};
      case Outcome::Congestion: return {"encombrement", "congestion"};
      case Outcome::Unavailable: return {"injoignable", "unavailable"};
      case Outcome::Rejected: return {"refusé", "rejected"};
    }
    return {};
  }();
  return std::string(words.in(language));
}

}  // namespace xivo::model::routing
