#include "api/live/event_routes.hpp"

#include "api/parameters.hpp"
#include "http/websocket.hpp"

namespace xivo::api {

using model::Value;

void EventRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "GET",
       .path = "/events",
       .id = "listen_to_events",
       .tag = "live",
       .summary = {"Évènements en direct (WebSocket) : appels, enregistrements, configuration",
                   "Live events (WebSocket): calls, registrations, configuration"},
       .parameters = {query_parameter(
           "cursor", Value::object({{"type", "integer"}, {"minimum", 0}}),
           {"Le dernier évènement vu : la suite est envoyée, ou « resync » si elle n'est plus gardée",
            "The last event seen: what follows is sent, or \"resync\" when it is not kept any more"})},
       .answers = {{101,
                    {"Des messages {cursor, topic, type, at, data} ; d'abord {cursor, type: hello}",
                     "Messages {cursor, topic, type, at, data}; first {cursor, type: hello}"},
                    ""}},
       .refusals = {Refusal::BadParameter, Refusal::CrossSite, Refusal::UpgradeRequired, Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { listen(exchange); }});
}

void EventRoutes::listen(const ExchangePtr& exchange) {
  constexpr std::int64_t kFromNow = -1;
  Parameters parameters(*exchange);
  const auto cursor = parameters.integer("cursor", {}, kFromNow);
  if (!parameters.finish()) return;
  // Any site's page may open a WebSocket, and the browser sends our cookie along.
  if (!http::is_same_origin(exchange->request)) return exchange->refuse(Refusal::CrossSite);
  EventStream::Admission admission;
  for (std::size_t i = 0; i < kTopics; ++i) admission.topics[i] = exchange->may(scope(static_cast<Topic>(i)));
  admission.recheck = [exchange, recheck = recheck_](std::function<void(bool)> done) {
    recheck(exchange, std::move(done));
  };
  events_.open(exchange, std::move(admission), cursor == kFromNow ? std::nullopt : std::optional(cursor));
}

}  // namespace xivo::api
