#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/slot_map.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/request_parser.hpp"
#include "http/websocket_link.hpp"
#include "runtime/channel.hpp"
#include "runtime/loop.hpp"

namespace xivo::http {

class Connection;
using ConnectionId = Handle<Connection>;

/// Who is at the other end.
struct Peer {
  SocketAddress remote;
  SocketAddress local;  // where it reached us
  std::optional<std::uint32_t> local_user;  // of a Unix socket
  bool secure = false;  // by TLS
};

/// One client: shakes hands (TLS), reads a request, has it answered, sends the answer, reads the next one, or becomes a
/// WebSocket. One request at a time; what a client sends ahead waits.
/// Thread  the loop's. Its owner destroys it some time after on_closed(), never within a call of it.
class Connection {
 public:
  class Owner {
   public:
    virtual void on_request(ConnectionId id, std::uint32_t serial, Request request) = 0;
    virtual void on_closed(ConnectionId id) = 0;
    /// TLS only, once, at the latest with on_closed(): the handshake is over.
    virtual void on_handshake_over(const Peer& peer) = 0;
    /// So many bytes of bodies more, or less, wait for their rest. False: there is no room for them.
    virtual bool hold(std::ptrdiff_t bytes) = 0;

   protected:
    ~Owner() = default;
  };

  Connection(runtime::Loop& loop, const Limits& limits, Owner& owner,
             std::unique_ptr<runtime::Channel> channel, Peer peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start(ConnectionId id);
  /// Answers the request of that serial number; another one's answer is dropped.
  void answer(std::uint32_t serial, Response response);
  /// Closes now, or when the answer in progress has been sent.
  void wind_up();
  void close();
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  enum class Phase : std::uint8_t { Securing, Reading, Answering, Sending, Upgraded, Draining, Closed };

  void on_ready(runtime::Loop::Events events);
  void secure();
  void end_handshake();
  void read();
  void on_end_of_input();
  void advance();
  void on_progress(RequestParser::Progress progress);
  void say_continue();
  void send(Response response, bool keep_alive);
  void flush();
  void on_sent();
  void drain();
  void upgrade(const Response& response);
  void end_websocket();
  bool hold(std::ptrdiff_t bytes);
  void await(runtime::Duration patience);
  void on_timeout();

  runtime::Loop& loop_;
  const Limits& limits_;
  Owner& owner_;
  std::unique_ptr<runtime::Channel> channel_;  // none once closed
  Peer peer_;
  ConnectionId id_;
  runtime::WatchId watch_;
  runtime::TimerId timer_;
  RequestParser parser_;
  std::unique_ptr<WebSocketLink> websocket_;  // once upgraded
  Phase phase_ = Phase::Reading;
  RequestParser::Progress awaited_ = RequestParser::Progress::NeedsHead;
  std::string in_;
  std::string out_;  // the answer being sent
  std::size_t sent_ = 0;  // of it
  std::size_t drained_ = 0;
  std::ptrdiff_t held_ = 0;  // of a body whose rest has not come
  std::uint32_t serial_ = 0;  // of the request being answered
  bool head_only_ = false;  // the request was HEAD
  bool keep_alive_ = true;
  bool winding_up_ = false;
  bool input_ended_ = false;
  bool idle_ = false;  // between two requests
  bool advancing_ = false;
  bool in_handshake_ = false;  // and counted as such
};

}  // namespace xivo::http
