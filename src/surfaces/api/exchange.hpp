#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/access/principal.hpp"
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
  std::string account;                // name of who asks; empty at an open route
  Principal who;
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
  /// Whether who asks may do what a scope ("call:read") stands for.
  [[nodiscard]] bool may(std::string_view scope) const { return who.rights.allows(scope); }
  /// Answers with a connection that is a WebSocket from then on.
  void upgrade(http::Response response) const { responder_.send(std::move(response)); }
  /// Where the request came from: an address, or "socket".
  [[nodiscard]] std::string source() const;
  /// Either text, by the client's language.
  [[nodiscard]] std::string say(std::string_view french, std::string_view english) const;

 private:
  void send(int status, std::string body, std::string_view type, http::Headers headers) const;

  http::Responder responder_;
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace xivo::api
