#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/scheduler.hpp"
#include "sip/transaction.hpp"
#include "sip/writer.hpp"

/// What the tests of the transaction layer share: a wire that keeps what is sent, a user that writes down what it is told,
/// time by hand, and the messages of a plain call.
namespace xivo::sip::testing {

inline SocketAddress address(std::string_view text) { return *SocketAddress::parse(text); }

inline Flow flow_over(Transport transport, std::string_view remote = "192.0.2.7:5060",
                      std::uint64_t connection = 0) {
  return {transport, address("192.0.2.1:5060"), address(remote), connection};
}

inline void pass_time(runtime::ManualClock& clock, runtime::TimerWheel& timers, runtime::Duration by) {
  const auto end = clock.now() + by;
  while (true) {
    const auto next = timers.next_deadline();
    if (!next || *next > end) break;
    if (*next > clock.now()) clock.advance(*next - clock.now());
    timers.run_due();
  }
  clock.advance(end - clock.now());
  timers.run_due();
}

class FakeWire final : public Wire {
 public:
  struct Sent {
    Flow flow;
    std::string bytes;
  };

  bool send(const Flow& flow, std::string_view bytes) override {
    if (refusing || (no_streams && is_reliable(flow.transport))) return false;
    sent.push_back({flow, std::string(bytes)});
    return true;
  }
  Flow flow_to(Transport transport, const SocketAddress& remote) override {
    return {transport, address("192.0.2.1:5060"), remote, 0};
  }
  /// How many of the messages sent start like this.
  [[nodiscard]] int count(std::string_view start) const {
    int found = 0;
    for (const auto& message : sent) found += message.bytes.compare(0, start.size(), start) == 0 ? 1 : 0;
    return found;
  }

  std::vector<Sent> sent;
  bool refusing = false;
  bool no_streams = false;
};

class FakeUser final : public TransactionUser {
 public:
  void on_request(ServerTransactionId id, const Message& request, const Flow& flow) override {
    requests.emplace_back(request.method_text());
    last_request = id;
    if (when_requested) when_requested(id, request, flow);
  }
  void on_ack(const Message&, const Flow&) override { ++acks; }
  void on_cancel(ServerTransactionId invite) override {
    cancelled.push_back(invite);
    if (when_cancelled) when_cancelled(invite);
  }
  void on_ack_timeout(ServerTransactionId invite) override { ack_timeouts.push_back(invite); }
  void on_response(ClientTransactionId id, std::uint64_t token, const Message& response,
                   const Flow&) override {
    tokens.push_back(token);
    statuses.push_back(response.status());
    if (when_answered) when_answered(id, response);
  }
  void on_failure(ClientTransactionId, std::uint64_t token, ClientFailure failure) override {
    tokens.push_back(token);
    failures.push_back(failure);
  }
  void on_stray_response(const Message& response, const Flow&) override {
    strays.push_back(response.status());
  }

  std::vector<std::string> requests;
  ServerTransactionId last_request;
  int acks = 0;
  std::vector<ServerTransactionId> cancelled;
  std::vector<ServerTransactionId> ack_timeouts;
  std::vector<std::uint64_t> tokens;
  std::vector<int> statuses;
  std::vector<ClientFailure> failures;
  std::vector<int> strays;
  std::function<void(ServerTransactionId, const Message&, const Flow&)> when_requested;
  std::function<void(ServerTransactionId)> when_cancelled;
  std::function<void(ClientTransactionId, const Message&)> when_answered;
};

/// The parts of a request that tests vary.
struct RequestText {
  std::string method = "INVITE";
  std::string via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-a1;rport";
  std::string call_id = "call-1";
  std::string from_tag = "f1";
  std::string to_tag = "";
  std::string cseq = "1";
  std::string uri = "sip:102@192.0.2.1";
  std::string extra = "";

  [[nodiscard]] std::string text() const {
    return method + " " + uri + " SIP/2.0\r\nVia: " + via +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:101@example.com>;tag=" + from_tag +
           "\r\nTo: <sip:102@example.com>" + (to_tag.empty() ? "" : ";tag=" + to_tag) +
           "\r\nCall-ID: " + call_id + "\r\nCSeq: " + cseq + " " + method +
           "\r\nContact: <sip:101@192.0.2.7:5060>\r\n" + extra + "Content-Length: 0\r\n\r\n";
  }
  [[nodiscard]] RequestText as(std::string other_method, std::string with_to_tag = "") const {
    auto other = *this;
    other.method = std::move(other_method);
    other.to_tag = std::move(with_to_tag);
    return other;
  }
};

class Bench {
 public:
  static constexpr auto kT1 = std::chrono::milliseconds(500);
  static constexpr auto k64T1 = 64 * kT1;
  static constexpr auto kTidy =
      std::chrono::milliseconds(256);  // a transaction may be tidied up so much later

  explicit Bench(const TransactionLayer::Limits& limits = {}, Transport transport = Transport::Udp)
      : flow(flow_over(transport, "192.0.2.7:5060", transport == Transport::Udp ? 0 : 77)),
        layer({clock, timers, rng}, wire, user, 3, TransactionTimers{}, limits) {}

  void receive(std::string bytes) { layer.on_message(flow, bytes.data(), bytes.size()); }
  void receive(const RequestText& request) { receive(request.text()); }
  void pass(runtime::Duration by) { pass_time(clock, timers, by); }

  /// A user's answer to the request last told.
  bool respond(int status, std::string_view to_tag = "t1") {
    std::string bytes =
        "SIP/2.0 " + std::to_string(status) +
        " X\r\nVia: SIP/2.0/UDP 192.0.2.7\r\nTo: <sip:102@example.com>;tag=" + std::string(to_tag) +
        "\r\n\r\n";
    return layer.respond(user.last_request, status, std::move(bytes));
  }

  /// Starts an INVITE or another request of ours and returns its id; its branch is kept for answer().
  ClientTransactionId start(Method method, std::uint64_t token = 9, std::string_view body = "v=0\r\n") {
    branch = layer.new_branch();
    auto writer = Writer::request(method, "sip:102@192.0.2.7");
    writer.add(HeaderId::Via, TransactionLayer::via_value(flow, branch)).add(HeaderId::MaxForwards, "70");
    writer.add(HeaderId::Route, "<sip:192.0.2.7;lr>")
        .add(HeaderId::From, "\"Al\" <sip:101@example.com>;tag=u1");
    writer.add(HeaderId::To, "<sip:102@example.com>").add(HeaderId::CallId, "out-1");
    writer.add(HeaderId::CSeq, "5 " + std::string(name(method))).add(HeaderId::Require, "100rel");
    return layer.start(flow, method, branch, writer.finish("application/sdp", body), token);
  }
  /// The other side's response to what start() sent.
  void answer(int status, std::string_view method, std::string_view to_tag = "r1") {
    std::string bytes = "SIP/2.0 " + std::to_string(status) +
                        " X\r\nVia: " + TransactionLayer::via_value(flow, branch) +
                        "\r\nFrom: \"Al\" <sip:101@example.com>;tag=u1\r\nTo: <sip:102@example.com>;tag=" +
                        std::string(to_tag) + "\r\nCall-ID: out-1\r\nCSeq: 5 " + std::string(method) +
                        "\r\nContent-Length: 0\r\n\r\n";
    receive(std::move(bytes));
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{20260101};
  FakeWire wire;
  FakeUser user;
  Flow flow;
  std::string branch;
  TransactionLayer layer;
};

}  // namespace xivo::sip::testing
