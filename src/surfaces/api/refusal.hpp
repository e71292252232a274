#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "model/problem.hpp"
#include "model/value.hpp"
#include "store/config_writer.hpp"

namespace xivo::api {

/// Why a request is not done. One HTTP status and one problem type each; the table in refusal.cpp is the only place
/// where they are decided.
enum class Refusal : std::uint8_t {
  Malformed,  // 400 the body is no JSON
  BadParameter,  // 400 a query parameter
  Unauthenticated,  // 401
  WrongCredentials,  // 401
  SecondFactorNeeded,  // 401 the password was right; a code is needed, or was wrong
  CrossSite,  // 403 a cookie from another site's page
  BadCsrfToken,  // 403 a cookie without the proof that a page of ours sent it
  Forbidden,  // 403 a right is missing
  SessionNeeded,  // 403 only for an account that signed in itself
  NoSuchRoute,  // 404
  NotFound,  // 404
  MethodNotAllowed,  // 405
  Conflict,  // 409
  PlanConflict,  // 409 a finding that blocks
  ScenarioBroken,  // 409 a scenario that holds the change back
  PreconditionFailed,  // 412 If-Match
  WrongMediaType,  // 415
  UpgradeRequired,  // 426 this address speaks WebSocket
  Invalid,  // 422 a field breaks its rule
  TooManyAttempts,  // 429
  Internal,  // 500
  Busy,  // 503 a queue is full
  StorageFailed,  // 503 the disk
};

/// What a client is told, as RFC 9457 has it.
struct ProblemDocument {
  Refusal refusal = Refusal::Internal;
  std::string detail;  // one sentence about this very case; empty = the title says it all
  model::Value::List problems;  // of single objects, fields, parameters
  model::Value findings;  // that the change would introduce; null: it was not looked at
  model::Value broken_scenarios;
  model::Value other;  // somebody else's change that stands in the way; null = none does
  http::Headers headers;  // more of the answer's
};

int status_of(Refusal refusal);
std::string_view name(Refusal refusal);  // the last part of the problem's type: "not-found"

/// application/problem+json of a refusal.
/// Shape   type, title, status, detail, instance, problems: [{rule, message, object: {kind, id, name}, field, facts,
///         other: {kind, id, name}, change}], findings, broken_scenarios, other: {revision, author, at, message, difference}
model::Value to_value(const ProblemDocument& document, model::Language language, std::string_view instance);

/// What the model found wrong. `if_match`: the client named the revision it had seen in a header.
ProblemDocument refusal_of(const model::Problems& problems, model::Language language, bool if_match);
ProblemDocument refusal_of(const store::Refusal& refusal, model::Language language, bool if_match);
/// The right that is missing.
ProblemDocument forbidden(std::string_view scope, model::Language language);
/// A failed disk or database, logged too; or a queue before it that is full.
ProblemDocument storage_refusal(const Error& error, model::Language language);

}  // namespace xivo::api
