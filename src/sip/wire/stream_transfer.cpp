// What passes by a connection: the handshake, messages in, messages out.              RFC 3261 §18.3, §26.3; RFC 5626 §3.5.1
#include <algorithm>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "sip/message.hpp"
#include "sip/wire/connection.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

metrics::Counter secured("sip_tls_handshakes", "TLS handshakes completed");
metrics::Counter insecure("sip_tls_failed", "TLS handshakes that failed or took too long");
metrics::Counter overrun("sip_stream_overrun", "SIP connections closed because the peer reads too slowly");
metrics::Counter unframed("sip_stream_unframed",
                          "SIP connections closed because no message could be cut from them");

constexpr std::size_t kReadBytes = 65'536;
constexpr int kReadsPerTurn = 4;
constexpr auto kNoticeEvery = std::chrono::seconds(10);  // of handshakes that failed
constexpr runtime::Duration kFinishMax = std::chrono::seconds(2);
constexpr std::string_view kPong = "\r\n";  // RFC 5626 §3.5.1

using Outcome = runtime::Channel::Outcome;

/// The answer to a request whose head could be cut off the stream, but not its body; empty when there is none to give.
std::string answer_to_head(const StreamFramer::Piece& piece, const SocketAddress& remote) {
  const bool too_large = piece.fault == StreamFramer::Fault::BodyTooLarge;
  if (!too_large && piece.fault != StreamFramer::Fault::LengthMissing) return {};
  const auto parsed = Message::parse(piece.bytes, piece.size);
  if (!parsed && parsed.error().answer == ParseFault::Answer::None) return {};
  const Message& head = parsed ? *parsed : parsed.error().partial;
  if (head.is_response() || head.method() == Method::Ack) return {};
  const Source source{remote.ip.to_string(), remote.port};
  const auto reason = too_large ? std::string_view() : std::string_view("Missing Content-Length");
  return response_to(head, too_large ? 513 : 400, "stream", source, reason).finish();
}

}  // namespace

void StreamConnections::on_ready(Id id, runtime::Loop::Events events) {
  graveyard_.clear();
  auto* connection = connections_.find(id);
  if (connection == nullptr || connection->state == State::Doomed) return;
  if (connection->state == State::Connecting) {
    if (!events.writable) return;
    if (!on_connected(id, *connection)) return end(id);
  }
  if (connection->state == State::Securing) {
    if (!advance_handshake(id, *connection)) return end(id);
    if (connection->state == State::Securing) return;
  } else if (events.writable) {
    write_queued(id, *connection);
  }
  if (events.readable) read(id);
}

bool StreamConnections::on_connected(Id id, Connection& connection) {
  if (runtime::connect_error(connection.channel->fd()) != 0) return false;
  if (connection.flow.transport == Transport::Tls) {
    begin_handshake(id, connection);
    return true;
  }
  connection.state = State::Open;
  set_deadline(id, connection, limits_.idle_max);
  write_queued(id, connection);
  return true;
}

// ---- the handshake

void StreamConnections::begin_handshake(Id id, Connection& connection) {
  connection.state = State::Securing;
  connection.counted_as_handshake = true;
  ++handshakes_;
  ++handshakes_by_address_[connection.flow.remote.ip];
  set_deadline(id, connection, limits_.handshake_max);
}

bool StreamConnections::advance_handshake(Id id, Connection& connection) {
  const auto outcome = connection.channel->handshake();
  if (outcome == Outcome::Closed) {
    tell_of_failure(connection);
    return false;
  }
  if (outcome == Outcome::Blocked) {
    wait_for_room(connection, connection.channel->wants_write());
    return true;
  }
  end_handshake(connection, true);
  connection.state = State::Open;
  set_deadline(id, connection, connection.inbound ? limits_.first_message_max : limits_.idle_max);
  write_queued(id, connection);
  return true;
}

// An administrator whose phone does not register wants to read why; a stranger's thousand attempts are not to fill the log.
void StreamConnections::tell_of_failure(const Connection& connection) {
  const auto why = connection.channel->why_closed();
  const auto now = loop_.clock().now();
  if (why.empty() || now < next_notice_) return;
  next_notice_ = now + kNoticeEvery;
  log::notice("sip", "no TLS with {}: {}", connection.flow.remote.to_string(), why);
}

void StreamConnections::end_handshake(Connection& connection, bool succeeded) {
  if (!connection.counted_as_handshake) return;
  connection.counted_as_handshake = false;
  --handshakes_;
  const auto count = handshakes_by_address_.find(connection.flow.remote.ip);
  if (count != handshakes_by_address_.end() && --count->second == 0) handshakes_by_address_.erase(count);
  (succeeded ? secured : insecure).add();
}

// ---- reading

void StreamConnections::read(Id id) {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  for (int i = 0; i < kReadsPerTurn; ++i) {
    auto* connection = connections_.find(id);
    if (connection == nullptr || !connection->open()) return;
    const auto got = connection->channel->read(buffer_.get(), kReadBytes);
    if (got.outcome == Outcome::Closed) return end(id);
    if (got.outcome == Outcome::Blocked) {
      // Who asks for new keys and takes nothing would keep the loop busy: its socket stays readable.
      if (connection->channel->wants_write()) end(id);
      return;
    }
    if (connection->state == State::Open) {
      connection->framer.feed({buffer_.get(), got.size});
      if (!deliver(id)) return;
    }
    if (got.drained) return;
  }
}

// Hands over what is whole. False when the connection is gone or going.
bool StreamConnections::deliver(Id id) {
  bool asked_for_pong = false;
  while (true) {
    auto* connection = connections_.find(id);
    if (connection == nullptr || connection->state != State::Open) return false;
    const auto piece = connection->framer.next();
    switch (piece.kind) {
      case StreamFramer::Kind::NeedMore:
        if (asked_for_pong && !write(id, *connection, kPong)) return false;
        expect_more(id, *connection);
        return true;
      case StreamFramer::Kind::KeepAlive:
        asked_for_pong = true;  // any number that came together get one answer
        break;
      case StreamFramer::Kind::Broken:
        unframed.add();
        refuse(id, *connection, piece);
        return false;
      case StreamFramer::Kind::Message: {
        connection->had_message = true;
        const Flow flow = connection->flow;
        user_.on_message(flow, piece.bytes, piece.size);
        break;
      }
    }
  }
}

void StreamConnections::refuse(Id id, Connection& connection, const StreamFramer::Piece& piece) {
  const auto answer = answer_to_head(piece, connection.flow.remote);
  if (answer.empty()) return end(id);
  if (!write(id, connection, answer)) return;
  connection.state = State::Finishing;
  set_deadline(id, connection, kFinishMax);
  if (connection.unsent.empty()) connection.channel->finish();
}

// ---- writing

bool StreamConnections::send(const Flow& flow, std::string_view bytes) {
  auto id = find_for(flow);
  if (!id) id = connect(flow);
  auto* connection = connections_.find(id);
  if (connection == nullptr) return false;
  if (connection->state == State::Finishing || connection->state == State::Doomed) return false;
  return write(id, *connection, bytes);
}

// Sends at once what the channel takes and queues the rest. False when the connection is going.
bool StreamConnections::write(Id id, Connection& connection, std::string_view bytes) {
  while (connection.open() && connection.unsent.empty() && !bytes.empty()) {
    const auto put = connection.channel->write(bytes);
    if (put.outcome == Outcome::Closed) {
      doom(id, connection);
      return false;
    }
    if (put.outcome == Outcome::Blocked) {
      wait_for_room(connection, true);
      break;
    }
    bytes.remove_prefix(put.size);
  }
  if (bytes.empty()) return true;
  if (connection.unsent.size() - connection.unsent_begin + bytes.size() > limits_.queued_bytes_max) {
    overrun.add();
    doom(id, connection);
    return false;
  }
  connection.unsent.append(bytes);
  return true;
}

void StreamConnections::write_queued(Id id, Connection& connection) {
  while (connection.unsent_begin < connection.unsent.size()) {
    const auto left = std::string_view(connection.unsent).substr(connection.unsent_begin);
    const auto put = connection.channel->write(left);
    if (put.outcome == Outcome::Closed) return doom(id, connection);
    if (put.outcome == Outcome::Blocked) return wait_for_room(connection, true);
    connection.unsent_begin += put.size;
  }
  std::string().swap(connection.unsent);
  connection.unsent_begin = 0;
  wait_for_room(connection, false);
  // Closing with something unread would make the kernel take the answer back, so only our half closes now.
  if (connection.state == State::Finishing) connection.channel->finish();
}

void StreamConnections::wait_for_room(Connection& connection, bool wait) {
  if (connection.waits_for_room == wait) return;
  connection.waits_for_room = wait;
  loop_.want_write(connection.watch, wait);
}

}  // namespace xivo::sip
