#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/field.hpp"
#include "model/language.hpp"

namespace xivo::api {

/// What one row of the table of users is made of: the user and what the user owns.
enum class UserPart : std::uint8_t { User, Line, Extension, Incall, Voicemail, Permission };

/// One column: a field of one part. XiVO's names are kept, Wazo's uuid and every other field of a user are added.
struct UserColumn {
  std::string_view name;
  UserPart part = UserPart::User;
  std::string_view field;  // of the part's kind, as a problem of the model names it
};

/// The columns that can be read and have an effect, in the order of an export.
const std::vector<UserColumn>& user_columns();
const UserColumn* find_user_column(std::string_view name);

/// A column of XiVO's that has no effect here, and why.
struct IgnoredColumn {
  std::string_view name;
  model::Words reason;
};
std::span<const IgnoredColumn> ignored_user_columns();

/// Secrets can be read in, never out.
bool is_exported(const UserColumn& column);

}  // namespace xivo::api
