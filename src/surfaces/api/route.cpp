#include "api/route.hpp"

#include "api/parameters.hpp"
#include "base/text.hpp"

namespace xivo::api {
namespace {

bool is_capture(std::string_view part) { return part.starts_with('{'); }

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_capture(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) {
    Entry entry{&route, {}};
    for (const auto part : text::split(std::string_view(route.path).substr(1), '/'))
      entry.pattern.emplace_back(part);
    by_first_segment_[entry.pattern.front()].push_back(std::move(entry));
  }
}

Router::Match Router::find(std::string_view method, const std::vector<std::string>& segments) const {
  Match match;
  if (segments.empty()) return match;
  const auto entries = by_first_segment_.find(segments.front());
  if (entries == by_first_segment_.end()) return match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Entry& entry : entries->second) {
    if (!fits(entry.pattern, segments)) continue;
    if (entry.route->method != wanted) {
      match.allowed += (match.allowed.empty() ? "" : ", ") + entry.route->method;
      continue;
    }
    match.route = entry.route;
    match.captured.clear();
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (is_capture(entry.pattern[i])) match.captured.push_back(segments[i]);
    }
    // "/registrations/failures" is met before "/registrations/{id}" when it stands first in the list.
    return match;
  }
  return match;
}

ParameterSpec query_parameter(std::string name, model::Value schema, Wording help) {
  return {std::move(name), "query", std::move(schema), std::move(help)};
}

std::vector<ParameterSpec> page_parameters() {
  using model::Value;
  return {
      query_parameter("limit",
                      Value::object({{"type", "integer"},
                                     {"minimum", 1},
                                     {"maximum", Page::kLimitMax},
                                     {"default", Page::kLimitDefault}}),
                      {"Nombre d'éléments au plus", "How many items at most"}),
      query_parameter("offset", Value::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}}),
                      {"Nombre d'éléments à passer", "How many items to skip"}),
  };
}

}  // namespace xivo::api
