#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/access/login_guard.hpp"
#include "api/access/name_guard.hpp"
#include "api/exchange.hpp"
#include "api/strand.hpp"
#include "model/config.hpp"
#include "store/account_store.hpp"

namespace xivo::api {

/// Where passwords and codes are looked at, one at a time (19 MiB and 20 ms each), on a worker; and where guessing is
/// made slow: by address (LoginGuard), by account name (NameGuard), and by wrong codes of one account.
/// Thread  the web loop; each `done` is called there.
class CredentialDesk {
 public:
  static constexpr std::size_t kWaitingMax = 32;
  static constexpr int kCodeFailuresMax =
      10;  // only who has the password can make them; then 15 minutes of none
  static constexpr runtime::Duration kSweepEvery = std::chrono::seconds(5);

  /// What somebody shows to prove who he is.
  struct Attempt {
    std::string name;  // as typed, in small letters
    std::optional<std::int64_t> account;  // nothing: there is none of that name that may sign in
    std::string password;
    std::string code;  // of the second factor, or a recovery code
    bool password_only = false;  // for who has signed in already
  };
  enum class Verdict : std::uint8_t { Right, RightByRecoveryCode, Wrong, CodeNeeded, WrongCode };

  CredentialDesk(runtime::Loop& loop, runtime::WorkerPool& workers, const model::ConfigSource& config,
                 std::shared_ptr<store::AccountStore> accounts);

  /// Answers the request by itself when attempts are too many or the database fails. What is wrong is answered late.
  void check(const ExchangePtr& exchange, Attempt attempt, std::function<void(Verdict)> done);

  /// Runs `work` with the store and the time of now on the worker and `done` with its Result on the loop; answers the
  /// request by itself when it cannot.
  template <class Work, class Done>
  void run(const ExchangePtr& exchange, Work work, Done done) {
    const bool accepted = run_then(
        strand_, loop_,
        [work = std::move(work), accounts = accounts_, now = loop_.clock().wall()] {
          return work(*accounts, now);
        },
        [exchange, done = std::move(done), weak = std::weak_ptr(self_)](const auto& result) {
          if (!result) return exchange->refuse(storage_refusal(result.error(), exchange->language));
          if (weak.lock()) done(result);
        });
    if (!accepted) exchange->refuse(Refusal::Busy);
  }

 private:
  struct Seen;  // what a worker found
  static Seen look(store::AccountStore& accounts, const Attempt& attempt, runtime::WallTime now);
  void verify(const ExchangePtr& exchange, const Attempt& attempt, std::function<void(Verdict)> done);
  void conclude(const ExchangePtr& exchange, const Attempt& attempt, const Seen& seen,
                const std::function<void(Verdict)>& done);
  void refuse_for_now(const ExchangePtr& exchange, runtime::Duration wait);
  void sweep();

  runtime::Loop& loop_;
  const model::ConfigSource& config_;
  std::shared_ptr<store::AccountStore> accounts_;
  Strand strand_;
  LoginGuard addresses_;
  NameGuard names_;
  NameGuard codes_;  // by account name: wrong codes behind a right password
  const model::AnyTable* swept_ = nullptr;  // the table of accounts that credentials were last compared with
  model::ConfigSnapshot swept_config_;  // keeps it
  std::shared_ptr<CredentialDesk*> self_;  // what callbacks hold weakly
};

}  // namespace xivo::api
