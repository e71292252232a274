#include "base/assert.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/log.hpp"

namespace xivo {
namespace {

TEST(AssertDeathTest, NamesTheExpressionAndThePlace) {
  const int slots = 0;
  EXPECT_DEATH(XIVO_ASSERT(slots > 0), "assertion failed: slots > 0 at .*assert_test.cpp:[0-9]+");
}

TEST(Assert, EvaluatesItsExpressionOnce) {
  int evaluations = 0;
  XIVO_ASSERT(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

TEST(BugDeathTest, AbortsWhenTestsAskForIt) {
  EXPECT_DEATH(
      {
        set_bugs_abort(true);
        XIVO_BUG("leg without a call");
      },
      "leg without a call");
}

TEST(Bug, IsCountedAndLoggedInProduction) {
  std::vector<std::string> lines;
  log::set_sink([&](log::Level, std::string_view category, std::string_view text) {
    lines.push_back(std::string(category) + ": " + std::string(text));
  });
  const auto before = bugs_reported();
  XIVO_BUG("leg without a call");
  log::set_sink(nullptr);
  EXPECT_EQ(bugs_reported(), before + 1);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].rfind("bug: leg without a call at ", 0), 0u) << lines[0];
}

}  // namespace
}  // namespace xivo
