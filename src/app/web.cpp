#include "app/web.hpp"

#include "api/api.hpp"
#include "app/live_adapter.hpp"
#include "app/version.hpp"
#include "http/server.hpp"

namespace xivo::app {
namespace {

http::Response not_found() {
  http::Response response;
  response.status = 404;
  return response;
}

}  // namespace

struct Web::Impl {
  Impl(const Parts& parts, std::unique_ptr<LiveAdapter> adapter, std::unique_ptr<api::Api> opened)
      : live(std::move(adapter)),
        rest(std::move(opened)),
        server(parts.web_loop, [this](http::Request request, http::Responder responder) {
          if (!api::Api::owns(request)) return responder.send(not_found());
          rest->handle(std::move(request), std::move(responder));
        }) {}

  std::unique_ptr<LiveAdapter> live;
  std::unique_ptr<api::Api> rest;
  http::Server server;
  SocketAddress bound;
};

Web::Web(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Web::~Web() = default;
SocketAddress Web::address() const { return impl_->bound; }

Result<std::unique_ptr<Web>> Web::open(const Parts& parts) {
  auto live = std::make_unique<LiveAdapter>(parts.shards, parts.config);
  auto rest = api::Api::open({.loop = parts.web_loop,
                              .workers = parts.workers,
                              .config = parts.config,
                              .writer = parts.config_writer,
                              .live = *live,
                              .configuration_path = parts.folder + "/config.db",
                              .calls_path = parts.folder + "/calls.db",
                              .version = std::string(kVersion)});
  if (!rest) return Unexpected{rest.error()};
  auto impl = std::make_unique<Impl>(parts, std::move(live), std::move(*rest));
  auto bound = impl->server.listen(parts.address);
  if (!bound) return Unexpected{bound.error()};
  impl->bound = *bound;
  return std::unique_ptr<Web>(new Web(std::move(impl)));  // lint: allow raw-new the constructor is private
}

}  // namespace xivo::app
