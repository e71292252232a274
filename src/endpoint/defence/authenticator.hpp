#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "endpoint/defence/attempt_ledger.hpp"
#include "endpoint/defence/failure_memory.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/digest.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// Whoever wants to know how attempts to authenticate go.
class AttemptWatch {
 public:
  virtual ~AttemptWatch() = default;
  /// Wrong secrets from there are not counted.
  [[nodiscard]] virtual bool is_exempt(const IpAddress& ip) const = 0;
  /// No proof was given, nor a wrong one: no credentials, or some that cannot be judged.
  virtual void on_unanswered(const sip::Flow& flow) = 0;
  virtual void on_authenticated(const sip::Flow& flow) = 0;
  /// A source has used up its wrong secrets.
  virtual void on_shut_out(const sip::Flow& flow, const AttemptLedger::Consequence& consequence) = 0;
  /// What the ledgers of other shards should count, too.
  virtual void on_counted(const AttemptNote& note) = 0;
};

/// Decides which line a request comes from: a fixed peer by its address, anybody else by digest.
/// What a stranger is answered never depends on whether the account exists; what went wrong is remembered in
/// FailureMemory for the people who run the system, and written to the log in the words that fail2ban looks for.
/// Keeps no secret: each request is judged by the configuration it is given.
/// Thread  the shard's.
/// Source  RFC 3261 §22, RFC 7616, RFC 8760
class Authenticator {
 public:
  /// Digest credentials looked at in one request; a phone sends one.
  static constexpr int kCredentialsMax = 4;

  /// `nonces`: what the shards share; none: a shard alone.
  /// `offered`: the algorithms of a challenge, in order. An answer by either is judged.
  Authenticator(const runtime::Scheduler& scheduler, FailureMemory& failures, std::string realm,
                std::vector<sip::digest::Algorithm> offered = {sip::digest::Algorithm::Md5,
                                                               sip::digest::Algorithm::Sha256},
                const AttemptLedger::Limits& attempts = {},
                std::shared_ptr<sip::digest::NonceLedger> nonces = nullptr);

  struct Known {
    model::SipLineId line;
    bool by_address = false;
  };
  /// Answer 401 with WWW-Authenticate values (one an algorithm: RFC 8760).
  struct Challenge {
    std::vector<std::string> values;
    runtime::Duration delay{};  // to hold the answer back: somebody guesses
  };
  using Verdict = std::variant<Known, Challenge>;

  /// Shape   request: any request outside a dialog; one without credentials is challenged and is no failure
  Verdict check(const sip::Message& request, const sip::Flow& flow, const model::Config& config);

  /// Before this, nobody is told and nobody is exempt.
  void use_watch(AttemptWatch& watch) { watch_ = &watch; }
  [[nodiscard]] AttemptLedger& ledger() { return ledger_; }
  [[nodiscard]] const std::string& realm() const { return realm_; }

 private:
  struct Refusal;
  /// Credentials that are judged, and whose they claim to be.
  struct Attempt {
    const sip::Message& request;
    const sip::Flow& flow;
    const sip::digest::Parameters& credentials;
    const model::SipLine* line;  // null: no line has that name
    sip::digest::NonceBook::Probe nonce{};
  };
  Refusal judge(Attempt attempt);
  Refusal judge_secret(const Attempt& attempt);
  Refusal judge_right_answer(const Attempt& attempt);
  static Refusal wrong_transport(const model::SipLine& line, const sip::Flow& flow);
  void refuse(const sip::Message& request, const sip::Flow& flow, std::string_view account, Refusal refusal);
  void count(const sip::Flow& flow, std::string_view account, bool exists, Refusal& refusal);
  void log(const sip::Message& request, const sip::Flow& flow, std::string_view account,
           const Refusal& refusal);
  Challenge challenge(const sip::Flow& flow, const Refusal& refusal);

  const runtime::Scheduler scheduler_;
  FailureMemory& failures_;
  std::string realm_;
  std::vector<sip::digest::Algorithm> offered_;
  sip::digest::NonceBook nonces_;
  AttemptLedger ledger_;
  AttemptWatch* watch_ = nullptr;
  std::string
      dummy_secret_;  // what an unknown user's digest is compared with: the same work as for a known one
  RefusalLimit log_limit_;
};

}  // namespace xivo::endpoint
