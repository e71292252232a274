#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/exchange.hpp"
#include "api/wording.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// What may stand in a request's path, query or headers, for whoever reads the OpenAPI document.
struct ParameterSpec {
  std::string name;
  std::string_view in;  // "path", "query", "header"
  model::Value schema;
  Wording help;
};

/// One answer a route may give, refusals apart.
struct AnswerSpec {
  int status = 200;
  Wording help;
  std::string schema;  // name of a component; empty = no body
  std::string_view type = "application/json";
};

/// One method at one path: how it is found, who may use it, what it does and what the document says of it. Routing and
/// document are read from the same list, so neither can lie about the other.
struct Route {
  std::string method{};
  std::string path{};  // below /api/v1: "/users/{id}"
  bool open = false;  // needs no session
  std::string scope{};  // the right it takes: "user:read"; empty = whoever has signed in
  std::string id{};  // operationId: "list_users"
  std::string tag{};
  Wording summary{};
  std::vector<ParameterSpec> parameters{};
  std::string body{};  // name of the component; empty = none
  std::string_view body_type = "application/json";
  std::vector<AnswerSpec> answers{};
  std::vector<Refusal> refusals{};  // what else may come, besides those every route may give
  std::function<void(const ExchangePtr&)> handler{};
};

/// Finds the route of a request.
class Router {
 public:
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> captured;
    std::string allowed;  // when only the method does not fit: those that do
  };
  /// Shape   segments: below /api/v1. HEAD finds GET
  [[nodiscard]] Match find(std::string_view method, const std::vector<std::string>& segments) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Entry {
    const Route* route;
    std::vector<std::string> pattern;
  };
  std::vector<Route> routes_;
  std::map<std::string, std::vector<Entry>, std::less<>> by_first_segment_;
};

ParameterSpec query_parameter(std::string name, model::Value schema, Wording help);
/// limit and offset
std::vector<ParameterSpec> page_parameters();

}  // namespace xivo::api
