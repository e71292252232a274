#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>

#include "console/console_server.hpp"
#include "console/tests/fake_view.hpp"
#include "program.hpp"
#include "runtime/worker_pool.hpp"

/// The program itself, run as a process against a console server in this one.
namespace xivo::cli {
namespace {

using console::ConsoleServer;
using console::FakeView;
using testing::HasSubstr;
using testing::Not;

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    char folder[] = "/tmp/xivo-cli-XXXXXX";
    folder_ = mkdtemp(folder);
    path_ = folder_ + "/ctl.sock";
    setenv("HOME", folder_.c_str(), 1);
    setenv("XIVO_SOCKET", path_.c_str(), 1);
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
  }
  ~ProgramTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Runs `client` in a thread of its own while the server answers.
  void serve(const std::function<void()>& client) {
    server_ = std::make_unique<ConsoleServer>(loop_, view_);
    ASSERT_TRUE(server_->listen(path_));
    runtime::WorkerPool pool(1);
    pool.submit([&] {
      client();
      loop_.stop();
    });
    loop_.run();
  }

  std::string folder_;
  std::string path_;
  runtime::Loop loop_{"cli-test"};
  FakeView view_;
  std::unique_ptr<ConsoleServer> server_;
};

TEST_F(ProgramTest, SaysInOneLineThatNoServerAnswers) {
  const auto ended = run("xivo", {"status"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(ended.errors, "xivo: no server answers on " + path_ + ": there is no such socket\n");
}

TEST_F(ProgramTest, SaysItInTheWordsOfAsteriskUnderItsName) {
  const auto ended = run("asterisk", {"-rx", "core show calls"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.errors, "Unable to connect to remote asterisk (does " + path_ + " exist?)\n");
}

TEST_F(ProgramTest, WrongOptionsEndWithTwo) {
  const auto ended = run("xivo", {"--coffee"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, HasSubstr("--help"));
}

TEST_F(ProgramTest, ShowsItsVersionWithoutAServer) {
  EXPECT_THAT(run("asterisk", {"-V"}).output, testing::StartsWith("Asterisk "));
  EXPECT_THAT(run("xivo", {"--version"}).output, testing::StartsWith("xivo "));
}

TEST_F(ProgramTest, PrintsTheOutputOfACommandAndNothingElse) {
  serve([&] {
    const auto ended = run("/usr/sbin/asterisk", {"-rx", "core show calls"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.output, "1 active call\n13 calls processed\n");
    EXPECT_EQ(ended.errors, "");
  });
}

TEST_F(ProgramTest, AFailedCommandShowsInTheCodeOfXivoOnly) {
  serve([&] {
    EXPECT_EQ(run("xivo", {"console", "-x", "coffee"}).code, 1);
    const auto ended = run("rasterisk", {"-x", "coffee"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.output, HasSubstr("No such command 'coffee'"));
  });
}

TEST_F(ProgramTest, TasksOfItsOwnAreCommandsOfTheConsole) {
  serve([&] {
    EXPECT_THAT(run("xivo", {"status"}).output, HasSubstr("Lines: 4 of 6 registered\n"));
    EXPECT_THAT(run("xivo", {"calls", "1"}).output, HasSubstr("C-0000000d"));
    const auto drawn = run("xivo", {"trace", "last"});
    EXPECT_THAT(drawn.output, HasSubstr("|<-- 180 Ringing ---"));
    EXPECT_EQ(drawn.code, 0);
    EXPECT_EQ(run("xivo", {"trace", "C-none"}).code, 1);
  });
}

TEST_F(ProgramTest, RunsTheLinesOfItsInputWhenThatIsNoTerminal) {
  serve([&] {
    const auto ended = run("xivo", {"console"}, "core show calls\n\ncoffee\nexit\ncore show version\n");
    EXPECT_THAT(ended.output,
                testing::StartsWith("1 active call\n13 calls processed\nNo such command 'coffee'"));
    EXPECT_THAT(ended.output, Not(HasSubstr("built by")));
    EXPECT_EQ(ended.code, 1);
  });
}

TEST_F(ProgramTest, SaysThatTheServerWentAway) {
  view_.hold = true;
  serve([&] {
    char byte = 0;
    std::array<int, 2> errors{};
    EXPECT_EQ(pipe2(errors.data(), O_CLOEXEC), 0);
    const CommandLine line("xivo", {"console", "-x", "core show calls"});
    const auto process = fork();
    if (process == 0) {
      dup2(errors[1], STDERR_FILENO);
      line.become();
    }
    close(errors[1]);
    std::size_t waiting = 0;
    while (waiting == 0) {  // until its command has reached the engine
      int ends[2];
      EXPECT_EQ(pipe(ends), 0);
      loop_.post([&, end = ends[1]] {
        waiting = view_.held();
        EXPECT_EQ(write(end, "x", 1), 1);  // a byte, since ThreadSanitizer sees no order in a closing pipe
        close(end);
      });
      EXPECT_EQ(read(ends[0], &byte, 1), 1);
      close(ends[0]);
    }
    loop_.post([&] { server_.reset(); });
    EXPECT_EQ(exit_code(process), 4);
    EXPECT_THAT(read_all(errors[0]),
                testing::AnyOf("xivo: the server is stopping\n", "xivo: the server is gone\n"));
    close(errors[0]);
  });
}

/// A person at a pseudo-terminal.
class Terminal {
 public:
  explicit Terminal(const std::string& name, const std::vector<std::string>& arguments) {
    // libedit never frees the names of editor functions; without a terminal it is not used and leaks are looked for.
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    const CommandLine line(name, arguments);
    winsize size{24, 100, 0, 0};
    process_ = forkpty(&fd_, nullptr, nullptr, &size);
    if (process_ == 0) line.become();
  }
  ~Terminal() {
    unsetenv("ASAN_OPTIONS");
    if (process_ > 0) exit_code(process_);
    close(fd_);
  }

  void type(std::string_view keys) {
    EXPECT_EQ(write(fd_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  /// Reads until `text` has been printed since the last call; whether it was.
  bool sees(std::string_view text) {
    for (;;) {
      const auto found = screen_.find(text);
      if (found != std::string::npos) {
        screen_.erase(0, found + text.size());
        return true;
      }
      pollfd waited{fd_, POLLIN, 0};
      char bytes[4096];
      const auto got = poll(&waited, 1, kPatienceMs) > 0 ? read(fd_, bytes, sizeof bytes) : 0;
      if (got <= 0) {
        ADD_FAILURE() << "waited for: " << text << "\nsaw: " << screen_;
        return false;
      }
      screen_.append(bytes, static_cast<std::size_t>(got));
    }
  }

  /// Waits for the end; `screen_` then holds what was not looked for.
  int leave_code() {
    screen_ += read_all(fd_);
    const int code = exit_code(process_);
    process_ = -1;
    EXPECT_THAT(screen_, Not(HasSubstr("Sanitizer")));
    return code;
  }

 private:
  int fd_ = -1;
  pid_t process_ = -1;
  std::string screen_;
};

TEST_F(ProgramTest, AnInteractiveSessionCompletesRemembersAndLeaves) {
  setenv("NO_COLOR", "1", 1);
  serve([&] {
    Terminal terminal("asterisk", {"-rvvv"});
    EXPECT_TRUE(terminal.sees("Connected to Asterisk 0.1.0 currently running on pbx1 (pid = 4711)"));
    EXPECT_TRUE(terminal.sees("pbx1*CLI> "));
    terminal.type("core show cal\t");
    EXPECT_TRUE(terminal.sees("ls "));  // only what is new is drawn
    terminal.type("\r");
    EXPECT_TRUE(terminal.sees("13 calls processed"));
    EXPECT_TRUE(terminal.sees("pbx1*CLI> "));
    terminal.type("core show channels c\t\t");
    EXPECT_TRUE(terminal.sees("concise  count"));
    terminal.type("\x03");  // clears the line, does not leave
    terminal.type("core set verbose 1\r");
    EXPECT_TRUE(terminal.sees("Console verbose was 3 and is now 1."));
    EXPECT_TRUE(terminal.sees("pbx1*CLI> "));
    loop_.post([&] { server_->publish_verbose(1, "    -- SIP/101-0000001a is ringing"); });
    EXPECT_TRUE(terminal.sees("    -- SIP/101-0000001a is ringing"));
    EXPECT_TRUE(terminal.sees("pbx1*CLI> "));
    terminal.type("\x1b[A\x1b[A\r");  // two lines up: the calls again
    EXPECT_TRUE(terminal.sees("13 calls processed"));
    terminal.type("!rm -rf /\r");
    EXPECT_TRUE(terminal.sees("Shell commands are not run from this console."));
    terminal.type("exit\r");
    EXPECT_EQ(terminal.leave_code(), 0);
  });
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/.xivo_history"));
}

TEST_F(ProgramTest, AnInteractiveSessionEndsWithTheServer) {
  serve([&] {
    Terminal terminal("xivo", {"console"});
    EXPECT_TRUE(terminal.sees("\x1b[1;36mpbx1\x1b[0m*CLI> "));  // a terminal may have colour
    loop_.post([&] { server_.reset(); });
    EXPECT_TRUE(terminal.sees("Disconnected from Asterisk server (the server is stopping)"));
    EXPECT_EQ(terminal.leave_code(), 4);
  });
}

TEST_F(ProgramTest, EndOfInputLeavesAnInteractiveSession) {
  setenv("NO_COLOR", "1", 1);
  serve([&] {
    Terminal terminal("rasterisk", {});
    EXPECT_TRUE(terminal.sees("pbx1*CLI> "));
    terminal.type("\x04");
    EXPECT_EQ(terminal.leave_code(), 0);
  });
}

}  // namespace
}  // namespace xivo::cli
