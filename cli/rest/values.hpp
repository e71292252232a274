#pragma once

#include <string>
#include <string_view>

#include "cli/rest/directory.hpp"

namespace xivo::cli {

/// What an option says, as the field wants it: lists with commas, objects by what find() takes, a destination as
/// "user:alice@example.com,ring_seconds=20", rows as "100-199,2000-2999". JSON where a list or an object may stand is
/// taken as it is. What is no such value stays a text: the server words what is wrong.
/// Errors  an object that there is not
Outcome<model::Value> value_of(Directory& directory, const FieldInfo& field, std::string_view text);

/// A value for people, on one line.
std::string shown(Directory& directory, const FieldInfo& field, const model::Value& value);

/// A field of an object with every id in it replaced by the name of the object meant, as files have it.
Outcome<model::Value> with_names(Directory& directory, const FieldInfo& field, model::Value value);

/// JSON that people read and `diff` compares: a member a line down to the fields of objects in lists, small values within
/// on one line.
std::string pretty(const model::Value& value);

}  // namespace xivo::cli
