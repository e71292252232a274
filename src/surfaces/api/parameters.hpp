#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/exchange.hpp"
#include "model/field.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// Reads the query parameters of a request strictly: what is out of bounds, unreadable or unknown is told, all of it at
/// once.
/// Thread  the web loop.
class Parameters {
 public:
  static constexpr std::int64_t kTextMax = 200;  // bytes

  explicit Parameters(const Exchange& exchange) : exchange_(exchange) {}

  std::int64_t integer(std::string_view name, const model::Bounds& bounds, std::int64_t fallback);
  std::optional<std::string> text(std::string_view name);
  std::optional<runtime::WallTime> time(std::string_view name);
  /// One of `choices`, which are string literals; the first when absent.
  std::string_view choice(std::string_view name, const std::vector<std::string_view>& choices);
  /// For a check of the caller's own.
  void wrong(std::string_view name, std::string_view rule, std::string message);

  /// True when everything was in order; otherwise the request has been answered.
  [[nodiscard]] bool finish();

 private:
  std::optional<std::string_view> take(std::string_view name);

  const Exchange& exchange_;
  std::set<std::string, std::less<>> known_;
  model::Value::List problems_;
};

/// `limit` and `offset` of a list.
struct Page {
  static constexpr std::int64_t kLimitMax = 1000;
  static constexpr std::int64_t kLimitDefault = 100;

  std::int64_t limit = kLimitDefault;
  std::int64_t offset = 0;

  static Page read(Parameters& parameters);
};

/// {items, total}
model::Value page_value(model::Value::List items, std::int64_t total);

}  // namespace xivo::api
