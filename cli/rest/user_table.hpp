#pragma once

#include "cli/rest/kind_commands.hpp"

namespace xivo::cli {

/// xivo user import FILE [--update] [--dry-run] [--yes]: shows the difference and asks.
Outcome<void> import_users(Task& task);
/// xivo user export [FILE]: to standard output without a file.
Outcome<void> export_users(Task& task);

/// A whole file, or standard input for "-".
/// Errors  kCommandFailed
Outcome<std::string> read_file(const std::string& path, model::Language language);
/// Writes a file with `mode` when it is made, or standard output for "" and "-".
Outcome<void> write_file(const std::string& path, std::string_view content, unsigned mode,
                         model::Language language);

}  // namespace xivo::cli
