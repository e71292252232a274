#include "endpoint/defence/failure_memory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace xivo::endpoint {
namespace {

using namespace std::chrono_literals;

runtime::WallTime at(int seconds) { return runtime::WallTime(std::chrono::seconds(1'800'000'000 + seconds)); }

Failure failure(std::string account, std::string_view ip, FailureReason reason = FailureReason::WrongSecret,
                int second = 0) {
  Failure made;
  made.account = std::move(account);
  made.source = {IpAddress::parse(ip).value_or(IpAddress{}), 5060};
  made.reason = reason;
  made.method = "REGISTER";
  made.first = made.last = at(second);
  return made;
}

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value_or(IpAddress{}); }

TEST(FailureMemory, WhatAStrangerWroteIsCutAndCleaned) {
  FailureMemory memory;
  auto hostile = failure("evil\r\n\x1b[31m" + std::string(100, 'x'), "192.0.2.7");
  hostile.user_agent = std::string(1'000, 'u');
  hostile.method = std::string(1'000, 'm');
  hostile.detail = std::string(10'000, 'd');
  memory.remember(hostile);
  const auto kept = memory.all().at(0);
  EXPECT_EQ(kept.account, "evil[31m" + std::string(56, 'x'));
  EXPECT_EQ(kept.user_agent.size(), FailureMemory::kUserAgentBytesMax);
  EXPECT_EQ(kept.method.size(), FailureMemory::kMethodBytesMax);
  EXPECT_EQ(kept.detail.size(), FailureMemory::kDetailBytesMax);
}

TEST(FailureMemory, PrintableTextIsValidUtf8CutAtACharactersEnd) {
  EXPECT_EQ(printable("caf\xc3\xa9", 64), "caf\xc3\xa9");
  EXPECT_EQ(printable("caf\xc3\xa9", 4), "caf");
  EXPECT_EQ(printable("a\xff\xfe\x80z", 64), "a???z");
  EXPECT_EQ(printable("\xc3", 64), "?");                  // ends inside a character
  EXPECT_EQ(printable("\xc0\xaf", 64), "??");             // overlong
  EXPECT_EQ(printable("\xed\xa0\x80", 64), "???");        // surrogate
  EXPECT_EQ(printable("a\xc2\x9bz", 64), "az");           // C1 control
  EXPECT_EQ(printable("\xf0\x9f\x93\x9e", 64), "\xf0\x9f\x93\x9e");
  EXPECT_EQ(printable(std::string_view("a\0b\x7f", 4), 64), "ab");
}

TEST(FailureMemory, OneAddressCannotPushTheOthersOut) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7"));
  for (int i = 0; i < 20'000; ++i) memory.remember(failure(fmt::format("guess{}", i), "198.51.100.9"));
  EXPECT_EQ(memory.of_account("101").size(), 1U);
  EXPECT_EQ(memory.of_address(ip("198.51.100.9")).size(), FailureMemory::kPerAddressMax);
  EXPECT_EQ(memory.of_address(ip("198.51.100.9")).at(0).account, "guess19999");
}

TEST(FailureMemory, AScannersIpv6NetworkCountsAsOneAddress) {
  FailureMemory memory;
  for (int i = 1; i <= 200; ++i) memory.remember(failure("101", fmt::format("2001:db8::{:x}", i)));
  EXPECT_EQ(memory.size(), FailureMemory::kPerAddressMax);
  EXPECT_EQ(memory.of_address(ip("2001:db8::c8")).size(), 1U);
  EXPECT_TRUE(memory.of_address(ip("2001:db8::1")).empty());
}

TEST(FailureMemory, TheOldestGoesFirstWhenFull) {
  FailureMemory memory;
  memory.remember(failure("first", "203.0.113.1"));
  memory.remember(failure("second", "203.0.113.2"));
  memory.remember(failure("first", "203.0.113.1"));  // again: no longer the oldest
  for (std::size_t i = 0; i < FailureMemory::kFailuresMax - 1; ++i) {
    memory.remember(failure("x", fmt::format("10.{}.{}.{}", i / 65'536, i / 256 % 256, i % 256)));
  }
  EXPECT_EQ(memory.size(), FailureMemory::kFailuresMax);
  EXPECT_TRUE(memory.of_account("second").empty());
  EXPECT_EQ(memory.of_account("first").size(), 1U);
}

TEST(FailureMemory, RepeatsAreCountedAndTellTheLatest) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongRealm, 1));
  auto later = failure("101", "192.0.2.7", FailureReason::WrongRealm, 9);
  later.source.port = 6000;
  later.detail = "realm 'b'";
  memory.remember(later);
  ASSERT_EQ(memory.size(), 1U);
  const auto kept = memory.all().at(0);
  EXPECT_EQ(kept.count, 2U);
  EXPECT_EQ(kept.first, at(1));
  EXPECT_EQ(kept.last, at(9));
  EXPECT_EQ(kept.source.port, 6000);
  EXPECT_EQ(kept.detail, "realm 'b'");
}

TEST(FailureMemory, ReasonAccountAndAddressTellFailuresApart) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongSecret));
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongRealm));
  memory.remember(failure("102", "192.0.2.7", FailureReason::WrongSecret));
  memory.remember(failure("101", "192.0.2.8", FailureReason::WrongSecret));
  EXPECT_EQ(memory.size(), 4U);
  EXPECT_EQ(memory.of_account("101").size(), 3U);
  EXPECT_EQ(memory.of_address(ip("192.0.2.7")).size(), 3U);
}

TEST(FailureMemory, NewestComesFirst) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongSecret, 1));
  memory.remember(failure("102", "192.0.2.7", FailureReason::WrongSecret, 2));
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongSecret, 3));
  EXPECT_EQ(memory.all().at(0).account, "101");
  EXPECT_EQ(memory.of_address(ip("192.0.2.7")).at(0).account, "101");
  EXPECT_EQ(memory.of_address(ip("192.0.2.7")).at(1).account, "102");
}

TEST(FailureMemory, ASuccessForgetsTheAccountAtThatAddressOnly) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7"));
  memory.remember(failure("101", "192.0.2.7", FailureReason::TooManyContacts));
  memory.remember(failure("102", "192.0.2.7"));
  memory.remember(failure("101", "192.0.2.8"));
  memory.forget("101", ip("192.0.2.7"));
  EXPECT_EQ(memory.size(), 2U);
  EXPECT_EQ(memory.of_account("101").size(), 1U);
  memory.forget("nobody", ip("203.0.113.77"));
  EXPECT_EQ(memory.size(), 2U);
}

TEST(FailureMemory, AProofOfIdentityKeepsWhatElseWentWrong) {
  FailureMemory memory;
  memory.remember(failure("101", "192.0.2.7", FailureReason::WrongSecret));
  memory.remember(failure("101", "192.0.2.7", FailureReason::TooManyContacts));
  memory.forget_credentials("101", ip("192.0.2.7"));
  ASSERT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory.all().at(0).reason, FailureReason::TooManyContacts);
}

TEST(RefusalLimit, OneSourceIsHeldBackAndOthersAreNot) {
  RefusalLimit limit;
  const runtime::Instant now(1'000s);
  std::uint32_t admitted = 0;
  for (int i = 0; i < 1'000; ++i) admitted += limit.admit(ip("192.0.2.7"), now) ? 1 : 0;
  EXPECT_EQ(admitted, RefusalLimit::kPerSourceMax);
  EXPECT_EQ(limit.suppressed(), 1'000 - RefusalLimit::kPerSourceMax);
  EXPECT_TRUE(limit.admit(ip("192.0.2.8"), now));
  EXPECT_TRUE(limit.admit(ip("192.0.2.7"), now + RefusalLimit::kWindow));
}

TEST(RefusalLimit, ManySourcesTogetherAreHeldBack) {
  RefusalLimit limit;
  const runtime::Instant now(1'000s);
  std::uint32_t admitted = 0;
  for (std::uint32_t i = 0; i < 5'000; ++i)
    admitted += limit.admit(IpAddress::v4(0x0a000000 + i), now) ? 1 : 0;
  EXPECT_EQ(admitted, RefusalLimit::kLinesMax);
}

}  // namespace
}  // namespace xivo::endpoint
