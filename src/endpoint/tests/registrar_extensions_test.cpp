// RFC 3327 (Path), RFC 5626 (Outbound), RFC 5627 (GRUU), and bindings that end with their line.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "endpoint/tests/registrar_fixture.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Lines = std::vector<std::string>;

constexpr std::string_view kInstance = "<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";
const std::string kHere = "Contact: <sip:101@192.0.2.7>";

class RegistrarExtensions : public RegistrarTest {
 protected:
  static std::string flow_line(int reg_id, std::string_view host = "192.0.2.7") {
    return fmt::format("Contact: <sip:101@{}>;+sip.instance=\"{}\";reg-id={}", host, kInstance, reg_id);
  }
  static std::string value_of(const OwnedMessage& answer, std::string_view parameter) {
    const auto contact = answer.values(sip::HeaderId::Contact).at(0);
    return std::string(sip::find_parameter(contact.substr(contact.find('>') + 1), parameter).value_or(""));
  }
  void change_line(const std::function<void(model::SipLine&)>& change) {
    model::ConfigBuilder builder(*config.current());
    auto changed = *config.current()->line(line_101);
    change(changed);
    builder.put(changed);
    config.publish(builder.build());
  }
  std::optional<Registrar::Device> device_of(const std::string& uri) {
    const auto parsed = sip::Uri::parse(uri);
    EXPECT_TRUE(parsed) << uri;
    return parsed ? run->registrar.device_of(*parsed, run->registrar) : std::nullopt;
  }
  OwnedMessage register_gruu(const std::string& call_id = "call-1") {
    return register_lines({fmt::format("{};+sip.instance=\"{}\"", kHere, kInstance), "Supported: gruu"},
                          call_id);
  }
};

// ---------------------------------------------------------------- Path

TEST_F(RegistrarExtensions, APathIsUsedThoughThePhoneDoesNotKnowIt) {
  const auto answer = register_lines({kHere, "Path: <sip:proxy.example;lr>"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_THAT(only_binding().path, ElementsAre("<sip:proxy.example;lr>"));
}

TEST_F(RegistrarExtensions, APathThatIsNoneIsRefused) {
  for (const std::string bad : {"Path: nonsense", "Path: <tel:+331>", "Path: <sip:>"}) {
    EXPECT_EQ(register_lines({kHere, "Supported: path", bad})->status(), 400) << bad;
  }
  std::string long_path = "Path: <sip:a;lr>";
  for (std::size_t i = 0; i < Registrar::kPathMax; ++i) long_path += ", <sip:a;lr>";
  EXPECT_EQ(register_lines({kHere, "Supported: path", long_path})->status(), 400);
  EXPECT_EQ(
      register_lines({kHere, "Supported: path", "Path: <sip:a;x=" + std::string(600, 'x') + ">"})->status(),
      400);
  EXPECT_EQ(run->registrar.size(), 0u);
}

TEST_F(RegistrarExtensions, APathIsKeptInOrderAndGivenBack) {
  const auto answer =
      register_lines({kHere, "Supported: path", "Path: <sip:near;lr>, <sip:far;lr>", "Path: <sip:edge;lr>"});
  EXPECT_EQ(answer->status(), 200);
  EXPECT_THAT(answer.values(sip::HeaderId::Path),
              ElementsAre("<sip:near;lr>", "<sip:far;lr>", "<sip:edge;lr>"));
  EXPECT_THAT(only_binding().path, ElementsAre("<sip:near;lr>", "<sip:far;lr>", "<sip:edge;lr>"));
}

TEST_F(RegistrarExtensions, ARefreshWithoutAPathForgetsIt) {
  register_lines({kHere, "Supported: path", "Path: <sip:near;lr>"});
  register_lines({kHere, "Supported: path"});
  EXPECT_THAT(only_binding().path, IsEmpty());
}

TEST_F(RegistrarExtensions, WhatWeSupportIsSaid) {
  const auto answer = register_lines({kHere});
  EXPECT_THAT(answer.values(sip::HeaderId::Supported), ElementsAre("path, outbound, gruu"));
  EXPECT_THAT(answer.values(sip::HeaderId::Require), IsEmpty());
}

// ---------------------------------------------------------------- Outbound

TEST_F(RegistrarExtensions, FlowsOfOneDeviceStandBesideEachOtherAndReplaceTheirOwn) {
  const auto answer = register_lines({flow_line(1), "Supported: outbound"}, "flow-1");
  EXPECT_EQ(answer->status(), 200);
  EXPECT_THAT(answer.values(sip::HeaderId::Require), ElementsAre("outbound"));
  EXPECT_THAT(answer.values(sip::HeaderId::FlowTimer), ElementsAre("120"));
  register_lines({flow_line(2), "Supported: outbound"}, "flow-2");
  EXPECT_EQ(run->registrar.size(), 2u);
  register_lines({flow_line(1, "192.0.2.77"), "Supported: outbound"}, "flow-1-again");
  EXPECT_EQ(run->registrar.size(), 2u);
  EXPECT_THAT(storage.rows, SizeIs(2));
}

TEST_F(RegistrarExtensions, ARegIdCountsOnlyWithOutboundAndAnInstance) {
  register_lines({flow_line(1)}, "one");
  EXPECT_EQ(only_binding().reg_id, 0u);
  EXPECT_FALSE(only_binding().outbound);
  register_lines({"Contact: <sip:101@192.0.2.7>;reg-id=3", "Supported: outbound"}, "two");
  for (const auto* binding : run->registrar.contacts(line_101)) EXPECT_EQ(binding->reg_id, 0u);
}

TEST_F(RegistrarExtensions, SeveralFlowsInOneRequestAreRefused) {
  EXPECT_EQ(register_lines({flow_line(1), flow_line(2), "Supported: outbound"})->status(), 400);
  EXPECT_EQ(register_lines({flow_line(1), "Contact: <sip:101@192.0.2.9>", "Supported: outbound"})->status(),
            400);
  EXPECT_EQ(run->registrar.size(), 0u);
}

TEST_F(RegistrarExtensions, AFirstProxyWithoutOutboundIsToldApart) {
  const Lines lines{flow_line(1), "Supported: path, outbound", "Path: <sip:edge;lr>"};
  EXPECT_EQ(register_lines(lines)->status(), 439);
  EXPECT_EQ(
      register_lines({flow_line(1), "Supported: outbound", "Via: SIP/2.0/UDP 192.0.2.200;branch=z9hG4bKx"})
          ->status(),
      439);
  EXPECT_EQ(
      register_lines({flow_line(1), "Supported: path, outbound", "Path: <sip:near;lr>, <sip:edge;lr;ob>"})
          ->status(),
      200);
}

TEST_F(RegistrarExtensions, ASilentFlowEndsAlone) {
  register_lines({flow_line(1), "Supported: outbound"}, "flow-1");
  send_with_digest(request({flow_line(2), "Supported: outbound"}, "flow-2"), udp_flow("192.0.2.7:6060"));
  run->registrar.on_flow_silent(line_102, flow);
  EXPECT_EQ(run->registrar.size(), 2u);
  run->registrar.on_flow_silent(line_101, flow);
  EXPECT_EQ(only_binding().reg_id, 2u);
  EXPECT_THAT(storage.rows, SizeIs(1));
  EXPECT_THAT(run->reachability, SizeIs(1));
}

TEST_F(RegistrarExtensions, AClosedStreamEndsItsFlowAlone) {
  const auto stream = tcp_flow("192.0.2.7:41000", 5);
  send_with_digest(request({flow_line(1), "Supported: outbound"}, "flow-1"), stream);
  register_lines({flow_line(2), "Supported: outbound"}, "flow-2");
  run->registrar.on_flow_failed(stream);
  EXPECT_EQ(only_binding().reg_id, 2u);
}

TEST_F(RegistrarExtensions, APhoneWithoutOutboundIsNotForgottenForSilence) {
  register_lines({kHere});
  run->registrar.on_flow_silent(line_101, flow);
  EXPECT_EQ(run->registrar.size(), 1u);
}

// ---------------------------------------------------------------- GRUU

TEST_F(RegistrarExtensions, GruusAreGivenOnlyToWhoAsksAndSaysWhichDeviceItIs) {
  const std::string with_instance = fmt::format("{};+sip.instance=\"{}\"", kHere, kInstance);
  EXPECT_THAT(register_lines({with_instance}).text(), Not(HasSubstr("gruu=")));
  EXPECT_THAT(register_lines({kHere, "Supported: gruu"}, "b").text(), HasSubstr("Supported: path"));
  EXPECT_EQ(value_of(register_gruu("c"), "pub-gruu"),
            "sip:101@192.0.2.1;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
}

TEST_F(RegistrarExtensions, APublicGruuLeadsToItsDevice) {
  const auto device = device_of(value_of(register_gruu(), "pub-gruu"));
  ASSERT_TRUE(device);
  EXPECT_EQ(device->line, line_101);
  EXPECT_TRUE(Registrar::is_of(only_binding(), device->instance));
  EXPECT_FALSE(Registrar::is_of(only_binding(), "urn:uuid:another"));
  EXPECT_FALSE(device_of("sip:nobody@192.0.2.1;gr=urn:uuid:1"));
  EXPECT_FALSE(device_of("sip:101@192.0.2.1"));
}

TEST_F(RegistrarExtensions, EachTemporaryGruuIsNewAndAllStayValidForTheRegistration) {
  const auto first = value_of(register_gruu(), "temp-gruu");
  const auto second = value_of(register_gruu(), "temp-gruu");
  EXPECT_NE(first, second);
  for (const auto& gruu : {first, second}) {
    const auto device = device_of(gruu);
    ASSERT_TRUE(device) << gruu;
    EXPECT_EQ(device->line, line_101);
  }
  EXPECT_THAT(first, Not(HasSubstr("101@")));
}

TEST_F(RegistrarExtensions, ATemporaryGruuEndsWithTheCallIdOrTheBinding) {
  const auto first = value_of(register_gruu("call-1"), "temp-gruu");
  const auto second = value_of(register_gruu("call-2"), "temp-gruu");
  EXPECT_FALSE(device_of(first));
  EXPECT_TRUE(device_of(second));
  register_lines({"Contact: *", "Expires: 0"}, "call-3");
  EXPECT_FALSE(device_of(second));
}

TEST_F(RegistrarExtensions, AForgedTemporaryGruuLeadsNowhere) {
  register_gruu();
  EXPECT_FALSE(device_of("sip:tgruu.00@192.0.2.1;gr"));
  EXPECT_FALSE(device_of("sip:101@192.0.2.1;gr"));
  EXPECT_FALSE(device_of(fmt::format("sip:tgruu.{}@192.0.2.1;gr", std::string(88, 'a'))));
}

// ---------------------------------------------------------------- restart

TEST_F(RegistrarExtensions, AllOfItComesBackAfterARestart) {
  run->registrar.use_gruu_key({1, 2, 3});
  const auto answer =
      register_lines({flow_line(1), "Supported: path, outbound, gruu", "Path: <sip:192.0.2.200;lr;ob>"});
  const auto temporary = value_of(answer, "temp-gruu");
  register_lines({flow_line(2), "Supported: outbound"}, "flow-2");
  restart();
  run->registrar.use_gruu_key({1, 2, 3});
  ASSERT_EQ(run->registrar.size(), 2u);
  EXPECT_TRUE(device_of(temporary));
  const auto contacts = run->registrar.contacts(line_101);
  const auto* with_path = contacts[0]->path.empty() ? contacts[1] : contacts[0];
  EXPECT_THAT(with_path->path, ElementsAre("<sip:192.0.2.200;lr;ob>"));
  EXPECT_TRUE(with_path->outbound);
  EXPECT_TRUE(run->authenticator.ledger().is_proven(flow.remote.ip));
}

// ---------------------------------------------------------------- the end of a line

TEST_F(RegistrarExtensions, ADisabledLineIsUnreachableAtOnceAndForgottenSoon) {
  register_lines({kHere});
  change_line([](model::SipLine& changed) { changed.enabled = false; });
  EXPECT_THAT(contacts_now(), IsEmpty());
  EXPECT_EQ(run->registrar.contact_count(line_101), 0);
  shard.advance(Registrar::kSweepEvery);
  EXPECT_EQ(run->registrar.size(), 0u);
  EXPECT_THAT(storage.rows, IsEmpty());
  ASSERT_THAT(run->reachability, SizeIs(2));
  EXPECT_FALSE(run->reachability.back().second);
}

TEST_F(RegistrarExtensions, ADeletedLineTakesItsBindingsWithItAndNobodyElses) {
  register_lines({kHere});
  auto other = request({"Contact: <sip:102@192.0.2.8>"}, "other");
  other.to = "<sip:102@192.0.2.1>";
  send_with_digest(other, udp_flow("192.0.2.8:5060"), "102");
  model::ConfigBuilder builder(*config.current());
  builder.erase(line_101);
  config.publish(builder.build());
  shard.advance(Registrar::kSweepEvery);
  EXPECT_EQ(run->registrar.size(), 1u);
  EXPECT_THAT(contacts_now(line_102), SizeIs(1));
}

TEST_F(RegistrarExtensions, ALineThatGetsAFixedAddressKeepsNoContact) {
  register_lines({kHere});
  change_line([](model::SipLine& changed) { changed.host = "203.0.113.77"; });
  shard.advance(Registrar::kSweepEvery);
  EXPECT_EQ(run->registrar.size(), 0u);
}

TEST_F(RegistrarExtensions, AnotherChangeOfTheLineCostsItNothing) {
  register_lines({kHere});
  change_line([](model::SipLine& changed) { changed.secret = "another"; });
  shard.advance(10 * Registrar::kSweepEvery);
  EXPECT_EQ(run->registrar.size(), 1u);
}

}  // namespace
}  // namespace xivo::endpoint::testing
