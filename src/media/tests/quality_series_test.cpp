// Figures of a stream over time.
#include "media/quality/series.hpp"

#include "inline_fixture.hpp"

namespace xivo::media {
namespace {

using Totals = QualitySeries::Totals;

runtime::Instant at(int seconds) { return runtime::Instant(std::chrono::seconds(1000 + seconds)); }

TEST(QualitySeries, IsDueEveryFiveSeconds) {
  QualitySeries series(at(0));
  EXPECT_FALSE(series.due(at(4)));
  EXPECT_TRUE(series.due(at(5)));
  series.add({.received = 250}, at(5));
  EXPECT_FALSE(series.due(at(9)));
  EXPECT_TRUE(series.due(at(10)));
}

TEST(QualitySeries, TellsEachIntervalByItself) {
  QualitySeries series(at(0));
  series.add({.received = 200, .lost = 50, .jitter_us = 8'000, .round_trip_us = 40'000}, at(5));
  series.add({.received = 450, .lost = 50, .jitter_us = 2'000, .remote_loss_permille = 7}, at(10));
  ASSERT_EQ(series.samples().size(), 2u);
  const auto& bad = series.samples()[0];
  const auto& good = series.samples()[1];
  EXPECT_EQ(bad.at_s, 0u);
  EXPECT_EQ(bad.loss_permille, 200);
  EXPECT_EQ(bad.jitter_ms, 8);
  EXPECT_EQ(bad.round_trip_ms, 40);
  EXPECT_LT(bad.mos_hundredths, 270);
  EXPECT_EQ(good.at_s, 5u);
  EXPECT_EQ(good.loss_permille, 0);
  EXPECT_EQ(good.remote_loss_permille, 7);
  EXPECT_GT(good.mos_hundredths, 430);
}

TEST(QualitySeries, LeavesOutIntervalsWithoutPackets) {
  QualitySeries series(at(0));
  series.add({.received = 250}, at(5));
  series.add({.received = 250}, at(10));
  series.add({.received = 500}, at(15));
  ASSERT_EQ(series.samples().size(), 2u);
  EXPECT_EQ(series.samples()[1].at_s, 10u);
}

TEST(QualitySeries, CountsNoLossTwiceWhenALatePacketTakesItBack) {
  QualitySeries series(at(0));
  series.add({.received = 249, .lost = 1}, at(5));
  series.add({.received = 500, .lost = 0}, at(10));
  EXPECT_EQ(series.samples()[1].loss_permille, 0);
}

TEST(QualitySeries, StaysSmallHoweverLongTheCall) {
  QualitySeries series(at(0));
  std::uint64_t received = 0;
  for (int second = 0; second < 36'000; ++second) {
    if (series.due(at(second))) series.add({.received = received += 250}, at(second));
  }
  EXPECT_LE(series.samples().size(), QualitySeries::kMax);
  EXPECT_GE(series.samples().size(), QualitySeries::kMax / 2);
  EXPECT_EQ(series.samples().front().at_s, 0u);
  EXPECT_GT(series.samples().back().at_s, 35'000u) << "ten hours, as a whole";
}

class QualityTest : public InlineTest {};

struct QualityUser : RecordingUser {
  void on_quality(SessionId, const QualitySample& sample) override { samples.push_back(sample); }
  std::vector<QualitySample> samples;
};

TEST_F(QualityTest, IsToldEveryFewSecondsWhilePacketsFlow) {
  QualityUser listener;
  const auto opened = *engine_.open(*IpAddress::parse("192.0.2.1"), listener, {});
  engine_.set_remote(opened.id, remote("198.51.100.7:4000"));
  pass(seconds(20));
  EXPECT_TRUE(listener.samples.empty());
  Source source;
  talk(opened, "198.51.100.7:4000", source, 600);  // twelve seconds
  ASSERT_EQ(listener.samples.size(), 2u);
  EXPECT_EQ(listener.samples[1].loss_permille, 0);
  EXPECT_GT(listener.samples[1].mos_hundredths, 430);
  pass(seconds(20));
  EXPECT_EQ(listener.samples.size(), 2u);
}

TEST_F(QualityTest, IsNotMeasuredWhereNoPacketsFlow) {
  const auto session = open_to("198.51.100.7:4000");
  pass(seconds(20));
  EXPECT_TRUE(engine_.statistics(session.id).quality.empty());
  EXPECT_EQ(engine_.statistics(session.id).mos_hundredths, 0u);
}

TEST_F(QualityTest, IsSampledWhilePacketsFlow) {
  const auto session = open_to("198.51.100.7:4000");
  Source source;
  talk(session, "198.51.100.7:4000", source, 300);
  for (int i = 0; i < 300; ++i) {
    if (i % 10 == 9) source.next();  // lost
    talk(session, "198.51.100.7:4000", source, 1);
  }
  const auto statistics = engine_.statistics(session.id);
  ASSERT_EQ(statistics.quality.size(), 2u);
  EXPECT_EQ(statistics.quality[0].loss_permille, 0);
  EXPECT_GT(statistics.quality[0].mos_hundredths, 430);
  EXPECT_NEAR(statistics.quality[1].loss_permille, 75, 25);
  EXPECT_LT(statistics.quality[1].mos_hundredths, statistics.quality[0].mos_hundredths);
  EXPECT_LT(statistics.mos_hundredths, statistics.quality[0].mos_hundredths);
  EXPECT_GT(statistics.mos_hundredths, statistics.quality[1].mos_hundredths);
}

}  // namespace
}  // namespace xivo::media
