#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/tests/golden.hpp"

namespace xivo::console {
namespace {

using testing::HasSubstr;

Ban guesser() {
  Ban ban;
  ban.id = 1;
  ban.network = "203.0.113.9";
  ban.reason = "too many wrong secrets";
  ban.detail = "20 failed attempts";
  ban.since = at(kNow - 60);
  ban.until = at(kNow + 240);
  return ban;
}

TEST(BanCommands, AnAddressThatIsNoneIsRefused) {
  Console console;
  for (const auto* line : {"bans add somewhere", "bans release somewhere"}) {
    const auto output = console.execute(line);
    EXPECT_TRUE(output.failed) << line;
    EXPECT_THAT(output.text, HasSubstr("is no address and no network"));
  }
  EXPECT_TRUE(console.execute("bans add").failed);
  EXPECT_TRUE(console.view.banned.empty());
}

TEST(BanCommands, NobodyBansHalfTheWorld) {
  Console console;
  for (const auto* line :
       {"bans add 0.0.0.0/0", "bans add 128.0.0.0/1", "bans add ::/0", "bans add 2000::/3"})
    EXPECT_TRUE(console.execute(line).failed) << line;
  EXPECT_TRUE(console.view.banned.empty());
}

TEST(BanCommands, AFullListIsTold) {
  Console console;
  console.view.bans_full = true;
  EXPECT_TRUE(console.execute("bans add 203.0.113.9").failed);
}

TEST(BanCommands, AnEmptyListSaysSo) { EXPECT_EQ(Console().run("bans"), "Nobody is banned.\n"); }

TEST(BanCommands, ListWhoIsBannedByWhomWhyAndForHowLong) {
  Console console;
  console.view.banned = {guesser()};
  console.run("bans add 2001:db8::/64 sold us a vacuum cleaner");
  console.view.banned.back().author = "uid 0, pid 4711";
  expect_golden(console.run("bans"), "bans");
}

TEST(BanCommands, AddKeepsTheReasonAndWhoGaveIt) {
  Console console;
  console.settings.who = "uid 0, pid 1";
  EXPECT_EQ(console.run("bans add 203.0.113.77/24 \"too loud\" at night"),
            "203.0.113.0/24 is banned until it is released.\n");
  ASSERT_EQ(console.view.banned.size(), 1u);
  EXPECT_EQ(console.view.banned[0].detail, "too loud at night");
  EXPECT_EQ(console.view.banned[0].author, "uid 0, pid 1");
}

TEST(BanCommands, ReleaseSaysWhatItReleased) {
  Console console;
  console.view.banned = {guesser()};
  EXPECT_EQ(console.run("bans release 203.0.113.9"), "203.0.113.9 is listened to again.\n");
  const auto again = console.execute("bans release 203.0.113.9");
  EXPECT_TRUE(again.failed);
  EXPECT_EQ(again.text, "203.0.113.9 is not banned.\n");
}

}  // namespace
}  // namespace xivo::console
