// Forwards and fallbacks: with the rights of who set them, never in a circle.
#include <fmt/format.h>

#include <algorithm>

#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

/// A user's own forward for an outcome; nothing when it has none or it is off.
struct OwnForward {
  std::string_view reason;
  const std::string* number = nullptr;
};
OwnForward forward_for(const User& user, Outcome outcome) {
  switch (outcome) {
    case Outcome::Busy:
    case Outcome::Rejected:
      return {"busy", user.forward_busy_enabled ? &user.forward_busy_destination : nullptr};
    case Outcome::NoAnswer:
    case Outcome::Unavailable:
      return {"noanswer", user.forward_noanswer_enabled ? &user.forward_noanswer_destination : nullptr};
    case Outcome::Congestion: break;
  }
  return {};
}

struct Fallback {
  std::string_view reason;
  const Destination* to;
};
Fallback fallback_for(const User& user, Outcome outcome) {
  switch (outcome) {
    case Outcome::Busy:
    case Outcome::Rejected: return {"busy", &user.fallback_busy};
    case Outcome::NoAnswer: return {"noanswer", &user.fallback_noanswer};
    case Outcome::Congestion: return {"congestion", &user.fallback_congestion};
    case Outcome::Unavailable: break;
  }
  return {"fail", &user.fallback_fail};
}

ContextId home_of(const Decision& d, const User& user) {
  const auto lines = d.config.lines_of(user.id);
  return lines.empty() ? ContextId{} : lines.front()->context;
}

void note_forward(Decision& d, const User& user, const std::string& number, std::string_view reason,
                  std::string_view hindrance) {
  d.note(Rule::Forward, hindrance.empty(), [&](Step& step) {
    fact(step, "user", user.full_name());
    fact(step, "number", number);
    fact(step, "reason", std::string(reason));
    fact(step, "hindrance", std::string(hindrance));
    about(step, "user", user.id.value);
  });
}

}  // namespace

bool forward(Decision& d, const User& user, const std::string& number, std::string_view reason) {
  const std::string called = bare(number);
  const ContextId home = home_of(d, user);
  const std::string_view hindrance = called.empty()                             ? "empty"
                                     : d.config.feature_code(called) != nullptr ? "feature"
                                     : !home                                    ? "homeless"
                                                                                : "";
  note_forward(d, user, number, reason, hindrance);
  if (!hindrance.empty()) return false;
  if (!d.hop()) return true;
  d.plan.forwarded_by.push_back(user.id);
  d.plan.payer = user.id;
  d.plan.user = {};
  call_number(d, number, home, Reach::Everywhere);
  return true;
}

void after_user(Decision& d, const User& user, Outcome outcome, Cause cause, std::string_view prompt) {
  const OwnForward own = forward_for(user, outcome);
  if (own.number != nullptr && forward(d, user, *own.number, own.reason)) return;
  const Fallback fallback = fallback_for(user, outcome);
  if (fallback.to->is_none()) return d.refuse(cause, prompt);
  d.note(Rule::Fallback, true, [&](Step& step) {
    fact(step, "user", user.full_name());
    fact(step, "reason", std::string(fallback.reason));
    fact(step, "type", std::string(fallback.to->type().name));
    about(step, "user", user.id.value);
  });
  if (!d.hop()) return;
  d.plan.forwarded_by.push_back(user.id);
  d.plan.payer = user.id;
  d.plan.user = {};
  follow(d, *fallback.to, home_of(d, user));
}

}  // namespace xivo::model::routing
