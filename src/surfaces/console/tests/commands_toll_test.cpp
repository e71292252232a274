#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/tests/golden.hpp"

namespace xivo::console {
namespace {

using testing::HasSubstr;

TollAccount alice() {
  TollAccount account;
  account.id = 3;
  account.label = "Alice Dupont";
  account.in_progress = 1;
  account.hour = 20;
  account.international_hour = 4;
  account.blocked = "20 calls to the outside within the hour, 20 allowed (guard \"Standard\")";
  account.since = at(kNow - 60);
  return account;
}

TEST(TollCommands, SayWhomOrAreRefused) {
  Console console;
  console.view.tolls = {alice()};
  for (const auto* line : {"toll release", "toll release user", "toll release phone 3", "toll release user x",
                           "toll release user 0", "toll release trunk 3", "toll release user 4"})
    EXPECT_TRUE(console.execute(line).failed) << line;
  EXPECT_FALSE(console.view.tolls.front().blocked.empty());
}

TEST(TollCommands, AnEmptyListSaysSo) {
  EXPECT_EQ(Console().run("toll"), "Nobody has called to the outside within the hour.\n");
}

TEST(TollCommands, ListAndRelease) {
  Console console;
  console.view.tolls = {alice()};
  const auto before = console.run("toll");
  EXPECT_THAT(before, HasSubstr("user 3"));
  EXPECT_THAT(before, HasSubstr("Alice Dupont"));
  EXPECT_THAT(before, HasSubstr("20 allowed (guard \"Standard\")"));
  EXPECT_THAT(before, HasSubstr("1 blocked."));
  EXPECT_EQ(console.run("toll release user 3"), "user 3 may call to the outside again.\n");
  EXPECT_THAT(console.run("toll"), HasSubstr("0 blocked."));
}

}  // namespace
}  // namespace xivo::console
