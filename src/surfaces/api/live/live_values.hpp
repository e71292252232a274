#pragma once

#include "api/live_view.hpp"
#include "model/language.hpp"
#include "model/value.hpp"

namespace xivo::api {

// What the engine tells, as REST and the events show it.
model::Value to_value(const Registration& registration, model::Language language = model::Language::English);
model::Value to_value(const RegistrationFailure& failure, model::Language language);
model::Value to_value(const LiveCall& call, model::Language language = model::Language::English);

std::string_view name(RegistrationFailure::Reason reason);  // "wrong-secret"
/// One sentence: what went wrong.
std::string_view describe(RegistrationFailure::Reason reason, model::Language language);

}  // namespace xivo::api
