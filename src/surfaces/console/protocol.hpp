#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "console/command_tree.hpp"

/// What the daemon and a console client say to each other over the Unix socket; README.md has it in words.
namespace xivo::console::protocol {

inline constexpr int kVersion = 1;
inline constexpr std::size_t kRequestMax = 4096;      // one line, its line feed included
inline constexpr std::size_t kFrameMax = 64u * 1024;  // payload of one frame

/// What a client may ask for.
enum class RequestKind : std::uint8_t { Hello, Run, Complete, Bye };

/// One line of a client.
struct Request {
  RequestKind kind = RequestKind::Bye;
  std::string text;          // Run, Complete: the command line
  bool interactive = false;  // Hello: wants verbose lines and SIP messages
  int verbose = 0;           // Hello
  Language language = Language::English;  // Hello
};

/// Shape   line: without its line feed
/// Errors  "unknown request", "unsupported protocol version", "malformed hello"
Result<Request> parse_request(std::string_view line);
/// The line for `request`, with its line feed.
std::string write_request(const Request& request);

/// What the server may say.
enum class FrameKind : std::uint8_t {
  Welcome,  // the answer to hello: a Greeting
  Out,      // a piece of a command's output
  Done,     // the command is over: "ok" or "failed"
  Words,    // the answer to complete: one word a line
  Async,    // text nobody asked for: verbose lines, SIP messages
  Bye,      // the last frame: why the session ends
};

/// One piece of what the server says.
struct Frame {
  FrameKind kind = FrameKind::Bye;
  std::string payload;
};

/// "KIND SIZE\n" and SIZE bytes; a longer payload is cut at kFrameMax.
std::string write_frame(FrameKind kind, std::string_view payload);

/// What the daemon says of itself.
struct Greeting {
  std::string version;
  std::string host;
  std::int64_t process = 0;
};
std::string write_greeting(const Greeting& greeting);
Greeting parse_greeting(std::string_view payload);

/// Takes bytes as they arrive and gives frames.
class FrameReader {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// Nothing: more bytes are needed.
  /// Errors  "malformed frame"; nothing can be read after it
  Result<std::optional<Frame>> next();

 private:
  std::string buffer_;
};

}  // namespace xivo::console::protocol
