// SIP messages in and out of WebSockets.                                                                RFC 7118
#include "app/web/websocket_hub.hpp"

#include <string>
#include <utility>

#include "app/shard_of.hpp"
#include "base/metrics.hpp"

namespace xivo::app {
namespace {

metrics::Counter opened("sip_websocket_opened", "WebSockets opened for SIP");
metrics::Counter refused("sip_websocket_refused", "WebSockets for SIP refused by a limit or a ban");
metrics::Counter expired("sip_websocket_expired", "WebSockets closed because no SIP message came");
metrics::Counter overrun("sip_websocket_overrun",
                         "WebSockets closed because the browser reads too slowly or sends too much");

constexpr int kOwnerShift = 24;
constexpr std::uint64_t kOwnerMask = std::uint64_t{0xff} << kOwnerShift;
constexpr std::size_t kMessageCost = 1'024;  // of a message in a mailbox, beside its bytes
constexpr std::string_view kPing = "\r\n\r\n";  // RFC 5626 §3.5.1
constexpr std::string_view kPong = "\r\n";

std::uint64_t named(std::uint64_t bits) { return (bits & ~kOwnerMask) | WebSocketHub::kOwner << kOwnerShift; }

http::Response refusal(int status, std::string text) { return http::Response::text(status, std::move(text)); }

}  // namespace

/// Who talks over one socket. The hub outlives it.
class WebSocketHub::User final : public http::WebSocketUser {
 public:
  User(WebSocketHub& hub, const sip::Flow& flow) : hub_(hub), flow_(flow) {}

  void on_open(http::WebSocket& socket) override { id_ = hub_.open(socket, flow_); }
  void on_text(std::string_view message) override { hub_.take(id_, message); }
  bool on_binary(std::string_view message) override {
    hub_.take(id_, message);
    return true;
  }
  void on_drained() override {}
  void on_closed() override { hub_.closed(id_); }
  [[nodiscard]] std::size_t message_bytes_max() const override { return hub_.limits_.message_bytes_max; }

 private:
  WebSocketHub& hub_;
  const sip::Flow flow_;
  Id id_;
};

WebSocketHub::WebSocketHub(Parts parts, const Limits& limits)
    : parts_(std::move(parts)), limits_(limits), addresses_(parts_.scheduler.clock) {}

WebSocketHub::~WebSocketHub() {
  parts_.scheduler.timers.cancel(telling_again_);
  sockets_.for_each(
      [this](Id, const Socket& socket) { parts_.scheduler.timers.cancel(socket.first_message); });
}

void WebSocketHub::join(std::vector<Shard> shards, const endpoint::BanBoard& bans) {
  shards_ = std::move(shards);
  untold_.resize(shards_.size());
  bans_ = &bans;
}

// ---------------------------------------------------------------------------------------------------- opening

http::Response WebSocketHub::answer(const http::Request& request) {
  const auto& ip = request.remote.ip;
  sip::Flow flow;
  flow.transport = request.secure ? sip::Transport::Wss : sip::Transport::Ws;
  flow.local = addresses_.shown(request.local, ip);
  flow.remote = request.remote;
  auto response = http::upgrade(request, std::make_shared<User>(*this, flow));
  if (!response) {
    auto told = refusal(426, std::string(response.error().what) + "; SIP phones connect here (RFC 7118)\n");
    return told.set("Upgrade", "websocket");
  }
  if (!http::offers_protocol(request, kProtocol))
    return refusal(400, "Sec-WebSocket-Protocol: sip is missing (RFC 7118)\n");
  if (request.local_user) return refusal(400, "SIP phones connect by network\n");
  if (bans_ != nullptr && bans_->current()->contains(ip)) {
    refused.add();
    return refusal(403, "this address is banned\n");
  }
  if (!has_room_for(ip)) {
    refused.add();
    return refusal(503, "too many phones are connected\n");
  }
  response->set("Sec-WebSocket-Protocol", std::string(kProtocol));
  return std::move(*response);
}

bool WebSocketHub::has_room_for(const IpAddress& ip) const {
  if (sockets_.size() + untold_count_ >= limits_.sockets_max) return false;
  const auto count = per_address_.find(ip);
  return count == per_address_.end() || count->second < limits_.sockets_per_address_max;
}

WebSocketHub::Id WebSocketHub::open(http::WebSocket& link, sip::Flow flow) {
  opened.add();
  ++per_address_[flow.remote.ip];
  const auto id = sockets_.emplace(Socket{.link = &link,
                                          .flow = std::move(flow),
                                          .unread = std::make_shared<std::atomic<std::size_t>>(0),
                                          .first_message = {},
                                          .given_up = false});
  auto* socket = sockets_.find(id);
  socket->flow.connection = named(id.bits());
  socket->first_message = parts_.scheduler.timers.set(limits_.first_message_max, [this, id] {
    auto* silent = sockets_.find(id);
    if (silent == nullptr) return;
    expired.add();
    give_up(*silent, http::CloseCode::PolicyViolation, "no SIP message came");
  });
  return id;
}

void WebSocketHub::closed(Id id) {
  const auto gone = sockets_.take(id);
  if (!gone) return;
  parts_.scheduler.timers.cancel(gone->first_message);
  const auto count = per_address_.find(gone->flow.remote.ip);
  if (count != per_address_.end() && --count->second == 0) per_address_.erase(count);
  if (!gone->given_up) tell_all(gone->flow);
}

// ---------------------------------------------------------------------------------------------------- coming in

void WebSocketHub::take(Id id, std::string_view message) {
  auto* socket = sockets_.find(id);
  if (socket == nullptr || socket->given_up) return;
  if (message.find_first_not_of("\r\n") ==
      std::string_view::npos) {  // a keep-alive      RFC 7118 §6, RFC 5626 §4.4.1
    if (message.find(kPing) != std::string_view::npos) socket->link->send(kPong);
    return;
  }
  parts_.scheduler.timers.cancel(socket->first_message);
  hand_over(*socket, message);
}

void WebSocketHub::hand_over(Socket& socket, std::string_view message) {
  const auto cost = message.size() + kMessageCost;
  const bool too_much = *socket.unread + cost > limits_.unread_bytes_max;
  const auto& shard = shards_[shard_of(message, static_cast<unsigned>(shards_.size()))];
  auto pass = [wire = shard.wire, flow = socket.flow, unread = socket.unread, cost,
               kept = std::string(message)]() mutable {
    *unread -= cost;
    wire->receive(flow, kept.data(), kept.size());
  };
  *socket.unread += cost;
  if (!too_much && shard.post(std::move(pass))) return;
  overrun.add();
  give_up(socket, http::CloseCode::PolicyViolation, "too much at once");
}

// ---------------------------------------------------------------------------------------------------- going out

bool WebSocketHub::send(unsigned shard, const sip::Flow& flow, std::string_view bytes) {
  if (flow.connection == 0) return false;
  return parts_.post([this, shard, flow, kept = std::string(bytes)] { deliver(shard, flow, kept); });
}

// The asker believes that it was sent, so a refusal reaches it as a broken connection does.
void WebSocketHub::deliver(unsigned shard, sip::Flow flow, std::string_view bytes) {
  auto* socket = sockets_.find(Id::from_bits(flow.connection & ~kOwnerMask));
  if (socket == nullptr || socket->given_up) {
    flow.connection = named(flow.connection);
    return tell(shard, flow);
  }
  // A browser ends a connection on which text comes that is none; phones may say anything in SIP.
  const bool sent = http::is_utf8(bytes) ? socket->link->send(bytes) : socket->link->send_binary(bytes);
  if (sent) return;
  overrun.add();
  give_up(*socket, http::CloseCode::PolicyViolation, "too much waits to be read");
}

// The last thing that is done with a socket: closing it may end its life.
void WebSocketHub::give_up(Socket& socket, http::CloseCode code, std::string_view why) {
  socket.given_up = true;
  tell_all(socket.flow);
  socket.link->close(code, why);
}

// ---------------------------------------------------------------------------------------------------- failed flows

void WebSocketHub::tell_all(const sip::Flow& failed) {
  for (std::size_t i = 0; i < shards_.size(); ++i) tell(i, failed);
}

// A phone must not look registered because a mailbox was full: what a shard has no room for is told later.
void WebSocketHub::tell(std::size_t shard, const sip::Flow& failed) {
  const auto& to = shards_[shard];
  if (untold_[shard].empty() && to.post([wire = to.wire, failed] { wire->fail(failed); })) return;
  untold_[shard].push_back(failed);
  ++untold_count_;
  auto& timers = parts_.scheduler.timers;
  if (!timers.pending(telling_again_)) telling_again_ = timers.set(kTellAgain, [this] { tell_again(); });
}

void WebSocketHub::tell_again() {
  untold_count_ = 0;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    for (const auto& failed : std::exchange(untold_[i], {})) tell(i, failed);
  }
}

}  // namespace xivo::app
