#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/limits.hpp"
#include "http/websocket.hpp"
#include "runtime/channel.hpp"
#include "runtime/loop.hpp"

namespace xivo::http {

/// A connection after the handshake: frames both ways, pings that find out who has gone, the closing handshake.
/// Costs an idle client nothing but a timer.                                                   RFC 6455
/// Thread  the loop's. Its connection owns it and channel and watch, and outlives each call of it.
class WebSocketLink final : public WebSocket {
 public:
  struct Parts {
    runtime::Loop& loop;
    const Limits& limits;
    runtime::Channel& channel;
    runtime::WatchId watch;
    std::function<void()> end;  // the connection is to be closed
  };

  WebSocketLink(Parts parts, std::shared_ptr<WebSocketUser> user);
  ~WebSocketLink() override;

  /// Sends the head of the 101 answer and reads what the client sent ahead.
  void start(std::string head, std::string input);
  void on_ready(runtime::Loop::Events events);
  /// The connection is gone; tells the user.
  void on_gone();

  // ---- WebSocket
  bool send(std::string_view text) override { return send_message(Opcode::Text, text); }
  bool send_binary(std::string_view bytes) override { return send_message(Opcode::Binary, bytes); }
  void close(CloseCode code, std::string_view reason) override;

 private:
  enum class Phase : std::uint8_t { Open, Closing, Gone };

  bool send_message(Opcode opcode, std::string_view payload);
  void read();
  void take_frames();
  void take(FrameReader::Progress progress);
  void queue(std::string frame);
  void flush();
  void await(runtime::Duration patience);
  void on_timeout();

  Parts parts_;
  std::shared_ptr<WebSocketUser> user_;
  runtime::TimerId timer_;
  FrameReader reader_;
  std::string in_;
  std::string out_;
  std::size_t sent_ = 0;  // of out_
  Phase phase_ = Phase::Open;
  bool heard_ = true;  // something came since the last ping
  bool refused_ = false;  // a send(), since the queue was last empty
  bool pong_waits_ = false;
  bool end_when_sent_ = false;
};

}  // namespace xivo::http
