#include "base/time_zone.hpp"

#include <gtest/gtest.h>

namespace xivo {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

TEST(TimeZone, IsNullWhenNobodyKnowsIt) {
  for (const char* name : {"", "Europe/Atlantis", "../../etc/passwd", "Europe", "/etc/localtime"}) {
    EXPECT_EQ(TimeZone::load(name), nullptr) << name;
    EXPECT_FALSE(TimeZone::exists(name)) << name;
  }
  EXPECT_TRUE(TimeZone::exists("Indian/Reunion"));
}

TEST(TimeZone, ChangesTheClocksTwiceAYear) {
  const auto paris = TimeZone::load("Europe/Paris");
  ASSERT_NE(paris, nullptr);
  const sys_seconds spring = sys_days{2026y / March / 29} + 1h;
  EXPECT_EQ(paris->offset_at(spring - 1s), 1h);
  EXPECT_EQ(paris->offset_at(spring), 2h);
  const sys_seconds autumn = sys_days{2026y / October / 25} + 1h;
  EXPECT_EQ(paris->offset_at(autumn - 1s), 2h);
  EXPECT_EQ(paris->offset_at(autumn), 1h);
  EXPECT_EQ(paris->change_after(spring), autumn);
  EXPECT_EQ(TimeZone::utc()->offset_at(spring), 0s);
  EXPECT_EQ(TimeZone::utc()->change_after(spring), std::nullopt);
}

TEST(TimeZone, FindsTheMomentOfAWallTime) {
  const auto paris = TimeZone::load("Europe/Paris");
  ASSERT_NE(paris, nullptr);
  const local_days spring{2026y / March / 29};
  EXPECT_EQ(paris->system(spring + 1h + 59min), sys_days{2026y / March / 29} + 59min);
  // 02:30 does not exist that night.
  EXPECT_EQ(paris->system(spring + 2h + 30min), sys_days{2026y / March / 29} + 1h);
  EXPECT_EQ(paris->system(spring + 3h), sys_days{2026y / March / 29} + 1h);
  // 02:30 comes twice: the first.
  EXPECT_EQ(paris->system(local_days{2026y / October / 25} + 2h + 30min),
            sys_days{2026y / October / 25} + 30min);
}

TEST(TimeZone, GoesBothWaysAlikeAroundTheWorld) {
  for (const char* name : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                           "America/Martinique", "Indian/Mayotte", "Pacific/Apia"}) {
    const auto zone = TimeZone::load(name);
    ASSERT_NE(zone, nullptr) << name;
    for (sys_seconds at = sys_days{2024y / January / 1}; at < sys_days{2027y / January / 1};
         at += 7h + 13min) {
      const sys_seconds back = zone->system(zone->local(at));
      EXPECT_LE(at - back, 1h) << name;  // a wall time that comes twice
      EXPECT_EQ(zone->local(back), zone->local(at)) << name;
    }
  }
}

}  // namespace
}  // namespace xivo
