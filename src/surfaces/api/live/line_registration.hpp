#pragma once

#include "api/live_view.hpp"
#include "model/language.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// Why a line is, or is not, registered, in words, and what can be done about it.
/// Shape   {state: registered|never|expired|refused|disabled|fixed, sentence, advice: [{sentence, change?: {kind, id,
///         fields}}], contacts, failures}; a change can be sent as it is to POST /transaction, with op "update"
/// Source  what the registrar remembers: refusals since the start, or the last success
model::Value line_registration_value(const model::Value& line, const LineState& state,
                                     model::Language language);

}  // namespace xivo::api
