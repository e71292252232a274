#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "endpoint/authenticator.hpp"
#include "endpoint/failure_memory.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// One place where a line can be reached now.                                                RFC 3261 §10.3
struct Binding {
  model::SipLineId line;
  std::string contact;       // the URI as registered, to be the Request-URI
  sip::Flow flow;            // the path the REGISTER came by: requests go back along it (symmetric, NAT)
  std::string instance;      // +sip.instance, if given: identifies the device
  std::uint32_t reg_id = 0;
  std::string user_agent;
  std::string call_id;
  std::uint32_t cseq = 0;
  std::uint16_t q = 1000;    // thousandths
  runtime::WallTime registered;
  runtime::WallTime expires;
};

/// Where bindings are kept over a restart. Must not block: implementations queue.
class BindingStorage {
 public:
  virtual ~BindingStorage() = default;
  virtual void save(const Binding& binding) = 0;
  virtual void remove(model::SipLineId line, const std::string& contact) = 0;
};

/// Where the phones of a line are: the registrar itself, or a copy of what it knows (ContactReplica).
class ContactSource {
 public:
  virtual ~ContactSource() = default;
  /// Highest q first, then newest first. The pointers hold until the current turn ends.
  [[nodiscard]] virtual std::vector<const Binding*> contacts(model::SipLineId line) const = 0;
  [[nodiscard]] virtual int contact_count(model::SipLineId line) const = 0;
};

/// RFC 3261 §10.3 registrar: several contacts per line, expiry bounds, q, de-registration ("*" included), Call-ID and
/// CSeq order, 423 with Min-Expires. Registrations come back after a restart by restore().
/// Thread  the shard's.
class Registrar final : public ContactSource {
 public:
  struct Limits {
    std::uint32_t expires_min = 60;
    std::uint32_t expires_default = 120;
    std::uint32_t expires_max = 3600;
    std::size_t bindings_max = 100'000;
  };
  static constexpr std::size_t kContactsPerRequestMax = 32;
  static constexpr std::size_t kContactsPerLineMax =
      100;  // whatever SipLine::max_contacts says: a 200 lists them all
  static constexpr std::size_t kContactBytesMax = 512;  // one Contact URI
  static constexpr std::size_t kInstanceBytesMax = 128;  // +sip.instance
  static constexpr std::size_t kCallIdBytesMax = 512;
  static constexpr std::size_t kUserAgentBytesMax = 128;
  /// How long a binding outlives its expiry, so that a refresh that comes at the last moment finds the line reachable.
  static constexpr auto kExpiryGrace = std::chrono::seconds(2);

  Registrar(const runtime::Scheduler& scheduler, sip::TransactionLayer& transactions,
            Authenticator& authenticator, FailureMemory& failures, const model::ConfigSource& config,
            BindingStorage& storage);
  ~Registrar() override;

  /// Holds for registrations from now on.
  void set_limits(const Limits& limits);

  /// Answers a REGISTER.
  void on_register(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);
  /// Takes bindings over from the last run. Those that nothing can reach any more are dropped, from storage too: expired,
  /// of a line that is gone, disabled or has a fixed address now, or behind a stream that only the phone can open again.
  void restore(std::vector<Binding> bindings);
  /// A stream closed: bindings that came by it are unreachable now and are removed.
  void on_flow_failed(const sip::Flow& flow);

  [[nodiscard]] std::vector<const Binding*> contacts(model::SipLineId line) const override;
  [[nodiscard]] int contact_count(model::SipLineId line) const override;
  void for_each(const std::function<void(const Binding&)>& visit) const;
  [[nodiscard]] std::size_t size() const;

  /// `changed` is told in the turn in which phones came, went, or are reached another way, before the phone hears of it;
  /// not of mere refreshes. Set once, before the first registration.
  void watch_contacts(std::function<void(const std::vector<model::SipLineId>&)> changed);

  /// Told after a line gained its first or lost its last contact.
  std::function<void(model::SipLineId line, bool reachable)> on_reachability;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::endpoint
