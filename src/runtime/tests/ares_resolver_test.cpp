#include <gtest/gtest.h>
#include <sys/socket.h>

#include "runtime/dns/resolver.hpp"
#include "runtime/socket.hpp"
#include "runtime/tests/dns_bytes.hpp"

namespace xivo::runtime {
namespace {

using namespace std::chrono_literals;
using Status = DnsAnswer::Status;

/// A DNS server on a free port of the loopback that answers every question alike, or not at all.
class FakeServer {
 public:
  explicit FakeServer(Loop& loop) : loop_(loop), fd_(*open_udp(*SocketAddress::parse("127.0.0.1:0"))) {
    watch_ = loop_.watch(fd_.get(), [this](Loop::Events) { serve(); });
  }
  ~FakeServer() { loop_.unwatch(watch_); }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] SocketAddress address() const { return local_address(fd_.get()); }

  testing::Message answer;
  std::string raw;  // instead of `answer`
  bool silent = false;
  int questions = 0;

 private:
  void serve() {
    char bytes[1024];
    KernelAddress from;
    const auto size = recvfrom(fd_.get(), bytes, sizeof bytes, 0, from.get(), &from.size);
    if (size < 12) return;
    ++questions;
    if (silent) return;
    constexpr std::size_t kHead = 12;
    std::size_t end = kHead;
    while (end < static_cast<std::size_t>(size) && bytes[end] != 0)
      end += 1u + static_cast<unsigned char>(bytes[end]);
    end += 5;
    answer.id = static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]);
    answer.question.assign(bytes + kHead, end - kHead);
    const auto out = raw.empty() ? answer.bytes() : raw;
    sendto(fd_.get(), out.data(), out.size(), 0, from.get(), from.size);
  }

  Loop& loop_;
  Fd fd_;
  WatchId watch_;
};

class AresResolverTest : public ::testing::Test {
 protected:
  AresResolverTest() {
    options.servers = {server.address()};
    options.patience = 50ms;
    options.tries = 2;
    options.in_flight_max = 3;
  }

  std::unique_ptr<AresResolver> open() {
    auto opened = AresResolver::open(loop, options);
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }
  DnsAnswer ask(AresResolver& resolver, const std::string& name, DnsType type) {
    DnsAnswer answer;
    const auto watchdog = loop.timers().set(5s, [this] {
      ADD_FAILURE() << "no answer";
      loop.stop();
    });
    resolver.ask(name, type, [&](const DnsAnswer& got) {
      answer = got;
      loop.stop();
    });
    loop.run();
    loop.timers().cancel(watchdog);
    return answer;
  }

  Loop loop{"test"};
  FakeServer server{loop};
  AresResolver::Options options;
};

TEST_F(AresResolverTest, FailsWhenNobodyAnswers) {
  server.silent = true;
  const auto resolver = open();
  EXPECT_EQ(ask(*resolver, "a.example", DnsType::A).status, Status::Failed);
  EXPECT_EQ(server.questions, 2);
}

TEST_F(AresResolverTest, FailsWhenTheServerAnswersNonsense) {
  server.raw = "nonsense";
  const auto resolver = open();
  EXPECT_EQ(ask(*resolver, "a.example", DnsType::A).status, Status::Failed);
}

TEST_F(AresResolverTest, FailsAtOnceOnANameThatIsNone) {
  const auto resolver = open();
  EXPECT_NE(ask(*resolver, std::string(300, 'a') + ".example", DnsType::A).status, Status::Found);
}

TEST_F(AresResolverTest, TellsThatThereIsNothingAndForHowLong) {
  server.answer.code = 3;
  server.answer.authorities = {testing::soa("example", 900, 30)};
  const auto resolver = open();
  const auto answer = ask(*resolver, "a.example", DnsType::Srv);
  EXPECT_EQ(answer.status, Status::Nothing);
}

TEST_F(AresResolverTest, FindsAnAddress) {
  server.answer.answers = {testing::a("a.example", 60, 0xc0000207)};
  const auto resolver = open();
  const auto answer = ask(*resolver, "a.example", DnsType::A);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(answer.records[0].address.to_string(), "192.0.2.7");
  EXPECT_EQ(answer.ttl, 60u);
}

TEST_F(AresResolverTest, FindsServices) {
  server.answer.answers = {testing::srv("_sip._udp.a.example", 60, 1, 2, 5070, "gw.example")};
  const auto resolver = open();
  const auto answer = ask(*resolver, "_sip._udp.a.example", DnsType::Srv);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(answer.records[0].target, "gw.example");
}

TEST_F(AresResolverTest, HasOnlySoManyQuestionsInFlight) {
  server.silent = true;
  const auto resolver = open();
  int early = 0;
  for (int i = 0; i < 3; ++i) resolver->ask("slow.example", DnsType::A, [&](const DnsAnswer&) { ++early; });
  EXPECT_EQ(ask(*resolver, "one.too.many", DnsType::A).status, Status::Failed);
  EXPECT_EQ(early, 0);
}

TEST_F(AresResolverTest, TellsNobodyOnceItIsGone) {
  server.silent = true;
  auto resolver = open();
  resolver->ask("slow.example", DnsType::A, [](const DnsAnswer&) { ADD_FAILURE(); });
  resolver.reset();
  loop.timers().set(200ms, [this] { loop.stop(); });
  loop.run();
}

}  // namespace
}  // namespace xivo::runtime
