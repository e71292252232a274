#include <fmt/format.h>

#include "base/text.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/routing/rule_words.hpp"

namespace xivo::model::routing {

namespace {

std::string written(const Step& step, std::string_view name, Language language) {
  const std::size_t bar = name.find('|');
  if (bar == std::string_view::npos) return clause(step, name, language);
  const std::string_view forms = name.substr(bar + 1);
  const std::size_t middle = forms.find('|');
  return std::string(
      form_of(step.fact(name.substr(0, bar)), forms.substr(0, middle), forms.substr(middle + 1), language));
}

Words by_cause(Cause cause) {
  switch (cause) {
    case Cause::DestinationOutOfOrder:
      return {"les numéros tournent en rond", "the numbers lead in a circle"};
    case Cause::FacilityRejected: return {"la destination n'est pas servie", "the destination is not served"};
    case Cause::UnallocatedNumber: return {"le numéro n'est attribué à personne", "the number is nobody's"};
    case Cause::UserBusy: return {"occupé", "busy"};
    case Cause::NoAnswer: return {"personne ne répond", "nobody answers"};
    case Cause::SubscriberAbsent: return {"injoignable pour le moment", "cannot be reached now"};
    case Cause::CallRejected: return {"l'appelant n'est pas autorisé à appeler", "the caller may not call"};
    case Cause::InvalidNumberFormat: return {"il ne reste rien du numéro", "nothing is left of the number"};
    case Cause::Congestion:
      return {"l'appelant a atteint sa limite d'appels", "the caller has reached the limit of calls"};
    default: return {"l'appel ne peut pas aboutir", "the call cannot be completed"};
  }
}

/// Why a call is refused: of some rules more exactly than the cause alone can tell.
Words refusal(const Plan& plan) {
  if (plan.trace.empty()) return by_cause(plan.cause);
  switch (plan.trace.back().rule) {
    case Step::Rule::Outcome:
      if (plan.cause == Cause::CallRejected) return {"l'appelé a refusé", "the called party rejected it"};
      if (plan.cause == Cause::Congestion) return {"encombrement", "congestion"};
      break;
    case Step::Rule::TrunkUsable:
    case Step::Rule::TrunkChannelsOut:
    case Step::Rule::TrunkChannelsIn:
    case Step::Rule::NextTrunk: return {"aucun trunk n'est libre", "no trunk is free"};
    case Step::Rule::Schedule: return {"fermé à cette heure", "closed at this time"};
    case Step::Rule::Guard:
      return {"la protection contre la fraude s'y oppose", "the toll-fraud guard is against it"};
    case Step::Rule::Permission:
    case Step::Rule::PermissionCode: return {"une permission s'y oppose", "a permission is against it"};
    case Step::Rule::Blocklist:
      return {"l'appelé refuse cet appelant", "the called party blocks this caller"};
    case Step::Rule::ForwardLoop: return {"les renvois tournent en rond", "the forwards lead in a circle"};
    default: break;
  }
  return by_cause(plan.cause);
}

}  // namespace

std::string filled(std::string_view sentence, const Step& step, Language language) {
  std::string text;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('{');
    text += sentence.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = sentence.find('}', open);
    text += written(step, sentence.substr(open + 1, close - open - 1), language);
    sentence.remove_prefix(close + 1);
  }
  return text;
}

std::string_view form_of(std::string_view count, std::string_view one, std::string_view several,
                         Language language) {
  const auto number = text::parse_decimal<std::int64_t>(count);
  return is_plural(number.value_or(2), language) ? several : one;
}

std::string describe(const Step& step, Language language) {
  for (const RuleWords& words : rule_words()) {
    if (words.rule == step.rule)
      return filled((step.met ? words.met : words.missed).in(language), step, language);
  }
  return {};
}

std::string describe(const Plan& plan, Language language) {
  const bool french = language == Language::French;
  const auto are = [language](std::size_t count) {
    return is_plural(static_cast<std::int64_t>(count), language);
  };
  switch (plan.action) {
    case Plan::Action::Ring:
      return fmt::format(fmt::runtime(french ? "{} {} pendant {} s au plus." : "{} {} for up to {} s."),
                         plan.lines.size(),
                         are(plan.lines.size()) ? (french ? "lignes sonnent" : "lines ring")
                                                : (french ? "ligne sonne" : "line rings"),
                         plan.ring_time.count());
    case Plan::Action::Feature:
      return fmt::format(fmt::runtime(french ? "La fonction {} répond." : "The feature {} answers."),
                         feature_title(plan.feature, language));
    case Plan::Action::Dial:
      return fmt::format(fmt::runtime(french ? "Le numéro {} est appelé à l'extérieur ; {} {}."
                                             : "Number {} is called outside; {} {}."),
                         plan.number, plan.attempts.size(),
                         are(plan.attempts.size()) ? (french ? "trunks possibles" : "possible trunks")
                                                   : (french ? "trunk possible" : "possible trunk"));
    case Plan::Action::AskCode:
      return french ? "L'appelant doit composer le code d'une permission."
                    : "The caller has to enter the code of a permission.";
    case Plan::Action::Refuse:
      return fmt::format(fmt::runtime(french ? "L'appel est refusé : {} (cause {})."
                                             : "The call is refused: {} (cause {})."),
                         refusal(plan).in(language), static_cast<int>(plan.cause));
  }
  return {};
}

std::string_view name(Step::Rule rule) {
  for (const RuleWords& words : rule_words()) {
    if (words.rule == rule) return words.name;
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
