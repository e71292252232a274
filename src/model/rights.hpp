#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/language.hpp"

namespace xivo::model {

/// What a scope may name before its colon, with the actions that may stand behind it.
struct Area {
  std::string_view name;  // a kind's, or "call", "ban" ...
  std::vector<std::string_view> actions;
  Words title;
};

/// Every kind with "read" and "write", then what is no kind.
const std::vector<Area>& areas();

/// Whether a text is a scope of this system.
/// Shape   "<area>:<action>"; "*" may stand for either side
bool is_scope(std::string_view text);

/// A set of scopes: what somebody may do.
class Rights {
 public:
  Rights() = default;  // to do nothing
  explicit Rights(std::vector<std::string> scopes) : scopes_(std::move(scopes)) {}
  static Rights all() { return Rights({"*:*"}); }

  /// Whether all that a scope stands for may be done; the empty scope always may.
  [[nodiscard]] bool allows(std::string_view scope) const;
  /// The first of `scopes` that is not allowed; empty when all are.
  [[nodiscard]] std::string_view missing(const std::vector<std::string>& scopes) const;
  /// What both these rights and `scopes` allow.
  [[nodiscard]] Rights limited_to(const std::vector<std::string>& scopes) const;
  [[nodiscard]] const std::vector<std::string>& scopes() const { return scopes_; }
  bool operator==(const Rights&) const = default;

 private:
  std::vector<std::string> scopes_;
};

}  // namespace xivo::model
