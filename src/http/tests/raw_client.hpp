#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>

#include "runtime/clock.hpp"
#include "runtime/socket.hpp"

namespace xivo::http {

/// A client that sends any bytes and reads whatever comes, to be rude with.
class RawClient {
 public:
  explicit RawClient(const SocketAddress& server, runtime::Duration patience = std::chrono::seconds(5))
      : deadline_(clock_.now() + patience) {
    auto fd = runtime::start_tcp_connect(server);
    if (fd) fd_ = std::move(*fd);
    wait(POLLOUT);
  }

  /// False when the server does not take the bytes any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(put));
      } else if (errno != EAGAIN || !wait(POLLOUT)) {
        return false;
      }
    }
    return true;
  }

  /// Everything up to the end of the connection; `closed()` tells whether the end came in time.
  std::string read_all() {
    while (read_some()) {
    }
    return std::exchange(text_, {});
  }

  /// Reads until `count` occurrences of `mark` have come, or the end.
  std::string read_until(std::string_view mark, int count = 1) {
    while (occurrences(mark) < count && read_some()) {
    }
    return std::exchange(text_, {});
  }

  [[nodiscard]] bool closed() const { return closed_; }
  void half_close() { shutdown(fd_.get(), SHUT_WR); }

 private:
  bool wait(short events) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock_.now()).count();
    pollfd entry{fd_.get(), events, 0};
    return left > 0 && poll(&entry, 1, static_cast<int>(left)) > 0;
  }
  bool read_some() {
    if (closed_ || !wait(POLLIN)) return false;
    char buffer[4096];
    const ssize_t got = recv(fd_.get(), buffer, sizeof buffer, 0);
    if (got <= 0) {
      closed_ = got == 0 || errno == ECONNRESET;
      return false;
    }
    text_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  [[nodiscard]] int occurrences(std::string_view mark) const {
    int count = 0;
    for (auto at = text_.find(mark); at != std::string::npos; at = text_.find(mark, at + mark.size()))
      ++count;
    return count;
  }

  runtime::SystemClock clock_;
  runtime::Instant deadline_;
  runtime::Fd fd_;
  std::string text_;
  bool closed_ = false;
};

}  // namespace xivo::http
