#include "http/client.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <iterator>

#include "base/text.hpp"
#include "http/response_parser.hpp"
#include "http/unix_listener.hpp"

namespace xivo::http {
namespace {

using Outcome = runtime::Channel::Outcome;

constexpr std::size_t kReadBytes = 16 * 1024;

Result<void> wait_for(const runtime::Fd& fd, short events, const runtime::Clock& clock,
                      runtime::Instant deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.now()).count();
    if (left <= 0) return fail("timed out");
    pollfd entry{fd.get(), events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(left));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return fail("cannot wait", errno);
  }
}

bool repeatable(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

}  // namespace

void Client::set_header(std::string name, std::string value) {
  std::erase_if(headers_, [&](const Header& h) { return text::equal_ignoring_case(h.name, name); });
  headers_.push_back({std::move(name), std::move(value)});
}

Result<void> Client::connect(runtime::Instant deadline) {
  if (const auto* local = std::get_if<UnixPath>(&server_)) {
    auto fd = connect_unix(local->path);
    if (!fd) return Unexpected{fd.error()};
    channel_ = runtime::plain_channel(std::move(*fd));
    return {};
  }
  auto fd = runtime::start_tcp_connect(std::get<SocketAddress>(server_));
  if (!fd) return Unexpected{fd.error()};
  if (auto ready = wait_for(*fd, POLLOUT, clock_, deadline); !ready) return ready;
  if (const int error = runtime::connect_error(*fd)) return fail("cannot connect", error);
  channel_ =
      options_.tls ? options_.tls->connect(std::move(*fd), host()) : runtime::plain_channel(std::move(*fd));
  return options_.tls ? shake_hands(deadline) : Result<void>();
}

std::string Client::host_header() const {
  const auto* address = std::get_if<SocketAddress>(&server_);
  if (address == nullptr) return "localhost";
  if (options_.host.empty()) return address->to_string();
  return fmt::format("{}:{}", options_.host, address->port);
}

std::string Client::host() const {
  const auto* address = std::get_if<SocketAddress>(&server_);
  if (!options_.host.empty() || address == nullptr) return options_.host;
  return address->ip.to_string();
}

Result<void> Client::wait(bool for_room, runtime::Instant deadline) const {
  return wait_for(channel_->fd(), for_room ? POLLOUT : POLLIN, clock_, deadline);
}

Result<void> Client::shake_hands(runtime::Instant deadline) {
  Result<void> done;
  auto outcome = channel_->handshake();
  while (outcome == Outcome::Blocked && done) {
    done = wait(channel_->wants_write(), deadline);
    if (done) outcome = channel_->handshake();
  }
  if (outcome == Outcome::Closed) {
    why_no_tls_ = channel_->why_closed();
    done = fail("no TLS");
  }
  if (!done) channel_.reset();
  return done;
}

Result<Response> Client::request(std::string_view method, std::string_view target, std::string_view body,
                                 const Headers& headers) {
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method, target, host_header());
  for (const Headers* list : std::array<const Headers*, 2>{&headers_, &headers}) {
    for (const Header& h : *list) fmt::format_to(std::back_inserter(bytes), "{}: {}\r\n", h.name, h.value);
  }
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    fmt::format_to(std::back_inserter(bytes), "Content-Length: {}\r\n", body.size());
  }
  bytes += "\r\n";
  bytes += body;
  const auto deadline = clock_.now() + options_.timeout;
  const bool kept = channel_ != nullptr;
  auto response = exchange(bytes, method == "HEAD", deadline);
  if (!response && kept && repeatable(method) && response.error().what == "connection was closed") {
    response = exchange(bytes, method == "HEAD", deadline);
  }
  return response;
}

Result<Response> Client::exchange(const std::string& bytes, bool head_only, runtime::Instant deadline) {
  if (!channel_) {
    if (auto connected = connect(deadline); !connected) return Unexpected{connected.error()};
  }
  auto sent = send(bytes, deadline);
  auto response = sent ? receive(head_only, deadline) : Result<Response>(Unexpected{sent.error()});
  if (!response) channel_.reset();
  return response;
}

Result<void> Client::send(std::string_view bytes, runtime::Instant deadline) {
  while (!bytes.empty()) {
    const auto put = channel_->write(bytes);
    if (put.outcome == Outcome::Closed) return {};  // an early answer (413, say) may be waiting to be read
    if (put.outcome == Outcome::Done) bytes.remove_prefix(put.size);
    if (put.outcome == Outcome::Done) continue;
    if (auto ready = wait(true, deadline); !ready) return ready;
  }
  return {};
}

Result<Response> Client::receive(bool head_only, runtime::Instant deadline) {
  ResponseParser parser(head_only, options_.body_bytes_max);
  std::string input;
  std::array<char, kReadBytes> buffer;
  while (true) {
    const auto got = channel_->read(buffer.data(), buffer.size());
    if (got.outcome == Outcome::Blocked) {
      if (auto ready = wait(channel_->wants_write(), deadline); !ready) return Unexpected{ready.error()};
      continue;
    }
    const bool ended = got.outcome == Outcome::Closed;
    if (ended && input.empty() && !parser.started()) return fail("connection was closed");
    input.append(buffer.data(), got.size);
    auto complete = ended ? parser.end() : parser.feed(input);
    if (!complete) return Unexpected{complete.error()};
    if (!*complete) continue;
    if (ended || !parser.keep_alive()) channel_.reset();
    return parser.take();
  }
}

}  // namespace xivo::http
