#include "http/client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <iterator>

#include "base/text.hpp"
#include "http/response_parser.hpp"
#include "http/unix_listener.hpp"

namespace xivo::http {
namespace {

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
    fd_ = std::move(*fd);
    return {};
  }
  auto fd = runtime::start_tcp_connect(std::get<SocketAddress>(server_));
  if (!fd) return Unexpected{fd.error()};
  if (auto ready = wait_for(*fd, POLLOUT, clock_, deadline); !ready) return ready;
  if (const int error = runtime::connect_error(*fd)) return fail("cannot connect", error);
  fd_ = std::move(*fd);
  return {};
}

Result<Response> Client::request(std::string_view method, std::string_view target, std::string_view body,
                                 const Headers& headers) {
  const auto* address = std::get_if<SocketAddress>(&server_);
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method, target,
                                  address ? address->to_string() : std::string("localhost"));
  for (const Headers* list : std::array<const Headers*, 2>{&headers_, &headers}) {
    for (const Header& h : *list) fmt::format_to(std::back_inserter(bytes), "{}: {}\r\n", h.name, h.value);
  }
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    fmt::format_to(std::back_inserter(bytes), "Content-Length: {}\r\n", body.size());
  }
  bytes += "\r\n";
  bytes += body;
  const auto deadline = clock_.now() + options_.timeout;
  const bool kept = static_cast<bool>(fd_);
  auto response = exchange(bytes, method == "HEAD", deadline);
  if (!response && kept && repeatable(method) && response.error().what == "connection was closed") {
    response = exchange(bytes, method == "HEAD", deadline);
  }
  return response;
}

Result<Response> Client::exchange(const std::string& bytes, bool head_only, runtime::Instant deadline) {
  if (!fd_) {
    if (auto connected = connect(deadline); !connected) return Unexpected{connected.error()};
  }
  auto sent = send(bytes, deadline);
  auto response = sent ? receive(head_only, deadline) : Result<Response>(Unexpected{sent.error()});
  if (!response) fd_.reset();
  return response;
}

Result<void> Client::send(std::string_view bytes, runtime::Instant deadline) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (auto ready = wait_for(fd_, POLLOUT, clock_, deadline); !ready) return ready;
    } else if (errno != EINTR) {
      // An early answer (413, say) may be waiting to be read although the server takes no more.
      return errno == EPIPE || errno == ECONNRESET ? Result<void>() : fail("cannot send", errno);
    }
  }
  return {};
}

Result<Response> Client::receive(bool head_only, runtime::Instant deadline) {
  ResponseParser parser(head_only, options_.body_bytes_max);
  std::string input;
  std::array<char, kReadBytes> buffer;
  while (true) {
    const ssize_t got = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (auto ready = wait_for(fd_, POLLIN, clock_, deadline); !ready) return Unexpected{ready.error()};
      continue;
    }
    if (got < 0) return fail("connection was closed", errno);
    const bool ended = got == 0;
    if (ended && input.empty() && !parser.started()) return fail("connection was closed");
    input.append(buffer.data(), static_cast<std::size_t>(got));
    auto complete = ended ? parser.end() : parser.feed(input);
    if (!complete) return Unexpected{complete.error()};
    if (!*complete) continue;
    if (ended || !parser.keep_alive()) fd_.reset();
    return parser.take();
  }
}

}  // namespace xivo::http
