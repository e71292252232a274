#include "app/shard_link.hpp"

#include <string>

#include "app/shard_of.hpp"
#include "base/metrics.hpp"

namespace xivo::app {
namespace {

metrics::Counter handed_over("sip_messages_handed_over", "SIP messages received by one shard for another");
metrics::Counter not_handed_over("sip_messages_not_handed_over",
                                 "SIP messages lost because too much waited at the shard they were for");

constexpr int kOwnerShift = 24;
constexpr std::uint64_t kOwnerMask = std::uint64_t{0xff} << kOwnerShift;

unsigned owner_of(const sip::Flow& flow) {
  return static_cast<unsigned>((flow.connection & kOwnerMask) >> kOwnerShift);
}

sip::Flow as_the_owner_knows_it(sip::Flow flow) {
  flow.connection &= ~kOwnerMask;
  return flow;
}

}  // namespace

void ShardLink::join(Shard& shard, std::vector<Peer> peers) {
  shard_ = &shard;
  peers_ = std::move(peers);
}

sip::Flow ShardLink::named(sip::Flow flow) const {
  if (flow.connection != 0) flow.connection |= std::uint64_t{number_} << kOwnerShift;
  return flow;
}

sip::Flow ShardLink::flow_to(sip::Transport transport, const SocketAddress& remote) {
  return named(wire_.flow_to(transport, remote));
}

sip::Flow ShardLink::flow_to_host(sip::Transport transport, const SocketAddress& remote,
                                  std::string_view host) {
  return named(wire_.flow_to_host(transport, remote, host));
}

bool ShardLink::send(const sip::Flow& flow, std::string_view bytes) {
  const auto owner = flow.connection == 0 ? number_ : owner_of(flow);
  if (owner == number_ || owner >= peers_.size()) return wire_.send(as_the_owner_knows_it(flow), bytes);
  borrowed_.insert(flow.connection);
  auto& peer = peers_[owner];
  return peer.post(
      [link = peer.link, me = number_, flow, kept = std::string(bytes)] { link->send_for(me, flow, kept); });
}

// The asker believes that it was sent, so a refusal reaches it as a broken connection does.
void ShardLink::send_for(unsigned other, const sip::Flow& flow, std::string_view bytes) {
  if (wire_.send(as_the_owner_knows_it(flow), bytes)) return;
  peers_[other].post([link = peers_[other].link, flow] { link->on_foreign_flow_failed(flow); });
}

void ShardLink::on_message(const sip::Flow& flow, char* bytes, std::size_t size) {
  const auto shard = shard_of({bytes, size}, static_cast<unsigned>(peers_.size()));
  if (shard == number_) return shard_->on_message(named(flow), bytes, size);
  auto& peer = peers_[shard];
  const bool taken =
      peer.post([link = peer.link, flow = named(flow), kept = std::string(bytes, size)]() mutable {
        link->shard_->on_message(flow, kept.data(), kept.size());
      });
  (taken ? handed_over : not_handed_over).add();
}

void ShardLink::on_flow_failed(const sip::Flow& flow) {
  const auto failed = named(flow);
  for (const auto& peer : peers_) {
    if (peer.link != this) peer.post([link = peer.link, failed] { link->on_foreign_flow_failed(failed); });
  }
  shard_->on_flow_failed(failed);
}

// Transactions go by the remote address, and this shard may have a connection of its own to it: only what was sent on the
// broken one is given up. Registrations name their connection.
void ShardLink::on_foreign_flow_failed(const sip::Flow& flow) {
  if (borrowed_.erase(flow.connection) != 0) return shard_->on_flow_failed(flow);
  shard_->user_agent().registrar().on_flow_failed(flow);
}

}  // namespace xivo::app
