#include "cli/batch.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "base/text.hpp"

namespace xivo::cli {
namespace {

using protocol::FrameKind;
using protocol::RequestKind;

void write_out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void complain(std::string_view text) {
  const auto line = fmt::format("xivo: {}\n", text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

ExitCode run_command(Connection& connection, const std::string& command) {
  protocol::Request request;
  request.kind = RequestKind::Run;
  request.text = command;
  if (command.find('\n') != std::string::npos) {
    complain("a command is one line");
    return kCommandFailed;
  }
  if (auto sent = connection.send(request); !sent) {
    complain(sent.error().what);
    return sent.error().what == "the command is too long" ? kCommandFailed : kDisconnected;
  }
  for (;;) {
    const auto frame = connection.receive(kAnswerTimeoutMs);
    if (!frame) {
      complain(frame.error().what);
      return kDisconnected;
    }
    if (frame->kind == FrameKind::Out) write_out(frame->payload);
    if (frame->kind == FrameKind::Done) {
      std::fflush(stdout);
      return frame->payload == "ok" ? kOk : kCommandFailed;
    }
    if (frame->kind == FrameKind::Bye) {
      complain(frame->payload);
      return kDisconnected;
    }
  }
}

ExitCode run_batch(Connection& connection, const std::vector<std::string>& commands) {
  ExitCode code = kOk;
  for (const auto& command : commands) {
    const auto result = run_command(connection, command);
    if (code == kOk) code = result;
    if (result == kDisconnected) return code;
  }
  return code;
}

ExitCode run_standard_input(Connection& connection) {
  ExitCode code = kOk;
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto command = text::trim(line);
    if (command.empty()) continue;
    if (command == "exit" || command == "quit") break;
    const auto result = run_command(connection, std::string(command));
    if (code == kOk) code = result;
    if (result == kDisconnected) return code;
  }
  return code;
}

}  // namespace xivo::cli
