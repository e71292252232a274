#pragma once

#include <string>
#include <string_view>

#include "cli/rest/kind_commands.hpp"

namespace xivo::cli {

/// The whole configuration as text that `diff` compares well: JSON, an object's fields a line each, objects ordered by
/// name, names instead of ids. Read-only fields are left out (a user's uuid is the user's name and stays), secrets too
/// unless asked for: each is then revealed and audited.
/// Shape   {"format": "xivo configuration 1", "general": {...}, "contexts": [{...}], ...}
Outcome<std::string> export_configuration(Task& task, bool with_secrets);

/// Makes the configuration that of such a text: for each kind that it names, objects are created, changed and, unless
/// `keep`, removed. A field that it leaves out stays. Shows the difference and asks, as show_ask_and_do(). A line that is
/// created without its secret gets a strong one.
Outcome<void> apply_configuration(Task& task, std::string_view text, bool keep);

}  // namespace xivo::cli
