#pragma once

#include <string>

#include "model/config.hpp"

namespace xivo::api {

/// All users as a table that user_import reads: one row each, in id order, with the main line, number, number from
/// outside and mailbox. Secrets are left out.
/// Shape   UTF-8 with its mark, commas, CR LF; booleans 0 and 1
std::string export_users(const model::Config& config);

}  // namespace xivo::api
