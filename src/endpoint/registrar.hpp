#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "endpoint/defence/authenticator.hpp"
#include "endpoint/defence/failure_memory.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"
#include "sip/gruu.hpp"
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
  std::vector<std::string> path;  // RFC 3327: Route values of a request to the contact, in this order
  bool outbound = false;  // RFC 5626: the phone keeps this flow open, and has others under other reg-ids
  std::uint64_t registration = 0;  // RFC 5627: what temporary GRUUs say; anew with each Call-ID
  std::string user_agent;
  std::string call_id;
  std::uint32_t cseq = 0;
  std::uint16_t q = 1000;  // thousandths
  runtime::WallTime registered;
  runtime::WallTime expires;
};

/// What a binding is stored under, within its line: its contact, and for one of several flows of a device which one it is.
std::string storage_key(const Binding& binding);

/// Where bindings are kept over a restart. Must not block: implementations queue.
class BindingStorage {
 public:
  virtual ~BindingStorage() = default;
  virtual void save(const Binding& binding) = 0;
  virtual void remove(model::SipLineId line, const std::string& key) = 0;  // storage_key()
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
/// CSeq order, 423 with Min-Expires. Registrations come back after a restart by restore(), and end with their line: at once
/// for whoever asks, and within kSweepEvery in the table and in storage.
/// With it RFC 3327 (Path), RFC 5626 §6 (Outbound: one device, several flows) and RFC 5627 §5 (GRUU).
/// Thread  the shard's.
class Registrar final : public ContactSource {
 public:
  struct Limits {
    std::uint32_t expires_min = 60;
    std::uint32_t expires_default = 120;
    std::uint32_t expires_max = 3600;
    std::size_t bindings_max = 100'000;
    std::uint32_t flow_timer =
        120;  // seconds after which a silent flow is given up by its phone (RFC 5626 §4.4)
  };
  static constexpr std::size_t kContactsPerRequestMax = 32;
  static constexpr std::size_t kContactsPerLineMax =
      100;  // whatever SipLine::max_contacts says: a 200 lists them all
  static constexpr std::size_t kContactBytesMax = 512;  // one Contact URI
  static constexpr std::size_t kInstanceBytesMax = 128;  // +sip.instance
  static constexpr std::size_t kCallIdBytesMax = 512;
  static constexpr std::size_t kUserAgentBytesMax = 128;
  static constexpr std::size_t kPathMax = 8;  // proxies between a phone and us
  static constexpr std::size_t kPathBytesMax = 512;  // of each
  static constexpr auto kSweepEvery = std::chrono::seconds(1);  // how soon a line's end ends its bindings
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
  /// Temporary GRUUs stay valid over a restart with the same key; without one they end with the process.
  void use_gruu_key(const sip::TemporaryGruus::Key& key);
  /// A stream closed: bindings that came by it are unreachable now and are removed.
  void on_flow_failed(const sip::Flow& flow);
  /// Nothing came back by a flow that its phone was to keep open: that binding ends, the phone's others stay.
  /// Source  RFC 5626 §5.3.1, §7
  void on_flow_silent(model::SipLineId line, const sip::Flow& flow);

  /// Shape   contacts: where the bindings of this shard are looked up
  /// The one device that a GRUU of ours leads to; nothing when it is none, not ours, or no longer valid.   RFC 5627 §5.5
  struct Device {
    model::SipLineId line;
    std::string instance;  // without < >
  };
  [[nodiscard]] std::optional<Device> device_of(const sip::Uri& uri, const ContactSource& contacts) const;
  /// Whether a binding is that device's.
  [[nodiscard]] static bool is_of(const Binding& binding, std::string_view instance);

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
