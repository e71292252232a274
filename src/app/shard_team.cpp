#include "app/shard_team.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"

namespace xivo::app {

ShardTeam::ShardTeam(Parts parts, Shard::Options options) : seats_(std::move(parts.seats)) {
  XIVO_ASSERT(!seats_.empty() && seats_.size() <= ShardLink::kShardsMax);
  const bool alone = seats_.size() == 1;
  if (!options.calls.census) options.calls.census = std::make_shared<call::Census>();
  const auto nonces = std::make_shared<sip::digest::NonceLedger>(seats_[0].scheduler);
  untold_.resize(seats_.size());
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    auto& seat = seats_[i];
    options.user_agent.shard = static_cast<unsigned>(i);
    if (!alone) links_.push_back(std::make_unique<ShardLink>(static_cast<unsigned>(i), seat.wire));
    if (i > 0) replicas_.push_back(std::make_unique<ContactReplica>());
    sip::Wire& wire = alone ? seat.wire : *links_[i];
    const auto* contacts = i == 0 ? nullptr : replicas_.back().get();
    shards_.push_back(
        std::make_unique<Shard>(seat.scheduler,
                                Shard::Parts{wire, seat.media, parts.config, parts.records, parts.bindings,
                                             seat.resolver, contacts, &trunk_board_, nonces},
                                options));
  }
  if (parts.config_desk) open_config_desk(parts.config_desk);
  join_doors(parts.bans);
  if (alone) return;
  std::vector<ShardLink::Peer> peers;
  for (std::size_t i = 0; i < seats_.size(); ++i) peers.push_back({links_[i].get(), seats_[i].post});
  for (std::size_t i = 0; i < seats_.size(); ++i) links_[i]->join(*shards_[i], peers);
  shards_[0]->user_agent().registrar().watch_contacts(
      [this](const std::vector<model::SipLineId>& lines) { publish(lines); });
  for (std::size_t i = 1; i < seats_.size(); ++i) {
    shards_[i]->user_agent().tell_flow_silent = [this](model::SipLineId line, const sip::Flow& flow) {
      seats_[0].post([this, line, flow] { shards_[0]->user_agent().registrar().on_flow_silent(line, flow); });
    };
  }
  // A phone that registers has no failures any more, whichever shard saw them.
  shards_[0]->user_agent().failures().on_forget = [this](std::string_view account, const IpAddress& source) {
    for (std::size_t i = 1; i < seats_.size(); ++i) {
      seats_[i].post([shard = shards_[i].get(), name = std::string(account), source] {
        shard->user_agent().failures().forget(name, source);
      });
    }
  };
}

/// Each shard hears of its changes in its own thread.
void ShardTeam::open_config_desk(const call::ConfigDesk& desk) {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    shards_[i]->calls().use_config_desk(
        [desk, post = seats_[i].post](model::Transaction transaction, std::function<void(bool)> done) {
          return desk(std::move(transaction),
                      [post, done = std::move(done)](bool saved) { post([done, saved] { done(saved); }); });
        });
  }
}

ShardTeam::~ShardTeam() { seats_[0].scheduler.timers.cancel(telling_again_); }

// What one door sees, all know: bans through the board, counts by a post. A full mailbox loses a count, never a ban.
void ShardTeam::join_doors(endpoint::BanStorage* storage) {
  bans_ = std::make_unique<endpoint::BanList>(seats_[0].scheduler, ban_board_, storage);
  const auto add = [this](endpoint::BanList::Request request) {
    if (const auto made = bans_->add(std::move(request)); !made)
      log::warning("security", "a ban is left out: {}", made.error().what);
  };
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    auto& door = shards_[i]->user_agent().doorkeeper();
    if (i == 0) {
      door.use_bans(ban_board_, add);
    } else {
      door.use_bans(ban_board_, [this, add](endpoint::BanList::Request request) {
        seats_[0].post([add, request = std::move(request)] { add(request); });
      });
    }
    if (shards_.size() == 1) continue;
    door.share_counts([this, i](const endpoint::AttemptNote& note) {
      for (std::size_t other = 0; other < shards_.size(); ++other) {
        if (other == i) continue;
        seats_[other].post(
            [shard = shards_[other].get(), note] { shard->user_agent().doorkeeper().apply(note); });
      }
    });
  }
  bans_->on_release = [this](const IpNetwork& network) {
    shards_[0]->user_agent().doorkeeper().on_released(network);
    for (std::size_t i = 1; i < shards_.size(); ++i) {
      seats_[i].post(
          [shard = shards_[i].get(), network] { shard->user_agent().doorkeeper().on_released(network); });
    }
  };
}

sip::WireUser& ShardTeam::wire_user(std::size_t number) {
  if (links_.empty()) return *shards_[number];
  return *links_[number];
}

void ShardTeam::restore(std::vector<endpoint::Binding> bindings) {
  shards_[0]->user_agent().registrar().restore(std::move(bindings));
}

// ---------------------------------------------------------------------------------------------------- contacts

void ShardTeam::watch_contacts(std::function<void(const std::vector<model::SipLineId>&)> told) {
  shards_[0]->user_agent().registrar().watch_contacts(
      [this, told = std::move(told)](const std::vector<model::SipLineId>& lines) {
        if (seats_.size() > 1) publish(lines);
        told(lines);
      });
}

void ShardTeam::publish(const std::vector<model::SipLineId>& lines) {
  const auto contacts = copy_contacts(shards_[0]->user_agent().registrar(), lines);
  for (std::size_t i = 1; i < seats_.size(); ++i) publish_to(i, contacts);
}

// What a shard has no room for is told later, as it then is: late, but never wrong for good.
void ShardTeam::publish_to(std::size_t number, const std::vector<LineContacts>& contacts) {
  auto* replica = replicas_[number - 1].get();
  if (seats_[number].post([replica, contacts] { replica->set(contacts); })) return;
  for (const auto& change : contacts) untold_[number].insert(change.line.value);
  auto& timers = seats_[0].scheduler.timers;
  if (!timers.pending(telling_again_)) telling_again_ = timers.set(kTellAgain, [this] { publish_again(); });
}

void ShardTeam::publish_again() {
  for (std::size_t i = 1; i < seats_.size(); ++i) {
    std::vector<model::SipLineId> lines;
    for (const auto line : std::exchange(untold_[i], {})) lines.push_back({line});
    if (lines.empty()) continue;
    publish_to(i, copy_contacts(shards_[0]->user_agent().registrar(), lines));
  }
}

// ---------------------------------------------------------------------------------------------------- questions

void ShardTeam::ask(std::function<bool(Shard&)> visit, runtime::Task done) {
  ask_one(shards_.size(), std::move(visit), std::move(done));
}

void ShardTeam::ask_one(std::size_t left, std::function<bool(Shard&)> visit, runtime::Task done) {
  if (left == 0) return done();
  const bool taken = seats_[left - 1].post(
      [this, left, visit, done] { ask_one(visit(*shards_[left - 1]) ? left - 1 : 0, visit, done); });
  if (!taken) done();
}

void ShardTeam::tell(const std::function<void(Shard&)>& task) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    seats_[i].post([shard = shards_[i].get(), task] { task(*shard); });
  }
}

}  // namespace xivo::app
