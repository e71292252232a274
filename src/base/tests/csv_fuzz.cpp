// Whatever is read as a table can be written and is read again as the same.
#include <cstdint>
#include <cstdlib>

#include "base/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rows = xivo::csv::read({reinterpret_cast<const char*>(data), size});
  if (!rows) return 0;
  std::string written;
  // The separator is found in the first line, which two cells make sure of.
  for (const auto& row : *rows) {
    auto cells = row.cells;
    cells.emplace_back("end");
    written += xivo::csv::write_row(cells);
  }
  const auto again =
      xivo::csv::read(written, {.bytes_max = written.size(), .columns_max = 201, .cell_bytes_max = 9'000});
  if (!again || again->size() != rows->size()) std::abort();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto cells = (*again)[i].cells;
    cells.pop_back();
    if (cells != (*rows)[i].cells) std::abort();
  }
  return 0;
}
