#pragma once

#include <memory>

#include "app/options.hpp"
#include "base/result.hpp"

namespace xivo::app {

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
  /// Waits for a signal (or the console's word, which is one), ends every call, and stops.
  /// SIGINT, SIGTERM: at once, or with --drain after the calls have ended by themselves; SIGUSR1, `core stop gracefully`:
  /// after the last call, however long it takes. While it waits new calls get 503; SIGINT or SIGTERM then stops at once.
  void run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::app
