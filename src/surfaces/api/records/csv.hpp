#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace xivo::api {

/// Writes rows of a table that spreadsheets open.                                              RFC 4180
/// Shape   UTF-8 with its mark in front, so that a spreadsheet does not take it for something else; a text that a
///         spreadsheet would take for a formula stands behind an apostrophe, telephone numbers apart
class CsvWriter {
 public:
  CsvWriter();
  CsvWriter& cell(std::string_view text);
  CsvWriter& end_row();
  [[nodiscard]] std::string take() { return std::move(text_); }
  [[nodiscard]] std::size_t size() const { return text_.size(); }

 private:
  std::string text_;
  bool row_begun_ = false;
};

}  // namespace xivo::api
