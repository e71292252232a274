#include "runtime/dns/answer.hpp"

#include <gtest/gtest.h>

#include "runtime/tests/dns_bytes.hpp"

namespace xivo::runtime {
namespace {

using namespace testing;
using Status = DnsAnswer::Status;

DnsAnswer read(const Message& message, std::string_view name, DnsType type) {
  const auto answer = read_dns_answer(message.bytes(), name, type);
  EXPECT_TRUE(answer.has_value());
  return answer.value_or(DnsAnswer{});
}

TEST(DnsAnswer, RefusesWhatIsNoAnswer) {
  EXPECT_FALSE(read_dns_answer("", "a.example", DnsType::A));
  EXPECT_FALSE(read_dns_answer("no DNS at all", "a.example", DnsType::A));
  auto question = Message{}.bytes();
  question[2] = 0x01;
  EXPECT_FALSE(read_dns_answer(question, "a.example", DnsType::A));
}

TEST(DnsAnswer, RefusesEveryTruncationThatTakesARecordAway) {
  Message message;
  message.answers = {srv("_sip._udp.a.example", 60, 1, 2, 5060, "b.example")};
  const auto whole = message.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(
        read_dns_answer(std::string_view(whole).substr(0, size), "_sip._udp.a.example", DnsType::Srv))
        << size;
  }
}

TEST(DnsAnswer, RefusesNamesThatPointInCirclesOrOutside) {
  for (const unsigned target : {12u, 13u, 0x3fffu}) {
    const auto bytes = u16(7) + u16(0x8180) + u16(0) + u16(1) + u16(0) + u16(0) + u16(0xc000 | target) +
                       u16(1) + u16(1) + u32(60) + u16(4) + u32(0xc0000207);
    EXPECT_FALSE(read_dns_answer(bytes, "a.example", DnsType::A)) << target;
  }
}

TEST(DnsAnswer, LeavesOutARecordWhoseDataDoesNotFit) {
  Message message;
  message.answers = {record("a.example", 1, 60, "abc"), a("a.example", 60, 0xc0000207)};
  const auto answer = read(message, "a.example", DnsType::A);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(answer.records[0].address.to_string(), "192.0.2.7");
}

TEST(DnsAnswer, LeavesOutRecordsOfOtherNames) {
  Message message;
  message.answers = {a("evil.example", 60, 0xc0000207)};
  EXPECT_EQ(read(message, "a.example", DnsType::A).status, Status::Nothing);
}

TEST(DnsAnswer, FailsWhenTheServerSaysThatItFailed) {
  Message message;
  message.code = 2;
  EXPECT_EQ(read(message, "a.example", DnsType::A).status, Status::Failed);
}

TEST(DnsAnswer, TellsForHowLongThereIsNothing) {
  Message message;
  message.code = 3;
  message.authorities = {soa("example", 900, 30)};
  const auto answer = read(message, "a.example", DnsType::A);
  EXPECT_EQ(answer.status, Status::Nothing);
  EXPECT_EQ(answer.ttl, 30u);
}

TEST(DnsAnswer, FollowsAliasesAndTakesTheLeastTime) {
  Message message;
  message.answers = {cname("A.Example", 20, "b.example"), cname("b.example", 500, "c.example"),
                     a("c.example", 60, 0xc0000207), a("c.example", 70, 0xc0000208)};
  const auto answer = read(message, "a.example.", DnsType::A);
  EXPECT_EQ(answer.status, Status::Found);
  EXPECT_EQ(answer.records.size(), 2u);
  EXPECT_EQ(answer.ttl, 20u);
}

TEST(DnsAnswer, EndsACircleOfAliases) {
  Message message;
  message.answers = {cname("a.example", 20, "b.example"), cname("b.example", 20, "a.example")};
  EXPECT_EQ(read(message, "a.example", DnsType::A).status, Status::Nothing);
}

TEST(DnsAnswer, ReadsServices) {
  Message message;
  message.answers = {srv("_sip._tcp.a.example", 60, 10, 20, 5070, "Gw.Example")};
  const auto answer = read(message, "_sip._tcp.a.example", DnsType::Srv);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(answer.records[0].priority, 10);
  EXPECT_EQ(answer.records[0].weight, 20);
  EXPECT_EQ(answer.records[0].port, 5070);
  EXPECT_EQ(answer.records[0].target, "gw.example");
}

TEST(DnsAnswer, ReadsNamingAuthorityPointers) {
  Message message;
  message.answers = {naptr("a.example", 1, 2, "S", "SIPS+D2T", "_sips._tcp.a.example")};
  const auto answer = read(message, "a.example", DnsType::Naptr);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(answer.records[0].flags, "s");
  EXPECT_EQ(answer.records[0].service, "sips+d2t");
  EXPECT_EQ(answer.records[0].target, "_sips._tcp.a.example");
}

TEST(DnsAnswer, ReadsAddressesOfBothFamilies) {
  Message message;
  message.answers = {record("a.example", 28, 60, std::string(15, '\0') + "\x01")};
  const auto answer = read(message, "a.example", DnsType::Aaaa);
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_TRUE(answer.records[0].address.is_loopback());
}

TEST(DnsAnswer, TakesATtlWithItsSignBitForNothing) {
  Message message;
  message.answers = {a("a.example", 0x8000'0001, 0xc0000207)};
  EXPECT_EQ(read(message, "a.example", DnsType::A).ttl, 0u);
}

}  // namespace
}  // namespace xivo::runtime
