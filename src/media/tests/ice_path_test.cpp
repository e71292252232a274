// Whose checks count, and which of them becomes the path.
#include "media/dtls/ice_path.hpp"

#include "key_exchange_fixture.hpp"

namespace xivo::media {
namespace {

const SocketAddress kFirst = address("198.51.100.7:4000");
const SocketAddress kSecond = address("203.0.113.9:7000");

class IcePathTest : public testing::Test {
 protected:
  IcePath::Outcome take(const Check& check, const SocketAddress& from = kFirst) {
    const auto bytes = check.bytes();
    return path_.take(as_bytes(bytes), from, now_, out_);
  }
  void nominate(const SocketAddress& from, std::uint32_t priority) {
    Check check;
    check.nominates = true;
    check.priority = priority;
    take(check, from);
  }

  runtime::Instant now_{seconds(100)};
  std::array<std::uint8_t, rtp::kStunAnswerMax> out_;
  IcePath path_{kIce};
};

TEST_F(IcePathTest, KnowsNoPathAtFirst) {
  EXPECT_EQ(path_.path().port, 0);
  EXPECT_EQ(path_.likely().port, 0);
  EXPECT_FALSE(path_.checked({})) << "a free place is no address";
}

TEST_F(IcePathTest, AnswersNobodyWithAnotherNameOrPassword) {
  for (const char* name : {"theirs:ours", "ours", "ours:theirs2", "ours:", ":"}) {
    Check check;
    check.name = name;
    EXPECT_FALSE(take(check).valid) << name;
  }
  Check check;
  check.password = "a password of ours, lonG";
  const auto outcome = take(check);
  EXPECT_FALSE(outcome.valid);
  EXPECT_TRUE(outcome.answer.empty());
  EXPECT_FALSE(path_.checked(kFirst));
}

TEST_F(IcePathTest, AnswersNoIndicationOrAnswer) {
  auto bytes = Check().bytes();
  for (const auto& [high, low] : {std::pair('\x00', '\x11'), std::pair('\x01', '\x01')}) {
    bytes[0] = high;
    bytes[1] = low;
    EXPECT_FALSE(path_.take(as_bytes(bytes), kFirst, now_, out_).valid);
  }
}

TEST_F(IcePathTest, AnswersAFloodOnlyInPart) {
  int answered = 0;
  for (int i = 0; i < 1'000; ++i) answered += take(Check()).valid ? 1 : 0;
  EXPECT_GT(answered, 90);
  EXPECT_LT(answered, 110);
  now_ += seconds(1);
  EXPECT_TRUE(take(Check()).valid);
}

TEST_F(IcePathTest, RefusesWhatItDoesNotUnderstand) {
  Check check;
  check.nominates = true;
  check.strange = 0x7ff0;
  const auto answer = rtp::parse_stun(take(check).answer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error, 420);
  EXPECT_EQ(path_.path().port, 0);
}

TEST_F(IcePathTest, AnswersACheckWithItsSource) {
  const auto answer = rtp::parse_stun(take(Check()).answer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->mapped, kFirst);
  EXPECT_TRUE(answer->authentic(kIce.ours.password));
  EXPECT_TRUE(path_.checked(kFirst));
  EXPECT_EQ(path_.path().port, 0) << "it has not been nominated";
  EXPECT_EQ(path_.likely(), kFirst);
}

TEST_F(IcePathTest, FollowsANominationAsGoodOrBetter) {
  nominate(kFirst, 100);
  EXPECT_EQ(path_.path(), kFirst);
  nominate(kSecond, 99);
  EXPECT_EQ(path_.path(), kFirst);
  nominate(kSecond, 100);
  EXPECT_EQ(path_.path(), kSecond);
}

TEST_F(IcePathTest, FollowsAnyNominationOnceThePathIsSilent) {
  nominate(kFirst, 100);
  now_ += seconds(2);
  path_.heard(kFirst, now_);
  now_ += seconds(2);
  nominate(kSecond, 1);
  EXPECT_EQ(path_.path(), kFirst) << "media came two seconds ago";
  now_ += seconds(2);
  nominate(kSecond, 1);
  EXPECT_EQ(path_.path(), kSecond);
}

TEST_F(IcePathTest, KeepsThePathAcrossARestartUntilTheNextNomination) {
  nominate(kFirst, 100);
  auto renewed = kIce;
  renewed.theirs.fragment = "renewed";
  path_.renew(renewed);
  nominate(kSecond, 1);
  EXPECT_EQ(path_.path(), kFirst) << "the old name counts no more";
  Check check;
  check.name = "ours:renewed";
  check.nominates = true;
  check.priority = 1;
  EXPECT_TRUE(take(check, kSecond).moved);
  EXPECT_EQ(path_.path(), kSecond);
}

TEST_F(IcePathTest, ForgetsTheOldestSourceAndNeverThePath) {
  nominate(kFirst, 100);
  for (std::uint16_t port = 1; port <= IcePath::kCheckedMax; ++port) {
    now_ += seconds(1);
    take(Check(), {kSecond.ip, port});
  }
  EXPECT_TRUE(path_.checked(kFirst));
  EXPECT_FALSE(path_.checked({kSecond.ip, 1}));
  for (std::uint16_t port = 2; port <= IcePath::kCheckedMax; ++port)
    EXPECT_TRUE(path_.checked({kSecond.ip, port})) << port;
}

}  // namespace
}  // namespace xivo::media
