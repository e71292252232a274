#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/strand.hpp"
#include "base/result.hpp"
#include "store/audit_store.hpp"

namespace xivo::api {

/// Every event of the log of accesses, by its name on the wire.
enum class AuditEvent : std::uint8_t {
  Login,
  LoginRefused,
  Logout,
  SessionEnded,
  Forbidden,
  PasswordChanged,
  SecondFactorChanged,
  RecoveryCodesMade,
  TokenCreated,
  TokenRemoved,
  TokenUsedFirst,
  SecretRevealed,
  TollReleased,
};
std::string_view name(AuditEvent event);  // "login-refused"
const std::vector<std::string_view>& audit_event_names();

/// Writes the log of accesses behind everybody's back: what comes together while one batch is being written is the next.
/// Each entry is a line of the program's log, too.
/// Thread  the web loop; each `done` is called there.
class AuditBook {
 public:
  static constexpr std::size_t kWaitingMax =
      4096;  // entries not yet on disk; more are only in the program's log
  static constexpr runtime::Duration kTryAgain = std::chrono::seconds(2);
  using Written = std::function<void(const Result<void>&)>;
  using Listed = std::function<void(const Result<std::vector<store::AuditEntry>>&)>;

  /// What happened; when is added.
  struct Note {
    AuditEvent event = AuditEvent::Login;
    std::string account{};
    std::string source{};
    std::string detail{};
  };

  AuditBook(runtime::Loop& loop, runtime::WorkerPool& workers, std::shared_ptr<store::AuditStore> audit);

  void note(Note note);
  /// The same for what must not happen unless it is written down: `done` when it is durable, or why it is not.
  void write(Note note, Written done);
  void list(store::AuditFilter filter, Listed done);

 private:
  struct State;
  std::shared_ptr<State> state_;  // the loop's; callbacks of workers hold it weakly
};

}  // namespace xivo::api
