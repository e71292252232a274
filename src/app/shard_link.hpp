#pragma once

#include <functional>
#include <unordered_set>
#include <vector>

#include "app/shard.hpp"
#include "sip/flow.hpp"

namespace xivo::app {

/// Between one shard of several and the network. A message that its wire received goes to the shard it belongs to
/// (shard_of); a message for a connection that another shard accepted goes out there, in that shard's thread.
///
/// Connections of all shards are told apart by the owner's number in `Flow::connection`, bits 24 to 31.
/// Thread  the shard's
class ShardLink final : public sip::Wire, public sip::WireUser {
 public:
  static constexpr unsigned kShardsMax = 64;

  /// A shard as the others reach it; `post` may be called from any thread and may refuse.
  struct Peer {
    ShardLink* link;
    std::function<bool(runtime::Task)> post;
  };

  ShardLink(unsigned number, sip::Wire& wire) : number_(number), wire_(wire) {}

  /// Once, before anything arrives; the peers in the order of their numbers, this one included.
  void join(Shard& shard, std::vector<Peer> peers);

  // ---- sip::Wire, for the shard
  bool send(const sip::Flow& flow, std::string_view bytes) override;
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override;
  sip::Flow flow_to_host(sip::Transport transport, const SocketAddress& remote,
                         std::string_view host) override;

  // ---- sip::WireUser, for the wire
  void on_message(const sip::Flow& flow, char* bytes, std::size_t size) override;
  void on_flow_failed(const sip::Flow& flow) override;

 private:
  [[nodiscard]] sip::Flow named(sip::Flow flow) const;
  void send_for(unsigned other, const sip::Flow& flow, std::string_view bytes);
  void on_foreign_flow_failed(const sip::Flow& flow);

  const unsigned number_;
  sip::Wire& wire_;
  Shard* shard_ = nullptr;
  std::vector<Peer> peers_;
  std::unordered_set<std::uint64_t> borrowed_;  // connections of other shards that this one has sent on
};

}  // namespace xivo::app
