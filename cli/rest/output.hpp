#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/rest/directory.hpp"

namespace xivo::cli {

/// Lines of columns, as wide as their content; terminal escapes in it are taken out.
std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

/// What a transaction changes or would, an object a paragraph: "+ user 5 Alice Durand", "~ ...", "- ...", with the fields
/// and their values before and after.
std::string difference_text(Directory& directory, const model::Value& answer);

/// The sentence below it: the revision, or that this was a trial, or that nothing changes.
std::string outcome_text(const model::Value& answer, model::Language language);

void print(std::string_view text);
void complain(std::string_view text);

/// Asks at the terminal. True for yes. Without a terminal, kUsage: there --yes says it.
Outcome<bool> agrees(std::string_view question, model::Language language);

}  // namespace xivo::cli
