#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "model/field.hpp"

/// Where a call can be sent. One type of field wherever that is asked; each kind that can take a call declares its type of
/// destination once, in its own file, and REST, storage, forms and routing know it.          DESIGN.md idea 1
namespace xivo::model {

/// How one type of destination is declared.
struct DestinationType {
  std::string_view name;  // "user": the value's member "type"
  Words title;
  Words help;
  std::vector<Field> fields;  // of its options' struct
  std::function<std::shared_ptr<void>()> make;  // options with their defaults; null: it has no options
  const void* tag = nullptr;  // which struct
};

/// Tells the structs of options apart.
template <class Options>
const void* destination_tag() {
  static const char kTag = 0;
  return &kTag;
}

/// A place that a call can be sent to, or none. The options are a struct of the type's own.
/// Thread  any; immutable but for assignment.
class Destination {
 public:
  Destination() = default;
  template <class Options>
  Destination(Options options)
      : tag_(destination_tag<Options>()), options_(std::make_shared<const Options>(std::move(options))) {}

  [[nodiscard]] bool is_none() const { return tag_ == nullptr; }
  /// The options if it is of that type, else nullptr: `destination.as<ToUser>()`.
  template <class Options>
  [[nodiscard]] const Options* as() const {
    return tag_ == destination_tag<Options>() ? static_cast<const Options*>(options_.get()) : nullptr;
  }
  [[nodiscard]] const DestinationType& type() const;

  /// Tells each object that the options refer to.
  void refer(const ReferenceSeen& seen) const;

  /// {"type": ..., and each option}
  [[nodiscard]] Value to_value() const;
  /// Reads what passed Field::check() and refers by ids only; what has no known type is none.
  static Destination from_value(const Value& value);

 private:
  const void* tag_ = nullptr;
  std::shared_ptr<const void> options_;
};

/// Every type, "none" first, in the order of the registry.
const std::vector<const DestinationType*>& destination_types();
/// nullptr when there is none of that name.
const DestinationType* find_destination(std::string_view name);

}  // namespace xivo::model
