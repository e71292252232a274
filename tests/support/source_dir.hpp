#pragma once

#include <filesystem>

namespace xivo::tests {

/// The root of the checkout that this program was built from. In a function of one small file, because a path on the
/// command line of every test's compiler would make each new clone compile all of them again.
std::filesystem::path source_dir();

}  // namespace xivo::tests
