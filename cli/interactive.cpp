#include "cli/interactive.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "base/text.hpp"
#include "cli/line_editor.hpp"
#include "console/columns.hpp"

namespace xivo::cli {
namespace {

using protocol::FrameKind;
using protocol::RequestKind;

constexpr int kCompletionTimeoutMs = 3'000;

void write_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// libedit leaves what stands between two \1 out of its count of columns.
std::string prompt(const std::string& host, bool colour) {
  if (!colour) return fmt::format("{}*CLI> ", host);
  return fmt::format("\1\x1b[1;36m\1{}\1\x1b[0m\1*CLI> ", host);
}

class InteractiveConsole {
 public:
  InteractiveConsole(Connection connection, const InteractiveOptions& options)
      : connection_(std::move(connection)),
        editor_(prompt(console::printable(connection_.greeting().host), options.colour), options.history_file,
                connection_.fd(),
                {[this](std::string_view beginning) { return complete(beginning); },
                 [this] { return take_waiting(); }}) {}

  ExitCode run() {
    while (!gone_) {
      const auto line = editor_.read_line();
      if (!line) break;
      const auto command = text::trim(*line);
      if (command == "exit" || command == "quit") return farewell();
      if (command.empty()) continue;
      if (command.front() == '!') {
        write_out("Shell commands are not run from this console.\n");
        continue;
      }
      run_command(std::string(command));
    }
    if (!gone_) {
      write_out("\n");
      return farewell();
    }
    write_out(fmt::format("\nDisconnected from Asterisk server ({})\n", console::printable(reason_)));
    return kDisconnected;
  }

 private:
  ExitCode farewell() {
    [[maybe_unused]] const auto sent = connection_.send({RequestKind::Bye, {}});
    return kOk;
  }

  void lose(std::string_view reason) {
    gone_ = true;
    if (reason_.empty()) reason_ = reason;
  }

  void run_command(const std::string& command) {
    if (auto sent = connection_.send({RequestKind::Run, command}); !sent) {
      if (sent.error().what == "the command is too long") {
        write_out("The command is too long.\n");
      } else {
        lose(sent.error().what);
      }
      return;
    }
    for (;;) {
      const auto frame = connection_.receive(kAnswerTimeoutMs);
      if (!frame) return lose(frame.error().what);
      if (frame->kind == FrameKind::Bye) return lose(frame->payload);
      if (frame->kind == FrameKind::Done) return;
      if (frame->kind == FrameKind::Out || frame->kind == FrameKind::Async) write_out(frame->payload);
    }
  }

  /// Called while a line is edited: all that has arrived. Nothing when the server has gone.
  std::optional<std::string> take_waiting() {
    std::string text;
    for (;;) {
      const auto frame = connection_.receive(0);
      if (!frame && frame.error().what == "the server does not answer") return text;
      if (!frame) {
        lose(frame.error().what);
        return std::nullopt;
      }
      if (frame->kind == FrameKind::Bye) {
        lose(frame->payload);
        return std::nullopt;
      }
      if (frame->kind == FrameKind::Async || frame->kind == FrameKind::Out) text += frame->payload;
    }
  }

  std::vector<std::string> complete(std::string_view beginning) {
    if (!connection_.send({RequestKind::Complete, std::string(beginning)})) return {};
    for (;;) {
      const auto frame = connection_.receive(kCompletionTimeoutMs);
      if (!frame || frame->kind == FrameKind::Bye) return {};  // the next key finds the end of the connection
      if (frame->kind == FrameKind::Async) write_out("\r\x1b[K" + frame->payload);
      if (frame->kind != FrameKind::Words) continue;
      std::vector<std::string> words;
      for (const auto word : text::split(frame->payload, '\n')) {
        if (!word.empty()) words.push_back(console::printable(word));
      }
      return words;
    }
  }

  Connection connection_;
  LineEditor editor_;
  bool gone_ = false;
  std::string reason_;
};

}  // namespace

std::string banner(const std::string& version, const protocol::Greeting& server) {
  return fmt::format(
      "XiVO {}, a company telephone system. Its console speaks the language of Asterisk's.\n"
      "It comes without any warranty. Type 'help' for the commands, 'exit' to leave.\n"
      "{}\n"
      "Connected to Asterisk {} currently running on {} (pid = {})\n",
      version, std::string(73, '='), console::printable(server.version), console::printable(server.host),
      server.process);
}

ExitCode run_interactive(Connection connection, const InteractiveOptions& options) {
  write_out(banner(options.version, connection.greeting()));
  return InteractiveConsole(std::move(connection), options).run();
}

}  // namespace xivo::cli
