#include "endpoint/registrar.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "endpoint/tests/registrar_fixture.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

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
    unknown.to = unknown.from = fmt::format("<sip:{}@192.0.2.1>", user);
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
  const auto answer =
      register_lines({"Contact: <sip:101@192.0.2.7>", "Require: path, x-unheard, outbound, y"});
  EXPECT_EQ(answer->status(), 420);
  EXPECT_THAT(answer.values(sip::HeaderId::Unsupported), ElementsAre("x-unheard, y"));
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
  register_lines({R"(Contact: <sip:101@10.0.0.5:5062;ob>;q=0.7;reg-id=1;+sip.instance="<urn:uuid:1>")",
                  "Expires: 600", "Supported: outbound"});
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
  const auto answer = register_lines(
      {R"(Contact: <sip:101@192.0.2.7>;q=0.7;reg-id=2;+sip.instance="<urn:uuid:1>")", "Supported: outbound"});
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
  register_device(
      1, {R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id=1)", "Supported: outbound"});
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
  for (const std::size_t number : {1, 2}) {
    const auto contact =
        fmt::format(R"(Contact: <sip:101@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id={})", number);
    register_device(number, {contact, "Supported: outbound"});
  }
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

TEST_F(RegistrarTest, TwoTimersServeAllBindings) {
  const auto before = shard.timers.size();
  register_device(1, {contact_line(1), "Expires: 300"});
  register_device(2, {contact_line(2), "Expires: 60"});
  register_device(3, {contact_line(3), "Expires: 120"});
  shard.advance(40s);  // the transactions are over
  EXPECT_EQ(shard.timers.size(), before + 2);  // expiry; changes of the configuration
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
  flow = tcp_flow("192.0.2.10:443", 80);  // a browser takes no connections, whatever its Contact says
  flow.transport = sip::Transport::Wss;
  register_lines({"Contact: <sip:101@192.0.2.10:443;transport=ws>"}, "browser");
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

}  // namespace
}  // namespace xivo::endpoint::testing
