#include "console/columns.hpp"

#include <gtest/gtest.h>

namespace xivo::console {
namespace {

TEST(Printable, TakesTheTeethOutOfEscapeSequences) {
  EXPECT_EQ(printable("a\x1b[31mb\x07\r\n\t"), "a?[31mb????");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "?2J");  // the one-byte form of ESC [
  EXPECT_EQ(printable("\xe2\x80\xae"), "?");  // right-to-left override
}

TEST(Printable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "??");
  EXPECT_EQ(printable("\xc3"), "?");              // cut short
  EXPECT_EQ(printable("\xc0\xaf"), "??");         // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "???");    // surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");  // beyond U+10FFFF
  EXPECT_EQ(printable("Zoé €"), "Zoé €");
}

TEST(PrintableLines, KeepsLinesAndDropsCarriageReturns) {
  EXPECT_EQ(printable_lines("INVITE\r\n\tv=0\x1b\n"), "INVITE\n\tv=0?\n");
}

TEST(Cells, CountColumnsNotBytes) {
  EXPECT_EQ(left("Zoé", 5), "Zoé  ");
  EXPECT_EQ(right("é", 3), "  é");
  EXPECT_EQ(left("éééé", 3), "ééé");
  EXPECT_EQ(pad("éé", 3), "éé ");
  EXPECT_EQ(pad("long enough", 3), "long enough");
}

TEST(Cells, NeverTearAWideCharacter) {
  EXPECT_EQ(left("電話", 3), "電 ");
  EXPECT_EQ(display_width("電話"), 4u);
}

TEST(Cells, AnAccentOfItsOwnTakesNoColumn) { EXPECT_EQ(left("e\xcc\x81x", 3), "e\xcc\x81x "); }

TEST(Counts, AreSingularForOneOnly) {
  EXPECT_EQ(counted(0, "call"), "0 calls");
  EXPECT_EQ(counted(1, "call"), "1 call");
  EXPECT_EQ(counted(2, "call"), "2 calls");
}

TEST(Durations, MayExceedNinetyNineHours) { EXPECT_EQ(hours_minutes_seconds(360'061), "100:01:01"); }

TEST(Durations, AreNeverNegative) {
  const runtime::WallTime now(std::chrono::seconds(1000));
  EXPECT_EQ(seconds_between(now, now - std::chrono::seconds(5)), 0);
}

}  // namespace
}  // namespace xivo::console
