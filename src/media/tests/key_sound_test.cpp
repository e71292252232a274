#include "media/codec/key_sound.hpp"

#include <gtest/gtest.h>

#include "media/codec/tone_detector.hpp"
#include "rtp/telephone_event.hpp"

namespace xivo::media {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";

Engine::Play press(const std::string& name, const std::string& codec, std::uint32_t rate = 8'000) {
  Engine::Play what;
  what.file = name;
  what.codec.name = codec;
  what.codec.clock_rate = rate;
  return what;
}

TEST(KeySound, RefusesWhatIsNoKey) {
  for (const auto* name : {"dtmf:", "dtmf:12", "dtmf:x", "dtmf5", "beep", ""}) {
    EXPECT_FALSE(pressed_key(name)) << name;
    EXPECT_EQ(key_events(press(name, "telephone-event")), nullptr) << name;
  }
  EXPECT_EQ(key_events(press("dtmf:5", "PCMA")), nullptr);
}

TEST(KeySound, TonesAreHeardAsTheKeyTheyAre) {
  for (const char key : kKeys) {
    ToneDetector detector(8'000);
    const auto samples = key_tones(key).samples;
    std::string heard;
    for (std::size_t at = 0; at + 160 <= samples.size(); at += 160) {
      if (const auto found = detector.hear(std::span(samples).subspan(at, 160))) heard += *found;
    }
    EXPECT_EQ(heard, std::string(1, key));
  }
}

TEST(KeySound, EventsGrowAndEndThreeTimes) {
  const auto list = key_events(press("dtmf:#", "telephone-event", 16'000));
  ASSERT_NE(list, nullptr);
  const Sound& sound = *list->titles.front();
  EXPECT_EQ(sound.frame_ticks, 0);  // RFC 4733 §2.5.1.2: all packets of an event have its begin as their time
  int ends = 0;
  std::uint16_t last = 0;
  for (std::size_t at = 0; at < sound.frames.size(); at += sound.frame_size) {
    const auto event = rtp::parse_telephone_event(std::span(sound.frames).subspan(at, sound.frame_size));
    ASSERT_TRUE(event);
    EXPECT_EQ(rtp::digit_of(event->event), '#');
    EXPECT_GE(event->duration, last);
    last = event->duration;
    ends += event->end ? 1 : 0;
  }
  EXPECT_EQ(ends, 3);
  EXPECT_EQ(last, 160 * 16);
}

}  // namespace
}  // namespace xivo::media
