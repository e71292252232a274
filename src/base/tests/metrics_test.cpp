#include "base/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace xivo::metrics {
namespace {

Counter zebra("test_zebra_total", "counts zebras");
Counter ant("test_ant_total", "counts ants");

std::int64_t value_of(const std::string& name) {
  for (const auto& sample : snapshot()) {
    if (sample.name == name) return sample.value;
  }
  return -1;
}

TEST(Metrics, CountsUpAndDownAndSets) {
  zebra.set(0);
  zebra.add();
  zebra.add(4);
  zebra.add(-2);
  EXPECT_EQ(zebra.value(), 3);
  EXPECT_EQ(value_of("test_zebra_total"), 3);
  zebra.set(10);
  EXPECT_EQ(value_of("test_zebra_total"), 10);
}

TEST(Metrics, SnapshotIsSortedByNameAndCarriesTheHelp) {
  ant.set(1);
  const auto samples = snapshot();
  EXPECT_TRUE(
      std::is_sorted(samples.begin(), samples.end(), [](auto& a, auto& b) { return a.name < b.name; }));
  const auto found =
      std::find_if(samples.begin(), samples.end(), [](auto& s) { return s.name == "test_ant_total"; });
  ASSERT_NE(found, samples.end());
  EXPECT_EQ(found->help, "counts ants");
}

}  // namespace
}  // namespace xivo::metrics
