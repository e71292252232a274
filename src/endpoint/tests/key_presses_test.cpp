#include "endpoint/session/key_presses.hpp"

#include <gtest/gtest.h>

namespace xivo::endpoint {
namespace {

using std::chrono::milliseconds;
constexpr runtime::Instant kStart{std::chrono::seconds(100)};

TEST(InfoDigit, RefusesWhatIsNoKey) {
  EXPECT_FALSE(info_digit("application/dtmf-relay", ""));
  EXPECT_FALSE(info_digit("application/dtmf-relay", "Signal=12\r\nDuration=160"));
  EXPECT_FALSE(info_digit("application/dtmf-relay", "Signal=x"));
  EXPECT_FALSE(info_digit("application/dtmf-relay", "Signal"));
  EXPECT_FALSE(info_digit("application/dtmf", ""));
  EXPECT_FALSE(info_digit("application/dtmf", "16"));
  EXPECT_FALSE(info_digit("text/plain", "Signal=5"));
}

TEST(InfoDigit, ReadsBothBodiesThatPhonesSend) {
  EXPECT_EQ(info_digit("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), '5');
  EXPECT_EQ(info_digit("Application/DTMF-Relay", "Duration=160\nsignal = #\n"), '#');
  EXPECT_EQ(info_digit("application/dtmf", " * \r\n"), '*');
  EXPECT_EQ(info_digit("application/dtmf-relay", info_of_digit('D')), 'D');
}

TEST(DtmfMode, IsAutomaticForWordsThatItDoesNotKnow) {
  EXPECT_EQ(dtmf_mode_of("rfc2833"), DtmfMode::Auto);
  EXPECT_EQ(dtmf_mode_of("inband"), DtmfMode::Inband);
}

TEST(KeyQueue, PlaysOneAfterTheOther) {
  KeyQueue keys;
  EXPECT_EQ(keys.press('1', kStart), '1');
  EXPECT_FALSE(keys.press('2', kStart));
  EXPECT_FALSE(keys.press('3', kStart));
  EXPECT_EQ(keys.ended(kStart + milliseconds(200)), '2');
  EXPECT_EQ(keys.ended(kStart + milliseconds(400)), '3');
  EXPECT_FALSE(keys.ended(kStart + milliseconds(600)));
  EXPECT_EQ(keys.press('4', kStart + milliseconds(700)), '4');
}

TEST(KeyQueue, GoesOnAfterAPressThatNeverEnded) {
  KeyQueue keys;
  EXPECT_EQ(keys.press('1', kStart), '1');
  EXPECT_FALSE(keys.press('2', kStart + milliseconds(100)));
  EXPECT_EQ(keys.press('3', kStart + KeyQueue::kLongest), '3');
  EXPECT_FALSE(keys.ended(kStart + milliseconds(700)));  // 2 was of another time
}

TEST(KeyQueue, DropsWhatNobodyCanHaveTyped) {
  KeyQueue keys;
  ASSERT_TRUE(keys.press('0', kStart));
  for (std::size_t i = 0; i < 2 * KeyQueue::kWaitingMax; ++i) EXPECT_FALSE(keys.press('1', kStart));
  std::size_t played = 0;
  while (keys.ended(kStart)) ++played;
  EXPECT_EQ(played, KeyQueue::kWaitingMax);
}

}  // namespace
}  // namespace xivo::endpoint
