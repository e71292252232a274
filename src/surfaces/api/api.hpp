#pragma once

#include <memory>
#include <string>

#include "api/live/event_stream.hpp"
#include "api/live_view.hpp"
#include "api/planning/sent_invite.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "model/config.hpp"
#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_writer.hpp"

namespace xivo::api {

/// The REST interface /api/v1: everything an administrator can see and do, for the web pages, the command line and
/// other programs alike. Hand handle() to an http::Server.
/// Thread  the web loop's, or any while that loop does not run. Loop, workers, writer and view outlive it; answers that
///         workers still owe when it goes are dropped.
class Api {
 public:
  static constexpr std::string_view kPrefix = "/api/v1";

  struct Parts {
    runtime::Loop& loop;
    runtime::WorkerPool& workers;
    const model::ConfigSource& config;
    store::ConfigWriter& writer;
    LiveView& live;
    std::string configuration_path;  // database files; the API reads over connections of its own
    std::string calls_path;
    std::string version;
    bool secure_cookies = false;  // behind HTTPS
    bool trust_local_users = true;  // over a Unix socket, root and the user we run as need no password
    InvitePreview preview{};  // what operators would be sent; may be empty
  };

  /// Errors  those of the databases
  static Result<std::unique_ptr<Api>> open(const Parts& parts);
  ~Api();

  /// Whether a path is this interface's: /api/v1 and what is below.
  static bool owns(const http::Request& request);
  void handle(http::Request request, http::Responder responder);
  /// Where whoever knows of something tells it to those who listen.
  [[nodiscard]] EventStream& events();

 private:
  struct Core;
  explicit Api(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace xivo::api
