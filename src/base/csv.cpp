#include "base/csv.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::csv {
namespace {

constexpr std::string_view kSeparators = ",;\t|";
constexpr std::string_view kFormulaBegins = "=+-@\t\r";

/// The separator that the first line has most of; the first of the list when it has none.
char separator_of(std::string_view text) {
  std::array<std::size_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    const auto at = kSeparators.find(c);
    if (!quoted && at != std::string_view::npos) ++counts[at];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

bool is_number_with_plus(std::string_view text) {
  return text.size() > 1 && text.front() == '+' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return text::is_digit(c); });
}

/// Whether a formula, or a guarded one, begins here.
bool begins_formula(std::string_view text) {
  if (is_number_with_plus(text)) return false;
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  return !text.empty() && kFormulaBegins.find(text.front()) != std::string_view::npos;
}

class Reader {
 public:
  Reader(std::string_view text, const Limits& limits)
      : rest_(text), limits_(limits), separator_(separator_of(text)) {}

  Result<std::vector<Row>> run() {
    while (!rest_.empty()) {
      if (skip_line_end()) continue;
      Row row;
      row.line = line_;
      if (rows_.size() == limits_.rows_max) return fail("too many rows", at(line_));
      if (auto done = read_row(row); !done) return Unexpected{done.error()};
      rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  static std::int64_t at(std::size_t line) { return static_cast<std::int64_t>(line); }

  /// Takes one end of line off if there is one.
  bool skip_line_end() {
    if (rest_.starts_with("\r\n")) {
      rest_.remove_prefix(2);
    } else if (rest_.starts_with('\n') || rest_.starts_with('\r')) {
      rest_.remove_prefix(1);
    } else {
      return false;
    }
    ++line_;
    return true;
  }

  Result<void> read_row(Row& row) {
    for (;;) {
      if (row.cells.size() == limits_.columns_max) return fail("too many columns", at(row.line));
      auto cell = rest_.starts_with('"') ? quoted_cell() : plain_cell();
      if (!cell) return Unexpected{cell.error()};
      if (cell->size() > limits_.cell_bytes_max) return fail("a cell is too long", at(row.line));
      row.cells.emplace_back(unguarded(*cell));
      if (rest_.empty() || skip_line_end()) return {};
      rest_.remove_prefix(1);  // the separator
    }
  }

  Result<std::string> plain_cell() {
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n' && rest_[end] != '\r') {
      if (rest_[end] == '"') return fail("a quote stands within a cell", at(line_));
      ++end;
    }
    std::string cell(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return cell;
  }

  Result<std::string> quoted_cell() {
    const std::size_t begin = line_;
    std::string cell;
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') {
        if (!rest_.starts_with('"')) return end_of_quoted(std::move(cell));
        rest_.remove_prefix(1);
      }
      if (c == '\n' || (c == '\r' && !rest_.starts_with('\n'))) ++line_;
      cell += c;
    }
    return fail("a quote is not closed", at(begin));
  }

  Result<std::string> end_of_quoted(std::string cell) {
    const bool ended =
        rest_.empty() || rest_.front() == separator_ || rest_.front() == '\n' || rest_.front() == '\r';
    if (!ended) return fail("something stands behind a quoted cell", at(line_));
    return cell;
  }

  std::string_view rest_;
  const Limits& limits_;
  const char separator_;
  std::size_t line_ = 1;
  std::vector<Row> rows_;
};

}  // namespace

Result<std::vector<Row>> read(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes_max) return fail("too long", 1);
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return Reader(text, limits).run();
}

std::string guard(std::string_view text) { return (begins_formula(text) ? "'" : "") + std::string(text); }

std::string_view unguarded(std::string_view text) {
  if (text.starts_with('\'') && begins_formula(text)) text.remove_prefix(1);
  return text;
}

std::string write_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += ',';
    const std::string cell = guard(cells[i]);
    // A single empty cell would be an empty line, which is no row.
    // Nor may a byte order mark stand where the text begins.
    const bool bare = cell.find_first_of(",;|\t\"\r\n") == std::string::npos && !cell.starts_with(kMark) &&
                      !(cell.empty() && cells.size() == 1);
    if (bare) {
      row += cell;
      continue;
    }
    row += '"';
    for (const char c : cell) row.append(c == '"' ? 2 : 1, c);
    row += '"';
  }
  return row + "\r\n";
}

}  // namespace xivo::csv
