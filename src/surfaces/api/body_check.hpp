#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/exchange.hpp"

namespace xivo::api {

/// Looks at the members of a body that no kind describes, and collects what is wrong with them.
class BodyCheck {
 public:
  BodyCheck(const Exchange& exchange, const model::Value& body) : exchange_(exchange), body_(body) {}

  /// Tells of members that are not among these.
  void only(const std::vector<std::string_view>& known);
  /// A printable text of so many bytes; empty (and told) when it is not, or when it is missing and `min` is not 0.
  std::string text(std::string_view field, std::size_t min, std::size_t max);
  void wrong(std::string_view field, std::string_view rule, std::string_view french,
             std::string_view english);
  /// True when everything was in order; otherwise the request has been answered.
  bool finish();

 private:
  const Exchange& exchange_;
  const model::Value& body_;
  model::Value::List problems_;
};

}  // namespace xivo::api
