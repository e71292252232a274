#include "api/records/csv.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace xivo::api {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// Callers choose their names: one must not become a formula on an administrator's machine.
bool is_formula(std::string_view text) {
  if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) return false;
  const bool number = text.front() == '+' && text.size() > 1 &&
                      std::all_of(text.begin() + 1, text.end(), [](char c) { return text::is_digit(c); });
  return !number;
}

}  // namespace

CsvWriter::CsvWriter() : text_(kMark) {}

CsvWriter& CsvWriter::cell(std::string_view text) {
  if (std::exchange(row_begun_, true)) text_ += ',';
  const std::string guarded = (is_formula(text) ? "'" : "") + std::string(text);
  if (guarded.find_first_of(",\"\r\n") == std::string::npos) {
    text_ += guarded;
    return *this;
  }
  text_ += '"';
  for (const char c : guarded) text_.append(c == '"' ? 2 : 1, c);
  text_ += '"';
  return *this;
}

CsvWriter& CsvWriter::end_row() {
  text_ += "\r\n";
  row_begun_ = false;
  return *this;
}

}  // namespace xivo::api
