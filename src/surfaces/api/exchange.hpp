#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/refusal.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "model/json.hpp"
#include "model/language.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// One request on its way to its answer. The first answer counts.
/// Thread  filled on the web loop; afterwards any thread may answer, all the rest is read only.
class Exchange {
 public:
  Exchange(http::Request request, http::Responder responder);

  const http::Request request;
  const model::Language language;
  std::string account;                // who asks; empty at an open route
  std::string token;                  // of the session; empty for a trusted local user
  std::vector<std::string> captured;  // what the {...} of the path stand for, in order

  void json(int status, const model::Value& body, http::Headers headers = {}) const;
  /// The same with the document already written.
  void json_text(int status, std::string body, http::Headers headers = {}) const;
  /// A document of any other type.
  void document(std::string_view type, std::string body, http::Headers headers = {}) const;
  void no_content(http::Headers headers = {}) const;
  void refuse(const ProblemDocument& document) const;
  void refuse(Refusal refusal, std::string detail = {}) const;

  /// The request's body as a JSON object; nothing when it was none, which has then been answered.
  [[nodiscard]] std::optional<model::Value> json_body(const model::JsonLimits& limits = {}) const;
  /// Whether who asks holds a scope ("call:read"): whoever has signed in holds all of them.
  [[nodiscard]] bool may(std::string_view) const { return !account.empty(); }
  /// Answers with a connection that is a WebSocket from then on.
  void upgrade(http::Response response) const { responder_.send(std::move(response)); }
  /// Either text, by the client's language.
  [[nodiscard]] std::string say(std::string_view french, std::string_view english) const;

 private:
  void send(int status, std::string body, std::string_view type, http::Headers headers) const;

  http::Responder responder_;
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace xivo::api
