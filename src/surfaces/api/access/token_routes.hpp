#pragma once

#include <vector>

#include "api/access/audit_book.hpp"
#include "api/access/token_book.hpp"
#include "api/route.hpp"

namespace xivo::api {

/// API tokens of one's own account.
/// Thread  the web loop.
class TokenRoutes {
 public:
  static constexpr std::size_t kLabelMax = 100;  // bytes
  static constexpr std::size_t kScopesMax = 50;
  static constexpr std::chrono::days kLifetimeMax{3660};

  TokenRoutes(runtime::Loop& loop, TokenBook& tokens, AuditBook& audit)
      : loop_(loop), tokens_(tokens), audit_(audit), self_(std::make_shared<TokenRoutes*>(this)) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void create(const ExchangePtr& exchange);
  void remove(const ExchangePtr& exchange);

  runtime::Loop& loop_;
  TokenBook& tokens_;
  AuditBook& audit_;
  std::shared_ptr<TokenRoutes*> self_;  // what callbacks hold weakly
};

}  // namespace xivo::api
