#include "console/console_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "console/tests/fake_view.hpp"
#include "console/unix_socket.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::console {
namespace {

using protocol::Frame;
using protocol::FrameKind;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kPatienceMs = 10'000;  // a test that waits this long has failed

/// A client that blocks; lives in a worker thread.
class Client {
 public:
  explicit Client(const std::string& path) : fd_(connect_unix(path).value()) {}

  Client& say(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }

  /// The next frame, or a Bye with the payload "(closed)" at the end of the stream.
  Frame next() {
    for (;;) {
      auto frame = reader_.next();
      if (!frame) return {FrameKind::Bye, "(malformed)"};
      if (*frame) return std::move(**frame);
      pollfd waited{fd_.get(), POLLIN, 0};
      if (poll(&waited, 1, kPatienceMs) <= 0) return {FrameKind::Bye, "(silence)"};
      char bytes[65536];
      const auto got = recv(fd_.get(), bytes, sizeof bytes, 0);
      if (got <= 0) return {FrameKind::Bye, "(closed)"};
      reader_.feed({bytes, static_cast<std::size_t>(got)});
    }
  }

  /// The payload of the next frame, which is of this kind.
  std::string take(FrameKind kind) {
    const auto frame = next();
    EXPECT_EQ(static_cast<int>(frame.kind), static_cast<int>(kind)) << frame.payload.substr(0, 200);
    return frame.payload;
  }

  /// Output of a command, and whether it went well.
  std::pair<std::string, std::string> run(std::string_view line) {
    say("run " + std::string(line) + "\n");
    std::string output;
    for (;;) {
      const auto frame = next();
      if (frame.kind == FrameKind::Done || frame.kind == FrameKind::Bye) return {output, frame.payload};
      if (frame.kind == FrameKind::Out) output += frame.payload;
    }
  }

  Client& greet(std::string_view mode = "batch") {
    say("hello 1 " + std::string(mode) + "\n");
    take(FrameKind::Welcome);
    return *this;
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  runtime::Fd fd_;
  protocol::FrameReader reader_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    char folder[] = "/tmp/xivo-console-XXXXXX";
    folder_ = mkdtemp(folder);
    path_ = folder_ + "/ctl.sock";
  }
  ~ServerTest() override {
    server_.reset();
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }

  void start(const ConsoleServer::Patience& patience = {}) {
    server_ = std::make_unique<ConsoleServer>(loop_, view_, patience);
    ASSERT_TRUE(server_->listen(path_));
  }

  /// Runs `client` in a thread of its own while the loop serves it.
  void serve(const std::function<void()>& client) {
    runtime::WorkerPool pool(1);
    pool.submit([&] {
      client();
      loop_.stop();
    });
    loop_.run();
  }

  /// From the client's thread: runs `task` in the loop and waits for it.
  void in_loop(const std::function<void()>& task) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    loop_.post([&, write_end = ends[1]] {
      task();
      EXPECT_EQ(write(write_end, "x", 1),
                1);  // a byte, since ThreadSanitizer sees no order in a closing pipe
      close(write_end);
    });
    char byte;
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
  }

  std::string folder_;
  std::string path_;
  runtime::Loop loop_{"console-test"};
  FakeView view_;
  std::unique_ptr<ConsoleServer> server_;
};

TEST_F(ServerTest, RefusesAPathThatIsTooLong) {
  ConsoleServer server(loop_, view_);
  const auto listening = server.listen(std::string(200, 'x'));
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().what, "socket path is too long");
}

TEST_F(ServerTest, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream(path_) << "precious";
  ConsoleServer server(loop_, view_);
  const auto listening = server.listen(path_);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().what, "path exists and is no socket");
  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
}

TEST_F(ServerTest, RefusesASocketSomebodyAnswersOn) {
  start();
  ConsoleServer second(loop_, view_);
  const auto listening = second.listen(path_);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().what, "socket is in use by a running program");
}

TEST_F(ServerTest, ReplacesAStaleSocket) {
  {
    const auto dead = listen_unix(path_, 0600, 1);
  }
  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
  start();
  serve([&] { EXPECT_EQ(Client(path_).greet().run("core show calls").second, "ok"); });
}

TEST_F(ServerTest, GivesItsSocketToOwnerAndGroupOnly) {
  start();
  struct stat status{};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u);
}

TEST_F(ServerTest, RemovesItsSocketAndSaysGoodbyeAtTheEnd) {
  start();
  serve([&] {
    Client client(path_);
    client.greet();
    in_loop([&] { server_.reset(); });
    EXPECT_EQ(client.take(FrameKind::Bye), "the server is stopping");
    EXPECT_EQ(client.next().payload, "(closed)");
  });
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(ServerTest, TellsWhoItIs) {
  start();
  serve([&] {
    const auto greeting =
        protocol::parse_greeting(Client(path_).say("hello 1 batch\n").take(FrameKind::Welcome));
    EXPECT_EQ(greeting.version, "0.1.0");
    EXPECT_EQ(greeting.host, "pbx1");
    EXPECT_EQ(greeting.process, 4711);
  });
}

struct Junk {
  std::string bytes;
  std::string reason;
};

class ServerJunkTest : public ServerTest, public testing::WithParamInterface<Junk> {};

TEST_P(ServerJunkTest, IsAnsweredWithAReasonAndTheEnd) {
  start();
  serve([&] {
    Client client(path_);
    client.say(GetParam().bytes);
    auto frame = client.next();
    while (frame.kind == FrameKind::Welcome) frame = client.next();
    EXPECT_EQ(frame.payload, GetParam().reason);
    EXPECT_EQ(client.next().payload, "(closed)");
    EXPECT_EQ(Client(path_).greet().run("core show calls").second, "ok");
  });
}

INSTANTIATE_TEST_SUITE_P(Requests, ServerJunkTest,
                         testing::Values(Junk{"run core show calls\n", "the first request must be hello"},
                                         Junk{"GET / HTTP/1.1\r\n\r\n", "unknown request"},
                                         Junk{std::string("\0\xff\n", 3), "unknown request"},
                                         Junk{"\n", "unknown request"},
                                         Junk{"hello 2 batch\n", "unsupported protocol version"},
                                         Junk{"hello 1\n", "malformed hello"},
                                         Junk{"hello 1 batch verbose=-1\n", "malformed hello"},
                                         Junk{"hello 1 batch colour=red\n", "malformed hello"},
                                         Junk{"hello 1 batch\nhello 1 batch\n", "hello came twice"},
                                         Junk{std::string(4096, 'x'), "request is longer than 4096 bytes"},
                                         Junk{"hello 1 batch\nrun " + std::string(4092, 'x') + "\n",
                                              "request is longer than 4096 bytes"},
                                         Junk{"hello 1 batch\nbye\n", "goodbye"}));

TEST_F(ServerTest, EndsASessionThatNeverGreets) {
  start({.answer = std::chrono::seconds(10), .hello = std::chrono::milliseconds(5)});
  serve([&] { EXPECT_EQ(Client(path_).take(FrameKind::Bye), "no hello came"); });
}

TEST_F(ServerTest, RefusesMoreSessionsThanTheLimit) {
  start();
  serve([&] {
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < ConsoleServer::kSessionsMax; ++i) {
      clients.push_back(std::make_unique<Client>(path_));
      clients.back()->greet();
    }
    Client surplus(path_);
    EXPECT_EQ(surplus.take(FrameKind::Bye), "too many consoles are open");
    EXPECT_EQ(clients.front()->run("core show calls").second, "ok");
  });
}

TEST_F(ServerTest, RunsACommandAndSaysHowItWent) {
  start();
  serve([&] {
    Client client(path_);
    client.greet();
    EXPECT_EQ(client.run("core show calls"),
              std::make_pair(std::string("1 active call\n13 calls processed\n"), std::string("ok")));
    EXPECT_EQ(client.run("coffee").second, "failed");
    EXPECT_EQ(client.run("").second, "ok");
  });
}

TEST_F(ServerTest, AcceptsTheLongestLine) {
  start();
  serve([&] { EXPECT_EQ(Client(path_).greet().run(std::string(4091, 'x')).second, "failed"); });
}

TEST_F(ServerTest, AnswersRequestsInOrderHoweverTheyArrive) {
  start();
  serve([&] {
    Client client(path_);
    for (const char c :
         std::string("hello 1 batch\nrun core show version\ncomplete core show ve\nrun nonsense\n")) {
      client.say({&c, 1});
    }
    client.take(FrameKind::Welcome);
    EXPECT_THAT(client.take(FrameKind::Out), StartsWith("Asterisk 0.1.0 built by"));
    EXPECT_EQ(client.take(FrameKind::Done), "ok");
    EXPECT_EQ(client.take(FrameKind::Words), "version\n");
    EXPECT_THAT(client.take(FrameKind::Out), StartsWith("No such command 'nonsense'"));
    EXPECT_EQ(client.take(FrameKind::Done), "failed");
  });
}

TEST_F(ServerTest, SendsLongOutputWholeInSeveralFrames) {
  view_.engine.peers.assign(5'000, peer("p"));
  start();
  serve([&] {
    const auto [output, outcome] = Client(path_).greet().run("sip show peers");
    EXPECT_GT(output.size(), 10 * protocol::kFrameMax);
    EXPECT_THAT(output.substr(output.size() - 100), HasSubstr("\n5000 sip peers ["));
    EXPECT_EQ(outcome, "ok");
  });
}

TEST_F(ServerTest, RefusesMoreWaitingRequestsThanTheLimit) {
  view_.hold = true;
  start();
  serve([&] {
    Client client(path_);
    client.greet();
    for (std::size_t i = 0; i < ConsoleServer::kPendingMax + 2; ++i) client.say("run core show calls\n");
    EXPECT_EQ(client.take(FrameKind::Bye), "too many requests are waiting");
    in_loop([&] { view_.release(); });
  });
}

TEST_F(ServerTest, AnEngineThatDoesNotAnswerCostsOnlyItsCommand) {
  view_.hold = true;
  start({.answer = std::chrono::milliseconds(5)});
  serve([&] {
    Client client(path_);
    client.greet();
    EXPECT_EQ(client.run("core show calls"),
              std::make_pair(std::string("The engine did not answer in time.\n"), std::string("failed")));
    in_loop([&] { view_.release(); });  // the late answer finds nobody
    EXPECT_EQ(client.run("core show version").second, "ok");
    EXPECT_EQ(client.run("core show calls").first, "1 active call\n13 calls processed\n");
  });
}

TEST_F(ServerTest, AnAnswerToASessionThatLeftIsForgotten) {
  view_.hold = true;
  start();
  serve([&] {
    {
      Client(path_).greet().say("run core show calls\n");
    }
    Client witness(path_);
    witness.greet();
    in_loop([&] { view_.release(); });
    EXPECT_EQ(witness.run("core show calls").second, "ok");
  });
}

TEST_F(ServerTest, VerboseLinesReachTheConsolesThatWantThem) {
  start();
  serve([&] {
    Client batch(path_), quiet(path_), curious(path_);
    batch.greet("batch verbose=9");
    quiet.greet("interactive verbose=1");
    curious.greet("interactive");
    EXPECT_EQ(curious.run("core set verbose 3").first, "Console verbose was OFF and is now 3.\n");
    in_loop([&] {
      EXPECT_EQ(view_.verbose, 3);
      server_->publish_verbose(3, "    -- SIP/101-0000001a is ringing\x1b[0m");
      server_->publish_verbose(1, "  == Spawn extension");
    });
    EXPECT_EQ(curious.take(FrameKind::Async), "    -- SIP/101-0000001a is ringing?[0m\n");
    EXPECT_EQ(curious.take(FrameKind::Async), "  == Spawn extension\n");
    EXPECT_EQ(quiet.take(FrameKind::Async), "  == Spawn extension\n");
    batch.say("run core show version\n");
    batch.take(FrameKind::Out);
  });
}

TEST_F(ServerTest, TheWantedVerbosityFallsWhenAConsoleLeaves) {
  start();
  serve([&] {
    Client quiet(path_);
    quiet.greet("interactive verbose=1");
    Client curious(path_);
    curious.greet("interactive verbose=5").say("bye\n").take(FrameKind::Bye);
    in_loop([&] { EXPECT_EQ(view_.verbose, 1); });
  });
}

TEST_F(ServerTest, SipMessagesReachEveryOpenConsoleWithoutCarriageReturns) {
  start();
  serve([&] {
    Client client(path_);
    client.greet("interactive");
    in_loop([&] {
      server_->publish_sip_debug("<--- SIP read from 192.0.2.7:5060 --->\r\nOPTIONS sip:x\r\n\r\n");
    });
    EXPECT_EQ(client.take(FrameKind::Async), "<--- SIP read from 192.0.2.7:5060 --->\nOPTIONS sip:x\n\n");
  });
}

TEST_F(ServerTest, AConsoleThatDoesNotReadIsClosedAndTold) {
  start();
  serve([&] {
    Client slow(path_), other(path_);
    slow.greet("interactive verbose=1");
    other.greet();
    const std::string line(60'000, 'v');
    in_loop([&] {
      for (int i = 0; i < 100; ++i) server_->publish_verbose(1, line);
    });
    EXPECT_EQ(other.run("core show calls").second, "ok");
    Frame frame;
    do {
      frame = slow.next();
    } while (frame.kind == FrameKind::Async);
    EXPECT_EQ(frame.payload, "too slow: output was lost");
  });
}

TEST_F(ServerTest, AConsoleThatNeverReadsItsFarewellIsClosedAnyway) {
  start({.farewell = std::chrono::milliseconds(5)});
  serve([&] {
    Client slow(path_);
    slow.greet("interactive verbose=1");
    in_loop([&] {
      for (int i = 0; i < 100; ++i) server_->publish_verbose(1, std::string(60'000, 'v'));
    });
    std::size_t sessions = 1;
    for (int i = 0; i < 2'000 && sessions > 0; ++i) {
      pollfd nothing{-1, 0, 0};
      poll(&nothing, 1, 1);
      in_loop([&] { sessions = server_->sessions(); });
    }
    EXPECT_EQ(sessions, 0u);
  });
}

}  // namespace
}  // namespace xivo::console
