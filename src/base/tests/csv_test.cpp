#include "base/csv.hpp"

#include <gtest/gtest.h>

namespace xivo::csv {
namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view text) {
  const auto rows = read(text);
  EXPECT_TRUE(rows) << rows.error().what;
  std::vector<Cells> all;
  for (const Row& row : *rows) all.push_back(row.cells);
  return all;
}

Error error_of(std::string_view text, const Limits& limits = {}) {
  const auto rows = read(text, limits);
  EXPECT_FALSE(rows);
  return rows ? Error() : rows.error();
}

TEST(Csv, RefusesBrokenQuotesAndNamesTheLine) {
  EXPECT_EQ(error_of("a,b\n\"x,y\n\n").what, "a quote is not closed");
  EXPECT_EQ(error_of("a,b\n\"x,y\n\n").detail, 2);
  EXPECT_EQ(error_of("a\nb\nx\"y\n").what, "a quote stands within a cell");
  EXPECT_EQ(error_of("a\nb\nx\"y\n").detail, 3);
  EXPECT_EQ(error_of("\"x\"y\n").what, "something stands behind a quoted cell");
}

TEST(Csv, RefusesWhatIsTooMuch) {
  EXPECT_EQ(error_of("abc", {.bytes_max = 2}).what, "too long");
  EXPECT_EQ(error_of("a\nb\nc\n", {.rows_max = 2}).what, "too many rows");
  EXPECT_EQ(error_of("a,b,c\n", {.columns_max = 2}).what, "too many columns");
  EXPECT_EQ(error_of("abcdef\n", {.cell_bytes_max = 5}).what, "a cell is too long");
}

TEST(Csv, ReadsQuotesLineEndsAndTheMark) {
  EXPECT_EQ(cells_of("\xEF\xBB\xBF"
                     "a,b\r\n\"1,\"\"2\"\"\",\"x\r\ny\"\n\n,\r"),
            (std::vector<Cells>{{"a", "b"}, {"1,\"2\"", "x\r\ny"}, {"", ""}}));
  EXPECT_EQ(cells_of(""), std::vector<Cells>{});
}

TEST(Csv, FindsTheSeparator) {
  for (const char separator : {',', ';', '\t', '|'}) {
    const std::string text = std::string("a") + separator + "\"b,;|,,;;\"" + separator + "c\n";
    EXPECT_EQ(cells_of(text), (std::vector<Cells>{{"a", "b,;|,,;;", "c"}})) << separator;
  }
}

TEST(Csv, CountsTheLinesWithinCells) {
  const auto rows = read("a\n\"1\n2\"\n\nb\n");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[1].line, 2u);
  EXPECT_EQ((*rows)[2].line, 5u);
}

TEST(Csv, WhatIsWrittenIsReadAgain) {
  const Cells cells{"",         "plain", "=1+1", "'=1", "+33123456789", "-x", "a\"b", "a,b;c", "line\r\nend",
                    "'quoted'", "@",     "é"};
  EXPECT_EQ(cells_of(write_row(cells)), std::vector<Cells>{cells});
  EXPECT_EQ(cells_of(write_row({""})), (std::vector<Cells>{{""}}));
}

TEST(Csv, AMarkWithinTheFirstCellIsKept) {
  const Cells cells{
      "\xEF\xBB\xBF"
      "firstname",
      "lastname"};
  EXPECT_EQ(cells_of(write_row(cells)), std::vector<Cells>{cells});
}

TEST(Csv, NothingBecomesAFormula) {
  EXPECT_EQ(guard("=cmd()"), "'=cmd()");
  EXPECT_EQ(guard("+1+cmd()"), "'+1+cmd()");
  EXPECT_EQ(guard("+33123456789"), "+33123456789");
}

}  // namespace
}  // namespace xivo::csv
