#include "model/destination.hpp"

#include <algorithm>

namespace xivo::model {

const DestinationType& Destination::type() const {
  const auto& all = destination_types();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const DestinationType* type) { return type->tag == tag_; });
  return found == all.end() ? *all.front() : **found;
}

void Destination::refer(const ReferenceSeen& seen) const {
  if (options_ == nullptr) return;
  for (const Field& field : type().fields) {
    if (field.refer) field.refer(options_.get(), seen);
  }
}

Value Destination::to_value() const {
  const DestinationType& of = type();
  Value value = Value::object();
  value.append("type", Value(of.name));
  for (const Field& field : of.fields) value.append(std::string(field.name), field.get(options_.get()));
  return value;
}

Destination Destination::from_value(const Value& value) {
  Destination destination;
  const DestinationType* type = find_destination(value.text_at("type"));
  if (type == nullptr || !type->make) return destination;
  const std::shared_ptr<void> options = type->make();
  for (const Field& field : type->fields) {
    if (const Value* member = value.find(field.name)) field.store(options.get(), *member);
  }
  destination.tag_ = type->tag;
  destination.options_ = options;
  return destination;
}

const DestinationType* find_destination(std::string_view name) {
  const auto& all = destination_types();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const DestinationType* type) { return type->name == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace xivo::model
