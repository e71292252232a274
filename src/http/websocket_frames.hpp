#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xivo::http {

/// What a frame is.                                                                            RFC 6455 §5.2
enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// Why a WebSocket is closed.                                                                  RFC 6455 §7.4.1
enum class CloseCode : std::uint16_t {
  Normal = 1000,
  GoingAway = 1001,
  ProtocolError = 1002,
  Unacceptable = 1003,
  None = 1005,  // never on the wire: the peer gave no code
  BadText = 1007,
  PolicyViolation = 1008,
  TooBig = 1009,
};

/// Takes a client's bytes apart: frames unmasked, fragments joined, control frames between them told by themselves.
/// Strict: what RFC 6455 forbids a client is refused, with the code to close with.
/// Shape   a message has at most `message_bytes_max` bytes, a control frame 125
/// Thread  its owner's.
class FrameReader {
 public:
  enum class Progress : std::uint8_t { NeedsMore, Message, Ping, Pong, Close, Refused };

  explicit FrameReader(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  /// Reads one frame, or a part of one, and removes from `input` what was read.
  Progress feed(std::string& input);

  /// Message, Ping, Pong: what was in it, until the next feed(). Close: the reason.
  [[nodiscard]] const std::string& payload() const { return payload_; }
  /// Message: text (valid UTF-8), not binary.
  [[nodiscard]] bool is_text() const { return message_opcode_ == Opcode::Text; }
  /// Close: what the peer says; Refused: what to say to it.
  [[nodiscard]] CloseCode code() const { return code_; }

 private:
  struct Head {
    bool last = false;
    Opcode opcode = Opcode::Continuation;
    std::uint64_t size = 0;
    std::size_t bytes = 0;  // of the head itself, mask included
  };
  enum class HeadState : std::uint8_t { Incomplete, Complete, Wrong };

  HeadState read_head(std::string_view input, Head& head);
  [[nodiscard]] bool is_allowed(const Head& head) const;
  Progress take(const Head& head, std::string bytes);
  Progress take_close(const std::string& bytes);
  Progress refuse(CloseCode code);

  const std::size_t message_bytes_max_;
  std::string message_;  // fragments so far
  std::string payload_;
  bool within_message_ = false;
  Opcode message_opcode_ = Opcode::Text;
  CloseCode code_ = CloseCode::None;
};

/// One frame of a server: whole and unmasked.                                                  RFC 6455 §5.2
std::string write_frame(Opcode opcode, std::string_view payload);
/// A Close frame. Shape   reason: cut at 123 bytes
std::string write_close(CloseCode code, std::string_view reason);

/// Whether bytes may go as a text message.                                                     RFC 3629
bool is_utf8(std::string_view bytes);

/// Sec-WebSocket-Accept for the key of a client.                                               RFC 6455 §4.2.2
std::string accept_of(std::string_view key);

}  // namespace xivo::http
