#include "console/console_server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "console/columns.hpp"
#include "console/unix_socket.hpp"

namespace xivo::console {
namespace {

using protocol::FrameKind;
using protocol::RequestKind;

constexpr mode_t kSocketMode = 0660;
constexpr int kBacklog = 16;
constexpr std::size_t kReadSize = 4096;
constexpr runtime::Duration kAcceptPause = std::chrono::seconds(1);

metrics::Counter refused_sessions("console_sessions_refused_total",
                                  "consoles refused because too many were open");
metrics::Counter slow_sessions("console_sessions_slow_total", "consoles closed because they did not read");
metrics::Counter late_answers("console_answers_late_total",
                              "console commands the engine did not answer in time");

}  // namespace

ConsoleServer::ConsoleServer(runtime::Loop& loop, ConsoleView& view, const Patience& patience)
    : loop_(loop), view_(view), patience_(patience), interpreter_(view) {}

ConsoleServer::~ConsoleServer() {
  for (const auto id : sessions_.ids()) {
    send(id, FrameKind::Bye, "the server is stopping");
    close(id);
  }
  loop_.timers().cancel(listener_pause_);
  loop_.unwatch(listener_watch_);
  if (listener_) unlink(path_.c_str());
}

Result<void> ConsoleServer::listen(const std::string& path) {
  auto opened = listen_unix(path, kSocketMode, kBacklog);
  if (!opened) return Unexpected{opened.error()};
  listener_ = std::move(*opened);
  path_ = path;
  watch_listener();
  return {};
}

void ConsoleServer::watch_listener() {
  listener_watch_ = loop_.watch(listener_.get(), [this](runtime::Loop::Events) { accept_all(); });
}

void ConsoleServer::accept_all() {
  for (;;) {
    runtime::Fd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      admit(std::move(fd));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN) return;
    // No descriptor left: what waits would wake us again at once, so look away for a moment.
    log::warning("console", "cannot accept a console: errno {}", errno);
    loop_.unwatch(listener_watch_);
    listener_pause_ = loop_.timers().set(kAcceptPause, [this] { watch_listener(); });
    return;
  }
}

void ConsoleServer::admit(runtime::Fd fd) {
  if (sessions_.size() >= kSessionsMax) {
    refused_sessions.add();
    const auto frame = protocol::write_frame(FrameKind::Bye, "too many consoles are open");
    [[maybe_unused]] const auto sent =
        ::send(fd.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  const auto id = sessions_.emplace();
  auto& session = *sessions_.find(id);
  session.settings.who = peer_identity(fd.get());
  session.fd = std::move(fd);
  session.watch =
      loop_.watch(session.fd.get(), [this, id](runtime::Loop::Events events) { on_ready(id, events); });
  session.timer = loop_.timers().set(patience_.hello, [this, id] { leave(id, "no hello came"); });
}

void ConsoleServer::on_ready(SessionId id, runtime::Loop::Events events) {
  if (events.writable) flush(id);
  if (events.readable) read(id);
}

void ConsoleServer::read(SessionId id) {
  auto* session = sessions_.find(id);
  if (session == nullptr) return;
  char bytes[kReadSize];
  const auto got = recv(session->fd.get(), bytes, sizeof bytes, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    close(id);
    return;
  }
  if (session->leaving) return;  // whatever it still says, it has been told goodbye
  session->input.append(bytes, static_cast<std::size_t>(got));
  take_lines(id);
}

void ConsoleServer::take_lines(SessionId id) {
  for (;;) {
    auto* session = sessions_.find(id);
    if (session == nullptr || session->leaving) return;
    const auto end = session->input.find('\n');
    if (std::min(end, session->input.size()) >= protocol::kRequestMax) {
      leave(id, "request is longer than 4096 bytes");
      return;
    }
    if (end == std::string::npos) return;
    auto request = protocol::parse_request(std::string_view(session->input).substr(0, end));
    session->input.erase(0, end + 1);
    if (!request) {
      leave(id, request.error().what);
      return;
    }
    on_request(id, std::move(*request));
  }
}

void ConsoleServer::on_request(SessionId id, protocol::Request request) {
  auto& session = *sessions_.find(id);
  if (request.kind == RequestKind::Bye) {
    leave(id, "goodbye");
  } else if (!session.greeted) {
    if (request.kind == RequestKind::Hello) {
      greet(id, request);
    } else {
      leave(id, "the first request must be hello");
    }
  } else if (request.kind == RequestKind::Hello) {
    leave(id, "hello came twice");
  } else if (session.pending.size() >= kPendingMax) {
    leave(id, "too many requests are waiting");
  } else {
    session.pending.push_back(std::move(request));
    start_pending(id);
  }
}

void ConsoleServer::greet(SessionId id, const protocol::Request& hello) {
  auto& session = *sessions_.find(id);
  loop_.timers().cancel(session.timer);
  session.greeted = true;
  session.interactive = hello.interactive;
  session.settings.verbose = hello.verbose;
  session.settings.language = hello.language;
  const auto version = view_.version();
  send(id, FrameKind::Welcome, protocol::write_greeting({version.version, version.host, version.process}));
  tell_verbosity();
}

/// A request begins once the answer before it has left: a client that does not read makes us compute nothing more.
void ConsoleServer::start_pending(SessionId id) {
  for (;;) {
    auto* session = sessions_.find(id);
    if (session == nullptr || session->leaving || session->busy || session->pending.empty()) return;
    if (!session->output.empty()) return;
    const auto request = std::move(session->pending.front());
    session->pending.pop_front();
    if (request.kind == RequestKind::Run) {
      run(id, request.text);
    } else {
      complete(id, request.text);
    }
  }
}

std::uint64_t ConsoleServer::begin_turn(SessionId id, Session& session) {
  session.busy = true;
  const auto turn = ++session.turn;
  session.timer = loop_.timers().set(patience_.answer, [this, id, turn] { on_answer_timeout(id, turn); });
  return turn;
}

/// Whether somebody still waits for the answer of `turn`; then the answer may be sent, and finish_turn() follows.
bool ConsoleServer::take_turn(SessionId id, std::uint64_t turn) {
  auto* session = sessions_.find(id);
  if (session == nullptr || !session->busy || session->turn != turn) return false;
  ++session->turn;  // a second answer, or the time-out, finds nobody
  loop_.timers().cancel(session->timer);
  return true;
}

void ConsoleServer::finish_turn(SessionId id) {
  if (auto* session = sessions_.find(id); session != nullptr) session->busy = false;
  start_pending(id);
}

void ConsoleServer::run(SessionId id, const std::string& line) {
  auto& session = *sessions_.find(id);
  log::debug("console", "{} runs: {}", session.settings.who, printable(line));
  const auto turn = begin_turn(id, session);
  interpreter_.execute(line, session.settings,
                       [this, id, turn](const Output& output) { on_answer(id, turn, output); });
  tell_verbosity();
}

void ConsoleServer::complete(SessionId id, const std::string& line) {
  const auto turn = begin_turn(id, *sessions_.find(id));
  interpreter_.complete(
      line, [this, id, turn](const std::vector<std::string>& words) { on_candidates(id, turn, words); });
}

void ConsoleServer::on_answer(SessionId id, std::uint64_t turn, const Output& output) {
  if (!take_turn(id, turn)) return;
  for (std::string_view rest = output.text; !rest.empty();) {
    const auto part = rest.substr(0, protocol::kFrameMax);
    send(id, FrameKind::Out, part);
    rest.remove_prefix(part.size());
  }
  send(id, FrameKind::Done, output.failed ? "failed" : "ok");
  finish_turn(id);
}

void ConsoleServer::on_candidates(SessionId id, std::uint64_t turn, const std::vector<std::string>& words) {
  if (!take_turn(id, turn)) return;
  std::string payload;
  for (const auto& word : words) {
    if (payload.size() + word.size() + 1 > protocol::kFrameMax) break;
    payload += word + "\n";
  }
  send(id, FrameKind::Words, payload);
  finish_turn(id);
}

void ConsoleServer::on_answer_timeout(SessionId id, std::uint64_t turn) {
  late_answers.add();
  on_answer(id, turn, {"The engine did not answer in time.\n", true});
}

void ConsoleServer::send(SessionId id, FrameKind kind, std::string_view payload) {
  auto* session = sessions_.find(id);
  if (session == nullptr || session->leaving) return;
  auto frame = protocol::write_frame(kind, payload);
  if (session->queued + frame.size() > kQueuedMax) {
    drop_slow(id);
    return;
  }
  const bool idle = session->output.empty();
  session->queued += frame.size();
  session->output.push_back(std::move(frame));
  if (idle) flush(id);
}

void ConsoleServer::flush(SessionId id) {
  auto* session = sessions_.find(id);
  if (session == nullptr) return;
  while (!session->output.empty()) {
    const auto rest = std::string_view(session->output.front()).substr(session->sent_of_first);
    const auto sent = ::send(session->fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      loop_.want_write(session->watch, true);
      return;
    }
    if (sent < 0) {
      // Closing within a caller's loop over its own frames would surprise it; the end of file comes by read().
      session->output.clear();
      session->queued = 0;
      shutdown(session->fd.get(), SHUT_RDWR);
      return;
    }
    session->sent_of_first += static_cast<std::size_t>(sent);
    if (session->sent_of_first < session->output.front().size()) continue;
    session->queued -= session->output.front().size();
    session->sent_of_first = 0;
    session->output.pop_front();
  }
  loop_.want_write(session->watch, false);
  if (session->leaving) {
    shutdown(session->fd.get(),
             SHUT_WR);  // the other side closes in turn; the timer is for those that do not
    return;
  }
  start_pending(id);
}

/// What waits is thrown away, except for the rest of the frame that has begun, so that the farewell can be read.
void ConsoleServer::drop_slow(SessionId id) {
  auto& session = *sessions_.find(id);
  slow_sessions.add();
  log::warning("console", "console of {} does not read: closed with {} bytes waiting", session.settings.who,
               session.queued);
  session.output.resize(session.sent_of_first > 0 ? 1 : 0);
  session.queued = session.output.empty() ? 0 : session.output.front().size();
  leave(id, "too slow: output was lost");
}

void ConsoleServer::leave(SessionId id, std::string_view reason) {
  auto* session = sessions_.find(id);
  if (session == nullptr || session->leaving) return;
  loop_.timers().cancel(session->timer);
  session->pending.clear();
  session->busy = false;
  send(id, FrameKind::Bye, reason);
  session->leaving = true;
  session->timer = loop_.timers().set(patience_.farewell, [this, id] { close(id); });
  flush(id);
  tell_verbosity();
}

void ConsoleServer::close(SessionId id) {
  const auto session = sessions_.take(id);
  if (!session) return;
  loop_.timers().cancel(session->timer);
  loop_.unwatch(session->watch);
  tell_verbosity();
}

void ConsoleServer::publish_verbose(int level, std::string_view text) { publish(text, level); }
void ConsoleServer::publish_sip_debug(std::string_view text) { publish(text, 0); }

void ConsoleServer::publish(std::string_view text, int level) {
  if (sessions_.empty()) return;
  auto shown = printable_lines(text);
  if (shown.empty() || shown.back() != '\n') shown.push_back('\n');
  for (const auto id : sessions_.ids()) {
    const auto* session = sessions_.find(id);
    if (session == nullptr || !session->interactive || session->settings.verbose < level) continue;
    send(id, FrameKind::Async, shown);
  }
}

void ConsoleServer::tell_verbosity() {
  int highest = 0;
  sessions_.for_each([&](SessionId, const Session& session) {
    if (session.interactive && !session.leaving) highest = std::max(highest, session.settings.verbose);
  });
  if (highest == told_verbosity_) return;
  told_verbosity_ = highest;
  view_.set_verbose(highest);
}

}  // namespace xivo::console
