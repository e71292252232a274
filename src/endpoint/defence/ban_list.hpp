#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ip_network.hpp"
#include "base/result.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::endpoint {

enum class BanReason : std::uint8_t {
  WrongSecrets,  // as many as one source may try
  UnknownUsers,  // the same, and none of the accounts exists
  Scanning,      // asked again and again without ever answering a challenge
  Malformed,     // a flood of what is no SIP
  Manual,        // a person said so
};
/// "wrong_secrets": stable, for surfaces to translate and for storage.
std::string_view name(BanReason reason);
std::optional<BanReason> ban_reason_from(std::string_view name);

/// A network that is not listened to.
struct Ban {
  std::int64_t id = 0;
  IpNetwork network;
  BanReason reason{};
  std::string detail;  // in a person's words, or what was counted
  std::string author;  // who added it; empty: the system
  runtime::WallTime since;
  std::optional<runtime::WallTime> until;  // none: until it is released
};

/// All bans of one moment, never changed.
/// Thread  any.
class BanSnapshot {
 public:
  BanSnapshot() = default;
  explicit BanSnapshot(const std::map<std::int64_t, Ban>& bans);

  [[nodiscard]] bool contains(const IpAddress& ip) const;
  [[nodiscard]] bool empty() const { return all_.empty(); }
  /// Oldest first.
  [[nodiscard]] const std::vector<Ban>& all() const { return all_; }

 private:
  std::vector<Ban> all_;
  std::vector<std::pair<std::uint8_t, std::unordered_set<IpAddress>>> by_prefix_;  // one set a prefix length
};

/// Where the bans of the process can be read, without waiting for whoever changes them.
/// Thread  any may read; one publishes.
class BanBoard {
 public:
  BanBoard() : current_(std::make_shared<const BanSnapshot>()) {}
  [[nodiscard]] std::shared_ptr<const BanSnapshot> current() const { return std::atomic_load(&current_); }
  /// Grows with each change: a reader that has seen this one need not fetch the snapshot again.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  void publish(std::shared_ptr<const BanSnapshot> next) {
    std::atomic_store(&current_, std::move(next));
    version_.fetch_add(1, std::memory_order_release);
  }

 private:
  std::shared_ptr<const BanSnapshot> current_;
  std::atomic<std::uint64_t> version_{1};
};

/// Where bans are kept over a restart. Must not block: implementations queue.
class BanStorage {
 public:
  virtual ~BanStorage() = default;
  virtual void save(const Ban& ban) = 0;
  virtual void remove(std::int64_t id) = 0;
};

/// The bans of the process: one list, whatever the number of shards, changed by one loop and read by all through the
/// BanBoard. A network has one ban at most; the later replaces the earlier, but an automatic one never a person's.
/// Thread  that of its scheduler.
class BanList {
 public:
  static constexpr std::size_t kBansMax = 4'096;
  /// From so many bans on, changes of this long are published together: each snapshot is a copy of all.
  static constexpr std::size_t kPublishedAtOnceMax = 256;
  static constexpr auto kPublishEvery = std::chrono::milliseconds(50);
  static constexpr std::size_t kDetailBytesMax = 200;
  static constexpr std::size_t kAuthorBytesMax = 64;

  /// Shape   storage: may be null
  BanList(const runtime::Scheduler& scheduler, BanBoard& board, BanStorage* storage);
  ~BanList();
  BanList(const BanList&) = delete;
  BanList& operator=(const BanList&) = delete;

  /// What is asked for; the rest of a Ban follows.
  struct Request {
    IpNetwork network;
    BanReason reason{};
    std::string detail;
    std::string author;
    std::optional<runtime::Duration> lasts;  // none: until released
  };
  /// The ban that holds now: the new one, or a person's that was there. When the list is full the automatic ban that ends
  /// first makes room.
  /// Errors  the list is full of people's bans
  Result<Ban> add(Request request);
  /// Whether there was one.
  bool release(std::int64_t id, std::string_view author);
  /// Ends every ban that `address` is in, or that is exactly `network`. Returns them.
  std::vector<Ban> release(const IpNetwork& network, std::string_view author);
  /// Takes over what the last run stored; what has ended meanwhile is dropped from storage.
  void restore(std::vector<Ban> bans);

  [[nodiscard]] std::size_t size() const { return bans_.size(); }
  /// Told of each network whose ban was released by a person.
  std::function<void(const IpNetwork&)> on_release;

 private:
  bool make_room();
  void drop(std::int64_t id);
  void publish();
  void publish_soon();
  void expire();
  void arm();

  const runtime::Scheduler scheduler_;
  BanBoard& board_;
  BanStorage* storage_;
  std::map<std::int64_t, Ban> bans_;
  std::unordered_map<IpNetwork, std::int64_t> by_network_;
  std::int64_t next_id_ = 1;
  runtime::TimerId timer_;
  runtime::TimerId publishing_;
};

}  // namespace xivo::endpoint
