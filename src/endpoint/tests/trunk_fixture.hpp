#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "endpoint/tests/machine_fixture.hpp"
#include "endpoint/tests/registering_phone.hpp"
#include "endpoint/trunk/trunk_group.hpp"
#include "sip/tests/fake_resolver.hpp"

/// An operator made of text, and the trunks that register with it, in time by hand.
namespace xivo::endpoint::testing {

class OperatorWire final : public sip::Wire {
 public:
  bool send(const sip::Flow& flow, std::string_view bytes) override {
    if (broken) return false;
    sent.emplace_back(flow, bytes);
    return true;
  }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    return {transport, address("192.0.2.1:5060"), remote, 0};
  }
  std::vector<std::pair<sip::Flow, std::string>> sent;
  bool broken = false;
};

class TrunkUser final : public sip::TransactionUser {
 public:
  void on_request(sip::ServerTransactionId, const sip::Message&, const sip::Flow&) override {}
  void on_ack(const sip::Message&, const sip::Flow&) override {}
  void on_cancel(sip::ServerTransactionId) override {}
  void on_ack_timeout(sip::ServerTransactionId) override {}
  void on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                   const sip::Flow& flow) override {
    group->on_response(token, id, response, flow);
  }
  void on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure failure) override {
    group->on_failure(token, id, failure);
  }
  void on_stray_response(const sip::Message&, const sip::Flow&) override {}
  TrunkGroup* group = nullptr;
};

class TrunkTest : public ::testing::Test {
 protected:
  TrunkTest() {
    trunk.name = "operator";
    trunk.host = "203.0.113.7";
    trunk.registers = true;
    trunk.username = "0123";
    trunk.secret = "s3cret";
    trunk.register_expires = 600;
    trunk.options_interval = 0;
  }

  void start() {
    publish();
    group = std::make_unique<TrunkGroup>(TrunkTools{time.scheduler, transactions, wire, &locator, 0, "XiVO"},
                                         config, board, "key");
    user.group = group.get();
    group->start();
    pass(std::chrono::milliseconds(10));
  }
  void publish() {
    model::ConfigBuilder builder(*config.current());
    builder.revision(builder.revision() + 1);
    trunk.id = builder.put(trunk);
    config.publish(builder.build());
  }
  void remove() {
    model::ConfigBuilder builder(*config.current());
    builder.erase(trunk.id);
    config.publish(builder.build());
  }

  void pass(runtime::Duration duration) { time.pass(duration); }
  /// The requests sent since the last look, without repeats.
  std::vector<OwnedMessage> taken() {
    std::vector<OwnedMessage> all;
    for (const auto& [flow, bytes] : wire.sent) {
      if (seen.insert(bytes).second) all.emplace_back(bytes);
    }
    last_flow = wire.sent.empty() ? last_flow : wire.sent.back().first;
    wire.sent.clear();
    return all;
  }
  /// The one that was sent.
  OwnedMessage only() {
    auto all = taken();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? OwnedMessage("SIP/2.0 999 Nothing\r\n\r\n") : std::move(all.back());
  }
  void answer(const OwnedMessage& request, int status, const std::string& lines = {}) {
    std::string bytes = fmt::format(
        "SIP/2.0 {} Said\r\nVia: {}\r\nFrom: {}\r\nTo: {};tag=op\r\nCall-ID: {}\r\n"
        "CSeq: {} {}\r\n{}Content-Length: 0\r\n\r\n",
        status, *request->header(sip::HeaderId::Via), *request->header(sip::HeaderId::From),
        *request->header(sip::HeaderId::To), request->call_id(), request->cseq().number,
        request->cseq().method_text, lines);
    transactions.on_message(last_flow, bytes.data(), bytes.size());
    pass(std::chrono::milliseconds(10));
  }
  void grant(const OwnedMessage& request, int seconds) {
    const auto contact = std::string(request->header(sip::HeaderId::Contact).value_or(""));
    answer(request, 200,
           fmt::format("Contact: {};expires={}\r\n", contact.substr(0, contact.find('>') + 1), seconds));
  }
  static std::string challenge(std::string_view nonce, std::string_view more = {},
                               std::string_view algorithm = "MD5") {
    return fmt::format(
        "WWW-Authenticate: Digest realm=\"op\", nonce=\"{}\", algorithm={}, qop=\"auth\"{}\r\n", nonce,
        algorithm, more);
  }
  /// Whether the request proves the secret for that nonce; its nc.
  static std::optional<std::string> proof(const OwnedMessage& request, std::string_view nonce) {
    const auto value = request->header(sip::HeaderId::Authorization);
    if (!value) return std::nullopt;
    const auto said = sip::digest::parse(*value);
    if (!said || said->nonce != nonce || said->username != "0123") return std::nullopt;
    const auto algorithm = *sip::digest::algorithm_from(said->algorithm);
    const auto a1 = sip::digest::a1_hash(algorithm, "0123", "op", "s3cret");
    if (sip::digest::response(algorithm, a1, request->method_text(), *said) != said->response)
      return std::nullopt;
    return said->nc;
  }
  [[nodiscard]] const Registration& registration() const { return *group->find(trunk.id)->registration(); }
  [[nodiscard]] const TrunkClient& client() const { return *group->find(trunk.id); }
  [[nodiscard]] bool usable() const { return board.current()->find(trunk.id)->usable; }
  [[nodiscard]] TrunkEvent::Kind last_event() const { return client().history().events().back().kind; }

  ByHand time;
  OperatorWire wire;
  TrunkUser user;
  sip::TransactionLayer transactions{time.scheduler, wire, user, 0};
  sip::testing::FakeResolver dns{time.scheduler};
  sip::Locator locator{time.scheduler, dns};
  model::ConfigSource config;
  TrunkBoard board;
  model::Trunk trunk;
  std::unique_ptr<TrunkGroup> group;
  sip::Flow last_flow;
  std::set<std::string> seen;
};

}  // namespace xivo::endpoint::testing
