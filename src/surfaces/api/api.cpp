#include "api/api.hpp"

#include <unistd.h>

#include "api/account_routes.hpp"
#include "api/ban_routes.hpp"
#include "api/configuration/revision_routes.hpp"
#include "api/configuration/schema_routes.hpp"
#include "api/configuration/transaction_routes.hpp"
#include "api/live/event_routes.hpp"
#include "api/live_routes.hpp"
#include "api/object_routes.hpp"
#include "api/records/record_routes.hpp"
#include "api/route.hpp"
#include "api/session_book.hpp"
#include "api/system_routes.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "store/account_store.hpp"

namespace xivo::api {
namespace {

metrics::Counter unauthenticated("xivo_api_unauthenticated_total",
                                 "API requests refused for want of a session");

constexpr std::string_view kBearer = "Bearer ";

/// The token a request carries, and whether a browser sent it by itself.
struct Credentials {
  std::string token;
  bool from_cookie = false;
};

Credentials credentials_of(const http::Request& request) {
  const std::string_view authorization = request.header("authorization").value_or("");
  if (authorization.size() > kBearer.size() &&
      text::equal_ignoring_case(authorization.substr(0, kBearer.size()), kBearer)) {
    return {std::string(text::trim(authorization.substr(kBearer.size()))), false};
  }
  return {std::string(request.cookie(kSessionCookie).value_or("")), true};
}

/// SameSite=Strict keeps cookies out of other sites' requests; a browser that says where a request comes from is
/// believed as a second guard.
bool is_cross_site(const http::Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return false;
  const auto site = request.header("sec-fetch-site");
  return site && *site != "same-origin" && *site != "none";
}

template <class Store>
Result<std::shared_ptr<Store>> open_store(const std::string& path) {
  auto store = Store::open(path);
  if (!store) return Unexpected{store.error()};
  return std::shared_ptr<Store>(std::move(*store));
}

}  // namespace

struct Api::Core : std::enable_shared_from_this<Core> {
  struct Stores {
    std::shared_ptr<store::AccountStore> passwords;
    std::shared_ptr<store::AccountStore> sessions;
    std::shared_ptr<History> history;
    std::shared_ptr<store::CallRecordReader> records;
  };

  Core(const Parts& parts, const Stores& stores)
      : trust_local_users(parts.trust_local_users),
        sessions(parts.loop, parts.workers, stores.sessions),
        accounts(parts.loop, parts.workers, stores.passwords, sessions, parts.secure_cookies),
        desk(std::make_shared<ChangeDesk>(parts.writer, parts.workers, stores.history)),
        objects(parts.config, desk, stores.history, parts.workers),
        transactions(desk, parts.workers),
        revisions(stores.history, parts.config, desk),
        live(parts.live, parts.config, parts.workers),
        events(parts.loop),
        event_routes(events,
                     [this](const ExchangePtr& exchange, auto done) { recheck(exchange, std::move(done)); }),
        bans(parts.live),
        records(parts.loop, parts.workers, parts.config, stores.records),
        system(parts.loop, parts.config, parts.version),
        router(all_routes()) {
    system.publish(router.routes());
  }

  std::vector<Route> all_routes() {
    std::vector<Route> routes;
    accounts.add_routes(routes);
    system.add_routes(routes);
    transactions.add_routes(routes);
    revisions.add_routes(routes);
    schema.add_routes(routes);
    objects.add_routes(routes);
    live.add_routes(routes);
    event_routes.add_routes(routes);
    bans.add_routes(routes);
    records.add_routes(routes);
    return routes;
  }

  void handle(http::Request request, http::Responder responder);
  void admit(const ExchangePtr& exchange, const Route& route);
  void recheck(const ExchangePtr& exchange, std::function<void(bool)> done);
  [[nodiscard]] bool is_trusted(const http::Request& request) const;

  const bool trust_local_users;
  SessionBook sessions;
  AccountRoutes accounts;
  const std::shared_ptr<ChangeDesk> desk;
  ObjectRoutes objects;
  TransactionRoutes transactions;
  RevisionRoutes revisions;
  LiveRoutes live;
  EventStream events;
  EventRoutes event_routes;
  BanRoutes bans;
  RecordRoutes records;
  SystemRoutes system;
  SchemaRoutes schema;
  const Router router;
};

void Api::Core::handle(http::Request request, http::Responder responder) {
  const std::vector<std::string> segments(
      request.segments.begin() + std::min<std::ptrdiff_t>(2, std::ssize(request.segments)),
      request.segments.end());
  auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder));
  auto match = router.find(exchange->request.method, segments);
  if (!match.route && match.allowed.empty()) return exchange->refuse(Refusal::NoSuchRoute);
  if (!match.route) {
    ProblemDocument document;
    document.refusal = Refusal::MethodNotAllowed;
    document.headers.push_back({"Allow", std::move(match.allowed)});
    return exchange->refuse(document);
  }
  exchange->captured = std::move(match.captured);
  if (match.route->open) return match.route->handler(exchange);
  admit(exchange, *match.route);
}

bool Api::Core::is_trusted(const http::Request& request) const {
  return trust_local_users && request.local_user &&
         (*request.local_user == 0 || *request.local_user == geteuid());
}

void Api::Core::admit(const ExchangePtr& exchange, const Route& route) {
  auto [token, from_cookie] = credentials_of(exchange->request);
  if (token.empty() && is_trusted(exchange->request)) {
    exchange->account = "root";
    return route.handler(exchange);
  }
  if (token.empty()) {
    unauthenticated.add();
    return exchange->refuse(Refusal::Unauthenticated);
  }
  if (from_cookie && is_cross_site(exchange->request)) return exchange->refuse(Refusal::CrossSite);
  exchange->token = token;
  sessions.find(token, [exchange, &route, weak = weak_from_this()](const SessionBook::Found& found) {
    const auto alive = weak.lock();
    if (!alive) return;
    if (!found && found.error().what == SessionBook::kTooMany) return exchange->refuse(Refusal::Busy);
    if (!found) return exchange->refuse(storage_refusal(found.error(), exchange->language));
    if (!*found) {
      unauthenticated.add();
      return exchange->refuse(Refusal::Unauthenticated);
    }
    exchange->account = (*found)->account;
    route.handler(exchange);
  });
}

/// A session that ended, or an account that is gone, listens no longer.
void Api::Core::recheck(const ExchangePtr& exchange, std::function<void(bool)> done) {
  if (exchange->token.empty()) return done(true);  // a local user
  sessions.find(exchange->token, [done = std::move(done)](const SessionBook::Found& found) {
    done(!found || found->has_value());  // a database that cannot be asked ends nothing
  });
}

Api::Api(std::shared_ptr<Core> core) : core_(std::move(core)) {}
Api::~Api() = default;

Result<std::unique_ptr<Api>> Api::open(const Parts& parts) {
  auto passwords = open_store<store::AccountStore>(parts.configuration_path);
  if (!passwords) return Unexpected{passwords.error()};
  auto sessions = open_store<store::AccountStore>(parts.configuration_path);
  if (!sessions) return Unexpected{sessions.error()};
  auto history = History::open(parts.loop, parts.workers, parts.config, parts.configuration_path);
  if (!history) return Unexpected{history.error()};
  auto records = open_store<store::CallRecordReader>(parts.calls_path);
  if (!records) return Unexpected{records.error()};
  auto core = std::make_shared<Core>(parts, Core::Stores{*passwords, *sessions, *history, *records});
  return std::unique_ptr<Api>(new Api(std::move(core)));  // lint: allow raw-new the constructor is private
}

bool Api::owns(const http::Request& request) {
  return request.segments.size() >= 2 && request.segments[0] == "api" && request.segments[1] == "v1";
}

EventStream& Api::events() { return core_->events; }

void Api::handle(http::Request request, http::Responder responder) {
  core_->handle(std::move(request), std::move(responder));
}

}  // namespace xivo::api
