#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/schema.hpp"

namespace xivo::model::detail {

/// What the changes of one transaction may call an object: its id, the temporary number of a creation, or the text of the
/// kind's key field, of an object that a later change creates, too.
class TransactionNames {
 public:
  /// False when the number is taken already.
  bool give_temporary(const KindSchema& kind, std::int64_t temporary, std::int64_t id);
  /// A creation that comes later will have this key, if it is a text.
  void promise(const KindSchema& kind, const Value& fields, std::int64_t id);
  /// An object came to be what it is now.
  void note(const KindSchema& kind, std::int64_t id, const void* object);

  [[nodiscard]] std::optional<std::int64_t> of_temporary(const KindSchema& kind,
                                                         std::int64_t temporary) const;
  /// The id that `target`, a text or a number, stands for; nothing when it stands for none. Whether an id exists is not
  /// looked at. `table`: the kind's objects as they are now, or null.
  [[nodiscard]] std::optional<std::int64_t> find(const KindSchema& kind, const Value& target,
                                                 const AnyTable* table);

 private:
  using Keys = std::unordered_map<std::string, std::int64_t>;

  std::unordered_map<const KindSchema*, std::unordered_map<std::int64_t, std::int64_t>> temporary_;
  std::unordered_map<const KindSchema*, Keys> keys_;  // of kinds that somebody referred to by key
  std::unordered_map<const KindSchema*, Keys> promised_;
};

}  // namespace xivo::model::detail
