#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "runtime/loop.hpp"
#include "runtime/thread.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::http {

/// Called in the loop's thread with a complete request. It must not block: what takes time goes to a worker, which answers
/// through the responder. Must not throw.
using Handler = std::function<void(Request, Responder)>;

/// An HTTP/1.1 server on a loop: keep-alive, bounded in bytes, connections and time (Limits), malformed requests
/// answered 400 and closed.                                                                      RFC 9110, 9112
/// Thread  the loop's, or any while the loop does not run. The loop outlives the server; other threads must have
///         been joined, or be done with their Responders, when the server is destroyed.
class Server {
 public:
  Server(runtime::Loop& loop, Handler handler, Limits limits = {});
  /// Closes everything at once; the handler is not called any more.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Accepts connections at an address; port 0 = one that is free. Several are allowed.
  /// Returns where it listens. Errors  those of open_tcp_listener()
  Result<SocketAddress> listen(const SocketAddress& local);
  /// The same for connections by TLS. Errors  also "TLS needs a certificate"
  Result<SocketAddress> listen_tls(const SocketAddress& local);
  /// The certificates of new connections; those that exist live on unchanged.
  void set_tls(std::shared_ptr<const runtime::TlsContext> context);
  /// Accepts connections at a Unix socket; the file is removed at the end.
  Result<void> listen_unix(const std::string& path, mode_t mode);

  /// Accepts no more, closes idle connections, waits for answers in progress at most Limits::farewell, closes the rest,
  /// then calls `on_closed`.
  void close(std::function<void()> on_closed);
  [[nodiscard]] std::size_t connections() const;

  struct Core;

 private:
  std::shared_ptr<Core> core_;
};

/// A server with a loop and a thread of its own: for tests and small programs. Listen, then start.
/// Thread  its owner's.
class StandaloneServer {
 public:
  explicit StandaloneServer(Handler handler, Limits limits = {});
  ~StandaloneServer();

  Result<SocketAddress> listen(const SocketAddress& local) { return server_.listen(local); }
  Result<SocketAddress> listen_tls(const SocketAddress& local) { return server_.listen_tls(local); }
  void set_tls(std::shared_ptr<const runtime::TlsContext> context) { server_.set_tls(std::move(context)); }
  Result<void> listen_unix(const std::string& path, mode_t mode) { return server_.listen_unix(path, mode); }
  void start();
  /// Server::close(), then joins the thread. No handler is called after it returned.
  void stop();
  [[nodiscard]] runtime::Loop& loop() { return loop_; }

 private:
  runtime::Loop loop_{"http"};
  Server server_;
  runtime::Thread thread_;
  bool running_ = false;
};

}  // namespace xivo::http
