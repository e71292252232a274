#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/strand.hpp"
#include "base/result.hpp"
#include "runtime/clock.hpp"
#include "store/account_store.hpp"

namespace xivo::api {

/// Who has signed in, asked of the database and remembered for a few seconds: a session that somebody else ends (a new
/// password) is over here within kTrusted.
/// Thread  the web loop.
class SessionBook {
 public:
  static constexpr std::size_t kRememberedMax = 1024;
  static constexpr std::size_t kWaitingMax = 256;
  static constexpr std::string_view kTooMany = "too many sessions are being looked up";
  static constexpr runtime::Duration kTrusted = std::chrono::seconds(5);

  using Found = Result<std::optional<store::Session>>;
  using OnFound = std::function<void(const Found&)>;

  SessionBook(runtime::Loop& loop, runtime::WorkerPool& workers,
              std::shared_ptr<store::AccountStore> accounts);

  /// Calls `done` on the loop, at once when the token is remembered.
  /// Errors  the database's; kTooMany
  void find(const std::string& token, OnFound done);
  /// Ends a session; `done` on the loop when it is over for good.
  void end(const std::string& token, std::function<void(const Result<void>&)> done);

 private:
  struct Remembered {
    store::Session session;
    runtime::Instant until;
  };
  struct State;
  std::shared_ptr<State> state_;  // the loop's; callbacks of workers hold it weakly
};

}  // namespace xivo::api
