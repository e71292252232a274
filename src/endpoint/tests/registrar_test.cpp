#include "endpoint/registrar.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "endpoint/tests/registering_phone.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// Keeps what storage would hold after all queued writes.
class FakeStorage final : public BindingStorage {
 public:
  void save(const Binding& binding) override {
    rows[{binding.line.value, binding.contact}] = binding;
    ++saves;
  }
  void remove(model::SipLineId line, const std::string& contact) override {
    rows.erase({line.value, contact});
  }

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
  void restart(std::chrono::milliseconds down = 1s) {
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

// ---------------------------------------------------------------- refusals

TEST_F(RegistrarTest, AStrangerIsChallengedAndRegistersNothing) {
  const auto answer = send(request({"Contact: <sip:101@192.0.2.7>"}), flow);
  EXPECT_EQ(answer->status(), 401);
  EXPECT_EQ(answer.values(sip::HeaderId::WwwAuthenticate).size(), 2U);
  EXPECT_FALSE(answer->to().tag().empty());
  EXPECT_TRUE(answer.values(sip::HeaderId::Contact).empty());
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, AChallengeIsAskedForTheSameWayWhoeverIsMeant) {
  const auto shape = [&](std::string_view user, std::string_view secret) {
    auto unknown = request({"Contact: <sip:x@192.0.2.7>"});
    unknown.to = unknown.from = fmt::format("<sip:{}@192.0.2.1>;tag=a", user);
    unknown.to = fmt::format("<sip:{}@192.0.2.1>", user);
    const auto challenge = send(unknown, flow);
    ++unknown.cseq;
    unknown.lines.push_back(
        authorization(challenge.values(sip::HeaderId::WwwAuthenticate).at(0), user, secret));
    const auto answer = send(unknown, flow);
    std::string names = fmt::format("{} {}", answer->status(), answer->reason());
    for (const auto& field : answer->headers()) names += fmt::format(" {}", field.name);
    return names;
  };
  EXPECT_EQ(shape("101", "wrong"), shape("nobody", "wrong"));
}

TEST_F(RegistrarTest, AnotherAccountCannotBeRegistered) {
  auto other = request({"Contact: <sip:101@192.0.2.7>"});
  other.to = "<sip:102@192.0.2.1>";
  EXPECT_EQ(send_with_digest(other, flow, "101")->status(), 403);
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::OtherAccount));
  EXPECT_THAT(detail(), HasSubstr("sip:102@192.0.2.1"));
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, AnEscapedUserIsTheSameUser) {
  auto escaped = request({"Contact: <sip:101@192.0.2.7>"});
  escaped.to = "<sip:%31%30%31@xivo.example>";
  EXPECT_EQ(send_with_digest(escaped, flow)->status(), 200);
}

TEST_F(RegistrarTest, ALineWithAFixedHostDoesNotRegister) {
  auto gateway = request({"Contact: <sip:gateway@192.0.2.7>"});
  gateway.to = "<sip:gateway@192.0.2.1>";
  EXPECT_EQ(send_with_digest(gateway, flow, "gateway")->status(), 403);
  EXPECT_EQ(send(gateway, udp_flow("203.0.113.5:5060"))->status(), 403);  // known by its address
  ASSERT_EQ(run->failures.of_account("gateway").size(), 2U);
  EXPECT_EQ(run->failures.of_account("gateway").at(0).reason, FailureReason::FixedHost);
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, ARequiredExtensionIsRefusedByName) {
  const auto answer = register_lines({"Contact: <sip:101@192.0.2.7>", "Require: path, outbound"});
  EXPECT_EQ(answer->status(), 420);
  EXPECT_THAT(answer.values(sip::HeaderId::Unsupported), ElementsAre("path, outbound"));
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, ARequestUriOfAnotherSchemeIsRefused) {
  auto tel = request({"Contact: <sip:101@192.0.2.7>"});
  tel.uri = "tel:+33123456789";
  EXPECT_EQ(send_with_digest(tel, flow)->status(), 416);
}

TEST_F(RegistrarTest, AContactThatIsNotSipIsRefused) {
  for (const std::string_view bad : {"tel:101", "mailto:a@b.example", "http://192.0.2.7/"}) {
    EXPECT_EQ(register_lines({fmt::format("Contact: <{}>", bad)})->status(), 400) << bad;
  }
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::Malformed));
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, AContactThatIsTooLongIsRefused) {
  EXPECT_EQ(register_lines({fmt::format("Contact: <sip:{}@192.0.2.7>", std::string(600, 'x'))})->status(),
            400);
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>"}, std::string(600, 'c'))->status(), 400);
}

TEST_F(RegistrarTest, AllContactsOrNone) {
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>", "Contact: <tel:101>"})->status(), 400);
  EXPECT_EQ(
      register_lines({"Contact: <sip:101@192.0.2.7>", "Contact: <sip:101@192.0.2.8>;expires=5"})->status(),
      423);
  EXPECT_EQ(run->registrar.size(), 0U);
  EXPECT_TRUE(storage.rows.empty());
  EXPECT_THAT(run->reachability, IsEmpty());
}

TEST_F(RegistrarTest, AnIntervalThatIsTooBriefIsRefusedWithTheLeastOne) {
  const auto answer = register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 59"});
  EXPECT_EQ(answer->status(), 423);
  EXPECT_THAT(answer.values(sip::HeaderId::MinExpires), ElementsAre("60"));
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::IntervalTooBrief));
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 60"})->status(), 200);
}

TEST_F(RegistrarTest, AnHourIsNeverTooBrief) {
  Registrar::Limits limits;
  limits.expires_min = 7200;
  limits.expires_max = 86'400;
  run->registrar.set_limits(limits);
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 3600"})->status(), 200);
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 3599"})->status(), 423);
}

TEST_F(RegistrarTest, MoreContactsThanTheLineMayHaveAreRefused) {
  for (int device = 1; device <= 4; ++device)
    EXPECT_EQ(register_device(device, {contact_line(device)})->status(), 200);
  EXPECT_EQ(register_device(5, {contact_line(5)})->status(), 403);
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::TooManyContacts));
  EXPECT_EQ(detail(), "would exceed max contacts of 4");
  EXPECT_EQ(run->registrar.contact_count(line_101), 4);
}

TEST_F(RegistrarTest, AFullLineStillRefreshesAndReplaces) {
  for (int device = 1; device <= 4; ++device) register_device(device, {contact_line(device)});
  EXPECT_EQ(register_device(2, {contact_line(2)})->status(), 200);
  EXPECT_EQ(register_device(3, {"Contact: <sip:101@192.0.2.103:7777>"})->status(),
            200);  // a new port, the same device
  EXPECT_THAT(contacts_now(),
              UnorderedElementsAre(contact(1), contact(2), "sip:101@192.0.2.103:7777", contact(4)));
  EXPECT_EQ(
      register_device(5, {contact_line(5), fmt::format("Contact: <{}>;expires=0", contact(1))})->status(),
      200);
  EXPECT_EQ(run->registrar.contact_count(line_101), 4);
  EXPECT_EQ(storage.rows.size(), 4U);
}

TEST_F(RegistrarTest, ALoweredLimitDoesNotCutOffWhoIsRegistered) {
  for (int device = 1; device <= 4; ++device) register_device(device, {contact_line(device)});
  model::ConfigBuilder builder(*config.current());
  auto changed = *config.current()->line(line_101);
  changed.max_contacts = 1;
  builder.put(changed);
  config.publish(builder.build());
  EXPECT_EQ(register_device(2, {contact_line(2)})->status(), 200);
  EXPECT_EQ(register_device(5, {contact_line(5)})->status(), 403);
}

TEST_F(RegistrarTest, AFullTableIsAnsweredWithRetryLater) {
  Registrar::Limits limits;
  limits.bindings_max = 1;
  run->registrar.set_limits(limits);
  EXPECT_EQ(register_device(1, {contact_line(1)})->status(), 200);
  const auto answer = register_device(2, {contact_line(2)});
  EXPECT_EQ(answer->status(), 503);
  EXPECT_THAT(answer.values(sip::HeaderId::RetryAfter), ElementsAre("60"));
  EXPECT_EQ(register_device(1, {contact_line(1)})->status(), 200);
}

TEST_F(RegistrarTest, MoreContactsThanARequestMayNameAreRefused) {
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i)
    lines.push_back(fmt::format("Contact: <sip:101@192.0.2.7:{}>;expires=0", 6000 + i));
  EXPECT_EQ(register_lines(lines)->status(), 403);
}

TEST_F(RegistrarTest, AnOldRequestChangesNothing) {
  register_lines({"Contact: <sip:101@192.0.2.7>;q=0.5"});
  const auto late = [&](std::vector<std::string> lines) {
    auto old = request(std::move(lines));
    old.cseq = 2;  // answered as 3, which the first one used
    return send_with_digest(old, flow)->status();
  };
  EXPECT_EQ(late({"Contact: <sip:101@192.0.2.7>;q=0.9"}), 500);
  EXPECT_EQ(late({"Contact: <sip:101@192.0.2.7>;expires=0"}), 500);
  EXPECT_EQ(late({"Contact: *", "Expires: 0"}), 500);
  EXPECT_EQ(only_binding().q, 500);
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::Malformed));
}

TEST_F(RegistrarTest, AnotherCallIdStartsItsOwnOrder) {
  cseq = 100;
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  cseq = 0;
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>;q=0.9"}, "after-reboot")->status(), 200);
  EXPECT_EQ(only_binding().q, 900);
}

TEST_F(RegistrarTest, ARefusalOfAKnownPhoneIsLoggedInWordsThatBanNobody) {
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 5"});
  ASSERT_EQ(shard.notices.size(), 1U);
  EXPECT_EQ(shard.notices[0],
            "Registration attempt from endpoint '101' (192.0.2.7:5060) refused with 423: 5 s instead of 60 s "
            "or more");
}

// ---------------------------------------------------------------- registering

TEST_F(RegistrarTest, ARegistrationIsAnsweredWithContactExpiryAndDate) {
  const auto answer = register_lines({"Contact: <sip:101@192.0.2.7:5060>", "Expires: 600"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_THAT(answer.values(sip::HeaderId::Contact), ElementsAre("<sip:101@192.0.2.7:5060>;expires=600"));
  EXPECT_THAT(answer.values(sip::HeaderId::Date), ElementsAre("Fri, 15 Jan 2027 08:00:00 GMT"));
  EXPECT_THAT(answer.values(sip::HeaderId::Via).at(0), HasSubstr("rport=5060"));
  EXPECT_THAT(run->reachability, ElementsAre(std::pair(line_101.value, true)));
}

TEST_F(RegistrarTest, ABindingKeepsWhatIsNeededToRingThePhone) {
  register_lines(
      {R"(Contact: <sip:101@10.0.0.5:5062;ob>;q=0.7;reg-id=1;+sip.instance="<urn:uuid:1>")", "Expires: 600"});
  const auto& binding = only_binding();
  EXPECT_EQ(binding.line, line_101);
  EXPECT_EQ(binding.contact, "sip:101@10.0.0.5:5062;ob");
  EXPECT_EQ(binding.flow, flow);
  EXPECT_EQ(binding.instance, "<urn:uuid:1>");
  EXPECT_EQ(binding.reg_id, 1U);
  EXPECT_EQ(binding.user_agent, "Testphone/1");
  EXPECT_EQ(binding.q, 700);
  EXPECT_EQ(binding.registered, shard.clock.wall());
  EXPECT_EQ(binding.expires, shard.clock.wall() + 600s);
}

TEST_F(RegistrarTest, TheAnswerGivesBackQAndInstance) {
  const auto answer =
      register_lines({R"(Contact: <sip:101@192.0.2.7>;q=0.7;reg-id=2;+sip.instance="<urn:uuid:1>")"});
  EXPECT_THAT(
      answer.values(sip::HeaderId::Contact),
      ElementsAre(R"(<sip:101@192.0.2.7>;expires=120;q=0.700;+sip.instance="<urn:uuid:1>";reg-id=2)"));
}

TEST_F(RegistrarTest, ExpiryComesFromContactThenHeaderThenDefaultWithinBounds) {
  const auto granted = [&](std::vector<std::string> lines) {
    return register_lines(std::move(lines)).values(sip::HeaderId::Contact).at(0);
  };
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>"}), "<sip:a@192.0.2.7>;expires=120");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>", "Expires: 300"}), "<sip:a@192.0.2.7>;expires=300");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>;expires=200", "Expires: 300"}),
            "<sip:a@192.0.2.7>;expires=200");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>;expires=999999"}), "<sip:a@192.0.2.7>;expires=3600");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>;expires=99999999999999"}), "<sip:a@192.0.2.7>;expires=3600");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>;expires=soon"}), "<sip:a@192.0.2.7>;expires=3600");
  EXPECT_EQ(granted({"Contact: <sip:a@192.0.2.7>", "Expires: later"}), "<sip:a@192.0.2.7>;expires=3600");
}

TEST_F(RegistrarTest, AnUnreadableQCountsAsNone) {
  for (const std::string_view q : {"1.5", "2", "0.1234", "-1", "x", "0,5", "1.001"}) {
    EXPECT_EQ(register_lines({fmt::format("Contact: <sip:101@192.0.2.7>;q=\"{}\"", q)})->status(), 200) << q;
    EXPECT_EQ(only_binding().q, 1000) << q;
  }
  for (const auto& [text, q] :
       {std::pair{"0", 0}, {"0.", 0}, {"0.5", 500}, {"0.123", 123}, {"1", 1000}, {"1.000", 1000}}) {
    register_lines({fmt::format("Contact: <sip:101@192.0.2.7>;q={}", text)});
    EXPECT_EQ(only_binding().q, q) << text;
  }
}

TEST_F(RegistrarTest, ContactsComeHighestQFirstThenNewestFirst) {
  register_device(1, {contact_line(1)});
  register_device(2, {contact_line(2) + ";q=0.2"});
  register_device(3, {contact_line(3)});
  EXPECT_THAT(contacts_now(), ElementsAre(contact(3), contact(1), contact(2)));
}

TEST_F(RegistrarTest, SeveralContactsOfOneRequestAreSeveralBindings) {
  const auto answer =
      register_lines({"Contact: <sip:101@192.0.2.7;transport=udp>, <sip:101@192.0.2.7;transport=tcp>"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_EQ(run->registrar.contact_count(line_101), 2);
  register_lines({"Contact: <sip:101@192.0.2.7;transport=udp>, <sip:101@192.0.2.7;transport=tcp>"});
  EXPECT_EQ(run->registrar.contact_count(line_101), 2);
}

TEST_F(RegistrarTest, OfTwoEqualContactsInOneRequestTheLaterCounts) {
  register_lines({"Contact: <sip:101@192.0.2.7>;q=0.1, <SIP:101@192.0.2.7>;q=0.2"});
  EXPECT_EQ(only_binding().q, 200);
}

TEST_F(RegistrarTest, HeadersOfAContactUriAreNotKept) {
  register_lines({"Contact: <sip:101@192.0.2.7?Subject=x>"});
  EXPECT_EQ(only_binding().contact, "sip:101@192.0.2.7");
}

TEST_F(RegistrarTest, AFetchListsAllContactsAndChangesNothing) {
  register_device(1, {contact_line(1)});
  register_device(2, {contact_line(2) + ";q=0.5"});
  const int saves = storage.saves;
  shard.advance(20s);
  const auto answer = register_lines({"Expires: 0"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_THAT(answer.values(sip::HeaderId::Contact),
              UnorderedElementsAre(fmt::format("<{}>;expires=100", contact(1)),
                                   fmt::format("<{}>;expires=100;q=0.500", contact(2))));
  EXPECT_EQ(storage.saves, saves);
}

TEST_F(RegistrarTest, LinesDoNotSeeEachOther) {
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  auto other = request({});
  other.to = "<sip:102@192.0.2.1>";
  const auto answer = send_with_digest(other, flow, "102");
  EXPECT_EQ(answer->status(), 200);
  EXPECT_TRUE(answer.values(sip::HeaderId::Contact).empty());
  EXPECT_THAT(contacts_now(line_102), IsEmpty());
}

TEST_F(RegistrarTest, AForeignPortIsServedAndRemembered) {
  auto forwarded = request({"Contact: <sip:101@192.0.2.7>"});
  forwarded.uri = "sip:192.0.2.1:5999";
  EXPECT_EQ(send_with_digest(forwarded, flow)->status(), 200);
  EXPECT_THAT(reasons(), ElementsAre(FailureReason::WrongPort));
  EXPECT_EQ(detail(), "the request names port 5999 and came in on 5060");
  auto to = request({"Contact: <sip:101@192.0.2.7>"});
  to.to = "<sip:101@192.0.2.1:5061>";
  EXPECT_EQ(send_with_digest(to, flow)->status(), 200);
  EXPECT_EQ(detail(), "the request names port 5061 and came in on 5060");
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(RegistrarTest, ASuccessEndsTheStoryOfEarlierFailures) {
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 5"});
  EXPECT_FALSE(reasons().empty());
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  EXPECT_THAT(reasons(), IsEmpty());
}

// ---------------------------------------------------------------- the same device again

TEST_F(RegistrarTest, AnEquivalentUriIsTheSameContact) {
  register_lines({"Contact: <sip:101@PHONE.example;transport=udp>"}, "before");
  register_lines({"Contact: <SIP:101@phone.example;Transport=UDP>"}, "after");
  EXPECT_EQ(only_binding().contact, "SIP:101@phone.example;Transport=UDP");
  EXPECT_EQ(storage.rows.size(), 1U);
}

TEST_F(RegistrarTest, ADeviceIsFoundAgainByItsInstanceAndRegId) {
  register_device(1, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id=1)"});
  register_device(2, {R"(Contact: <sip:101@10.9.9.9:7000>;+sip.instance="<urn:uuid:1>";reg-id=1)"});
  EXPECT_EQ(only_binding().contact, "sip:101@10.9.9.9:7000");
  EXPECT_EQ(storage.rows.size(), 1U);
}

TEST_F(RegistrarTest, ABindingGivesWayToOneContactOnly) {
  register_lines({R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>")"});
  register_lines({R"(Contact: <sip:101@10.0.0.6>;+sip.instance="<urn:uuid:1>")",
                  R"(Contact: <sip:101@10.0.0.7>;+sip.instance="<urn:uuid:1>")"});
  EXPECT_THAT(contacts_now(), UnorderedElementsAre("sip:101@10.0.0.6", "sip:101@10.0.0.7"));
}

TEST_F(RegistrarTest, TwoFlowsOfADeviceAreTwoBindings) {
  register_device(1, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id=1)"});
  register_device(2, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id=2)"});
  EXPECT_EQ(run->registrar.contact_count(line_101), 2);
}

TEST_F(RegistrarTest, TwoDevicesWithOneContactUriStayTwo) {
  register_device(1, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>")"});
  register_device(2, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:2>")"});
  EXPECT_EQ(run->registrar.contact_count(line_101), 2);
  // Storage has one row for both; it must not vanish with the first to go.
  register_device(2, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:2>";expires=0)"});
  ASSERT_EQ(storage.rows.size(), 1U);
  EXPECT_EQ(storage.all().at(0).instance, "<urn:uuid:1>");
}

TEST_F(RegistrarTest, ASoftphoneThatMarksItsUriAnewAtEachStartIsOneDevice) {
  register_lines({"Contact: <sip:101@10.0.0.5:5060;rinstance=aaa>"}, "start-1");
  register_lines({"Contact: <sip:101@10.0.0.5:5060;rinstance=bbb>"}, "start-2");
  EXPECT_EQ(only_binding().contact, "sip:101@10.0.0.5:5060;rinstance=bbb");
}

TEST_F(RegistrarTest, OtherPortsFromOneSourceAreOtherPhonesWhileThereIsRoom) {
  for (int port = 6001; port <= 6004; ++port)
    register_lines({fmt::format("Contact: <sip:101@192.0.2.7:{}>", port)});
  EXPECT_EQ(run->registrar.contact_count(line_101), 4);
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7:6005>"})->status(), 200);
  EXPECT_EQ(run->registrar.contact_count(line_101), 4);
}

TEST_F(RegistrarTest, ARefreshKeepsTheTimeOfTheFirstRegistrationAndIsSaved) {
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  const auto first = shard.clock.wall();
  shard.advance(100s);
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  EXPECT_EQ(only_binding().registered, first);
  ASSERT_EQ(storage.rows.size(), 1U);
  EXPECT_EQ(storage.all().at(0).expires, first + 220s);
  EXPECT_EQ(run->reachability.size(), 1U);
}

// ---------------------------------------------------------------- leaving

TEST_F(RegistrarTest, AllContactsAtOnceNeedExpiresZeroAndNoOtherContact) {
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  EXPECT_EQ(register_lines({"Contact: *"})->status(), 400);
  EXPECT_EQ(register_lines({"Contact: *", "Expires: 60"})->status(), 400);
  EXPECT_EQ(register_lines({"Contact: *", "Expires: x"})->status(), 400);
  EXPECT_EQ(register_lines({"Contact: *", "Contact: <sip:101@192.0.2.9>", "Expires: 0"})->status(), 400);
  EXPECT_EQ(run->registrar.contact_count(line_101), 1);
}

TEST_F(RegistrarTest, AStarRemovesAllContactsOfTheLine) {
  for (int device = 1; device <= 3; ++device) register_device(device, {contact_line(device)});
  const auto answer = register_lines({"Contact: *", "Expires: 0"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_TRUE(answer.values(sip::HeaderId::Contact).empty());
  EXPECT_EQ(run->registrar.size(), 0U);
  EXPECT_TRUE(storage.rows.empty());
  EXPECT_THAT(run->reachability,
              ElementsAre(std::pair(line_101.value, true), std::pair(line_101.value, false)));
}

TEST_F(RegistrarTest, AContactIsRemovedByExpiresZero) {
  register_device(1, {contact_line(1)});
  register_device(2, {contact_line(2)});
  EXPECT_EQ(register_device(1, {contact_line(1), "Expires: 0"})->status(), 200);
  EXPECT_THAT(contacts_now(), ElementsAre(contact(2)));
  EXPECT_EQ(register_device(2, {contact_line(2) + ";expires=0"})->status(), 200);
  EXPECT_THAT(contacts_now(), IsEmpty());
  EXPECT_TRUE(storage.rows.empty());
}

TEST_F(RegistrarTest, RemovingWhatIsNotThereIsNoError) {
  EXPECT_EQ(register_lines({"Contact: <sip:101@192.0.2.7>;expires=0"})->status(), 200);
  EXPECT_EQ(register_lines({"Contact: *", "Expires: 0"})->status(), 200);
  EXPECT_THAT(run->reachability, IsEmpty());
}

TEST_F(RegistrarTest, AnEndIsMeantForTheContactItNamesOnly) {
  register_lines({"Contact: <sip:101@10.0.0.5:5060;rinstance=aaa>"});
  register_lines({"Contact: <sip:101@10.0.0.5:5060;rinstance=bbb>;expires=0"});
  EXPECT_EQ(run->registrar.contact_count(line_101), 1);
}

// ---------------------------------------------------------------- expiry

TEST_F(RegistrarTest, ABindingEndsShortlyAfterItsExpiry) {
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 60"});
  shard.advance(61s);
  EXPECT_EQ(run->registrar.contact_count(line_101),
            1);  // a refresh in the last moment may still be on its way
  shard.advance(1s);
  EXPECT_EQ(run->registrar.contact_count(line_101), 0);
  EXPECT_TRUE(storage.rows.empty());
  EXPECT_THAT(run->reachability,
              ElementsAre(std::pair(line_101.value, true), std::pair(line_101.value, false)));
}

TEST_F(RegistrarTest, OneTimerServesAllBindings) {
  const auto before = shard.timers.size();
  register_device(1, {contact_line(1), "Expires: 300"});
  register_device(2, {contact_line(2), "Expires: 60"});
  register_device(3, {contact_line(3), "Expires: 120"});
  shard.advance(40s);  // the transactions are over
  EXPECT_EQ(shard.timers.size(), before + 1);
  shard.advance(22s);
  EXPECT_THAT(contacts_now(), UnorderedElementsAre(contact(1), contact(3)));
  shard.advance(60s);
  EXPECT_THAT(contacts_now(), ElementsAre(contact(1)));
  shard.advance(180s);
  EXPECT_THAT(contacts_now(), IsEmpty());
  EXPECT_EQ(shard.timers.size(), before);
  EXPECT_EQ(run->reachability.size(), 2U);
}

TEST_F(RegistrarTest, ARefreshMovesTheExpiry) {
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 60"});
  shard.advance(50s);
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 60"});
  shard.advance(50s);
  EXPECT_EQ(run->registrar.contact_count(line_101), 1);
  shard.advance(12s);
  EXPECT_EQ(run->registrar.contact_count(line_101), 0);
}

TEST_F(RegistrarTest, TheListenerMayAskTheRegistrarBack) {
  int seen = -1;
  run->registrar.on_reachability = [&](model::SipLineId of, bool) {
    seen = run->registrar.contact_count(of);
  };
  register_lines({"Contact: <sip:101@192.0.2.7>", "Expires: 60"});
  EXPECT_EQ(seen, 1);
  shard.advance(62s);
  EXPECT_EQ(seen, 0);
}

// ---------------------------------------------------------------- streams

TEST_F(RegistrarTest, AClosedStreamTakesItsBindingsWithIt) {
  flow = tcp_flow("192.0.2.7:40000", 77);
  register_lines({"Contact: <sip:101@10.0.0.5;transport=tcp>"});
  register_device(2, {contact_line(2)});
  run->registrar.on_flow_failed(tcp_flow("192.0.2.9:40000", 78));
  EXPECT_EQ(run->registrar.contact_count(line_101), 2);
  run->registrar.on_flow_failed(flow);
  EXPECT_THAT(contacts_now(), ElementsAre(contact(2)));
  EXPECT_EQ(storage.rows.size(), 1U);
  EXPECT_EQ(run->reachability.size(), 1U);
}

TEST_F(RegistrarTest, ABindingThatMovedToANewStreamSurvivesTheOldOne) {
  const auto old = tcp_flow("192.0.2.7:40000", 77);
  flow = old;
  register_lines({"Contact: <sip:101@10.0.0.5;transport=tcp>"});
  flow = tcp_flow("192.0.2.7:40001", 78);
  register_lines({"Contact: <sip:101@10.0.0.5;transport=tcp>"});
  run->registrar.on_flow_failed(old);
  EXPECT_EQ(only_binding().flow.connection, 78U);
  run->registrar.on_flow_failed(flow);
  EXPECT_EQ(run->registrar.contact_count(line_101), 0);
  EXPECT_THAT(run->reachability,
              ElementsAre(std::pair(line_101.value, true), std::pair(line_101.value, false)));
}

// ---------------------------------------------------------------- restart

TEST_F(RegistrarTest, BindingsSurviveARestart) {
  register_device(1, {contact_line(1) + ";q=0.3", "Expires: 600"});
  register_device(2, {contact_line(2), "Expires: 60"});
  restart(100s);
  EXPECT_THAT(contacts_now(), ElementsAre(contact(1)));
  EXPECT_EQ(only_binding().q, 300);
  EXPECT_EQ(storage.rows.size(), 1U);
  EXPECT_THAT(run->reachability, ElementsAre(std::pair(line_101.value, true)));
  EXPECT_THAT(register_lines({}).values(sip::HeaderId::Contact).at(0), HasSubstr(";expires=500;"));
  shard.advance(502s);
  EXPECT_EQ(run->registrar.size(), 0U);
}

TEST_F(RegistrarTest, TheOrderOfRequestsHoldsOverARestart) {
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  restart();
  auto old = request({"Contact: <sip:101@192.0.2.7>;expires=0"});
  old.cseq = 1;
  EXPECT_EQ(send_with_digest(old, flow)->status(), 500);
}

TEST_F(RegistrarTest, AfterARestartAStreamIsOnlyKeptIfWeCanOpenItAgain) {
  flow = tcp_flow("192.0.2.7:5060", 77);
  register_lines({"Contact: <sip:101@192.0.2.7;transport=tcp>"});
  flow = tcp_flow("192.0.2.8:40000", 78);  // behind NAT, or from a port it does not listen on
  register_lines({"Contact: <sip:101@10.0.0.5;transport=tcp>"}, "nat");
  flow = tcp_flow("192.0.2.9:5060", 79);
  register_lines({"Contact: <sip:101@phone.invalid;transport=tcp>"}, "name");
  restart();
  EXPECT_EQ(only_binding().contact, "sip:101@192.0.2.7;transport=tcp");
  EXPECT_EQ(only_binding().flow.connection, 0U);
  EXPECT_EQ(storage.rows.size(), 1U);
}

TEST_F(RegistrarTest, BindingsOfLinesThatMayNotRegisterAnyMoreAreNotRestored) {
  register_lines({"Contact: <sip:101@192.0.2.7>"});
  auto other = request({"Contact: <sip:102@192.0.2.7>"});
  other.to = "<sip:102@192.0.2.1>";
  send_with_digest(other, flow, "102");
  model::ConfigBuilder builder(*config.current());
  auto off = *config.current()->line(line_101);
  off.enabled = false;
  builder.put(off);
  builder.erase(line_102);
  config.publish(builder.build());
  restart();
  EXPECT_EQ(run->registrar.size(), 0U);
  EXPECT_TRUE(storage.rows.empty());
}

TEST_F(RegistrarTest, WhatAPhoneRegisteredMeanwhileIsNewerThanWhatWasStored) {
  register_lines({"Contact: <sip:101@192.0.2.7>;q=0.1", "Expires: 600"});
  const auto stored = storage.all();
  register_lines({"Contact: <sip:101@192.0.2.7>;q=0.9", "Expires: 600"});
  run->registrar.restore(stored);
  EXPECT_EQ(only_binding().q, 900);
  EXPECT_EQ(storage.rows.size(), 1U);
}

// ---------------------------------------------------------------- whatever is sent

TEST_F(RegistrarTest, AnyContactGetsOneAnswerAndNoneTooManyAreKept) {
  constexpr std::string_view kPieces[] = {
      "<",         ">",          "sip:101@10.0.0.1",
      "sip:",      "sips:a@b",   "*",
      ",",         ";expires=",  "0",
      "60",        "\"",         ";q=",
      "0.5",       "@",          ";",
      "=",         "%41",        "[::1]",
      ":",         "99999",      ";reg-id=",
      "tel:+33",   "?a=b",       ";ob",
      "\xc3\xa9",  "<sip:x@y>;", " ",
      "\\",        "\"n\" <",    "+sip.instance=",
      "\"<u:1>\"", "Contact: x",
  };
  for (int i = 0; i < 3'000; ++i) {
    std::string value;
    for (auto left = 1 + shard.rng.below(9); left > 0; --left)
      value += kPieces[shard.rng.below(std::size(kPieces))];
    auto hostile = request({"Contact: " + value, "Expires: 0"});
    if (shard.rng.below(2) == 0) hostile.lines.pop_back();
    const auto status = send_with_digest(hostile, flow)->status();
    ASSERT_TRUE(status == 200 || status == 400 || status == 403 || status == 423) << status << " " << value;
    ASSERT_LE(run->registrar.contact_count(line_101), 4) << value;
    ASSERT_EQ(run->registrar.size(), storage.rows.size()) << value;
  }
}

// ---------------------------------------------------------------- any order of events, against a simple model

class RegistrarSequence : public RegistrarTest, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  RegistrarSequence() : RegistrarTest(GetParam()) {}

  static constexpr int kDevices = 6;
  static constexpr std::size_t kContactsMax = 4;

  struct Expected {
    runtime::WallTime expires;
    int q = 1000;
  };

  [[nodiscard]] std::map<std::string, Expected> alive() const {
    std::map<std::string, Expected> all;
    for (const auto& [uri, expected] : model) {
      if (expected.expires + Registrar::kExpiryGrace > shard.clock.wall()) all.emplace(uri, expected);
    }
    return all;
  }

  void refresh_or_add(int device) {
    const auto interval = static_cast<int>(60 + shard.rng.below(240));
    const int q = static_cast<int>(shard.rng.below(11)) * 100;
    const bool fits = model.contains(contact(device)) || model.size() < kContactsMax;
    const auto answer =
        register_device(device, {fmt::format("{};q={}.{:03}", contact_line(device), q / 1000, q % 1000),
                                 fmt::format("Expires: {}", interval)});
    EXPECT_EQ(answer->status(), fits ? 200 : 403);
    if (fits) model[contact(device)] = {shard.clock.wall() + std::chrono::seconds(interval), q};
  }
  void leave(int device) {
    EXPECT_EQ(register_device(device, {contact_line(device), "Expires: 0"})->status(), 200);
    model.erase(contact(device));
  }
  void leave_all() {
    EXPECT_EQ(register_lines({"Contact: *", "Expires: 0"})->status(), 200);
    model.clear();
  }
  void swap(int from, int to) {
    const auto answer = register_device(
        to, {fmt::format("Contact: <{}>;expires=0, <{}>;expires=90", contact(from), contact(to))});
    const bool fits = model.contains(contact(to)) || model.size() < kContactsMax ||
                      (from != to && model.contains(contact(from)));
    EXPECT_EQ(answer->status(), fits ? 200 : 403);
    if (answer->status() != 200) return;
    model.erase(contact(from));
    model[contact(to)] = {shard.clock.wall() + 90s, 1000};
  }

  void restart_and_forget_expired() {
    restart(std::chrono::milliseconds(shard.rng.below(20'000)));
    std::erase_if(model, [&](const auto& one) { return one.second.expires <= shard.clock.wall(); });
  }

  void step() {
    const int device = static_cast<int>(shard.rng.below(kDevices));
    switch (shard.rng.below(8)) {
      case 0:
      case 1:
      case 2: refresh_or_add(device); break;
      case 3: leave(device); break;
      case 4: swap(device, static_cast<int>(shard.rng.below(kDevices))); break;
      case 5: shard.advance(std::chrono::milliseconds(shard.rng.below(90'000))); break;
      case 6:
        if (shard.rng.below(4) == 0) leave_all();
        break;
      default:
        if (shard.rng.below(4) == 0) restart_and_forget_expired();
        break;
    }
    model = alive();
  }

  void compare() {
    std::map<std::string, int> expected;
    for (const auto& [uri, one] : model) expected.emplace(uri, one.q);
    std::map<std::string, int> found;
    for (const auto* binding : run->registrar.contacts(line_101)) found.emplace(binding->contact, binding->q);
    ASSERT_EQ(found, expected);
    ASSERT_EQ(run->registrar.size(), expected.size());
    ASSERT_EQ(storage.rows.size(), expected.size());
    for (const auto& [key, row] : storage.rows) {
      ASSERT_TRUE(model.contains(key.second)) << key.second;
      ASSERT_EQ(row.expires, model.at(key.second).expires) << key.second;
    }
    const bool reachable = !run->reachability.empty() && run->reachability.back().second;
    ASSERT_EQ(reachable, !expected.empty());
    for (std::size_t i = 1; i < run->reachability.size(); ++i) {
      ASSERT_NE(run->reachability[i].second, run->reachability[i - 1].second) << "told twice";
    }
  }

  std::map<std::string, Expected> model;
};

TEST_P(RegistrarSequence, AgreesWithASimpleModel) {
  SCOPED_TRACE(fmt::format("seed {}", GetParam()));
  for (int i = 0; i < 400; ++i) {
    SCOPED_TRACE(fmt::format("step {}", i));
    step();
    compare();
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RegistrarSequence, ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8));

}  // namespace
}  // namespace xivo::endpoint::testing
