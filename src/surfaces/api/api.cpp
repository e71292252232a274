#include "api/api.hpp"

#include "api/access/account_routes.hpp"
#include "api/access/admission.hpp"
#include "api/access/audit_routes.hpp"
#include "api/access/password_routes.hpp"
#include "api/access/token_routes.hpp"
#include "api/ban_routes.hpp"
#include "api/configuration/number_routes.hpp"
#include "api/configuration/revision_routes.hpp"
#include "api/configuration/schema_routes.hpp"
#include "api/configuration/transaction_routes.hpp"
#include "api/live/event_routes.hpp"
#include "api/live_routes.hpp"
#include "api/object_routes.hpp"
#include "api/planning/map_routes.hpp"
#include "api/planning/planning_routes.hpp"
#include "api/records/record_routes.hpp"
#include "api/route.hpp"
#include "api/schedules/schedule_routes.hpp"
#include "api/schedules/toll_routes.hpp"
#include "api/system_routes.hpp"
#include "api/trunks/trunk_routes.hpp"
#include "api/users/user_csv_routes.hpp"
#include "store/account_store.hpp"

namespace xivo::api {
namespace {

template <class Store>
Result<std::shared_ptr<Store>> open_store(const std::string& path) {
  auto store = Store::open(path);
  if (!store) return Unexpected{store.error()};
  return std::shared_ptr<Store>(std::move(*store));
}

}  // namespace

struct Api::Core : std::enable_shared_from_this<Core> {
  struct Stores {
    std::shared_ptr<store::AccountStore> accounts;
    std::shared_ptr<store::SessionStore> sessions;
    std::shared_ptr<store::TokenStore> tokens;
    std::shared_ptr<store::AuditStore> audit;
    std::shared_ptr<History> history;
    std::shared_ptr<store::CallRecordReader> records;
  };

  Core(const Parts& parts, const Stores& stores)
      : sessions(parts.loop, parts.workers, stores.sessions),
        token_book(parts.loop, parts.workers, stores.tokens),
        audit_book(parts.loop, parts.workers, stores.audit),
        credentials(parts.loop, parts.workers, parts.config, stores.accounts),
        admission({parts.config, sessions, token_book, audit_book, parts.trust_local_users}),
        accounts({parts.config, credentials, sessions, audit_book, parts.secure_cookies}),
        passwords({parts.config, credentials, sessions, audit_book}),
        tokens(parts.loop, token_book, audit_book),
        audit(parts.config, audit_book),
        desk(std::make_shared<ChangeDesk>(parts.config, parts.writer, parts.workers, stores.history)),
        user_tables(parts.config, desk, parts.workers),
        objects(parts.config, desk, stores.history, parts.workers),
        transactions(desk, parts.workers),
        revisions(stores.history, parts.config, desk),
        live(parts.live, parts.config, parts.workers),
        events(parts.loop),
        event_routes(events, [this](const ExchangePtr& exchange,
                                    auto done) { admission.recheck(exchange, std::move(done)); }),
        bans(parts.live),
        schedules(parts.config, parts.workers),
        tolls({parts.live, parts.config, audit_book, events}),
        trunks(parts.live, parts.config),
        records(parts.loop, parts.workers, parts.config, stores.records),
        system(parts.loop, parts.config, parts.version),
        numbers(parts.config, parts.workers),
        planning({parts.loop, parts.config, parts.writer, parts.workers, parts.preview}),
        maps(parts.config, parts.writer, parts.workers),
        router(all_routes()) {
    system.describe(router.routes());
  }

  std::vector<Route> all_routes() {
    std::vector<Route> routes;
    accounts.add_routes(routes);
    passwords.add_routes(routes);
    tokens.add_routes(routes);
    audit.add_routes(routes);
    system.add_routes(routes);
    transactions.add_routes(routes);
    revisions.add_routes(routes);
    schema.add_routes(routes);
    numbers.add_routes(routes);
    planning.add_routes(routes);
    maps.add_routes(routes);
    user_tables.add_routes(routes);
    trunks.add_routes(routes);
    objects.add_routes(routes);
    live.add_routes(routes);
    event_routes.add_routes(routes);
    bans.add_routes(routes);
    schedules.add_routes(routes);
    tolls.add_routes(routes);
    records.add_routes(routes);
    return routes;
  }

  void handle(http::Request request, http::Responder responder);

  SessionBook sessions;
  TokenBook token_book;
  AuditBook audit_book;
  CredentialDesk credentials;
  Admission admission;
  AccountRoutes accounts;
  PasswordRoutes passwords;
  TokenRoutes tokens;
  AuditRoutes audit;
  const std::shared_ptr<ChangeDesk> desk;
  UserCsvRoutes user_tables;
  ObjectRoutes objects;
  TransactionRoutes transactions;
  RevisionRoutes revisions;
  LiveRoutes live;
  EventStream events;
  EventRoutes event_routes;
  BanRoutes bans;
  ScheduleRoutes schedules;
  TollRoutes tolls;
  TrunkRoutes trunks;
  RecordRoutes records;
  SystemRoutes system;
  SchemaRoutes schema;
  NumberRoutes numbers;
  PlanningRoutes planning;
  MapRoutes maps;
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
  admission.admit(exchange, *match.route);
}

Api::Api(std::shared_ptr<Core> core) : core_(std::move(core)) {}
Api::~Api() = default;

Result<std::unique_ptr<Api>> Api::open(const Parts& parts) {
  auto accounts = open_store<store::AccountStore>(parts.configuration_path);
  if (!accounts) return Unexpected{accounts.error()};
  auto sessions = open_store<store::SessionStore>(parts.configuration_path);
  if (!sessions) return Unexpected{sessions.error()};
  auto tokens = open_store<store::TokenStore>(parts.configuration_path);
  if (!tokens) return Unexpected{tokens.error()};
  auto audit = open_store<store::AuditStore>(parts.configuration_path);
  if (!audit) return Unexpected{audit.error()};
  auto history = History::open(parts.loop, parts.workers, parts.config, parts.configuration_path);
  if (!history) return Unexpected{history.error()};
  auto records = open_store<store::CallRecordReader>(parts.calls_path);
  if (!records) return Unexpected{records.error()};
  auto core =
      std::make_shared<Core>(parts, Core::Stores{*accounts, *sessions, *tokens, *audit, *history, *records});
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
