#pragma once

#include <memory>

#include "app/options.hpp"
#include "base/result.hpp"

namespace xivo::app {

/// Why the daemon did not start.
struct StartFailure {
  ExitCode code;
  std::string text;  // one line
};

/// The whole system in one process: opens databases and ports, starts the loops, ends them in order.
/// Thread  main only.
class Daemon {
 public:
  explicit Daemon(Options options);
  ~Daemon();

  /// Everything up to the first call. On a failure what was opened is closed again by the destructor.
  Result<void, StartFailure> start();
  /// Tells on standard output where the system is and, on a first start, its secrets.
  void announce() const;
  /// Waits for SIGINT, SIGTERM or `core stop`; then ends every call, waits at most a second for their BYEs, and stops.
  void run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::app
