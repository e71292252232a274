#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xivo::sip {

/// Cuts a stream into messages by their Content-Length. Bytes in, values out; no socket, no clock.
///
/// What the other side may make it keep is bounded before anything is allocated for it: a head by `head_bytes_max`, a body
/// by `body_bytes_max`, seen in the Content-Length; and what one feed() brings. Between messages it keeps nothing.
/// Source  RFC 3261 §7.5, §18.3; RFC 5626 §3.5.1 (keep-alives)
/// Thread  the owner's
class StreamFramer {
 public:
  struct Limits {
    std::size_t head_bytes_max = 16'384;
    std::size_t body_bytes_max = 65'536;
  };

  enum class Kind : std::uint8_t {
    NeedMore,  // feed() more
    Message,  // `bytes` is one whole message
    KeepAlive,  // a double CRLF, to be answered with one CRLF
    Broken,  // nothing more can be read from this stream; close it
  };
  enum class Fault : std::uint8_t {
    None,
    NotSip,  // what stands where a message should start cannot start one
    HeadTooLarge,
    LengthMissing,  // `bytes` is the head, so that it can be answered with 400
    LengthInvalid,  // not a number, or two that differ: a way to smuggle a message; not worth an answer
    BodyTooLarge,  // `bytes` is the head, so that it can be answered with 513
  };
  struct Piece {
    Kind kind = Kind::NeedMore;
    Fault fault = Fault::None;
    char* bytes = nullptr;  // may be changed; valid until the next call
    std::size_t size = 0;
  };

  explicit StreamFramer(const Limits& limits) : limits_(limits) {}

  void feed(std::string_view bytes);
  /// To be called until it gives NeedMore or Broken.
  Piece next();

  /// A message has begun and is not whole.
  [[nodiscard]] bool half_received() const { return at_ < buffer_.size(); }

 private:
  Piece need_more();
  Piece broken(Fault fault, std::size_t head_size = 0);
  bool skip_keep_alives();
  Piece cut_head();
  Piece cut_body();

  Limits limits_;
  std::string buffer_;
  std::size_t at_ = 0;  // where the current message starts
  std::size_t searched_ = 0;  // up to here no end of the head was found
  std::size_t head_size_ = 0;  // 0 = not known yet
  std::size_t body_size_ = 0;
  bool one_crlf_ = false;  // the first half of a keep-alive has been seen
  Fault fault_ = Fault::None;
};

}  // namespace xivo::sip
