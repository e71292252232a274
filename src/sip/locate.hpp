#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/dns/resolver.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"

namespace xivo::sip {

/// One way to reach a host.
struct Target {
  Transport transport = Transport::Udp;
  SocketAddress address;
  bool operator==(const Target&) const = default;
};

/// What a URI, or an administrator, says of where a host is.
struct Whereabouts {
  std::string host{};  // a name or an address
  std::uint16_t port = 0;  // 0 = not said
  std::optional<Transport> transport{};  // Udp, Tcp or Tls
  bool secure = false;  // sips: nothing but TLS will do
};

/// Finds the ways to reach a host, the best first: NAPTR chooses transports, SRV hosts and ports by priority and weight,
/// A and AAAA addresses. Whoever uses them goes on to the next when one fails or answers 503.
/// Source  RFC 3263 §4, RFC 2782
/// Thread  the shard's. Outlived by the resolver.
class Locator {
  struct Search;

 public:
  struct Limits {
    runtime::Duration patience = std::chrono::seconds(5);  // for everything; then what is known has to do
    // Resolvers and firewalls that drop questions of a type that they do not know are common. A step that is not answered in
    // its time is taken for a "no", and the search goes on with what is known.
    runtime::Duration naptr_patience = std::chrono::milliseconds(500);
    runtime::Duration service_patience = std::chrono::seconds(2);
    runtime::Duration address_patience = std::chrono::seconds(1);  // when there is an address already
    runtime::Duration silence_kept =
        std::chrono::minutes(5);  // a name without an answer to NAPTR is not asked again
    std::size_t silences_max = 64;  // names; then all are forgotten
    std::size_t searches_max = 1'000;  // at a time; more find nothing
    std::size_t hosts_max = 8;  // of one search
    std::size_t targets_max = 8;
  };
  using Id = Handle<Search>;
  /// Without targets: the host cannot be found, or not in time.
  using Done = std::function<void(const std::vector<Target>& targets)>;

  Locator(const runtime::Scheduler& scheduler, runtime::DnsResolver& resolver)
      : Locator(scheduler, resolver, Limits()) {}
  Locator(const runtime::Scheduler& scheduler, runtime::DnsResolver& resolver, const Limits& limits);
  ~Locator();
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;

  /// `done` is called once, never from inside, and not after cancel().
  Id locate(const Whereabouts& where, Done done);
  void cancel(Id id);
  [[nodiscard]] std::size_t searches() const { return searches_.size(); }

 private:
  void ask(Id id, const std::string& name, runtime::DnsType type,
           std::function<void(Search&, const runtime::DnsAnswer&)> take);
  void begin(Id id, Search& search);
  void limit_step(Id id, Search& search, runtime::Duration patience);
  void on_step_over(Id id);
  [[nodiscard]] bool is_silent(const std::string& name) const;
  void remember_silence(const std::string& name);
  void ask_services(Id id, Search& search);
  void on_services(Id id, Search& search);
  void ask_addresses(Id id, Search& search);
  void advance(Id id);
  void finish(Id id);

  const runtime::Scheduler scheduler_;
  runtime::DnsResolver& resolver_;
  const Limits limits_;
  SlotMap<Search> searches_;
  std::map<std::string, runtime::Instant> silent_until_;  // names whose NAPTR nobody answered
};

}  // namespace xivo::sip
