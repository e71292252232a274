#include "cli/connection.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "console/unix_socket.hpp"

namespace xivo::cli {
namespace {

using protocol::FrameKind;

constexpr int kGreetingTimeoutMs = 5'000;
constexpr std::size_t kReadSize = 64u * 1024;

std::string_view reason(std::int64_t code) {
  switch (code) {
    case ENOENT: return "there is no such socket";
    case ECONNREFUSED: return "nobody listens there";
    case EACCES:
    case EPERM: return "permission denied";
    case EAGAIN: return "it is too busy";
    default: return "the system refuses";
  }
}

}  // namespace

Result<Connection> Connection::open(const std::string& path, const protocol::Request& hello) {
  auto fd = console::connect_unix(path);
  if (!fd) return Unexpected{fd.error()};
  Connection connection(std::move(*fd), path);
  if (auto sent = connection.send(hello); !sent) return Unexpected{sent.error()};
  auto frame = connection.receive(kGreetingTimeoutMs);
  if (!frame) return Unexpected{frame.error()};
  if (frame->kind == FrameKind::Bye) {
    return fail(frame->payload == "too many consoles are open" ? "too many consoles are open"
                                                               : "the server refuses the session");
  }
  if (frame->kind != FrameKind::Welcome) return fail("the server speaks another protocol");
  connection.greeting_ = protocol::parse_greeting(frame->payload);
  return connection;
}

Result<void> Connection::send(const protocol::Request& request) {
  const auto line = protocol::write_request(request);
  if (line.size() > protocol::kRequestMax) return fail("the command is too long");
  std::string_view rest = line;
  while (!rest.empty()) {
    const auto sent = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail("the server is gone", errno);
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<protocol::Frame> Connection::receive(int timeout_ms) {
  for (;;) {
    auto frame = reader_.next();
    if (!frame) return fail("the server speaks another protocol");
    if (frame->has_value()) return std::move(**frame);
    pollfd waited{fd_.get(), POLLIN, 0};
    const int ready = poll(&waited, 1, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return fail("the server does not answer");
    std::string bytes(kReadSize, '\0');
    const auto got = recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail("the server is gone", got < 0 ? errno : 0);
    reader_.feed(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
  }
}

std::string connect_problem(const std::string& path, const Error& error) {
  if (error.what != "cannot connect") return fmt::format("{} ({})", error.what, path);
  return fmt::format("no server answers on {}: {}", path, reason(error.detail));
}

}  // namespace xivo::cli
