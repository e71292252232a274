#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "endpoint/registrar.hpp"
#include "endpoint/tests/registering_phone.hpp"

namespace xivo::endpoint::testing {

/// Keeps what storage would hold after all queued writes.
class FakeStorage final : public BindingStorage {
 public:
  void save(const Binding& binding) override {
    rows[{binding.line.value, storage_key(binding)}] = binding;
    ++saves;
  }
  void remove(model::SipLineId line, const std::string& key) override { rows.erase({line.value, key}); }

  [[nodiscard]] std::vector<Binding> all() const {
    std::vector<Binding> bindings;
    for (const auto& [key, binding] : rows) bindings.push_back(binding);
    return bindings;
  }

  std::map<std::pair<std::int64_t, std::string>, Binding> rows;
  int saves = 0;
};

/// A network that only keeps what was sent.
class FakeWire final : public sip::Wire {
 public:
  bool send(const sip::Flow& flow, std::string_view bytes) override {
    sent.emplace_back(flow, bytes);
    return true;
  }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    return {transport, address("192.0.2.1:5060"), remote, 0};
  }
  std::vector<std::pair<sip::Flow, std::string>> sent;
};

/// Hands requests to the registrar, as the user agent does.
class RegisterOnly final : public sip::TransactionUser {
 public:
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) override {
    registrar->on_register(id, request, flow);
  }
  void on_ack(const sip::Message&, const sip::Flow&) override {}
  void on_cancel(sip::ServerTransactionId) override {}
  void on_ack_timeout(sip::ServerTransactionId) override {}
  void on_response(sip::ClientTransactionId, std::uint64_t, const sip::Message&, const sip::Flow&) override {}
  void on_failure(sip::ClientTransactionId, std::uint64_t, sip::ClientFailure) override {}
  void on_stray_response(const sip::Message&, const sip::Flow&) override {}
  Registrar* registrar = nullptr;
};

/// One run of the program: what is lost in a restart.
struct ProgramRun {
  ProgramRun(Shard& shard, const model::ConfigSource& config, BindingStorage& storage)
      : authenticator(shard.scheduler, failures, std::string(kRealm)),
        transactions(shard.scheduler, wire, user, 0),
        registrar(shard.scheduler, transactions, authenticator, failures, config, storage) {
    user.registrar = &registrar;
    registrar.on_reachability = [this](model::SipLineId line, bool reachable) {
      reachability.emplace_back(line.value, reachable);
    };
  }
  FakeWire wire;
  RegisterOnly user;
  FailureMemory failures;
  Authenticator authenticator;
  sip::TransactionLayer transactions;
  Registrar registrar;
  std::vector<std::pair<std::int64_t, bool>> reachability;
};

class RegistrarTest : public ::testing::Test {
 protected:
  explicit RegistrarTest(std::uint64_t seed = 1) : shard(seed) {
    model::ConfigBuilder builder;
    auto first = line("101", "s3cret");
    first.max_contacts = 4;
    line_101 = builder.add(first);
    line_102 = builder.add(line("102", "s3cret"));
    auto fixed = line("gateway", "s3cret");
    fixed.host = "203.0.113.5";
    line_gateway = builder.add(fixed);
    config.publish(builder.build());
    start();
  }

  void start() { run = std::make_unique<ProgramRun>(shard, config, storage); }
  /// Ends the run and starts another one from what storage holds, `down` later.
  void restart(std::chrono::milliseconds down = std::chrono::seconds(1)) {
    run.reset();
    shard.advance(down);
    start();
    run->registrar.restore(storage.all());
  }

  /// Sends a request and returns the answer.
  OwnedMessage send(const RequestText& text, const sip::Flow& by) {
    std::string bytes = text.text(++branch);
    run->wire.sent.clear();
    run->transactions.on_message(by, bytes.data(), bytes.size());
    EXPECT_EQ(run->wire.sent.size(), 1U);
    if (run->wire.sent.empty()) return OwnedMessage("SIP/2.0 999 Nothing\r\n\r\n");
    return OwnedMessage(run->wire.sent.back().second);
  }

  /// A REGISTER as a phone sends it: challenged first, then with its digest.
  OwnedMessage send_with_digest(RequestText text, const sip::Flow& by, std::string_view user = "101") {
    auto challenge = send(text, by);
    EXPECT_EQ(challenge->status(), 401);
    if (challenge->status() != 401) return challenge;
    ++text.cseq;
    text.lines.push_back(authorization(challenge.values(sip::HeaderId::WwwAuthenticate).at(0), user, "s3cret",
                                       text.method, text.uri));
    return send(text, by);
  }

  RequestText request(std::vector<std::string> lines, std::string call_id = "call-1") {
    RequestText made;
    made.lines = std::move(lines);
    made.call_id = std::move(call_id);
    made.cseq = cseq += 2;
    return made;
  }
  OwnedMessage register_lines(std::vector<std::string> lines, std::string call_id = "call-1") {
    return send_with_digest(request(std::move(lines), std::move(call_id)), flow);
  }
  /// From a device of its own: source address and Call-ID are not shared with others.
  OwnedMessage register_device(int device, std::vector<std::string> lines) {
    return send_with_digest(request(std::move(lines), fmt::format("device-{}", device)),
                            udp_flow(fmt::format("192.0.2.{}:5060", 100 + device)));
  }
  static std::string contact(int device) { return fmt::format("sip:101@192.0.2.{}:5060", 100 + device); }
  static std::string contact_line(int device) { return fmt::format("Contact: <{}>", contact(device)); }

  std::vector<std::string> contacts_now(model::SipLineId of) {
    std::vector<std::string> uris;
    for (const auto* binding : run->registrar.contacts(of)) uris.push_back(binding->contact);
    return uris;
  }
  std::vector<std::string> contacts_now() { return contacts_now(line_101); }
  const Binding& only_binding() {
    const auto all = run->registrar.contacts(line_101);
    EXPECT_EQ(all.size(), 1U);
    static const Binding kNone;
    return all.empty() ? kNone : *all.front();
  }
  std::vector<FailureReason> reasons() {
    std::vector<FailureReason> all;
    for (const auto& failure : run->failures.of_account("101")) all.push_back(failure.reason);
    return all;
  }
  std::string detail() {
    const auto all = run->failures.of_account("101");
    return all.empty() ? "" : all.front().detail;
  }

  Shard shard;
  model::ConfigSource config;
  FakeStorage storage;
  std::unique_ptr<ProgramRun> run;
  model::SipLineId line_101, line_102, line_gateway;
  sip::Flow flow = udp_flow("192.0.2.7:5060");
  std::uint32_t cseq = 0;
  int branch = 0;
};

}  // namespace xivo::endpoint::testing
