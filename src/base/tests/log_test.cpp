#include "base/log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace xivo::log {
namespace {

class Log : public testing::Test {
 protected:
  Log() {
    set_sink([this](Level level, std::string_view category, std::string_view text) {
      lines.push_back(fmt::format("{} {} {}", name(level), category, text));
    });
  }
  ~Log() override {
    set_sink(nullptr);
    set_level(Level::Notice);
  }
  std::vector<std::string> lines;
};

TEST_F(Log, LeavesOutWhatIsBelowTheLevel) {
  set_level(Level::Warning);
  debug("sip", "a");
  notice("sip", "b");
  warning("sip", "c {}", 1);
  error("sip", "d {}", 2);
  EXPECT_EQ(lines, (std::vector<std::string>{"WARNING sip c 1", "ERROR sip d 2"}));
}

TEST_F(Log, WritesEveryLevelWhenAskedTo) {
  set_level(Level::Debug);
  debug("sip", "a");
  notice("sip", "b");
  EXPECT_EQ(lines, (std::vector<std::string>{"DEBUG sip a", "NOTICE sip b"}));
}

TEST_F(Log, NeverReadsALineAsAFormat) {
  notice("sip", "{}", "{} %s {0}");
  EXPECT_EQ(lines, (std::vector<std::string>{"NOTICE sip {} %s {0}"}));
}

}  // namespace
}  // namespace xivo::log
