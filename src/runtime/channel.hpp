#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "runtime/socket.hpp"

namespace xivo::runtime {

/// What carries bytes over one connected stream socket: the socket itself, or TLS on it (tls_context.hpp). Nothing blocks.
///
/// After Blocked the owner waits until the socket is readable; if wants_write(), until it is writable, too. A write that
/// was Blocked is repeated with the same bytes in front; more may follow them.
/// Thread  the owner's
class Channel {
 public:
  enum class Outcome : std::uint8_t {
    Done,
    Blocked,
    Closed,  // by the peer or by an error; the channel is of no more use
  };
  struct Transferred {
    Outcome outcome = Outcome::Done;
    std::size_t size = 0;  // with Done: more than none
    bool drained = false;  // of a read: there was no more, as far as the socket knows
  };

  virtual ~Channel() = default;
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// To be called whenever the socket is ready until it is Done; only then may be read and written.
  virtual Outcome handshake() = 0;
  virtual Transferred read(char* bytes, std::size_t room) = 0;
  virtual Transferred write(std::string_view bytes) = 0;
  /// Says that nothing more comes from this side; the socket stays open for reading.
  virtual void finish() = 0;
  /// Of the last call.
  [[nodiscard]] virtual bool wants_write() const = 0;
  /// Why the last call gave Closed, in words for an administrator; empty when there is nothing to tell.
  [[nodiscard]] virtual std::string_view why_closed() const { return {}; }
  [[nodiscard]] virtual const Fd& fd() const = 0;
};

/// The socket itself.
std::unique_ptr<Channel> plain_channel(Fd fd);

}  // namespace xivo::runtime
