// Keys agreed on over real sockets, by the media threads.
#include "key_exchange_fixture.hpp"
#include "loop_fixture.hpp"

namespace xivo::media {
namespace {

struct KeyUser : RecordingUser {
  void on_keys_agreed(SessionId, std::string_view suite) override { suites.emplace_back(suite); }
  std::vector<std::string> suites;
};

class KeyExchangeLoopTest : public LoopEngineTest {
 protected:
  Engine::Opened open_keyed() {
    return on_shard([&] {
      const auto opened = *engine_->open(kLoopback, keys_, {});
      browser_.emplace(rtp::DtlsAssociation::Role::Client, engine_->fingerprint().digest);
      Remote far;
      far.payload_types = {8, 101};
      far.rtcp_mux = true;
      far.key_exchange =
          KeyExchange{KeyExchange::Role::Server, {"sha-256", browser_->context->fingerprint()}, kIce, 1};
      engine_->set_remote(opened.id, far);
      return opened;
    });
  }
  /// Checks the path and shakes hands; gives up when nothing more comes.
  void shake_hands(const Engine::Opened& session) {
    Check check;
    check.nominates = true;
    socket_.send(session.rtp, check.bytes());
    const auto answer = socket_.receive();
    ASSERT_TRUE(rtp::parse_stun(as_bytes(answer)));
    browser_->association->begin();
    while (browser_->association->state() == rtp::DtlsAssociation::State::Handshaking) {
      for (const auto& datagram : browser_->association->outgoing())
        socket_.send(session.rtp, text_of(datagram));
      const auto datagram = socket_.receive();
      ASSERT_FALSE(datagram.empty());
      browser_->association->take(as_bytes(datagram));
    }
    browser_->take_keys();
    ASSERT_TRUE(browser_->out) << browser_->association->reason();
  }
  /// What comes next and is authentic.
  std::string receive_opened(int wait_ms) {
    const auto packet = socket_.receive(wait_ms);
    return packet.empty() ? packet : browser_->open(packet);
  }

  /// What bob sends to his session comes out at the browser, authentic.
  void expect_heard(Phone& bob, const SocketAddress& session) {
    const auto sent = bob.source.next();
    bob.send(session, sent);
    const auto opened = receive_opened(kWaitMs);
    ASSERT_GT(opened.size(), rtp::kHeaderSize);
    EXPECT_EQ(opened.substr(rtp::kHeaderSize), sent.substr(rtp::kHeaderSize));
  }

  KeyUser keys_;
  Phone socket_;
  std::optional<Browser> browser_;
};

TEST_F(KeyExchangeLoopTest, RelaysBetweenABrowserAndAPhone) {
  start();
  const auto a = open_keyed();
  Phone bob;
  const auto b = open_to(bob);
  on_shard([&] { engine_->connect(a.id, b.id); });
  shake_hands(a);
  EXPECT_TRUE(eventually([&] { return keys_.suites.size() == 1; }));
  const auto plain = socket_.source.next();
  socket_.send(a.rtp, browser_->seal(plain));
  EXPECT_TRUE(bob.hears(plain));
  expect_heard(bob, b.rtp);
}

TEST_F(KeyExchangeLoopTest, TakesKeysAndPathAlongToAnotherLoop) {
  options_.loops = 2;
  start();
  Phone bob;
  const auto b = open_to(bob);
  const auto a = open_keyed();  // on the other loop
  shake_hands(a);
  EXPECT_TRUE(eventually([&] { return keys_.suites.size() == 1; }));
  on_shard([&] { engine_->connect(b.id, a.id); });
  bool heard = false;
  for (int i = 0; i < 200 && !heard; ++i) {
    socket_.send(a.rtp, browser_->seal(socket_.source.next()));
    heard = !bob.receive(20).empty();
  }
  EXPECT_TRUE(heard);
  expect_heard(bob, b.rtp);
}

TEST_F(KeyExchangeLoopTest, ShakesHandsAfterAMoveInItsMidst) {
  options_.loops = 2;
  start();
  Phone bob;
  const auto b = open_to(bob);
  const auto a = open_keyed();
  Check check;
  check.nominates = true;
  socket_.send(a.rtp, check.bytes());
  ASSERT_FALSE(socket_.receive().empty());
  browser_->association->begin();
  for (const auto& datagram : browser_->association->outgoing()) socket_.send(a.rtp, text_of(datagram));
  const auto first = socket_.receive();  // of the server's flight
  ASSERT_FALSE(first.empty());
  on_shard([&] { engine_->connect(b.id, a.id); });
  browser_->association->take(as_bytes(first));
  while (browser_->association->state() == rtp::DtlsAssociation::State::Handshaking) {
    browser_->association->on_timeout();
    for (const auto& datagram : browser_->association->outgoing()) socket_.send(a.rtp, text_of(datagram));
    const auto datagram = socket_.receive();
    ASSERT_FALSE(datagram.empty());
    browser_->association->take(as_bytes(datagram));
  }
  EXPECT_TRUE(eventually([&] { return keys_.suites.size() == 1; }));
}

}  // namespace
}  // namespace xivo::media
