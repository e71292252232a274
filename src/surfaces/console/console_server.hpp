#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/slot_map.hpp"
#include "console/console_view.hpp"
#include "console/interpreter.hpp"
#include "console/protocol.hpp"
#include "runtime/loop.hpp"
#include "runtime/socket.hpp"

namespace xivo::console {

/// The console of the daemon: sessions over a Unix socket, each of which runs commands one after the other and may be
/// told what happens meanwhile. Who may open the socket's file may do everything: its mode and group are the guard.
/// Thread  the loop's. The loop and the view outlive it, and the view answers nothing after its end.
class ConsoleServer {
 public:
  static constexpr std::size_t kSessionsMax = 32;
  static constexpr std::size_t kPendingMax = 16;  // requests of one session that wait for their turn
  static constexpr std::size_t kQueuedMax = 4u << 20;  // bytes of one session that wait to be sent

  struct Patience {
    runtime::Duration answer = std::chrono::seconds(10);  // of a command for the engine
    runtime::Duration hello = std::chrono::seconds(10);  // for the first request
    runtime::Duration farewell = std::chrono::seconds(2);  // for the last frame to be read
  };

  ConsoleServer(runtime::Loop& loop, ConsoleView& view) : ConsoleServer(loop, view, Patience()) {}
  ConsoleServer(runtime::Loop& loop, ConsoleView& view, const Patience& patience);
  /// Says goodbye to every session and removes the socket's file.
  ~ConsoleServer();
  ConsoleServer(const ConsoleServer&) = delete;
  ConsoleServer& operator=(const ConsoleServer&) = delete;

  /// Errors  those of listen_unix()
  Result<void> listen(const std::string& path);

  /// Shows `text`, one or more lines, on every open console that wants this level (1 = the least talkative).
  void publish_verbose(int level, std::string_view text);
  /// Shows a SIP message and where it went on every open console.
  void publish_sip_debug(std::string_view text);

  [[nodiscard]] Interpreter& interpreter() { return interpreter_; }
  [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

 private:
  struct Session;
  using SessionId = Handle<Session>;
  struct Session {
    runtime::Fd fd;
    runtime::WatchId watch;
    runtime::TimerId timer;  // the hello, the command or the farewell that is waited for
    Settings settings;
    std::string input;
    std::deque<protocol::Request> pending;
    std::deque<std::string> output;  // frames; the first may be sent in part
    std::size_t sent_of_first = 0;
    std::size_t queued = 0;
    std::uint64_t turn = 0;  // counts requests, so that a late answer finds that nobody waits for it
    bool greeted = false;
    bool interactive = false;
    bool busy = false;
    bool leaving = false;
  };

  void watch_listener();
  void accept_all();
  void admit(runtime::Fd fd);
  void on_ready(SessionId id, runtime::Loop::Events events);
  void read(SessionId id);
  void take_lines(SessionId id);
  void on_request(SessionId id, protocol::Request request);
  void greet(SessionId id, const protocol::Request& hello);
  void start_pending(SessionId id);
  void run(SessionId id, const std::string& line);
  void complete(SessionId id, const std::string& line);
  [[nodiscard]] std::uint64_t begin_turn(SessionId id, Session& session);
  [[nodiscard]] bool take_turn(SessionId id, std::uint64_t turn);
  void finish_turn(SessionId id);
  void on_answer(SessionId id, std::uint64_t turn, const Output& output);
  void on_candidates(SessionId id, std::uint64_t turn, const std::vector<std::string>& words);
  void on_answer_timeout(SessionId id, std::uint64_t turn);

  void send(SessionId id, protocol::FrameKind kind, std::string_view payload);
  void flush(SessionId id);
  void drop_slow(SessionId id);
  /// Sends a last frame and closes once it is out, or when patience ends.
  void leave(SessionId id, std::string_view reason);
  void close(SessionId id);
  void publish(std::string_view text, int level);
  void tell_verbosity();

  runtime::Loop& loop_;
  ConsoleView& view_;
  const Patience patience_;
  Interpreter interpreter_;
  SlotMap<Session> sessions_;
  runtime::Fd listener_;
  runtime::WatchId listener_watch_;
  runtime::TimerId listener_pause_;
  std::string path_;
  int told_verbosity_ = 0;
};

}  // namespace xivo::console
