#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Tables as spreadsheets exchange them.                                                        RFC 4180
namespace xivo::csv {

/// In front of a table in UTF-8, so that a spreadsheet does not take it for something else.
constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// How much of a stranger's table is read.
struct Limits {
  std::size_t bytes_max = 8u << 20;
  std::size_t rows_max = 50'000;
  std::size_t columns_max = 200;
  std::size_t cell_bytes_max = 8'192;
};

struct Row {
  std::size_t line = 0;  // of the text, from 1, where the row begins
  std::vector<std::string> cells;
  bool operator==(const Row&) const = default;
};

/// Takes a table apart. The separator is the one of , ; tab | that stands most often in the first line outside quotes.
/// Lines end with CR LF, LF or CR; a UTF-8 mark in front is passed over, so are empty lines. An apostrophe that guard()
/// put there is taken off.
/// Errors  "too long", "too many rows", "too many columns", "a cell is too long", "a quote is not closed", "a quote stands
///         within a cell", "something stands behind a quoted cell"; detail: the line
Result<std::vector<Row>> read(std::string_view text, const Limits& limits = {});

/// One row with commas, its CR LF included. Cells that a spreadsheet would take for a formula are guarded.
std::string write_row(const std::vector<std::string>& cells);

/// An apostrophe in front of what would become a formula on somebody's machine; numbers like +33123456789 stay.
std::string guard(std::string_view text);
/// Takes guard()'s apostrophe off again.
std::string_view unguarded(std::string_view text);

}  // namespace xivo::csv
