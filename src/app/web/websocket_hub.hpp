#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/web/websocket_wire.hpp"
#include "base/ip_network.hpp"
#include "base/slot_map.hpp"
#include "endpoint/defence/ban_list.hpp"
#include "http/websocket.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"
#include "sip/wire/local_addresses.hpp"

namespace xivo::app {

/// SIP over WebSocket, the part that lives on the web loop: takes in the browsers that ask for `/ws`, hands each of their
/// messages to the shard it belongs to (shard_of), and sends what the shards give it. A socket that is gone is told to every
/// shard, so that what was registered on it goes, too.                             RFC 7118, docs/adr/0011
///
/// A page of any site may connect: SIP has its own passwords, which no browser adds by itself.
/// Thread  the web loop's; send() any. Outlives the web server and the shards' loops.
class WebSocketHub {
 public:
  static constexpr std::string_view kPath = "/ws";  // where Asterisk has it
  static constexpr std::string_view kProtocol = "sip";
  /// In bits 24 to 31 of Flow::connection, where connections of shards have their owner's number (ShardLink).
  static constexpr std::uint64_t kOwner = 0xff;

  struct Limits {
    std::size_t sockets_max = 2'000;
    std::size_t sockets_per_address_max = 200;
    std::size_t message_bytes_max = 65'535;
    std::size_t unread_bytes_max =
        262'144;  // of one socket that its shards have not looked at; beyond: closed
    runtime::Duration first_message_max = std::chrono::seconds(30);
  };
  struct Parts {
    runtime::Scheduler scheduler;  // of the web loop
    std::function<bool(runtime::Task)> post;  // into it, from any thread; may refuse
  };
  /// A shard as the hub reaches it; `post` may refuse.
  struct Shard {
    WebSocketWire* wire;
    std::function<bool(runtime::Task)> post;
  };

  explicit WebSocketHub(Parts parts) : WebSocketHub(std::move(parts), Limits()) {}
  WebSocketHub(Parts parts, const Limits& limits);
  ~WebSocketHub();
  WebSocketHub(const WebSocketHub&) = delete;
  WebSocketHub& operator=(const WebSocketHub&) = delete;

  /// Once, before the loops run; the shards in the order of their numbers.
  void join(std::vector<Shard> shards, const endpoint::BanBoard& bans);
  /// As SocketWire has them.
  void set_advertised(const IpAddress& external) { addresses_.set_advertised(external); }
  void add_local_network(const IpNetwork& network) { addresses_.add_local(network); }

  /// The answer to a request for kPath: 101; 426 to what is no WebSocket handshake, 400 to one that does not offer to talk SIP, 403
  /// to who is banned, 503 when there is no room.
  http::Response answer(const http::Request& request);

  /// Gives a message to the socket of a flow. False: there is no such socket, or the web loop takes no more; what is found out
  /// later is told to `shard` as a failed flow.
  /// Thread  any
  bool send(unsigned shard, const sip::Flow& flow, std::string_view bytes);

  [[nodiscard]] std::size_t sockets() const { return sockets_.size(); }

 private:
  static constexpr auto kTellAgain = std::chrono::milliseconds(100);

  class User;
  struct Socket {
    http::WebSocket* link;
    sip::Flow flow;
    std::shared_ptr<std::atomic<std::size_t>> unread;  // bytes that shards have not looked at
    runtime::TimerId first_message{};
    bool given_up = false;
  };
  using Id = SlotMap<Socket>::Id;

  [[nodiscard]] bool has_room_for(const IpAddress& ip) const;
  Id open(http::WebSocket& link, sip::Flow flow);
  void take(Id id, std::string_view message);
  void hand_over(Socket& socket, std::string_view message);
  void closed(Id id);
  void deliver(unsigned shard, sip::Flow flow, std::string_view bytes);
  void give_up(Socket& socket, http::CloseCode code, std::string_view why);
  void tell_all(const sip::Flow& failed);
  void tell(std::size_t shard, const sip::Flow& failed);
  void tell_again();

  const Parts parts_;
  const Limits limits_;
  sip::LocalAddresses addresses_;
  std::vector<Shard> shards_;
  const endpoint::BanBoard* bans_ = nullptr;
  SlotMap<Socket> sockets_;
  std::unordered_map<IpAddress, std::size_t> per_address_;
  std::vector<std::vector<sip::Flow>> untold_;  // failed flows that a shard had no room to hear of
  std::size_t untold_count_ = 0;
  runtime::TimerId telling_again_;
};

}  // namespace xivo::app
