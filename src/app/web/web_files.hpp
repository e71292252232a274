#pragma once

#include <memory>
#include <string>

#include "http/message.hpp"
#include "http/responder.hpp"
#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::app {

/// The web pages: everything outside /api. Files come from a folder; a path that names no file is a place within the
/// pages, which index.html finds by itself. A folder that is built anew is served within kLookEvery, without a restart.
/// With index.html goes a Content-Security-Policy. Where it says kNonceMark, each answer puts another nonce, and
/// then nothing inline runs or styles without it.                                          W3C CSP Level 3
/// Thread  the web loop's, or any while it does not run; files are read on a worker. Loop and workers outlive it.
class WebFiles {
 public:
  static constexpr std::string_view kNonceMark = "__CSP_NONCE__";
  static constexpr runtime::Duration kLookEvery = std::chrono::seconds(1);

  WebFiles(std::string folder, runtime::Loop& loop, runtime::WorkerPool& workers);
  ~WebFiles();

  void handle(http::Request request, http::Responder responder);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace xivo::app
