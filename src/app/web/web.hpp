#pragma once

#include <memory>
#include <string>

#include "app/shard_team.hpp"
#include "app/web/websocket_hub.hpp"
#include "base/result.hpp"
#include "runtime/loop.hpp"
#include "runtime/tls_context.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_writer.hpp"

namespace xivo::app {

/// The REST interface, the web pages and the door of browser phones: their server, their handlers and what they ask.
/// Thread  made and destroyed while the web loop does not run, or on it.
class Web {
 public:
  struct Parts {
    SocketAddress address;
    std::string folder;  // of the databases
    std::string pages;  // the folder of the web pages
    runtime::Loop& web_loop;
    runtime::WorkerPool& workers;
    ShardTeam& shards;
    model::ConfigSource& config;
    store::ConfigWriter& config_writer;
    WebSocketHub& browsers;  // outlives this
  };

  /// Errors  those of http::Server::listen(), or of the database of calls
  static Result<std::unique_ptr<Web>> open(const Parts& parts);
  ~Web();
  [[nodiscard]] SocketAddress address() const;
  /// The same by TLS; once. Returns where. Errors  those of http::Server::listen_tls()
  Result<SocketAddress> listen_tls(const SocketAddress& address,
                                   std::shared_ptr<const runtime::TlsContext> context);
  /// The certificates of new connections.
  void set_tls(std::shared_ptr<const runtime::TlsContext> context);
  /// The same at a Unix socket, where root and the user that we run as need no password.
  /// Errors  those of http::Server::listen_unix()
  Result<void> listen_unix(const std::string& path);

 private:
  struct Impl;
  explicit Web(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::app
