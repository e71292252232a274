// The engine with its real threads and sockets: what two shards do at the same time (run by the thread sanitizer, too).
#include "app/engine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <map>
#include <set>
#include <string>

#include "model/transaction.hpp"
#include "runtime/socket.hpp"

namespace xivo::app {
namespace {

using model::Change;
using model::Value;

struct Records final : call::RecordSink {
  std::atomic<int> kept{0};
  void on_record(call::CallRecord) override { ++kept; }
};

struct NoStorage final : endpoint::BindingStorage {
  void save(const endpoint::Binding&) override {}
  void remove(model::SipLineId, const std::string&) override {}
};

struct NoBans final : endpoint::BanStorage {
  void save(const endpoint::Ban&) override {}
  void remove(std::int64_t) override {}
};

/// What follows `name` up to the end of its line; empty when it is not there.
std::string field(const std::string& message, const std::string& name) {
  const auto at = message.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return message.substr(begin, message.find("\r\n", begin) - begin);
}

/// A socket that calls, is called, and says yes to everything.
class Peer {
 public:
  explicit Peer(const SocketAddress& server)
      : fd_(std::move(*runtime::open_udp({*IpAddress::parse("127.0.0.1"), 0}, {1 << 20}))),
        here_(runtime::local_address(fd_.get())),
        server_(server) {}

  [[nodiscard]] const SocketAddress& here() const { return here_; }

  void invite(const std::string& call_id, const std::string& number) {
    send(request("INVITE", call_id, number, fmt::format("<sip:{}@127.0.0.1>", number), 1, sdp()));
  }
  void bye(const std::string& call_id, const std::string& number, const std::string& to) {
    send(request("BYE", call_id, number, to, 2, {}));
  }

  /// Handles what arrives until `enough`, or until nothing comes for seconds.
  template <class Enough>
  bool run_until(Enough&& enough) {
    std::array<char, 4096> buffer{};
    while (!enough()) {
      pollfd ready{fd_.get(), POLLIN, 0};
      if (poll(&ready, 1, 20'000) != 1) return false;
      const auto size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
      if (size > 0) on_message({buffer.data(), static_cast<std::size_t>(size)});
    }
    return true;
  }

  std::map<std::string, std::string> answered;  // our calls: Call-ID to the To of the 200
  std::set<std::string> ended;  // whose BYE was answered
  int called = 0;

 private:
  [[nodiscard]] std::string sdp() const {
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n";
  }
  [[nodiscard]] std::string request(std::string_view method, const std::string& call_id,
                                    const std::string& number, const std::string& to, int cseq,
                                    const std::string& body) {
    return fmt::format(
        "{0} sip:{1}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {2};branch=z9hG4bK{3}\r\nMax-Forwards: "
        "70\r\nFrom: "
        "<sip:peer@127.0.0.1>;tag=p\r\nTo: {4}\r\nCall-ID: {5}\r\nCSeq: {6} {0}\r\nContact: "
        "<sip:peer@{2}>\r\n{7}Content-Length: {8}\r\n\r\n{9}",
        method, number, here_.to_string(), ++branches_, to, call_id, cseq,
        body.empty() ? "" : "Content-Type: application/sdp\r\n", body.size(), body);
  }
  void send(const std::string& text) {
    const runtime::KernelAddress to(server_);
    EXPECT_EQ(sendto(fd_.get(), text.data(), text.size(), 0, to.get(), to.size), std::ssize(text));
  }

  void on_message(const std::string& message) {
    const auto call_id = field(message, "Call-ID");
    const auto cseq = field(message, "CSeq");
    if (message.starts_with("SIP/2.0 200")) {
      if (cseq == "2 BYE") ended.insert(call_id);
      if (cseq != "1 INVITE") return;
      answered[call_id] = field(message, "To");
      return send(request("ACK", call_id, "x", field(message, "To"), 1, {}));
    }
    if (message.starts_with("SIP/2.0") || message.starts_with("ACK")) return;
    const bool invite = message.starts_with("INVITE");
    auto to = field(message, "To");
    if (to.find(";tag=") == std::string::npos) to += ";tag=q";
    if (invite) ++called;
    const auto body = invite ? sdp() : std::string{};
    send(
        fmt::format("SIP/2.0 200 OK\r\nVia: {}\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {}\r\nContact: "
                    "<sip:peer@{}>\r\n{}Content-Length: {}\r\n\r\n{}",
                    field(message, "Via"), field(message, "From"), to, call_id, cseq, here_.to_string(),
                    invite ? "Content-Type: application/sdp\r\n" : "", body.size(), body));
  }

  runtime::Fd fd_;
  SocketAddress here_;
  SocketAddress server_;
  int branches_ = 0;
};

class TwoShards : public ::testing::Test {
 protected:
  void SetUp() override {
    model::Transaction transaction;
    transaction.author = "test";
    transaction.changes.push_back({"line", Change::Op::Create, 0,
                                   Value::object({{"name", "trunk"},
                                                  {"secret", "not-used-here"},
                                                  {"host", "127.0.0.1"},
                                                  {"context", "default"}})});
    transaction.changes.push_back(
        {"line", Change::Op::Create, 0,
         Value::object({{"name", "102"}, {"secret", "not-used-here"}, {"context", "default"}})});
    transaction.changes.push_back(
        {"context", Change::Op::Create, 0, Value::object({{"name", "default"}}), {}});
    transaction.changes.push_back(
        {"extension",
         Change::Op::Create,
         0,
         Value::object({{"exten", "102"},
                        {"context", "default"},
                        {"destination", Value::object({{"type", "line"}, {"line", "102"}})}}),
         {}});
    auto applied = model::apply(*config_.current(), transaction, {clock_.wall(), 1});
    if (applied) config_.publish(applied->config);
    Options options;
    options.shards = 2;
    options.media_loops = 1;
    options.sip = {{*IpAddress::parse("127.0.0.1"), 0}};
    options.rtp_first = static_cast<std::uint16_t>(20'000 + getpid() % 30 * 400);  // below the kernel's own
    options.rtp_last = options.rtp_first + 399;
    auto opened = Engine::open(options, {config_, records_, bindings_, bans_, {}, nullptr});
    ASSERT_TRUE(opened) << opened.error().text;
    engine_ = std::move(*opened);
  }

  /// Makes as many calls at once, ends them, and waits until nothing is left.
  void call_and_hang_up(Peer& peer, const std::string& number, std::size_t calls) {
    for (std::size_t i = 0; i < calls; ++i) peer.invite(fmt::format("call-{}", i), number);
    ASSERT_TRUE(peer.run_until([&] { return peer.answered.size() == calls; })) << peer.answered.size();
    EXPECT_EQ(engine_->calls(), calls);
    for (const auto& [id, to] : peer.answered) peer.bye(id, number, to);
    ASSERT_TRUE(peer.run_until([&] { return peer.ended.size() == calls; })) << peer.ended.size();
  }

  runtime::SystemClock clock_;
  model::ConfigSource config_{feature_codes()};
  Records records_;
  NoStorage bindings_;
  NoBans bans_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(TwoShards, share_the_calls_of_one_address) {
  engine_->start();
  Peer peer(engine_->addresses().front());
  call_and_hang_up(peer, "*55", 40);
  std::map<char, int> calls;
  for (const auto& [id, to] : peer.answered) ++calls[to[to.find(";tag=s") + 6]];
  EXPECT_EQ(calls.size(), 2u);
  std::promise<std::uint64_t> processed;
  auto sum = std::make_shared<std::uint64_t>(0);
  engine_->shards().ask(
      [sum](Shard& shard) {
        *sum += shard.calls().processed();
        return true;
      },
      [&] { processed.set_value(*sum); });
  EXPECT_EQ(processed.get_future().get(), 40u);
  engine_->say_goodbye();
  engine_->stop();
  EXPECT_EQ(records_.kept, 40);
}

TEST_F(TwoShards, both_ring_a_phone_that_shard_0_knows) {
  Peer peer(engine_->addresses().front());
  endpoint::Binding binding;
  binding.line = config_.current()->line_by_name("102")->id;
  binding.contact = fmt::format("sip:102@{}", peer.here().to_string());
  binding.flow.local = engine_->addresses().front();
  binding.flow.remote = peer.here();
  binding.expires = clock_.wall() + std::chrono::hours(1);
  engine_->shards().restore({binding});
  engine_->start();
  call_and_hang_up(peer, "102", 30);
  EXPECT_EQ(peer.called, 30);
  engine_->say_goodbye();
  EXPECT_EQ(engine_->calls(), 0u);
  EXPECT_EQ(records_.kept, 30);
}

}  // namespace
}  // namespace xivo::app
