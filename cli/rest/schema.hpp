#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/rest/api.hpp"
#include "model/value.hpp"

namespace xivo::cli {

/// What GET /schema says of one field.
struct FieldInfo {
  std::string name, type, title, help, group, reference, unit, unique_within, pattern, example;
  bool required = false, read_only = false, write_only = false, unique = false, listed = false;
  std::vector<std::pair<std::string, std::string>> choices;  // value, title
  std::vector<FieldInfo> fields;  // of rows
};

/// Objects that belong to an object of a kind.
struct OwnedInfo {
  std::string member, kind;
  std::string field;  // of theirs, that refers to the owner; empty: the owner's field `member` refers to them
};

struct KindInfo {
  std::string name, plural, title, plural_title, help, key;
  bool singleton = false, fixed = false;
  std::vector<OwnedInfo> owned;
  std::vector<std::pair<std::string, std::string>> groups;  // name, title
  std::vector<FieldInfo> fields;

  [[nodiscard]] const FieldInfo* field(std::string_view name) const;
  /// The key, when people may choose it; nullptr: people call the objects otherwise.
  [[nodiscard]] const FieldInfo* chosen_key() const;
  /// The field by which files call an object: the key; of a fixed kind what the system says it is. Empty: there is none.
  [[nodiscard]] std::string file_key() const;
  /// The field whose value is unique among the objects with the same `unique_within`; nullptr: there is none.
  [[nodiscard]] const FieldInfo* local_name() const;
  /// Below /api/v1: "/users", "/general".
  [[nodiscard]] std::string path() const;
};

struct DestinationInfo {
  std::string type, title;
  std::vector<FieldInfo> fields;
};

/// The kinds of objects of the server that answers.
struct Schema {
  std::vector<KindInfo> kinds;
  std::vector<DestinationInfo> destinations;

  static Outcome<Schema> load(Api& api);
  /// By name or plural, "feature-code" as well as "feature_code"; nullptr: there is none.
  [[nodiscard]] const KindInfo* kind(std::string_view name) const;
  [[nodiscard]] const DestinationInfo* destination(std::string_view type) const;
};

}  // namespace xivo::cli
