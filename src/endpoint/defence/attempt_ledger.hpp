#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.hpp"
#include "base/ip_network.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::endpoint {

/// One attempt as it was counted, for the ledgers of the other shards.
struct AttemptNote {
  enum class Kind : std::uint8_t { Failed, Refused, Succeeded };
  Kind kind{};
  std::string account;
  IpAddress from;
  bool exists = false;  // the account
};

/// Counts wrong secrets by source and by (account, source), and says how long each is refused for it.
///
/// Only what nobody can forge is counted: an answer to a nonce that was sent to that very address. Nothing is counted by
/// account alone, so nobody can lock an account out for its phone from elsewhere. A source where phones have
/// authenticated lately is never shut as a whole: its own accounts go on, each with a count of its own, and only further
/// accounts are refused. Who has not authenticated is not told apart by whether the account exists.
/// Thread  the shard's. Why it is so: docs/adr/0006-defence.md
class AttemptLedger {
 public:
  struct Limits {
    std::uint32_t source_max = 20;  // wrong secrets of one source
    std::uint32_t account_max = 10;  // wrong secrets of one account from one source
    runtime::Duration forget_after = std::chrono::hours(1);  // since the last wrong secret
    runtime::Duration lock_first = std::chrono::minutes(5);  // doubled with each lock that follows
    runtime::Duration lock_max = std::chrono::hours(1);
    runtime::Duration proof_keeps = std::chrono::hours(24);  // since an account last authenticated from there
    std::uint32_t free = 3;  // wrong secrets that are answered at once
    runtime::Duration delay_first = std::chrono::milliseconds(250);  // doubled with each that follows
    runtime::Duration delay_max = std::chrono::seconds(4);
  };
  static constexpr std::size_t kSourcesMax =
      20'000;  // strangers, and as many proven; the one idle for longest goes
  static constexpr std::size_t kAccountsMax = 1'024;  // of one source; beyond that only the source counts

  AttemptLedger(const runtime::Scheduler& scheduler, const Limits& limits);
  explicit AttemptLedger(const runtime::Scheduler& scheduler) : AttemptLedger(scheduler, Limits{}) {}
  AttemptLedger(const AttemptLedger&) = delete;
  AttemptLedger& operator=(const AttemptLedger&) = delete;

  /// Whether credentials of that account from there are looked at now.
  [[nodiscard]] bool is_locked(std::string_view account, const IpAddress& from) const;
  /// What a wrong secret led to.
  struct Consequence {
    runtime::Duration delay{};  // to hold the answer back
    bool account_locked = false;  // by this attempt
    bool source_locked = false;  // by this attempt
    bool shut_out = false;  // by this attempt: a source that never authenticated has used up what it had
    bool only_unknown = false;  // no account that it tried exists
    runtime::Duration locked_for{};
    std::uint32_t failures = 0;  // of the source
  };
  /// Shape   exists: for the words of a ban only
  Consequence failed(std::string_view account, const IpAddress& from, bool exists);
  /// An attempt that was not looked at because of a lock: it counts, and costs nothing else.
  Consequence refused(const IpAddress& from, bool exists);
  /// A right secret takes back what its own account had counted; what was tried on other accounts stays. False when nothing
  /// of that was news within the last tenth of Limits::proof_keeps.
  bool succeeded(std::string_view account, const IpAddress& from);
  /// Whether any account authenticated from there within Limits::proof_keeps.
  [[nodiscard]] bool is_proven(const IpAddress& from) const;
  /// Counts what another shard saw: so all ledgers of a process agree, but for what is on its way.
  void apply(const AttemptNote& note);
  /// Forgets the wrong secrets of a network, as when a ban is released.
  void forgive(const IpNetwork& network);
  [[nodiscard]] std::size_t size() const { return sources_.size(); }

 private:
  using Key = std::uint64_t;  // hash of an account's name
  struct Account {
    std::uint32_t failures = 0;
    std::uint32_t locks = 0;
    runtime::Instant last_failure{};
    runtime::Instant locked_until{};
    runtime::Instant proven_until{};
  };
  struct Source {
    IpNetwork network;
    std::uint32_t failures = 0;
    std::uint32_t locks = 0;
    bool among_proven = false;  // which list it is in
    bool tried_existing = false;
    runtime::Instant last_failure{};
    runtime::Instant locked_until{};
    runtime::Instant proven_until{};
    std::unordered_map<Key, Account> accounts;
  };
  using Order = std::list<Source>;

  [[nodiscard]] static Key key_of(std::string_view account);
  [[nodiscard]] const Source* find(const IpAddress& from) const;
  Source& source_of(const IpAddress& from, bool proven);
  Account* account_of(Source& source, Key key, runtime::Instant now);
  void settle(Source& source, runtime::Instant now) const;
  void settle(Source& source, Account& account, runtime::Instant now) const;
  [[nodiscard]] runtime::Duration lock_of(std::uint32_t locks) const;
  [[nodiscard]] runtime::Duration delay_of(std::uint32_t failures) const;
  void lock_source(Source& source, bool proven, runtime::Instant now, Consequence& consequence) const;

  const runtime::Scheduler scheduler_;
  const Limits limits_;
  Order strangers_;  // the latest used first
  Order proven_;
  std::unordered_map<IpNetwork, Order::iterator> sources_;
};

}  // namespace xivo::endpoint
