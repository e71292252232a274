#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "sip/tests/transaction_bench.hpp"

// Two sides over a network that loses one message in ten, repeats some and reorders many: everything ends, once, and
// nothing is left behind.
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kTransactions = 2'000;
constexpr std::uint64_t kSeed = 4711;

/// Carries datagrams between the two sides with delay, loss and duplication.
class LossyWire final : public Wire {
 public:
  LossyWire(runtime::TimerWheel& timers, runtime::Rng& rng) : timers_(timers), rng_(rng) {}

  bool send(const Flow& flow, std::string_view bytes) override {
    if (rng_.below(100) < 10) return true;
    deliver(flow, bytes);
    if (rng_.below(100) < 3) deliver(flow, bytes);
    return true;
  }
  Flow flow_to(Transport transport, const SocketAddress& remote) override {
    return {transport, local, remote, 0};
  }

  SocketAddress local;
  WireUser* other_side = nullptr;

 private:
  void deliver(const Flow& flow, std::string_view bytes) {
    auto message = std::make_shared<std::string>(bytes);
    const Flow seen{flow.transport, flow.remote, local, 0};
    timers_.set(std::chrono::milliseconds(1 + rng_.below(60)),
                [this, message, seen] { other_side->on_message(seen, message->data(), message->size()); });
  }

  runtime::TimerWheel& timers_;
  runtime::Rng& rng_;
};

/// The called side: each request is answered by what its user part says.
class Callee final : public TransactionUser {
 public:
  void on_request(ServerTransactionId id, const Message& request, const Flow& flow) override {
    const auto user = std::string(request.request_uri()->user);
    const Source source{flow.remote.ip.to_string(), flow.remote.port};
    const auto answer = [&](int status) { return response_to(request, status, "callee", source).finish(); };
    const auto key = std::string(request.call_id());
    EXPECT_TRUE(told.insert_or_assign(key + std::string(request.method_text()), true).second)
        << "told twice; seed " << kSeed;
    if (user == "ring") {
      layer->respond(id, 180, answer(180));
      refusals[id.bits()] = answer(487);
    } else if (user == "late") {
      auto bytes = answer(200);
      timers->set(5s, [this, id, bytes] { layer->respond(id, 200, bytes); });
    } else {
      const int status = user == "busy" ? 486 : 200;
      accepted[key] = id;
      layer->respond(id, status, answer(status));
    }
  }
  void on_ack(const Message& ack, const Flow&) override {
    const auto invite = accepted.find(std::string(ack.call_id()));
    if (invite != accepted.end()) layer->acknowledged(invite->second);
  }
  void on_cancel(ServerTransactionId invite) override {
    ++cancels;
    layer->respond(invite, 487, refusals[invite.bits()]);
  }
  void on_ack_timeout(ServerTransactionId) override { ++ack_timeouts; }
  void on_response(ClientTransactionId, std::uint64_t, const Message&, const Flow&) override {}
  void on_failure(ClientTransactionId, std::uint64_t, ClientFailure) override {}
  void on_stray_response(const Message&, const Flow&) override {}

  TransactionLayer* layer = nullptr;
  runtime::TimerWheel* timers = nullptr;
  std::map<std::string, bool> told;
  std::map<std::string, ServerTransactionId> accepted;
  std::map<std::uint64_t, std::string> refusals;
  int cancels = 0;
  int ack_timeouts = 0;
};

/// The calling side: counts how each of its requests ended.
class Caller final : public TransactionUser {
 public:
  void on_request(ServerTransactionId, const Message&, const Flow&) override {}
  void on_ack(const Message&, const Flow&) override {}
  void on_cancel(ServerTransactionId) override {}
  void on_ack_timeout(ServerTransactionId) override {}
  void on_response(ClientTransactionId id, std::uint64_t token, const Message& response,
                   const Flow& flow) override {
    if (response.status() < 200) {
      if (cancelling && response.status() == 180) layer->cancel(id);
      return;
    }
    const bool success_of_invite = response.method() == Method::Invite && response.status() < 300;
    if (success_of_invite) acknowledge(response, flow);
    if (ended.count(token) != 0 && success_of_invite) return;  // a repeat
    EXPECT_TRUE(ended.emplace(token, response.status()).second) << "ended twice; seed " << kSeed;
  }
  void on_failure(ClientTransactionId, std::uint64_t token, ClientFailure) override {
    EXPECT_TRUE(ended.emplace(token, 0).second) << "ended twice; seed " << kSeed;
  }
  void on_stray_response(const Message& response, const Flow& flow) override { acknowledge(response, flow); }

  void acknowledge(const Message& response, const Flow& flow) {
    RequestText ack;
    ack.method = "ACK";
    ack.via = TransactionLayer::via_value(flow, layer->new_branch());
    ack.call_id = std::string(response.call_id());
    ack.to_tag = "callee";
    layer->send_stateless(flow, ack.text());
  }

  TransactionLayer* layer = nullptr;
  bool cancelling = false;
  std::map<std::uint64_t, int> ended;
};

class Loss : public ::testing::Test {
 protected:
  Loss() : near_wire(timers, rng), far_wire(timers, rng) {
    near_wire.local = address("192.0.2.1:5060");
    far_wire.local = address("192.0.2.7:5060");
    near_wire.other_side = &far;
    far_wire.other_side = &near;
    caller.layer = &near;
    callee.layer = &far;
    callee.timers = &timers;
  }

  /// Starts kTransactions of them, spread over 20 s, and lets everything end.
  void run(Method method, const std::string& user) {
    const auto flow = near_wire.flow_to(Transport::Udp, far_wire.local);
    for (int i = 0; i < kTransactions; ++i) {
      RequestText request;
      request.method = std::string(name(method));
      request.uri = "sip:" + user + "@192.0.2.7";
      request.call_id = "loss-" + std::to_string(i);
      const auto branch = near.new_branch();
      request.via = TransactionLayer::via_value(flow, branch);
      EXPECT_TRUE(near.start(flow, method, branch, request.text(), static_cast<std::uint64_t>(i)));
      pass_time(clock, timers, 10ms);
    }
    pass_time(clock, timers, 200s);
    EXPECT_EQ(caller.ended.size(), static_cast<std::size_t>(kTransactions)) << "seed " << kSeed;
    EXPECT_EQ(near.client_count(), 0u);
    EXPECT_EQ(far.server_count(), 0u);
    EXPECT_EQ(timers.size(), 0u);
  }
  [[nodiscard]] int ended_with(int status) const {
    int count = 0;
    for (const auto& [token, how] : caller.ended) count += how == status ? 1 : 0;
    return count;
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{kSeed};
  LossyWire near_wire, far_wire;
  Caller caller;
  Callee callee;
  TransactionLayer near{{clock, timers, rng}, near_wire, caller, 0};
  TransactionLayer far{{clock, timers, rng}, far_wire, callee, 1};
};

TEST_F(Loss, OfOneInTenIsOvercomeByOptions) {
  run(Method::Options, "ok");
  EXPECT_EQ(ended_with(200), kTransactions);
}

TEST_F(Loss, OfOneInTenIsOvercomeByOptionsAnsweredLate) {
  run(Method::Options, "late");
  EXPECT_EQ(ended_with(200), kTransactions);
}

TEST_F(Loss, OfOneInTenIsOvercomeByAnsweredInvites) {
  run(Method::Invite, "ok");
  EXPECT_EQ(ended_with(200), kTransactions);
  EXPECT_EQ(callee.ack_timeouts, 0);
}

TEST_F(Loss, OfOneInTenIsOvercomeByRefusedInvites) {
  run(Method::Invite, "busy");
  EXPECT_EQ(ended_with(486), kTransactions);
}

TEST_F(Loss, OfOneInTenIsOvercomeByCancelledInvites) {
  caller.cancelling = true;
  run(Method::Invite, "ring");
  EXPECT_EQ(callee.cancels, kTransactions);
  EXPECT_EQ(ended_with(487), kTransactions);
}

}  // namespace
}  // namespace xivo::sip::testing
