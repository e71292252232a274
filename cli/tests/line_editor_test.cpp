#include "cli/line_editor.hpp"

#include <gtest/gtest.h>

namespace xivo::cli {
namespace {

TEST(LastWord, IsWhatACompletionReplaces) {
  EXPECT_EQ(last_word(""), "");
  EXPECT_EQ(last_word("core sh"), "sh");
  EXPECT_EQ(last_word("core show "), "");
  EXPECT_EQ(last_word("sip show peer \"salle de"), "\"salle de");
  EXPECT_EQ(last_word("a b\\ c"), "b\\ c");
  EXPECT_EQ(last_word("a\\"), "a\\");
}

TEST(CommonBeginning, NeverEndsInsideACharacter) {
  EXPECT_EQ(common_beginning({}), "");
  EXPECT_EQ(common_beginning({"channel", "channels"}), "channel");
  EXPECT_EQ(common_beginning({"caf\xc3\xa9", "caf\xc3\xa8"}), "caf");
}

TEST(Columns, AreFilledDownwards) {
  EXPECT_EQ(in_columns({"a", "b", "c"}, 6), "a  c\nb\n");
  EXPECT_EQ(in_columns({"longer than the terminal", "x"}, 10), "longer than the terminal\nx\n");
}

}  // namespace
}  // namespace xivo::cli
