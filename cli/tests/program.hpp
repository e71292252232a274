#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

/// The built program, run as a process.
namespace xivo::cli {

inline constexpr int kPatienceMs = 20'000;

struct Ended {
  int code = -1;
  std::string output;
  std::string errors;
};

inline std::string read_all(int fd) {
  std::string text;
  for (;;) {
    pollfd waited{fd, POLLIN, 0};
    if (poll(&waited, 1, kPatienceMs) <= 0) return text + "(silence)";
    char bytes[4096];
    const auto got = read(fd, bytes, sizeof bytes);
    if (got <= 0) return text;
    text.append(bytes, static_cast<std::size_t>(got));
  }
}

/// A command line, ready for exec: nothing may be allocated between fork and exec.
class CommandLine {
 public:
  CommandLine(const std::string& name, std::vector<std::string> arguments) : words_(std::move(arguments)) {
    words_.insert(words_.begin(), name);
    for (auto& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  [[noreturn]] void become() const {
    execv(XIVO_PROGRAM, pointers_.data());
    _exit(127);
  }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

inline int exit_code(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs the program under `name` with no terminal and `input` to read.
inline Ended run(const std::string& name, const std::vector<std::string>& arguments,
                 std::string_view input = "") {
  int in[2], out[2], errors[2];
  EXPECT_EQ(pipe2(in, O_CLOEXEC) + pipe2(out, O_CLOEXEC) + pipe2(errors, O_CLOEXEC), 0);
  const CommandLine line(name, arguments);
  const auto process = fork();
  if (process == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(errors[1], STDERR_FILENO);
    line.become();
  }
  close(in[0]);
  close(out[1]);
  close(errors[1]);
  EXPECT_EQ(write(in[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
  close(in[1]);
  Ended ended;
  ended.output = read_all(out[0]);
  ended.errors = read_all(errors[0]);
  ended.code = exit_code(process);
  close(out[0]);
  close(errors[0]);
  return ended;
}

}  // namespace xivo::cli
