#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cli/rest/kind_commands.hpp"

namespace xivo::cli {

/// The options --PREFIXfield of a kind, taken out of the arguments, as an object of its fields. A secret "-" is read from
/// standard input, one line.
Outcome<model::Value> take_fields(Task& task, const KindInfo& kind, std::string_view prefix);

/// What `add` asks for, as changes of one transaction: the object, and what it owns. --KIND TEXT or --KIND.field VALUE for
/// an owned kind: --extension 101@default, --line.name alice, --voicemail 101@default. A line that has no name gets the
/// number's, one that has no secret a strong one.
Outcome<model::Value> new_object(Task& task, const KindInfo& kind);

/// The ids of what an object owns, of one owned kind.
std::vector<std::int64_t> owned_objects(Directory& directory, const KindInfo& kind, const OwnedInfo& owned,
                                        const model::Value& object);

/// 16 characters of [a-z0-9], unpredictable: 82 bits. Digits alone for a field that takes no letters.
std::string strong_secret(const FieldInfo& field);

}  // namespace xivo::cli
