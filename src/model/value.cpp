#include "model/value.hpp"

#include <algorithm>

namespace xivo::model {

Value::Value() noexcept = default;
Value::Value(bool boolean) : state_(boolean) {}
Value::Value(int integer) : state_(std::int64_t{integer}) {}
Value::Value(std::int64_t integer) : state_(integer) {}
Value::Value(std::string text) : state_(std::move(text)) {}
Value::Value(std::string_view text) : state_(std::string(text)) {}
Value::Value(const char* text) : state_(std::string(text)) {}
Value::Value(List list) : state_(std::move(list)) {}
Value::Value(Object object) : state_(std::move(object)) {}
Value::Value(const std::vector<std::string>& texts) : state_(List(texts.begin(), texts.end())) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::object(std::initializer_list<Member> members) { return Value(Object(members)); }
Value Value::list() { return Value(List{}); }

std::optional<bool> Value::boolean() const {
  const bool* content = std::get_if<bool>(&state_);
  return content == nullptr ? std::nullopt : std::optional(*content);
}

std::optional<std::int64_t> Value::integer() const {
  const std::int64_t* content = std::get_if<std::int64_t>(&state_);
  return content == nullptr ? std::nullopt : std::optional(*content);
}

const std::string* Value::text() const { return std::get_if<std::string>(&state_); }
const Value::List* Value::items() const { return std::get_if<List>(&state_); }
const Value::Object* Value::members() const { return std::get_if<Object>(&state_); }

const Value* Value::find(std::string_view name) const {
  const Object* all = members();
  if (all == nullptr) return nullptr;
  const auto found = std::find_if(all->begin(), all->end(), [&](const Member& m) { return m.name == name; });
  return found == all->end() ? nullptr : &found->value;
}

std::int64_t Value::integer_at(std::string_view name, std::int64_t fallback) const {
  const Value* member = find(name);
  return member == nullptr ? fallback : member->integer().value_or(fallback);
}

std::string Value::text_at(std::string_view name, std::string_view fallback) const {
  const Value* member = find(name);
  const std::string* content = member == nullptr ? nullptr : member->text();
  return content == nullptr ? std::string(fallback) : *content;
}

bool Value::boolean_at(std::string_view name, bool fallback) const {
  const Value* member = find(name);
  return member == nullptr ? fallback : member->boolean().value_or(fallback);
}

Value& Value::set(std::string_view name, Value value) {
  if (!is_object()) state_ = Object{};
  Object& all = *std::get_if<Object>(&state_);
  const auto present = std::find_if(all.begin(), all.end(), [&](const Member& m) { return m.name == name; });
  if (present != all.end()) {
    present->value = std::move(value);
  } else {
    all.push_back({std::string(name), std::move(value)});
  }
  return *this;
}

void Value::append(std::string name, Value value) {
  if (!is_object()) state_ = Object{};
  std::get_if<Object>(&state_)->push_back({std::move(name), std::move(value)});
}

void Value::erase(std::string_view name) {
  if (Object* all = std::get_if<Object>(&state_)) {
    std::erase_if(*all, [&](const Member& member) { return member.name == name; });
  }
}

Value& Value::push(Value value) {
  if (type() != Type::List) state_ = List{};
  std::get_if<List>(&state_)->push_back(std::move(value));
  return *this;
}

bool Value::operator==(const Value& other) const = default;

}  // namespace xivo::model
