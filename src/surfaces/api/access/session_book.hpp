#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/strand.hpp"
#include "base/result.hpp"
#include "runtime/clock.hpp"
#include "store/session_store.hpp"

namespace xivo::api {

/// Who has signed in, asked of the database and remembered for a few seconds.
/// Thread  the web loop; each `done` is called there. Errors  the database's; kTooManyWaiting, at once
class SessionBook {
 public:
  static constexpr std::size_t kWaitingMax = 256;
  static constexpr std::chrono::hours kLifetime{12};

  template <class T>
  using Done = std::function<void(const Result<T>&)>;

  SessionBook(runtime::Loop& loop, runtime::WorkerPool& workers,
              std::shared_ptr<store::SessionStore> sessions);

  /// A new session.
  struct Opened {
    std::string token;
    runtime::WallTime expires{};
  };
  void open(store::SessionStore::SignIn sign_in, Done<Opened> done);
  /// At once when the token is remembered.
  void find(const std::string& token, Done<std::optional<store::Session>> done);
  void list(std::int64_t account, Done<std::vector<store::Session>> done);
  /// Whether there was such a session of the account.
  void end(std::int64_t account, std::int64_t id, Done<bool> done);
  /// Ends all sessions of an account but one (0: all).
  void end_others(std::int64_t account, std::int64_t kept, Done<void> done);

 private:
  struct State;
  /// Runs `work` with the store on the strand; `then` on the loop, before `done`.
  template <class T, class Work, class Then>
  void ask(Work work, Then then, Done<T> done);
  std::shared_ptr<State> state_;  // the loop's; callbacks of workers hold it weakly
};

}  // namespace xivo::api
