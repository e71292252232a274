#pragma once

#include <vector>

#include "api/access/audit_book.hpp"
#include "api/route.hpp"
#include "model/config.hpp"
#include "model/schema.hpp"

namespace xivo::api {

/// The log of accesses, and what must not happen without an entry in it: showing a secret.
/// Thread  the web loop.
class AuditRoutes {
 public:
  static constexpr std::int64_t kLimitMax = 500;
  static constexpr std::size_t kReasonMax = 200;  // bytes

  AuditRoutes(const model::ConfigSource& config, AuditBook& audit) : config_(config), audit_(audit) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void reveal(const ExchangePtr& exchange, const model::KindSchema& kind);

  const model::ConfigSource& config_;
  AuditBook& audit_;
};

}  // namespace xivo::api
