#include "http/websocket_link.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace xivo::http {
namespace {

using Outcome = runtime::Channel::Outcome;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kReadsPerTurn = 4;                                       // then the others have their turn
constexpr runtime::Duration kCloseTime =
    std::chrono::seconds(5);      // for the peer's half of the closing handshake
constexpr std::size_t kCompactBytes = 64 * 1024;  // of the queue that went, before it is moved up

}  // namespace

WebSocketLink::WebSocketLink(Parts parts, std::shared_ptr<WebSocketUser> user)
    : parts_(std::move(parts)),
      user_(std::move(user)),
      reader_(std::max(parts_.limits.websocket_message_bytes_max, user_->message_bytes_max())) {}

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

bool WebSocketLink::send_message(Opcode opcode, std::string_view payload) {
  if (phase_ != Phase::Open) return false;
  if (out_.size() - sent_ + payload.size() > parts_.limits.websocket_queue_bytes_max) {
    refused_ = true;
    return false;
  }
  queue(write_frame(opcode, payload));
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
    const auto got = parts_.channel.read(buffer.data(), buffer.size());
    if (got.outcome == Outcome::Blocked && !parts_.channel.wants_write()) return;
    if (got.outcome != Outcome::Done) return parts_.end();
    heard_ = true;
    in_.append(buffer.data(), got.size);
    take_frames();
    if (phase_ == Phase::Gone || got.drained) return;
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
      if (user_->on_binary(reader_.payload())) return;
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
    const auto put = parts_.channel.write(std::string_view(out_).substr(sent_));
    if (put.outcome == Outcome::Blocked) return parts_.loop.want_write(parts_.watch, true);
    if (put.outcome == Outcome::Closed) return parts_.end();
    sent_ += put.size;
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
