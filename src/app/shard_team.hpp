#pragma once

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "app/contact_replica.hpp"
#include "app/shard.hpp"
#include "app/shard_link.hpp"

namespace xivo::app {

/// The shards of one process, each on a loop of its own, and what goes between them: messages that the wrong one received,
/// contacts of phones (shard 0 keeps the registrations, the others a copy), questions of people. One shard alone stands
/// directly on its wire and pays for none of it.                                                      docs/adr/0005
/// Thread  made before the loops run, destroyed after they have ended; otherwise as each function says
class ShardTeam {
 public:
  /// Where one shard lives. `post` puts a task into its loop, from any thread, or refuses.
  struct Seat {
    runtime::Scheduler scheduler;
    sip::Wire& wire;
    media::Engine& media;
    std::function<bool(runtime::Task)> post;
    runtime::DnsResolver* resolver = nullptr;  // on that loop; as in UserAgent::Parts
  };
  struct Parts {
    std::vector<Seat> seats;  // at least one, at most ShardLink::kShardsMax
    const model::ConfigSource& config;
    call::RecordSink& records;  // called by every shard
    endpoint::BindingStorage& bindings;  // called by shard 0
    endpoint::BanStorage* bans = nullptr;  // called by shard 0
    call::ConfigDesk config_desk{};  // called by every shard; `done` may be called in any thread
  };

  ShardTeam(Parts parts, Shard::Options options);
  ~ShardTeam();

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  /// Thread  a look at the shard itself: its own
  [[nodiscard]] Shard& shard(std::size_t number) { return *shards_[number]; }
  /// What the wire of that seat is to tell.
  [[nodiscard]] sip::WireUser& wire_user(std::size_t number);
  /// Gives the registrar what was stored. Before the loops run, or on shard 0's.
  void restore(std::vector<endpoint::Binding> bindings);

  /// The same for bans.
  void restore_bans(std::vector<endpoint::Ban> bans) { bans_->restore(std::move(bans)); }
  /// One list for all shards.   Thread  shard 0's
  [[nodiscard]] endpoint::BanList& bans() { return *bans_; }

  /// `told` hears which lines' phones came, went, or are reached another way. Before the loops run; told on shard 0's.
  void watch_contacts(std::function<void(const std::vector<model::SipLineId>&)> told);

  // ---- from any thread
  [[nodiscard]] call::TollMeter& toll() { return shards_.front()->calls().toll(); }
  [[nodiscard]] const endpoint::BanBoard& ban_board() const { return ban_board_; }
  bool post(std::size_t number, runtime::Task task) { return seats_[number].post(std::move(task)); }
  /// Visits every shard in its own thread, one after another, the one with the registrations last; then `done` runs there.
  /// `visit` returns false when the others need not be asked. A shard that takes no more tasks ends the round early.
  void ask(std::function<bool(Shard& shard)> visit, runtime::Task done);
  /// Something for every shard to do, without waiting.
  void tell(const std::function<void(Shard& shard)>& task);

 private:
  static constexpr auto kTellAgain = std::chrono::milliseconds(100);

  void ask_one(std::size_t left, std::function<bool(Shard&)> visit, runtime::Task done);
  void publish(const std::vector<model::SipLineId>& lines);
  void publish_to(std::size_t number, const std::vector<LineContacts>& contacts);
  void publish_again();
  void join_doors(endpoint::BanStorage* storage);
  void open_config_desk(const call::ConfigDesk& desk);

  std::vector<Seat> seats_;
  std::vector<std::unique_ptr<ShardLink>> links_;  // none for one shard alone
  std::vector<std::unique_ptr<ContactReplica>> replicas_;  // of shards 1 and up
  endpoint::BanBoard ban_board_;
  endpoint::TrunkBoard trunk_board_;  // written by shard 0
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<endpoint::BanList> bans_;
  std::vector<std::set<std::int64_t>>
      untold_;  // lines whose change a shard had no room for. Thread  shard 0's
  runtime::TimerId telling_again_;
};

}  // namespace xivo::app
