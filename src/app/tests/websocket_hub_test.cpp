#include "app/web/websocket_hub.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>

namespace xivo::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A browser's socket: what it was sent, and whether it takes more.
struct Link final : http::WebSocket {
  std::vector<std::string> texts;
  std::vector<std::string> binaries;
  std::optional<http::CloseCode> closed;
  bool has_room = true;
  bool send(std::string_view text) override {
    if (has_room) texts.emplace_back(text);
    return has_room;
  }
  bool send_binary(std::string_view bytes) override {
    if (has_room) binaries.emplace_back(bytes);
    return has_room;
  }
  void close(http::CloseCode code, std::string_view) override { closed = code; }
};

struct Sockets final : sip::Wire {
  int sent = 0;
  bool send(const sip::Flow&, std::string_view) override { return ++sent > 0; }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    return {transport, {*IpAddress::parse("192.0.2.1"), 5060}, remote, 0};
  }
};

struct ShardSide final : sip::WireUser {
  std::vector<std::pair<sip::Flow, std::string>> heard;
  std::vector<sip::Flow> failed;
  void on_message(const sip::Flow& flow, char* bytes, std::size_t size) override {
    heard.emplace_back(flow, std::string(bytes, size));
  }
  void on_flow_failed(const sip::Flow& flow) override { failed.push_back(flow); }
};

std::string request(std::string_view method, std::string_view call_id) {
  return fmt::format("{} sip:192.0.2.1 SIP/2.0\r\nCall-ID: {}\r\n\r\n", method, call_id);
}

/// Two shards and the web loop, whose mailboxes are emptied by hand.
class Hub : public ::testing::Test {
 protected:
  void make(const WebSocketHub::Limits& limits = {}) {
    hub_ = std::make_unique<WebSocketHub>(WebSocketHub::Parts{scheduler_,
                                                              [this](runtime::Task task) {
                                                                if (web_full_) return false;
                                                                posted_.push_back(std::move(task));
                                                                return true;
                                                              }},
                                          limits);
    std::vector<WebSocketHub::Shard> shards;
    for (unsigned i = 0; i < 2; ++i) {
      wires_.push_back(std::make_unique<WebSocketWire>(i, *hub_, sockets_));
      wires_[i]->set_user(sides_[i]);
      shards.push_back({wires_[i].get(), [this, i](runtime::Task task) {
                          if (shard_full_[i]) return false;
                          posted_.push_back(std::move(task));
                          return true;
                        }});
    }
    hub_->join(std::move(shards), bans_);
  }
  void run_posted() {
    while (!posted_.empty()) {
      const auto task = std::move(posted_.front());
      posted_.pop_front();
      task();
    }
  }
  void pass(milliseconds time) {
    clock_.advance(time);
    timers_.run_due();
    run_posted();
  }

  static http::Request asking(std::string_view ip = "198.51.100.7", std::string_view protocols = "sip") {
    http::Request asked;
    asked.method = "GET";
    asked.path = "/ws";
    asked.headers = {{"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                     {"Origin", "https://anywhere.example"}};
    if (!protocols.empty()) asked.headers.push_back({"Sec-WebSocket-Protocol", std::string(protocols)});
    asked.remote = {*IpAddress::parse(ip), 50'000};
    asked.local = {*IpAddress::parse("192.0.2.1"), 8'080};
    return asked;
  }
  std::shared_ptr<http::WebSocketUser> opened(Link& link, const http::Request& asked = asking()) {
    auto answer = hub_->answer(asked);
    EXPECT_EQ(answer.status, 101) << answer.body;
    if (answer.websocket) answer.websocket->on_open(link);
    return answer.websocket;
  }
  /// The flow of a socket, as a shard learns it.
  sip::Flow flow_of(http::WebSocketUser& user) {
    user.on_text(request("REGISTER", "flow"));
    run_posted();
    return sides_[0].heard.back().first;
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_{1};
  runtime::Scheduler scheduler_{clock_, timers_, rng_};
  endpoint::BanBoard bans_;
  Sockets sockets_;
  std::array<ShardSide, 2> sides_;
  std::array<bool, 2> shard_full_{};
  bool web_full_ = false;
  std::deque<runtime::Task> posted_;
  std::unique_ptr<WebSocketHub> hub_;
  std::vector<std::unique_ptr<WebSocketWire>> wires_;
};

TEST_F(Hub, refuses_who_does_not_offer_to_talk_sip) {
  make();
  EXPECT_EQ(hub_->answer(asking("198.51.100.7", "")).status, 400);
  const auto chat = hub_->answer(asking("198.51.100.7", "chat"));
  EXPECT_EQ(chat.status, 400);
  EXPECT_NE(chat.body.find("Sec-WebSocket-Protocol: sip"), std::string::npos);
  EXPECT_EQ(hub_->answer(asking("198.51.100.7", "chat, sip")).header("sec-websocket-protocol"), "sip");
}

TEST_F(Hub, tells_who_opens_no_socket_what_is_here) {
  make();
  http::Request page;
  page.method = "GET";
  const auto answer = hub_->answer(page);
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.header("upgrade"), "websocket");
}

TEST_F(Hub, refuses_who_is_banned) {
  make();
  endpoint::Ban ban;
  ban.id = 1;
  ban.network = *IpNetwork::parse("198.51.100.0/24");
  bans_.publish(
      std::make_shared<const endpoint::BanSnapshot>(std::map<std::int64_t, endpoint::Ban>{{1, ban}}));
  EXPECT_EQ(hub_->answer(asking()).status, 403);
  EXPECT_EQ(hub_->answer(asking("203.0.113.1")).status, 101);
}

TEST_F(Hub, has_room_for_so_many_and_for_so_many_of_one_address) {
  make({.sockets_max = 3, .sockets_per_address_max = 2});
  Link link;
  const auto first = opened(link);
  const auto second = opened(link);
  EXPECT_EQ(hub_->answer(asking()).status, 503);
  const auto other = opened(link, asking("203.0.113.1"));
  EXPECT_EQ(hub_->answer(asking("203.0.113.2")).status, 503);
  first->on_closed();
  EXPECT_EQ(hub_->answer(asking()).status, 101);
}

TEST_F(Hub, closes_a_socket_on_which_nothing_comes) {
  make();
  Link silent;
  Link busy;
  const auto one = opened(silent);
  const auto two = opened(busy);
  one->on_text("\r\n\r\n");  // a keep-alive is nothing
  two->on_text(request("OPTIONS", "a"));
  pass(seconds(31));
  EXPECT_EQ(silent.closed, http::CloseCode::PolicyViolation);
  EXPECT_FALSE(busy.closed);
}

TEST_F(Hub, answers_a_keep_alive_itself) {
  make();
  Link link;
  const auto user = opened(link);
  user->on_text("\r\n");
  EXPECT_TRUE(link.texts.empty());
  user->on_text("\r\n\r\n");
  EXPECT_EQ(link.texts, std::vector<std::string>{"\r\n"});
  EXPECT_TRUE(posted_.empty());
}

TEST_F(Hub, hands_each_message_to_the_shard_it_belongs_to) {
  make();
  Link link;
  const auto user = opened(link);
  user->on_text(request("REGISTER", "any"));
  EXPECT_TRUE(user->on_binary(request("OPTIONS", "b")));
  for (int i = 0; i < 20; ++i) user->on_text(request("OPTIONS", std::to_string(i)));
  run_posted();
  EXPECT_FALSE(sides_[1].heard.empty());
  EXPECT_EQ(sides_[0].heard.size() + sides_[1].heard.size(), 22u);
  const auto& flow = sides_[0].heard.front().first;
  EXPECT_EQ(flow.to_string(), "ws:198.51.100.7:50000");
  EXPECT_EQ(flow.local.to_string(), "192.0.2.1:8080");
  EXPECT_EQ(flow, sides_[1].heard.front().first) << "one name for it in all shards";
}

TEST_F(Hub, tells_tls_by_the_transport_and_phones_outside_the_address_before_our_nat) {
  make();
  hub_->set_advertised(*IpAddress::parse("203.0.113.9"));
  Link link;
  auto asked = asking();
  asked.secure = true;
  const auto flow = flow_of(*opened(link, asked));
  EXPECT_EQ(flow.transport, sip::Transport::Wss);
  EXPECT_EQ(flow.local.to_string(), "203.0.113.9:8080");
}

TEST_F(Hub, sends_what_any_shard_gives_it) {
  make();
  Link link;
  const auto user = opened(link);
  const auto flow = flow_of(*user);
  EXPECT_TRUE(wires_[1]->send(flow, "SIP/2.0 200 OK"));
  run_posted();
  EXPECT_EQ(link.texts, std::vector<std::string>{"SIP/2.0 200 OK"});
  EXPECT_EQ(sockets_.sent, 0);
}

TEST_F(Hub, sends_the_answer_to_a_via_that_leads_nowhere) {
  make();
  Link link;
  const auto user = opened(link);
  auto flow = flow_of(*user);
  flow.remote.port = 80;  // as the Via of "abc.invalid" has it
  EXPECT_TRUE(wires_[0]->send(flow, "SIP/2.0 200 OK"));
  run_posted();
  EXPECT_EQ(link.texts.size(), 1u);
}

TEST_F(Hub, sends_what_is_no_utf8_as_binary) {
  make();
  Link link;
  const auto user = opened(link);
  wires_[0]->send(flow_of(*user), "Subject: caf\xE9");
  run_posted();
  EXPECT_TRUE(link.texts.empty());
  EXPECT_EQ(link.binaries.size(), 1u);
}

TEST_F(Hub, closes_a_socket_that_reads_too_slowly_and_tells_every_shard) {
  make();
  Link link;
  const auto user = opened(link);
  const auto flow = flow_of(*user);
  link.has_room = false;
  wires_[1]->send(flow, "x");
  run_posted();
  EXPECT_EQ(link.closed, http::CloseCode::PolicyViolation);
  user->on_closed();
  run_posted();
  for (const auto& side : sides_) EXPECT_EQ(side.failed, std::vector<sip::Flow>{flow}) << "once";
}

TEST_F(Hub, closes_a_socket_that_sends_more_than_is_read) {
  make({.unread_bytes_max = 10'000});
  Link link;
  const auto user = opened(link);
  for (int i = 0; i < 4; ++i) user->on_text(request("OPTIONS", std::to_string(i)) + std::string(1'000, 'x'));
  EXPECT_FALSE(link.closed);
  run_posted();
  for (int i = 0; i < 5; ++i) user->on_text(request("OPTIONS", std::to_string(i)) + std::string(1'000, 'x'));
  EXPECT_EQ(link.closed, http::CloseCode::PolicyViolation);
}

TEST_F(Hub, tells_every_shard_of_a_socket_that_is_gone) {
  make();
  Link link;
  const auto user = opened(link);
  const auto flow = flow_of(*user);
  user->on_closed();
  run_posted();
  for (const auto& side : sides_) EXPECT_EQ(side.failed, std::vector<sip::Flow>{flow});
}

TEST_F(Hub, tells_a_shard_without_room_later) {
  make();
  Link link;
  const auto user = opened(link);
  const auto flow = flow_of(*user);
  shard_full_[1] = true;
  user->on_closed();
  pass(milliseconds(100));
  EXPECT_EQ(sides_[0].failed.size(), 1u);
  EXPECT_TRUE(sides_[1].failed.empty());
  shard_full_[1] = false;
  pass(milliseconds(100));
  EXPECT_EQ(sides_[1].failed, std::vector<sip::Flow>{flow});
}

TEST_F(Hub, tells_who_sends_on_a_socket_that_is_gone) {
  make();
  Link link;
  const auto user = opened(link);
  auto flow = flow_of(*user);
  user->on_closed();
  run_posted();
  EXPECT_TRUE(wires_[1]->send(flow, "x"));
  run_posted();
  EXPECT_EQ(sides_[0].failed.size(), 1u);
  EXPECT_EQ(sides_[1].failed, (std::vector<sip::Flow>{flow, flow}));
}

TEST_F(Hub, does_not_take_what_the_web_loop_has_no_room_for) {
  make();
  Link link;
  const auto user = opened(link);
  const auto flow = flow_of(*user);
  web_full_ = true;
  EXPECT_FALSE(wires_[0]->send(flow, "x"));
}

TEST_F(Hub, opens_no_socket_to_a_browser) {
  make();
  const auto flow = wires_[0]->flow_to(sip::Transport::Ws, {*IpAddress::parse("198.51.100.7"), 80});
  EXPECT_EQ(flow.local.port, 0);
  EXPECT_FALSE(wires_[0]->send(flow, "x"));
}

TEST_F(Hub, leaves_other_transports_to_the_sockets) {
  make();
  const auto flow = wires_[0]->flow_to(sip::Transport::Tcp, {*IpAddress::parse("198.51.100.7"), 5060});
  EXPECT_EQ(flow.local.port, 5060);
  EXPECT_TRUE(wires_[0]->send(flow, "x"));
  EXPECT_EQ(sockets_.sent, 1);
}

TEST_F(Hub, shows_what_passes_to_who_looks) {
  make();
  Link link;
  std::vector<std::string> seen;
  wires_[0]->set_tap([&](bool sent, const sip::Flow& flow, std::string_view bytes) {
    seen.push_back(fmt::format("{} {} {}", sent ? "to" : "from", flow.to_string(), bytes.substr(0, 8)));
  });
  const auto flow = flow_of(*opened(link));
  wires_[0]->send(flow, "SIP/2.0 200 OK");
  EXPECT_EQ(seen, (std::vector<std::string>{"from ws:198.51.100.7:50000 REGISTER",
                                            "to ws:198.51.100.7:50000 SIP/2.0 "}));
}

}  // namespace
}  // namespace xivo::app
