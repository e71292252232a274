#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/field.hpp"

/// The references in a field's value, wherever they are: in the field itself, in a list, in rows, in a destination.
namespace xivo::model {

/// Whether values of the field can refer to an object, of `kind` if one is named.
bool may_refer(const Field& field, std::string_view kind = {});

/// One reference: `target` is an id, or what the author wrote for one; `path` is where it stands below the field, empty
/// for the field itself. The visitor may replace the target.
using ReferenceVisitor = std::function<void(std::string_view kind, Value& target, const std::string& path)>;

/// Shows every reference of a value that passed Field::check(), in order; null refers to nothing and is not shown.
void visit_references(const Field& field, Value& value, const ReferenceVisitor& visit);

}  // namespace xivo::model
