#include "endpoint/nat/keeper.hpp"

#include <gtest/gtest.h>

#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"

namespace xivo::endpoint {
namespace {

struct Sent {
  SocketAddress to;
  std::string bytes;
};

class RecordingWire final : public sip::Wire {
 public:
  bool send(const sip::Flow& flow, std::string_view bytes) override {
    sent.push_back({flow.remote, std::string(bytes)});
    return true;
  }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    return {transport, {}, remote, 0};
  }
  std::vector<Sent> sent;
};

Binding binding(std::string contact, const char* from, sip::Transport transport = sip::Transport::Udp) {
  Binding made;
  made.contact = std::move(contact);
  made.flow.transport = transport;
  made.flow.remote = *SocketAddress::parse(from);
  return made;
}

class NatKeeperTest : public testing::Test {
 protected:
  NatKeeper keeper(std::chrono::seconds interval) {
    return {runtime::Scheduler{clock_, timers_, rng_}, wire_,
            [this](const auto& visit) {
              for (const auto& each : bindings_) visit(each);
            },
            interval};
  }
  void pass(std::chrono::seconds time) {
    for (; time.count() > 0; --time) {
      clock_.advance(std::chrono::seconds(1));
      timers_.run_due();
    }
  }
  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_{1};
  RecordingWire wire_;
  std::vector<Binding> bindings_;
};

TEST(BehindNat, IsAPhoneThatRegistersFromAnotherAddressThanItNames) {
  EXPECT_TRUE(is_behind_nat(binding("sip:101@192.168.1.5:5060", "203.0.113.9:40000")));
  EXPECT_TRUE(is_behind_nat(binding("sip:101@phone.local", "203.0.113.9:40000")));
  EXPECT_FALSE(is_behind_nat(binding("sip:101@192.168.1.5:5060", "192.168.1.5:5060")));
  EXPECT_FALSE(is_behind_nat(binding("sip:101@192.168.1.5:5060", "192.168.1.5:40000")));
  EXPECT_FALSE(is_behind_nat(binding("sip:101@192.168.1.5", "203.0.113.9:40000", sip::Transport::Tcp)));
}

TEST_F(NatKeeperTest, SendsNothingWhenOff) {
  bindings_ = {binding("sip:101@192.168.1.5", "203.0.113.9:40000")};
  const auto kept = keeper(std::chrono::seconds(0));
  pass(std::chrono::seconds(100));
  EXPECT_TRUE(wire_.sent.empty());
}

TEST_F(NatKeeperTest, KeepsEachPathThroughANatOpenAndNoOther) {
  bindings_ = {binding("sip:101@192.168.1.5", "203.0.113.9:40000"),
               binding("sip:102@192.0.2.7", "192.0.2.7:5060"),
               binding("sip:103@10.0.0.3", "198.51.100.4:6000", sip::Transport::Tcp)};
  const auto kept = keeper(std::chrono::seconds(25));
  pass(std::chrono::seconds(24));
  EXPECT_TRUE(wire_.sent.empty());
  pass(std::chrono::seconds(27));
  ASSERT_EQ(wire_.sent.size(), 2u);
  for (const auto& sent : wire_.sent) {
    EXPECT_EQ(sent.to.to_string(), "203.0.113.9:40000");
    EXPECT_EQ(sent.bytes, "\r\n\r\n");
  }
}

}  // namespace
}  // namespace xivo::endpoint
