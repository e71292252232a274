#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.hpp"
#include "model/field.hpp"

/// One declaration per kind of object; storage, validation, REST, OpenAPI, CLI, CSV and web are read from it.
/// A kind costs its struct (kinds.hpp), one file kinds/<kind>.cpp and one line in kinds/registry.cpp.   DESIGN.md idea 1
namespace xivo::model {

class KindSchema;
class Rights;

/// What a kind-level rule is shown: one object that a transaction created, changed or removed, in the configuration as
/// it would be.
struct RuleInput {
  const Config& config;
  const KindSchema& kind;
  std::int64_t id;
  const void* before = nullptr;  // the object as it was; null: created
  const Rights* rights = nullptr;  // of the author; null: the system itself, which may do everything
};
/// Adds what is wrong with the object among the others; leaves single-field checks to the fields.
using RuleFunction = void (*)(const RuleInput& input, Problems& problems);

/// A section of the form.
struct FieldGroup {
  std::string_view name;
  Words title;
};

/// Objects that belong to an object of this kind: shown with it, created with it, removed with it if wished.
struct OwnedKind {
  std::string_view member;  // "lines": how they are called beside the fields
  std::string_view kind;  // "line"
  std::string_view
      field;  // of theirs that refers to the owner; empty: the owner's field `member` refers to them
};

/// What a kind's declaration says of the kind as a whole.
struct KindSpec {
  std::string_view name;  // "user"
  std::string_view plural;  // "users": the REST path and the storage's table name
  Words title;  // "Utilisateur", "User"
  Words plural_title;  // "Utilisateurs", "Users"
  Words help;
  std::vector<RuleFunction> rules{};  // for what is created or changed
  std::vector<RuleFunction> removal_rules{};  // for what is removed: only `before` has it
  std::string_view
      key{};  // the unique text field by which people and scripts call an object; empty: there is none
  bool fixed = false;  // the system makes the objects; people only change them
  bool singleton = false;  // there is one object, number 1, always
  std::vector<OwnedKind> owned{};
  std::vector<FieldGroup> groups{};
};

constexpr std::int64_t kSingletonId = 1;

/// Whether write-only fields are part of an object's Value; Shown is for storage.
enum class Secrets : std::uint8_t { Hidden, Shown };

/// A kind of object with its type erased. Object pointers are of the kind's own struct.
/// Thread  any; immutable after start.
class KindSchema {
 public:
  using Object = std::shared_ptr<void>;
  using ConstObject = std::shared_ptr<const void>;

  virtual ~KindSchema() = default;
  [[nodiscard]] const KindSpec& spec() const { return spec_; }
  [[nodiscard]] std::string_view name() const { return spec_.name; }
  [[nodiscard]] std::string_view plural() const { return spec_.plural; }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] const Field* field(std::string_view name) const;

  [[nodiscard]] virtual Object make_default() const = 0;
  [[nodiscard]] virtual Object copy(const void* object) const = 0;
  [[nodiscard]] virtual std::int64_t id_of(const void* object) const = 0;
  virtual void set_id(void* object, std::int64_t id) const = 0;
  /// How a person calls the object: "Bob Martin", "line 102".
  [[nodiscard]] virtual std::string label(const void* object) const = 0;

  /// Whether the object is switched off; never when the kind has no such switch.
  [[nodiscard]] virtual bool is_off(const void* object) const = 0;

  /// The object as a Value: "id" first, then the fields in their order.
  [[nodiscard]] Value to_value(const void* object, Secrets secrets) const;
  /// Reads what storage holds. Lenient, so that an older or newer program's object loads: an unknown member is
  /// skipped, a missing or refused one leaves the default; `problems` tells which.
  [[nodiscard]] Object from_value(const Value& value, Problems& problems) const;

  /// The place of this kind's objects within a Config.
  [[nodiscard]] virtual KindSlot slot() const = 0;

 protected:
  KindSchema(KindSpec spec, std::vector<Field> fields) : spec_(std::move(spec)), fields_(std::move(fields)) {}

 private:
  KindSpec spec_;
  std::vector<Field> fields_;
};

/// Every kind, in the order of the registry (a kind stands after those it refers to).
const std::vector<const KindSchema*>& kinds();
/// By name ("user") or plural ("users"); nullptr when there is none.
const KindSchema* find_kind(std::string_view name);

/// The objects of `kind` in `config`, id order; the same as config.table<Kind>(), for who does not know the type.
const AnyTable& table_of(const Config& config, const KindSchema& kind);
/// One object as REST shows it: its fields, secrets hidden, and "revision"; null when there is no such object. A singleton
/// that nobody wrote yet has its defaults and revision 0.
Value object_value(const Config& config, const KindSchema& kind, std::int64_t id,
                   Secrets secrets = Secrets::Hidden);

}  // namespace xivo::model
