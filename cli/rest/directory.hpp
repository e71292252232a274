#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rest/schema.hpp"

namespace xivo::cli {

/// The objects of the system and how people call them. Each kind is asked for once, when it is needed.
class Directory {
 public:
  Directory(Api& api, const Schema& schema) : api_(api), schema_(schema) {}

  /// All objects of a kind, in id order; a singleton is a list of one.
  Outcome<const std::vector<model::Value>*> all(const KindInfo& kind);

  /// The object that `text` names: its key; its number ("101" or "101@default" for an extension); its id; a unique text of
  /// it (an e-mail address); what it is called ("Alice Durand"). "#12" is always an id.
  /// Errors  kCommandFailed: none, or several
  Outcome<std::int64_t> find(const KindInfo& kind, std::string_view text);
  /// nullptr: no such object
  Outcome<const model::Value*> by_id(const KindInfo& kind, std::int64_t id);

  /// How the exported configuration calls an object: its key, or "101@default".
  Outcome<std::string> name(const KindInfo& kind, const model::Value& object);
  /// How a table calls it: its key if people chose it, else its first listed texts.
  std::string label(const KindInfo& kind, const model::Value& object);
  std::string label(std::string_view kind, std::int64_t id);

  [[nodiscard]] Api& api() const { return api_; }
  [[nodiscard]] const Schema& schema() const { return schema_; }
  /// Forgets what was read: something changed.
  void forget() { objects_.clear(); }

 private:
  using Objects = std::vector<model::Value>;
  Outcome<std::vector<std::int64_t>> named(const KindInfo& kind, const Objects& objects,
                                           std::string_view text);

  Api& api_;
  const Schema& schema_;
  std::map<std::string, Objects> objects_;
};

}  // namespace xivo::cli
