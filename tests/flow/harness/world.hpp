#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/shard_team.hpp"
#include "media/inline_engine.hpp"
#include "model/transaction.hpp"
#include "runtime/scheduler.hpp"
#include "sim_network.hpp"
#include "sim_phone.hpp"
#include "sip/tests/fake_resolver.hpp"

namespace xivo::flow {

/// The real engine with simulated phones, on a simulated network, in simulated time. With several shards each packet is
/// received by the one that the sender's address falls to, as the kernel does it, and they all take turns on one loop.
class World {
 public:
  explicit World(std::uint64_t seed, unsigned shards = 1);
  ~World();
  /// Phones may stay without sound for ever: for crowds that are about signalling. Before anything else.
  void allow_silence() {
    silence_ = {std::chrono::seconds(0), std::chrono::seconds(0)};
    restart();
  }

  /// A person with a line and a telephone; `number` is also the SIP user name.
  SimPhone& add_phone(const std::string& name, const std::string& number);
  /// One more telephone on somebody's line.
  SimPhone& add_second_phone(const std::string& name, const std::string& owner);
  [[nodiscard]] SimPhone* phone(const std::string& name) const;
  /// A telephone is taken off the network without a word.
  void unplug(const std::string& name) { network_.detach(phones_.at(name)->ip()); }

  /// Puts an object of any kind into the configuration; `fields`: JSON with ' for ", $bob for the address of
  /// that phone. False: it is refused.
  bool create(const std::string& kind, std::string fields);
  /// Changes a field of the user or the line behind a phone, live.
  bool configure(const std::string& name, const std::string& field, const std::string& value);
  /// A field of the user behind a phone, texts as they are, all else as JSON; "?": there is none.
  [[nodiscard]] std::string shown(const std::string& name, const std::string& field) const;
  /// Changes anything of the configuration, live. False: it was refused.
  bool change(model::Transaction transaction) { return apply(std::move(transaction)); }
  /// A new process with the same configuration and the bindings that were stored.
  void restart();

  void run_for(runtime::Duration duration);
  /// A datagram from anywhere, to the SIP port or to a media port.
  void inject(const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
    network_.send(from, to, bytes);
  }

  [[nodiscard]] sip::testing::FakeResolver& dns() { return dns_; }
  [[nodiscard]] app::Shard& shard(std::size_t number = 0) { return team_->shard(number); }
  [[nodiscard]] std::size_t shard_count() const { return shards_; }
  [[nodiscard]] model::ConfigSnapshot config() const { return config_.current(); }
  [[nodiscard]] endpoint::BanList& bans() { return team_->bans(); }
  [[nodiscard]] const endpoint::BanBoard& board() const { return team_->ban_board(); }
  [[nodiscard]] std::size_t active_calls() const;  // of all shards
  [[nodiscard]] std::size_t processed_calls() const;
  void hang_up_all();
  /// What the engine still holds: "2 calls 4 legs "; empty when there is nothing.
  [[nodiscard]] std::string left() const;
  [[nodiscard]] media::InlineEngine& media() { return *media_; }
  [[nodiscard]] SimNetwork& network() { return network_; }
  [[nodiscard]] const std::vector<call::CallRecord>& records() const { return records_.kept; }
  [[nodiscard]] const SocketAddress& server() const { return server_; }
  [[nodiscard]] const std::map<std::string, std::unique_ptr<SimPhone>>& phones() const { return phones_; }
  [[nodiscard]] app::Shard::Options& options() { return options_; }

 private:
  [[nodiscard]] model::Value typed_as(model::FieldType type, const std::string& word) const;
  bool give_number(const model::SipLine& line, const std::string& number);
  struct Records final : call::RecordSink {
    std::vector<call::CallRecord> kept;
    void on_record(call::CallRecord record) override { kept.push_back(std::move(record)); }
  };
  struct Bindings final : endpoint::BindingStorage {
    std::map<std::pair<std::int64_t, std::string>, endpoint::Binding> kept;
    void save(const endpoint::Binding& binding) override {
      kept[{binding.line.value, endpoint::storage_key(binding)}] = binding;
    }
    void remove(model::SipLineId line, const std::string& key) override { kept.erase({line.value, key}); }
  };

  struct Bans final : endpoint::BanStorage {
    std::map<std::int64_t, endpoint::Ban> kept;
    void save(const endpoint::Ban& ban) override { kept[ban.id] = ban; }
    void remove(std::int64_t id) override { kept.erase(id); }
  };
  struct TollBlocks final : call::TollMeter::Storage {
    using Payer = call::TollMeter::Payer;
    std::vector<std::pair<Payer, call::TollMeter::Block>> kept;
    void save(Payer who, const call::TollMeter::Block& block) override { kept.emplace_back(who, block); }
    void remove(Payer who) override {
      std::erase_if(kept, [&](const auto& each) { return each.first == who; });
    }
  };

  void start();
  bool apply(model::Transaction transaction);
  [[nodiscard]] IpAddress next_ip();

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_;
  runtime::Scheduler scheduler_{clock_, timers_, rng_};
  SimNetwork network_;
  SocketAddress server_;
  unsigned shards_;
  std::vector<std::unique_ptr<SimWire>> wires_;
  sip::testing::FakeResolver dns_{scheduler_};
  model::ConfigSource config_;
  Records records_;
  Bindings bindings_;
  Bans stored_bans_;
  TollBlocks toll_blocks_;
  app::Shard::Options options_;
  media::SilenceLimits silence_{std::chrono::seconds(60), std::chrono::seconds(300)};
  std::unique_ptr<media::InlineEngine> media_;
  std::unique_ptr<app::ShardTeam> team_;
  std::map<std::string, std::unique_ptr<SimPhone>> phones_;
  std::map<std::string, std::string> numbers_;  // phone -> SIP user name of its line
  std::uint32_t hosts_ = 0;
};

}  // namespace xivo::flow
