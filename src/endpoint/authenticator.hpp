#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "endpoint/failure_memory.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/digest.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// Decides which line a request comes from: a fixed peer by its address, anybody else by digest.
/// What a stranger is answered never depends on whether the account exists; what went wrong is remembered in
/// FailureMemory for the people who run the system.
/// Thread  the shard's.
class Authenticator {
 public:
  Authenticator(const runtime::Scheduler& scheduler, FailureMemory& failures, std::string realm);

  struct Known {
    model::SipLineId line;
    bool by_address = false;
  };
  /// Answer 401 with WWW-Authenticate values (SHA-256 first, then MD5: RFC 8760).
  struct Challenge {
    std::vector<std::string> values;
  };
  using Verdict = std::variant<Known, Challenge>;

  /// Shape   request: any request outside a dialog; one without credentials is challenged and is no failure
  Verdict check(const sip::Message& request, const sip::Flow& flow, const model::Config& config);

  [[nodiscard]] const std::string& realm() const { return realm_; }

 private:
  const runtime::Scheduler scheduler_;
  FailureMemory& failures_;
  std::string realm_;
  sip::digest::NonceBook nonces_;
};

}  // namespace xivo::endpoint
