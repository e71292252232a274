#include "http/connection.hpp"

#include <array>
#include <utility>

#include "base/metrics.hpp"
#include "http/response_writer.hpp"

namespace xivo::http {
namespace {

metrics::Counter secured("xivo_http_tls_handshakes_total", "TLS handshakes of HTTP clients completed");
metrics::Counter insecure("xivo_http_tls_failed_total",
                          "TLS handshakes of HTTP clients that failed or took too long");

using Outcome = runtime::Channel::Outcome;

constexpr std::size_t kReadBytes = 16 * 1024;  // no less than a TLS record has, so that none waits half read
constexpr int kReadsPerTurn = 4;  // then the other connections have their turn
constexpr std::size_t kDrainBytesMax = 256 * 1024;  // what a refused client may still send us
constexpr runtime::Duration kDrainTime = std::chrono::seconds(1);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(runtime::Loop& loop, const Limits& limits, Owner& owner,
                       std::unique_ptr<runtime::Channel> channel, Peer peer)
    : loop_(loop),
      limits_(limits),
      owner_(owner),
      channel_(std::move(channel)),
      peer_(peer),
      parser_(limits),
      in_handshake_(peer.secure) {
  if (in_handshake_) phase_ = Phase::Securing;
}

Connection::~Connection() {
  loop_.unwatch(watch_);
  loop_.timers().cancel(timer_);
}

void Connection::start(ConnectionId id) {
  id_ = id;
  watch_ = loop_.watch(channel_->fd().get(), [this](runtime::Loop::Events events) { on_ready(events); });
  await(in_handshake_ ? limits_.handshake_timeout : limits_.head_timeout);
}

void Connection::close() {
  if (phase_ == Phase::Closed) return;
  phase_ = Phase::Closed;
  if (in_handshake_) insecure.add();
  end_handshake();
  hold(-held_);
  if (websocket_) websocket_->on_gone();
  loop_.unwatch(watch_);
  loop_.timers().cancel(timer_);
  channel_.reset();
  owner_.on_closed(id_);
}

void Connection::wind_up() {
  winding_up_ = true;
  if (phase_ == Phase::Upgraded) websocket_->close(CloseCode::GoingAway, "the server stops");
  if (phase_ == Phase::Securing || phase_ == Phase::Reading || phase_ == Phase::Draining) close();
}

void Connection::await(runtime::Duration patience) {
  loop_.timers().cancel(timer_);
  timer_ = loop_.timers().set(patience, [this] { on_timeout(); });
}

void Connection::on_timeout() {
  switch (phase_) {
    case Phase::Reading:
      if (idle_ || (in_.empty() && awaited_ == RequestParser::Progress::NeedsHead)) return close();
      return send(Response::text(408, "the request took too long\n"), false);
    case Phase::Answering: return send(Response::text(503, "the answer took too long\n"), false);
    case Phase::Upgraded: return;  // has a timer of its own
    case Phase::Securing:
    case Phase::Sending:
    case Phase::Draining:
    case Phase::Closed: return close();
  }
}

void Connection::on_ready(runtime::Loop::Events events) {
  if (phase_ == Phase::Upgraded) return websocket_->on_ready(events);
  if (phase_ == Phase::Securing) return secure();
  if (events.writable && phase_ == Phase::Sending) flush();
  if (events.readable && phase_ != Phase::Closed) read();
}

// The first request may have come together with the end of the handshake.
void Connection::secure() {
  const auto outcome = channel_->handshake();
  if (outcome == Outcome::Closed) return close();
  if (outcome == Outcome::Blocked) return loop_.want_write(watch_, channel_->wants_write());
  secured.add();
  end_handshake();
  phase_ = Phase::Reading;
  loop_.want_write(watch_, false);
  await(limits_.head_timeout);
  read();
}

void Connection::end_handshake() {
  if (std::exchange(in_handshake_, false)) owner_.on_handshake_over(peer_);
}

void Connection::read() {
  std::array<char, kReadBytes> buffer;
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const auto got = channel_->read(buffer.data(), buffer.size());
    if (got.outcome == Outcome::Blocked) {
      // Who asks for new keys and takes nothing would keep the loop busy: its socket stays readable.
      if (channel_->wants_write()) return close();
      break;
    }
    if (got.outcome == Outcome::Closed) {
      input_ended_ = true;
      break;
    }
    if (phase_ == Phase::Draining) {
      drained_ += got.size;
      if (drained_ > kDrainBytesMax) return close();
      continue;
    }
    in_.append(buffer.data(), got.size);
    if (phase_ == Phase::Reading && awaited_ == RequestParser::Progress::NeedsBody &&
        !hold(static_cast<std::ptrdiff_t>(got.size))) {
      return send(Response::text(503, "too many large requests at once\n"), false);
    }
    if (phase_ != Phase::Reading && in_.size() > limits_.read_ahead_bytes_max) return close();
    advance();
    if (phase_ == Phase::Closed || phase_ == Phase::Upgraded) return;
    if (got.drained) break;
  }
  if (input_ended_) on_end_of_input();
}

/// The peer sends no more. A request that is being answered still gets its answer; readiness is no longer asked for,
/// because an ended input would be reported in every turn.
void Connection::on_end_of_input() {
  if (phase_ != Phase::Answering) return close();
  loop_.unwatch(watch_);
}

void Connection::advance() {
  if (advancing_) return;
  advancing_ = true;
  while (phase_ == Phase::Reading && !in_.empty()) {
    if (idle_) {
      idle_ = false;
      await(limits_.head_timeout);
    }
    const auto progress = parser_.feed(in_);
    on_progress(progress);
    if (progress == RequestParser::Progress::NeedsHead || progress == RequestParser::Progress::NeedsBody)
      break;
  }
  advancing_ = false;
}

void Connection::on_progress(RequestParser::Progress progress) {
  switch (progress) {
    case RequestParser::Progress::NeedsHead: break;
    case RequestParser::Progress::NeedsBody:
      if (awaited_ == progress) break;
      await(limits_.body_timeout);
      if (parser_.expects_continue()) say_continue();
      break;
    case RequestParser::Progress::Complete: {
      phase_ = Phase::Answering;
      hold(-held_);
      keep_alive_ = parser_.keep_alive();
      await(limits_.answer_timeout);
      Request request = parser_.take();
      request.remote = peer_.remote;
      request.local = peer_.local;
      request.secure = peer_.secure;
      request.local_user = peer_.local_user;
      head_only_ = request.method == "HEAD";
      awaited_ = RequestParser::Progress::NeedsHead;
      owner_.on_request(id_, ++serial_, std::move(request));
      return;
    }
    case RequestParser::Progress::Refused:
      send(Response::text(parser_.refusal(), "the request cannot be read\n"), false);
      return;
  }
  awaited_ = progress;
}

bool Connection::hold(std::ptrdiff_t bytes) {
  held_ += bytes;
  if (owner_.hold(bytes)) return true;
  owner_.hold(-std::exchange(held_, 0));  // at once: the others need it
  return false;
}

void Connection::say_continue() {
  // Nothing else is being sent; a socket that has no room for these bytes is not worth waiting for.
  const auto put = channel_->write(kContinue);
  if (put.outcome != Outcome::Done || put.size != kContinue.size()) close();
}

void Connection::answer(std::uint32_t serial, Response response) {
  if (phase_ != Phase::Answering || serial != serial_) return;
  if (response.websocket) return upgrade(response);
  send(std::move(response), keep_alive_ && !winding_up_ && !input_ended_);
}

void Connection::send(Response response, bool keep_alive) {
  phase_ = Phase::Sending;
  keep_alive_ = keep_alive;
  out_ = write_head(response, keep_alive, loop_.clock().wall());
  if (!head_only_ && response.status != 204 && response.status != 304) out_ += response.body;
  sent_ = 0;
  head_only_ = false;
  await(limits_.send_timeout);
  flush();
}

void Connection::flush() {
  while (sent_ < out_.size()) {
    const auto put = channel_->write(std::string_view(out_).substr(sent_));
    if (put.outcome == Outcome::Blocked) {
      if (input_ended_) return close();  // not watched any more
      loop_.want_write(watch_, true);
      return;
    }
    if (put.outcome == Outcome::Closed) return close();
    sent_ += put.size;
  }
  on_sent();
}

void Connection::on_sent() {
  out_ = std::string();
  if (!input_ended_) loop_.want_write(watch_, false);
  if (!keep_alive_) return drain();
  phase_ = Phase::Reading;
  idle_ = true;
  await(limits_.idle_timeout);
  advance();
}

/// From here on the link reads and writes; who is not watched any more has nothing left to say over it.
void Connection::upgrade(const Response& response) {
  if (winding_up_ || input_ended_) return close();
  loop_.timers().cancel(timer_);
  phase_ = Phase::Upgraded;
  websocket_ = std::make_unique<WebSocketLink>(
      WebSocketLink::Parts{loop_, limits_, *channel_, watch_, [this] { end_websocket(); }},
      response.websocket);
  websocket_->start(write_head(response, false, loop_.clock().wall()), std::exchange(in_, {}));
}

void Connection::end_websocket() {
  if (phase_ != Phase::Upgraded) return;
  websocket_->on_gone();
  drain();
}

/// Closing with unread input makes the kernel send a reset, which can take the answer with it: read a little on.
void Connection::drain() {
  if (input_ended_) return close();
  channel_->finish();
  phase_ = Phase::Draining;
  in_.clear();
  await(winding_up_ ? runtime::Duration::zero() : kDrainTime);
}

}  // namespace xivo::http
