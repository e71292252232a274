#include "api/access/credential_desk.hpp"

#include <fmt/format.h>

#include <set>

#include "api/access/totp.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "model/access.hpp"
#include "model/schema.hpp"

namespace xivo::api {

struct CredentialDesk::Seen {
  Verdict verdict = Verdict::Wrong;
  std::optional<Error> error;
};

namespace {

bool is_time_code(std::string_view code) {
  return code.size() == Totp::kDigits && std::all_of(code.begin(), code.end(), text::is_digit);
}

}  // namespace

CredentialDesk::CredentialDesk(runtime::Loop& loop, runtime::WorkerPool& workers,
                               const model::ConfigSource& config,
                               std::shared_ptr<store::AccountStore> accounts)
    : loop_(loop),
      config_(config),
      accounts_(std::move(accounts)),
      strand_(loop, workers, kWaitingMax),
      self_(std::make_shared<CredentialDesk*>(this)) {
  sweep();
}

void CredentialDesk::refuse_for_now(const ExchangePtr& exchange, runtime::Duration wait) {
  ProblemDocument document;
  document.refusal = Refusal::TooManyAttempts;
  document.headers.push_back(
      {"Retry-After", fmt::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count())});
  exchange->refuse(document);
}

void CredentialDesk::check(const ExchangePtr& exchange, Attempt attempt, std::function<void(Verdict)> done) {
  const IpAddress from = exchange->request.remote.ip;
  const auto now = loop_.clock().now();
  if (!addresses_.admit(from, now)) return refuse_for_now(exchange, addresses_.wait_of(from, now));
  if (!attempt.code.empty() && codes_.failures(attempt.name, now) >= kCodeFailuresMax) {
    addresses_.answered(from);
    return refuse_for_now(exchange, NameGuard::kForgetAfter);
  }
  const auto delay = names_.delay(attempt.name, from, now);
  if (delay == runtime::Duration{}) return verify(exchange, attempt, std::move(done));
  loop_.timers().set(
      delay, [exchange, attempt = std::move(attempt), done = std::move(done), weak = std::weak_ptr(self_)] {
        if (const auto alive = weak.lock()) (*alive)->verify(exchange, attempt, done);
      });
}

void CredentialDesk::verify(const ExchangePtr& exchange, const Attempt& attempt,
                            std::function<void(Verdict)> done) {
  const bool accepted = run_then(
      strand_, loop_,
      [attempt, accounts = accounts_, now = loop_.clock().wall()] { return look(*accounts, attempt, now); },
      [exchange, attempt, done, weak = std::weak_ptr(self_)](const Seen& seen) {
        if (const auto alive = weak.lock()) (*alive)->conclude(exchange, attempt, seen, done);
      });
  if (accepted) return;
  addresses_.answered(exchange->request.remote.ip);
  exchange->refuse(Refusal::Busy);
}

// Runs on a worker.
CredentialDesk::Seen CredentialDesk::look(store::AccountStore& accounts, const Attempt& attempt,
                                          runtime::WallTime now) {
  const auto right = accounts.verify_password(attempt.account, attempt.password);
  if (!right) return {Verdict::Wrong, right.error()};
  if (!*right) return {Verdict::Wrong, std::nullopt};
  if (attempt.password_only) return {Verdict::Right, std::nullopt};
  const auto factor = accounts.second_factor(*attempt.account);
  if (!factor) return {Verdict::Wrong, factor.error()};
  if (!*factor) return {Verdict::Right, std::nullopt};
  if (attempt.code.empty()) return {Verdict::CodeNeeded, std::nullopt};
  const bool by_time = is_time_code(attempt.code);
  Result<bool> used = false;
  if (!by_time) {
    used = accounts.use_recovery_code(*attempt.account, attempt.code);
  } else if (const auto step = matching_step((*factor)->secret, attempt.code, now, (*factor)->last_step)) {
    used = accounts.use_step(*attempt.account, *step);
  }
  if (!used) return {Verdict::Wrong, used.error()};
  if (!*used) return {Verdict::WrongCode, std::nullopt};
  return {by_time ? Verdict::Right : Verdict::RightByRecoveryCode, std::nullopt};
}

void CredentialDesk::conclude(const ExchangePtr& exchange, const Attempt& attempt, const Seen& seen,
                              const std::function<void(Verdict)>& done) {
  const IpAddress from = exchange->request.remote.ip;
  const auto now = loop_.clock().now();
  if (seen.error) {
    addresses_.answered(from);
    return exchange->refuse(storage_refusal(*seen.error, exchange->language));
  }
  if (seen.verdict == Verdict::CodeNeeded) {
    addresses_.answered(from);
    return done(seen.verdict);
  }
  if (seen.verdict == Verdict::Right || seen.verdict == Verdict::RightByRecoveryCode) {
    addresses_.accepted(from);
    names_.succeeded(attempt.name, from, now);
    return done(seen.verdict);
  }
  seen.verdict == Verdict::WrongCode ? codes_.failed(attempt.name, now) : names_.failed(attempt.name, now);
  const auto delay = addresses_.failed(from, now);
  loop_.timers().set(delay, [verdict = seen.verdict, done, from, weak = std::weak_ptr(self_)] {
    const auto alive = weak.lock();
    if (!alive) return;
    (*alive)->addresses_.answered(from);
    done(verdict);
  });
}

// An account that is deleted loses its credentials for good, so that undoing the deletion brings no old password back.
void CredentialDesk::sweep() {
  loop_.timers().set(kSweepEvery, [weak = std::weak_ptr(self_)] {
    if (const auto alive = weak.lock()) (*alive)->sweep();
  });
  const auto config = config_.current();
  const auto& kind = *model::find_kind("account");
  const model::AnyTable* table = config->table(kind.slot());
  if (table == nullptr || table == swept_) return;
  std::set<std::int64_t> ids;
  table->for_each([&](std::int64_t id, const void*) { ids.insert(id); });
  const bool accepted = run_then(
      strand_, loop_,
      [ids = std::move(ids), next = table->next_id(), accounts = accounts_] {
        return accounts->keep_only(ids, next);
      },
      [](const Result<void>& kept) {
        if (!kept) log::warning("api", "credentials of deleted accounts stay: {}", kept.error().what);
      });
  if (!accepted) return;
  swept_ = table;
  swept_config_ = config;
}

}  // namespace xivo::api
