#include "model/permission/permitted.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "model/call_rules.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/numbering/number_plan.hpp"

namespace xivo::model::permission {

namespace {

/// The forms in which a number can be written, each once.
std::vector<std::string> forms_of(const Config& config, const Question& question) {
  std::vector<std::string> forms;
  const auto add = [&forms](std::string form) {
    if (!form.empty() && std::find(forms.begin(), forms.end(), form) == forms.end())
      forms.push_back(std::move(form));
  };
  const General* general = config.find(GeneralId{1});
  const std::string country = general == nullptr ? General().country : general->country;
  for (const std::string_view text : {question.dialled, question.number}) {
    const std::string plain = numbering::without_separators(text);
    add(plain);
    if (plain.starts_with("00") && plain.size() > 2) add(numbering::national("+" + plain.substr(2), country));
    if (plain.starts_with('+')) add(numbering::national(plain, country));
  }
  return forms;
}

/// The pattern that speaks of the number; empty: none does.
std::string speaks_of(const PermissionRule& rule, const std::vector<std::string>& forms) {
  for (const numbering::Pattern& pattern : rule.patterns) {
    for (const std::string& form : forms) {
      if (pattern.matches(form)) return std::string(pattern.text());
    }
  }
  return rule.unreadable && rule.permission->mode != "allow" ? "_!" : std::string();
}

/// What the permissions of one level say; nothing when none speaks of the number.
class Level {
 public:
  Level(const CallRules& rules, const std::vector<std::uint32_t>& places,
        const std::vector<std::string>& forms) {
    for (const std::uint32_t place : places) {
      const PermissionRule& rule = rules.permissions[place];
      std::string pattern = speaks_of(rule, forms);
      if (pattern.empty()) continue;
      const bool allows = rule.permission->mode == "allow";
      if (allows && allow_ == nullptr) allow_ = rule.permission.get();
      if (allows || denies_.empty()) pattern_ = std::move(pattern);
      if (allows) return;
      denies_.push_back(rule.permission.get());
    }
  }

  [[nodiscard]] bool decides() const { return allow_ != nullptr || !denies_.empty(); }

  [[nodiscard]] Verdict verdict(const User* user, std::string_view code) const {
    if (allow_ != nullptr) return {Answer::Allowed, Reason::AllowRule, allow_->id, pattern_};
    for (const CallPermission* deny : denies_) {
      if (deny->password.empty()) return {Answer::Refused, Reason::DenyRule, deny->id, pattern_};
    }
    const CallPermission& first = *denies_.front();
    std::string_view wanted = first.password;
    const bool own = user != nullptr && !user->call_permission_password.empty();
    if (own) {
      wanted = user->call_permission_password;
    } else if (std::any_of(denies_.begin(), denies_.end(),
                           [&](const CallPermission* deny) { return deny->password != wanted; })) {
      return {Answer::Refused, Reason::CodesDiffer, first.id, pattern_};
    }
    if (code.empty()) return {Answer::AskCode, Reason::CodeNeeded, first.id, pattern_, own};
    if (code != wanted) return {Answer::AskCode, Reason::CodeWrong, first.id, pattern_, own};
    return {Answer::Allowed, Reason::CodeRight, first.id, pattern_, own};
  }

 private:
  const CallPermission* allow_ = nullptr;
  std::vector<const CallPermission*> denies_;
  std::string pattern_;
};

bool is_emergency(const Config& config, const Question& question) {
  const auto& numbers = numbering::emergency_numbers(config);
  return std::any_of(numbers.begin(), numbers.end(), [&](const std::string& number) {
    return number == question.dialled || number == question.number;
  });
}

}  // namespace

std::string_view name(Reason reason) {
  constexpr std::array<std::string_view, 10> kNames{
      "no-rule",     "emergency",  "allow-rule",   "code-right",   "deny-rule",
      "code-needed", "code-wrong", "codes-differ", "user-unknown", "route-unknown"};
  return kNames[static_cast<std::size_t>(reason)];
}

Verdict permitted(const Config& config, const Question& question) {
  if (is_emergency(config, question)) return {Answer::Allowed, Reason::Emergency, {}, {}};
  const User* user = config.user(question.user);
  if (question.user && user == nullptr) return {Answer::Refused, Reason::UserUnknown, {}, {}};
  if (question.route && config.find(question.route) == nullptr)
    return {Answer::Refused, Reason::RouteUnknown, {}, {}};
  const CallRules& rules = config.call_rules();
  if (rules.permissions.empty()) return {Answer::Allowed, Reason::NoRule, {}, {}};
  const auto of_user = rules.by_user.find(question.user.value);
  const auto of_route = rules.by_route.find(question.route.value);
  if (of_user == rules.by_user.end() && of_route == rules.by_route.end())
    return {Answer::Allowed, Reason::NoRule, {}, {}};
  const std::vector<std::string> forms = forms_of(config, question);
  if (of_user != rules.by_user.end()) {
    const Level level(rules, of_user->second, forms);
    if (level.decides()) return level.verdict(user, question.code);
  }
  if (of_route != rules.by_route.end()) {
    const Level level(rules, of_route->second, forms);
    if (level.decides()) return level.verdict(user, question.code);
  }
  return {Answer::Allowed, Reason::NoRule, {}, {}};
}

}  // namespace xivo::model::permission
