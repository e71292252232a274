#include "source_dir.hpp"

namespace xivo::tests {

std::filesystem::path source_dir() { return XIVO_SOURCE_DIR; }

}  // namespace xivo::tests
