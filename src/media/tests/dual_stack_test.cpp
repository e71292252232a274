// A leg over IPv4 beside one over IPv6: the packets do not care.
#include "inline_fixture.hpp"

namespace xivo::media {
namespace {

constexpr const char* kFour = "198.51.100.7:4000";
constexpr const char* kSix = "[2001:db8::7]:7000";

class DualStackTest : public InlineTest {
 protected:
  DualStackTest() : four_(open_to(kFour)), six_(*engine_.open(*IpAddress::parse("2001:db8::1"), user_, {})) {
    engine_.set_remote(six_.id, remote(kSix));
    engine_.connect(four_.id, six_.id);
  }
  Engine::Opened four_;
  Engine::Opened six_;
  Source source_;
};

TEST_F(DualStackTest, PassesPacketsFromFourToSix) {
  const auto packet = source_.next("to six");
  engine_.deliver(four_.rtp, address(kFour), packet);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].from, six_.rtp);
  EXPECT_FALSE(sent_[0].from.ip.is_v4());
  EXPECT_EQ(sent_[0].to, address(kSix));
  EXPECT_EQ(sent_[0].bytes, packet);
}

TEST_F(DualStackTest, PassesPacketsFromSixToFour) {
  const auto packet = source_.next("to four");
  engine_.deliver(six_.rtp, address(kSix), packet);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].from, four_.rtp);
  EXPECT_EQ(sent_[0].to, address(kFour));
}

TEST_F(DualStackTest, LearnsTheSourceOfEachFamilyByItself) {
  Source moved;
  talk(six_, "[2001:db8::7]:7070", moved, 3);
  sent_.clear();
  engine_.deliver(four_.rtp, address(kFour), source_.next());
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address("[2001:db8::7]:7070"));
}

}  // namespace
}  // namespace xivo::media
