#include "rtp/quality.hpp"

#include <gtest/gtest.h>

namespace xivo::rtp {
namespace {

double score(const StreamFigures& figures, std::string_view codec = "PCMA") {
  return mean_opinion_score(transmission_rating(figures, codec_impairment(codec)));
}

TEST(Quality, StaysOnTheScaleWhateverTheFigures) {
  for (const double wild : {0.0, -1e9, 1e9, 100.0}) {
    const auto rating = transmission_rating({wild, wild, wild, wild}, codec_impairment("GSM"));
    EXPECT_GE(rating, 0);
    EXPECT_LE(rating, 93.2);
    EXPECT_GE(mean_opinion_score(wild), 1.0);
    EXPECT_LE(mean_opinion_score(wild), 4.5);
  }
}

TEST(Quality, TurnsRatingsIntoScoresAsAnnexBDoes) {  // table B.1 of ITU-T G.107
  const struct {
    double rating, score;
  } kTable[] = {{0, 1.0},   {50, 2.58}, {60, 3.10},   {70, 3.60},
                {80, 4.03}, {90, 4.34}, {93.2, 4.41}, {100, 4.5}};
  for (const auto& row : kTable) EXPECT_NEAR(mean_opinion_score(row.rating), row.score, 0.01) << row.rating;
}

TEST(Quality, OfACleanCallIsGood) { EXPECT_NEAR(score({}), 4.40, 0.01); }

TEST(Quality, FallsWithEachOfDelayJitterAndLoss) {
  const struct {
    StreamFigures figures;
    double score;
  } kTable[] = {
      {{200, 0, 20, 0}, 4.34},  // 120 ms one way
      {{600, 0, 20, 0}, 3.59},  // 320 ms: beyond the knee
      {{0, 50, 20, 0}, 4.34},   // a jitter buffer of 100 ms
      {{0, 0, 20, 1}, 4.32},   {{0, 0, 20, 5}, 3.90}, {{0, 0, 20, 20}, 2.61}, {{0, 0, 20, 100}, 1.16},
  };
  for (const auto& row : kTable) {
    EXPECT_NEAR(score(row.figures), row.score, 0.01)
        << row.figures.round_trip_ms << " " << row.figures.jitter_ms << " " << row.figures.loss_percent;
  }
}

TEST(Quality, DependsOnTheCodec) {
  EXPECT_LT(score({}, "GSM"), score({}, "G729"));
  EXPECT_LT(score({}, "g729"), score({}, "PCMA"));
  EXPECT_EQ(score({}, "a codec nobody knows"), score({}, "PCMU"));
}

}  // namespace
}  // namespace xivo::rtp
