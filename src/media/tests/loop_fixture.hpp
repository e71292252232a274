#pragma once

// The media plane on real sockets, threads and time, all on loopback; every wait is bounded.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "inline_fixture.hpp"
#include "media/loop_engine.hpp"
#include "runtime/loop.hpp"
#include "runtime/socket.hpp"
#include "runtime/thread.hpp"

namespace xivo::media {

inline const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");
inline constexpr int kWaitMs = 5000;  // for what must come; it comes within milliseconds
inline const Codec kPcma{"PCMA", 8000, 1, 8, ""};

/// A telephone's RTP socket.
class Phone {
 public:
  explicit Phone(std::uint16_t port = 0) : fd_(*runtime::open_udp({kLoopback, port})) {}

  [[nodiscard]] SocketAddress address() const { return runtime::local_address(fd_.get()); }
  void send(const SocketAddress& to, const std::string& bytes) const {
    const runtime::KernelAddress kernel(to);
    sendto(fd_.get(), bytes.data(), bytes.size(), 0, kernel.get(), kernel.size);
  }
  [[nodiscard]] std::string receive(int wait_ms = kWaitMs) const {
    pollfd ready{fd_.get(), POLLIN, 0};
    if (poll(&ready, 1, wait_ms) != 1) return {};
    char bytes[2048];
    const auto size = recv(fd_.get(), bytes, sizeof bytes, 0);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
  }
  /// Whether this very packet comes; what was still under way before it is passed over.
  [[nodiscard]] bool hears(const std::string& bytes) const {
    for (auto got = receive(); !got.empty(); got = receive()) {
      if (got == bytes) return true;
    }
    return false;
  }
  [[nodiscard]] Remote as_remote() const {
    Remote remote;
    remote.rtp = address();
    remote.rtcp = {kLoopback, static_cast<std::uint16_t>(remote.rtp.port + 1)};
    remote.signalling = kLoopback;
    remote.payload_types = {8, 101};
    remote.telephone_event = 101;
    return remote;
  }

  Source source;

 private:
  runtime::Fd fd_;
};

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class LoopEngineTest : public ::testing::Test {
 protected:
  LoopEngineTest() {
    std::string name = (std::filesystem::temp_directory_path() / "xivo-media-XXXXXX").native();
    folder_ = mkdtemp(name.data());
    options_.first_port = 30'000;
    options_.last_port = 39'999;
    options_.sounds.prompt_folders = {folder_.native()};
    options_.sounds.music_folders = {(folder_ / "moh").native()};
    options_.nice = 0;
    shard_thread_ = runtime::Thread("shard", [this] { shard_.run(); });
  }
  ~LoopEngineTest() override {
    end();
    std::filesystem::remove_all(folder_);
  }
  void start() {
    auto engine = LoopEngine::start(options_, [this](runtime::Task task) { shard_.post(std::move(task)); });
    ASSERT_TRUE(engine) << engine.error().what;
    engine_ = std::move(*engine);
  }
  void end() {
    shard_.stop();
    shard_thread_.join();
    engine_.reset();
  }

  /// Runs `work` in the shard's thread and gives what it returns.
  template <class Work>
  auto on_shard(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto result = task.get_future();
    shard_.post([&task] { task(); });
    return result.get();
  }
  /// Whether `done`, asked again and again in the shard's thread, becomes true within kWaitMs.
  bool eventually(const std::function<bool()>& done) {
    std::promise<bool> result;
    auto answer = result.get_future();
    runtime::Task check;
    const auto deadline = shard_.clock().now() + milliseconds(kWaitMs);
    check = [&] {
      const bool reached = done();
      if (reached || shard_.clock().now() >= deadline) return result.set_value(reached);
      shard_.timers().set(milliseconds(1), check);
    };
    shard_.post([&check] { check(); });
    return answer.get();
  }
  Engine::Opened open_to(const Phone& phone) {
    return on_shard([&] {
      const auto opened = engine_->open(kLoopback, user_, {});
      EXPECT_TRUE(opened);
      engine_->set_remote(opened->id, phone.as_remote());
      return *opened;
    });
  }
  /// Phones talk through connected sessions until each has heard the other, so that both are locked to.
  static void warm_up(Phone& a, const Engine::Opened& at, Phone& b, const Engine::Opened& bt) {
    for (int i = 0; i < 4; ++i) {
      const auto from_a = a.source.next();
      a.send(at.rtp, from_a);
      EXPECT_TRUE(b.hears(from_a));
      const auto from_b = b.source.next();
      b.send(bt.rtp, from_b);
      EXPECT_TRUE(a.hears(from_b));
    }
  }
  /// Sends packets until one has come through: a session may be on its way to another loop. Returns how many it took.
  static int until_heard(Phone& from, const Engine::Opened& session, const Phone& to) {
    for (int sent = 1; sent <= 200; ++sent) {
      from.send(session.rtp, from.source.next());
      if (!to.receive(20).empty()) return sent;
    }
    ADD_FAILURE() << "nothing came through";
    return 200;
  }
  /// A file of `frames` frames of silence.
  void write_wav(const std::string& name, std::uint32_t frames) const {
    const auto le = [](std::uint32_t value, int size) {
      std::string bytes;
      for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
      return bytes;
    };
    const std::string content(frames * 320, '\0');
    const auto body = "WAVEfmt " + le(16, 4) + le(1, 2) + le(1, 2) + le(8000, 4) + le(16'000, 4) + le(2, 2) +
                      le(16, 2) + "data" + le(static_cast<std::uint32_t>(content.size()), 4) + content;
    std::ofstream(folder_ / (name + ".wav"), std::ios::binary)
        << "RIFF" + le(static_cast<std::uint32_t>(body.size()), 4) + body;
  }

  LoopEngine::Options options_;
  RecordingUser user_;
  std::unique_ptr<LoopEngine> engine_;
  runtime::Loop shard_{"shard"};
  runtime::Thread shard_thread_;
  std::filesystem::path folder_;
};

}  // namespace xivo::media
