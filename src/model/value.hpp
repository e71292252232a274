#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace xivo::model {

/// A value of any field, in the shape that REST, CSV and storage share: what JSON can say, less its fractions.
/// Shape   an object keeps its members in the order they were added; a name stands in it once
class Value {
 public:
  struct Member;
  using List = std::vector<Value>;
  using Object = std::vector<Member>;
  enum class Type : std::uint8_t { Null, Boolean, Integer, Text, List, Object };

  Value() noexcept;  // null
  Value(bool boolean);
  Value(int integer);
  Value(std::int64_t integer);
  Value(std::string text);
  Value(std::string_view text);
  Value(const char* text);
  Value(List list);
  Value(Object object);
  Value(const std::vector<std::string>& texts);
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  /// `Value::object({{"exten", "102"}, {"enabled", true}})`
  static Value object(std::initializer_list<Member> members = {});
  static Value list();

  [[nodiscard]] Type type() const { return static_cast<Type>(state_.index()); }
  [[nodiscard]] bool is_null() const { return type() == Type::Null; }
  [[nodiscard]] bool is_object() const { return type() == Type::Object; }

  /// The content, or nothing (nullptr, nullopt) when the value is of another type.
  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] const std::string* text() const;
  [[nodiscard]] const List* items() const;
  [[nodiscard]] const Object* members() const;

  /// The named member of an object; nullptr when there is none or this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;
  /// The named member's content, or `fallback` when it is missing or of another type.
  [[nodiscard]] std::int64_t integer_at(std::string_view name, std::int64_t fallback = 0) const;
  [[nodiscard]] std::string text_at(std::string_view name, std::string_view fallback = {}) const;
  [[nodiscard]] bool boolean_at(std::string_view name, bool fallback = false) const;

  /// Adds or replaces a member; a value that is no object becomes one. Returns this, to chain.
  Value& set(std::string_view name, Value value);
  /// Adds a member to an object that has none of that name; not checked, for whoever knows.
  void append(std::string name, Value value);
  /// Removes a member if it is there.
  void erase(std::string_view name);
  /// Adds to a list; a value that is no list becomes one.
  Value& push(Value value);

  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::string, List, Object> state_;
};

struct Value::Member {
  std::string name;
  Value value;
  bool operator==(const Member&) const = default;
};

}  // namespace xivo::model
