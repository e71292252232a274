#include "http/websocket_link.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace xivo::http {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kReadsPerTurn = 4;                                       // then the others have their turn
constexpr runtime::Duration kCloseTime =
    std::chrono::seconds(5);      // for the peer's half of the closing handshake
constexpr std::size_t kCompactBytes = 64 * 1024;  // of the queue that went, before it is moved up

}  // namespace

WebSocketLink::WebSocketLink(Parts parts, std::shared_ptr<WebSocketUser> user)
    : parts_(std::move(parts)), user_(std::move(user)), reader_(parts_.limits.websocket_message_bytes_max) {}

WebSocketLink::~WebSocketLink() { parts_.loop.timers().cancel(timer_); }

void WebSocketLink::start(std::string head, std::string input) {
  in_ = std::move(input);
  await(parts_.limits.websocket_ping);
  queue(std::move(head));
  if (phase_ == Phase::Gone) return;
  user_->on_open(*this);
  take_frames();
}

void WebSocketLink::on_ready(runtime::Loop::Events events) {
  if (events.writable && phase_ != Phase::Gone) flush();
  if (events.readable && phase_ != Phase::Gone) read();
}

void WebSocketLink::on_gone() {
  if (phase_ == Phase::Gone) return;
  phase_ = Phase::Gone;
  parts_.loop.timers().cancel(timer_);
  user_->on_closed();
}

bool WebSocketLink::send(std::string_view text) {
  if (phase_ != Phase::Open) return false;
  if (out_.size() - sent_ + text.size() > parts_.limits.websocket_queue_bytes_max) {
    refused_ = true;
    return false;
  }
  queue(write_frame(Opcode::Text, text));
  return true;
}

void WebSocketLink::close(CloseCode code, std::string_view reason) {
  if (phase_ != Phase::Open) return;
  phase_ = Phase::Closing;
  await(kCloseTime);
  queue(write_close(code, reason));
}

void WebSocketLink::read() {
  std::array<char, kReadBytes> buffer;
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const ssize_t got = recv(parts_.fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) return parts_.end();
    heard_ = true;
    in_.append(buffer.data(), static_cast<std::size_t>(got));
    take_frames();
    if (phase_ == Phase::Gone || static_cast<std::size_t>(got) < buffer.size()) return;
  }
}

void WebSocketLink::take_frames() {
  while (phase_ != Phase::Gone && !end_when_sent_) {
    const std::size_t before = in_.size();
    const auto progress = reader_.feed(in_);
    if (progress != FrameReader::Progress::NeedsMore) {
      take(progress);
    } else if (in_.size() == before) {
      return;  // a frame of which a part is missing; its size is within bounds
    }
  }
}

void WebSocketLink::take(FrameReader::Progress progress) {
  switch (progress) {
    case FrameReader::Progress::Message:
      if (phase_ != Phase::Open) return;
      if (reader_.is_text()) return user_->on_text(reader_.payload());
      return close(CloseCode::Unacceptable, "binary messages mean nothing here");
    case FrameReader::Progress::Ping:
      if (std::exchange(pong_waits_, true)) return;  // RFC 6455 §5.5.3: the latest ping is the one to answer
      return queue(write_frame(Opcode::Pong, reader_.payload()));
    case FrameReader::Progress::Close:
      end_when_sent_ = true;
      if (phase_ == Phase::Open) close(reader_.code(), {});
      return flush();
    case FrameReader::Progress::Refused:
      end_when_sent_ = true;
      close(reader_.code(), "the frame is not acceptable");
      return flush();
    case FrameReader::Progress::Pong:
    case FrameReader::Progress::NeedsMore: return;
  }
}

void WebSocketLink::queue(std::string frame) {
  if (sent_ > kCompactBytes) {
    out_.erase(0, sent_);
    sent_ = 0;
  }
  const bool waits = !out_.empty();
  out_ += frame;
  if (!waits) flush();
}

void WebSocketLink::flush() {
  while (sent_ < out_.size()) {
    const ssize_t put = ::send(parts_.fd, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      return parts_.loop.want_write(parts_.watch, true);
    if (put < 0) return parts_.end();
    sent_ += static_cast<std::size_t>(put);
  }
  out_ = std::string();  // an idle client keeps no buffer
  sent_ = 0;
  pong_waits_ = false;
  parts_.loop.want_write(parts_.watch, false);
  if (end_when_sent_) return parts_.end();
  if (phase_ == Phase::Open && std::exchange(refused_, false)) user_->on_drained();
}

void WebSocketLink::await(runtime::Duration patience) {
  parts_.loop.timers().cancel(timer_);
  timer_ = parts_.loop.timers().set(patience, [this] { on_timeout(); });
}

void WebSocketLink::on_timeout() {
  if (phase_ != Phase::Open || !std::exchange(heard_, false)) return parts_.end();
  await(parts_.limits.websocket_ping);
  queue(write_frame(Opcode::Ping, {}));
}

}  // namespace xivo::http
