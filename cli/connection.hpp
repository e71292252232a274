#pragma once

#include <string>

#include "base/result.hpp"
#include "console/protocol.hpp"
#include "runtime/socket.hpp"

namespace xivo::cli {

namespace protocol = console::protocol;

/// A console session with the server, used by one thread that waits for its answers.
class Connection {
 public:
  /// Connects and greets.
  /// Errors  "cannot connect" with errno as detail; otherwise those of receive()
  static Result<Connection> open(const std::string& path, const protocol::Request& hello);

  /// Errors  "the server is gone"; "the command is too long"
  Result<void> send(const protocol::Request& request);
  /// Waits for the next frame, at most `timeout_ms` (-1 = for ever).
  /// Errors  "the server is gone", "the server does not answer", "the server speaks another protocol"
  Result<protocol::Frame> receive(int timeout_ms);
  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] const protocol::Greeting& greeting() const { return greeting_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Connection(runtime::Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  runtime::Fd fd_;
  std::string path_;
  protocol::FrameReader reader_;
  protocol::Greeting greeting_;
};

/// How long the server may take for an answer; it gives up on its engine before.
inline constexpr int kAnswerTimeoutMs = 15'000;

/// One line for people: why `path` could not be used.
std::string connect_problem(const std::string& path, const Error& error);

}  // namespace xivo::cli
