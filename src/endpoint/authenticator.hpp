#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "endpoint/failure_memory.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/digest.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

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

  /// `offered`: the algorithms of a challenge, in order. An answer by either is judged.
  Authenticator(const runtime::Scheduler& scheduler, FailureMemory& failures, std::string realm,
                std::vector<sip::digest::Algorithm> offered = {sip::digest::Algorithm::Md5,
                                                               sip::digest::Algorithm::Sha256});

  struct Known {
    model::SipLineId line;
    bool by_address = false;
  };
  /// Answer 401 with WWW-Authenticate values (one an algorithm: RFC 8760).
  struct Challenge {
    std::vector<std::string> values;
  };
  using Verdict = std::variant<Known, Challenge>;

  /// Shape   request: any request outside a dialog; one without credentials is challenged and is no failure
  Verdict check(const sip::Message& request, const sip::Flow& flow, const model::Config& config);

  [[nodiscard]] const std::string& realm() const { return realm_; }

 private:
  struct Refusal;
  Refusal judge(const sip::Message& request, const sip::Flow& flow,
                const sip::digest::Parameters& credentials, const model::SipLine* line);
  Refusal judge_right_answer(const sip::Message& request, const sip::Flow& flow,
                             const sip::digest::Parameters& credentials, const model::SipLine& line);
  static Refusal wrong_transport(const model::SipLine& line, const sip::Flow& flow);
  void refuse(const sip::Message& request, const sip::Flow& flow, std::string_view account, Refusal refusal);
  Challenge challenge(bool stale);

  const runtime::Scheduler scheduler_;
  FailureMemory& failures_;
  std::string realm_;
  std::vector<sip::digest::Algorithm> offered_;
  sip::digest::NonceBook nonces_;
  std::string
      dummy_secret_;  // what an unknown user's digest is compared with: the same work as for a known one
  RefusalLimit log_limit_;
};

}  // namespace xivo::endpoint
