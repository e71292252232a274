#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "media/engine.hpp"
#include "media/sound_options.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::rtp {
class DtlsContext;
}

namespace xivo::media {

/// Media on the caller's own loop and a caller-supplied network: simulation and tests. The same packet logic as in
/// production (latching, relay, playback, digits, statistics), without sockets and threads: packets come in by
/// deliver() and go out by the `Send` function, time comes from the scheduler.
///
/// Sessions get invented port pairs from `Options`, in order, starting over at the end of the range; a port is
/// not given twice at a time. Events of deliver() are told before it returns; events that follow a command
/// (on_closed, a play that could not start) and events of time are told from the scheduler's timers, never from inside the
/// command.
/// Thread  the scheduler's. Must not outlive the scheduler; sessions still open at its end are dropped untold.
class InlineEngine final : public Engine {
 public:
  /// A packet that left `from` (one of our ports) for `to`.
  using Send =
      std::function<void(const SocketAddress& from, const SocketAddress& to, std::string_view bytes)>;

  struct Options {
    std::uint16_t first_port = 10'000;  // even
    std::uint16_t last_port = 19'999;
    SoundOptions sounds;
    SilenceLimits silence;
    /// Set: every prompt and every music class exists and is silence of this length, whatever is installed.
    std::optional<std::chrono::milliseconds> pretend_sound_length;
    /// Of key exchanges; nothing: one is made when it is first asked for. Its retransmissions go by the kernel's clock and
    /// this engine's, whichever is later.
    std::shared_ptr<const rtp::DtlsContext> dtls;
  };

  InlineEngine(const runtime::Scheduler& scheduler, Send send, const Options& options);
  InlineEngine(const runtime::Scheduler& scheduler, Send send);
  ~InlineEngine() override;
  InlineEngine(const InlineEngine&) = delete;
  InlineEngine& operator=(const InlineEngine&) = delete;

  /// A packet arrives from the network at `to`, one of the addresses that open() gave. Returns false when no session
  /// has that address.
  bool deliver(const SocketAddress& to, const SocketAddress& from, std::string_view bytes);

  /// What plays into the session now: the `file` of its play(); empty when nothing does.
  [[nodiscard]] std::string playing(SessionId id) const;
  /// The session whose packets this one's peer hears; empty when it is not connected.
  [[nodiscard]] SessionId connected_to(SessionId id) const;
  /// The figures so far; all zero for a session that is gone.
  [[nodiscard]] Statistics statistics(SessionId id) const;

  Result<Opened> open(IpAddress local, SessionUser& user, SessionId beside) override;
  void set_remote(SessionId id, const Remote& remote) override;
  void set_direction(SessionId id, Direction direction) override;
  void connect(SessionId a, SessionId b) override;
  void disconnect(SessionId id) override;
  void echo(SessionId id, bool on) override;
  void play(SessionId id, const Play& what) override;
  void stop_playing(SessionId id) override;
  void close(SessionId id) override;
  [[nodiscard]] std::size_t open_count() const override;
  [[nodiscard]] const Fingerprint& fingerprint() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xivo::media
