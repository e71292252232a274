#include "api/exchange.hpp"

#include <fmt/format.h>

#include "api/wording.hpp"
#include "base/text.hpp"
#include "model/json.hpp"

namespace xivo::api {

Exchange::Exchange(http::Request r, http::Responder responder)
    : request(std::move(r)), language(preferred_language(request)), responder_(std::move(responder)) {}

void Exchange::send(int status, std::string body, std::string_view type, http::Headers headers) const {
  http::Response response{status, std::move(headers), std::move(body), {}};
  if (!type.empty()) response.set("Content-Type", std::string(type));
  if (!response.header("cache-control")) response.set("Cache-Control", "no-store");
  response.set("Content-Language", std::string(tag(language)));
  response.set("Vary", "Accept-Language");
  response.set("X-Content-Type-Options", "nosniff");
  responder_.send(std::move(response));
}

void Exchange::json(int status, const model::Value& body, http::Headers headers) const {
  json_text(status, model::to_json(body), std::move(headers));
}

void Exchange::json_text(int status, std::string body, http::Headers headers) const {
  send(status, std::move(body), "application/json", std::move(headers));
}

void Exchange::document(std::string_view type, std::string body, http::Headers headers) const {
  send(200, std::move(body), type, std::move(headers));
}

void Exchange::no_content(http::Headers headers) const { send(204, {}, {}, std::move(headers)); }

void Exchange::refuse(const ProblemDocument& document) const {
  send(status_of(document.refusal), model::to_json(to_value(document, language, request.path)),
       "application/problem+json", document.headers);
}

void Exchange::refuse(Refusal refusal, std::string detail) const {
  ProblemDocument document;
  document.refusal = refusal;
  document.detail = std::move(detail);
  if (refusal == Refusal::Unauthenticated)
    document.headers.push_back({"WWW-Authenticate", "Bearer realm=\"xivo\""});
  if (refusal == Refusal::Busy) document.headers.push_back({"Retry-After", "1"});
  refuse(document);
}

std::string Exchange::source() const { return request.local_user ? "socket" : request.remote.ip.to_string(); }

std::string Exchange::say(std::string_view french, std::string_view english) const {
  return std::string(language == model::Language::French ? french : english);
}

std::optional<model::Value> Exchange::json_body(const model::JsonLimits& limits) const {
  const std::string_view type = request.header("content-type").value_or("");
  const std::string_view essence = text::trim(type.substr(0, type.find(';')));
  if (!text::equal_ignoring_case(essence, "application/json") &&
      !text::equal_ignoring_case(essence, "application/merge-patch+json")) {
    refuse(Refusal::WrongMediaType);
    return std::nullopt;
  }
  auto value = model::parse_json(request.body, limits);
  if (!value) {
    refuse(Refusal::Malformed,
           fmt::format("{} ({} {})", value.error().what, say("octet", "byte"), value.error().detail));
    return std::nullopt;
  }
  if (!value->is_object()) {
    refuse(Refusal::Malformed, say("Un objet JSON est attendu", "A JSON object is expected"));
    return std::nullopt;
  }
  return std::move(*value);
}

}  // namespace xivo::api
