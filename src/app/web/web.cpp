#include "app/web/web.hpp"

#include "api/api.hpp"
#include "app/version.hpp"
#include "app/web/event_relay.hpp"
#include "app/web/invite_preview.hpp"
#include "app/web/live_adapter.hpp"
#include "app/web/web_files.hpp"
#include "http/server.hpp"

namespace xivo::app {
namespace {

constexpr mode_t kSocketMode = 0660;

/// Every open page keeps a WebSocket, and all of a company may stand behind one proxy.
http::Limits limits() {
  http::Limits limits;
  limits.body_bytes_max = 8 << 20;  // a transaction of ten thousand objects
  limits.connections_max = 4'000;
  limits.connections_per_address_max = 2'000;
  return limits;
}

}  // namespace

struct Web::Impl {
  Impl(const Parts& parts, std::unique_ptr<LiveAdapter> adapter, std::unique_ptr<api::Api> opened)
      : live(std::move(adapter)),
        rest(std::move(opened)),
        files(parts.pages, parts.web_loop, parts.workers),
        server(
            parts.web_loop,
            [this, &browsers = parts.browsers](http::Request request, http::Responder responder) {
              if (request.path == WebSocketHub::kPath) return responder.send(browsers.answer(request));
              if (!api::Api::owns(request)) return files.handle(std::move(request), std::move(responder));
              rest->handle(std::move(request), std::move(responder));
            },
            limits()) {}

  std::unique_ptr<LiveAdapter> live;
  std::unique_ptr<api::Api> rest;
  std::unique_ptr<EventRelay> relay;
  WebFiles files;
  http::Server server;
  SocketAddress bound;
};

Web::Web(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Web::~Web() = default;
SocketAddress Web::address() const { return impl_->bound; }

Result<SocketAddress> Web::listen_tls(const SocketAddress& address,
                                      std::shared_ptr<const runtime::TlsContext> context) {
  set_tls(std::move(context));
  return impl_->server.listen_tls(address);
}

void Web::set_tls(std::shared_ptr<const runtime::TlsContext> context) {
  impl_->server.set_tls(std::move(context));
}

Result<void> Web::listen_unix(const std::string& path) {
  return impl_->server.listen_unix(path, kSocketMode);
}

Result<std::unique_ptr<Web>> Web::open(const Parts& parts) {
  auto departures = std::make_shared<Departures>();
  auto live = std::make_unique<LiveAdapter>(parts.shards, parts.config, departures);
  auto rest = api::Api::open({.loop = parts.web_loop,
                              .workers = parts.workers,
                              .config = parts.config,
                              .writer = parts.config_writer,
                              .live = *live,
                              .configuration_path = parts.folder + "/config.db",
                              .calls_path = parts.folder + "/calls.db",
                              .version = std::string(kVersion),
                              .preview = preview_of});
  if (!rest) return Unexpected{rest.error()};
  auto impl = std::make_unique<Impl>(parts, std::move(live), std::move(*rest));
  impl->relay = std::make_unique<EventRelay>(EventRelay::Parts{
      parts.web_loop, parts.shards, parts.config, parts.config_writer, impl->rest->events(), departures});
  auto bound = impl->server.listen(parts.address);
  if (!bound) return Unexpected{bound.error()};
  impl->bound = *bound;
  return std::unique_ptr<Web>(new Web(std::move(impl)));  // lint: allow raw-new the constructor is private
}

}  // namespace xivo::app
