#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "model/language.hpp"
#include "model/problem.hpp"
#include "model/value.hpp"

namespace xivo::model {

/// What a field's value is made of.
enum class FieldType : std::uint8_t {
  Text,
  Integer,
  Boolean,
  TextList,   // ordered; with choices, every item is one of them and stands once
  Choice,     // one of `choices`
  Reference,  // id of an object of kind `reference`; null (0) = none
  Secret,     // text that is stored and never shown again
  ReferenceList,  // ids of objects of kind `reference`, ordered, each once
  Rows,           // records of declared fields, ordered
  Destination,    // where a call goes: {"type": "user", "user": 3}; see destination.hpp
};

/// Inclusive bounds: of an Integer its value, of a text its characters, of a list its items.
struct Bounds {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// The characters a text may consist of.
/// Shape   `set`: single characters and ranges as in a bracket expression ("0-9*#"), a literal '-' stands last. Empty:
///         any printable text (UTF-8 without control characters)
struct CharacterClass {
  std::string_view set;
  Words words;  // "chiffres, * et #", "digits, * and #"

  [[nodiscard]] bool accepts(std::string_view text) const;
};

/// One value that a field may have, and how it is called.
struct Choice {
  std::string_view value;
  Words title;
};

/// What a kind's declaration says of one field. All texts are literals.
struct FieldSpec {
  std::string_view name;  // on the wire, in storage, in CSV
  Words title;  // label of the form and head of the column
  Words help;  // one or two sentences
  bool required = false;  // create must give a value that is not empty
  bool read_only = false;
  bool assigned_uuid = false;  // read-only text; apply() gives a created object a fresh UUID
  bool unique = false;  // no two objects of the kind share a value, empty apart
  std::string_view unique_within{};  // unique among those only that agree in this field
  Bounds bounds{};
  CharacterClass characters{};
  /// A further check of a text that is not empty; `broken` names the rule when it returns false.
  bool (*accepts)(std::string_view) = nullptr;
  Problem::Rule broken = Problem::Rule::Pattern;
  std::vector<Choice> choices{};
  std::string_view reference{};  // kind name
  std::string_view unit{};  // "s"
  std::string_view example{};
  std::string_view group{};  // section of the form, one of KindSpec::groups
  bool listed = false;  // a column of the list, unless a person chose others
  bool advanced = false;  // folded away in the form
};

/// A declared field, with the member it stands for taken out of the type.
/// Sees one reference of an object's field: kind and id.
using ReferenceSeen = std::function<void(std::string_view kind, std::int64_t id)>;

struct Field : FieldSpec {
  FieldType type = FieldType::Text;
  std::vector<Field> fields;  // of Rows: what one row has
  Value default_value;  // what an object has that was created without it
  std::function<Value(const void* object)> get;
  /// Stores a value of the right type that already passed check(); a null means the default.
  std::function<void(void* object, const Value& value)> store;
  /// Tells each object that the field of `object` refers to, without making a Value; null for fields that cannot refer.
  std::function<void(const void* object, const ReferenceSeen& seen)> refer;

  [[nodiscard]] bool write_only() const { return type == FieldType::Secret; }
  /// Looks at type, bounds, characters and choices of a value. Knows one field only: neither `required` nor
  /// references nor uniqueness. What refers may do so by id or by the text of a key. Rows and destinations are looked
  /// through, what they require included; the problem's field is then a path, "user_ranges.0.start".
  /// Returns the broken rule with its facts; kind and id of the problem are the caller's to fill.
  [[nodiscard]] std::optional<Problem> check(const Value& value) const;
};

/// Whether a value is none: null, an empty text or an empty list.
bool is_empty(const Value& value);

/// "text", "integer", ...
std::string_view name(FieldType type);

}  // namespace xivo::model
