#pragma once

#include <cstdint>
#include <source_location>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace xivo {

/// What went wrong with something that came from outside. Never allocates: one static phrase and one number.
/// Shape   what: a string literal, lower case, without a full stop;  detail: an offset, a status or 0
struct Error {
  std::string_view what;
  std::int64_t detail = 0;
  std::uint32_t line = 0;

  constexpr Error() = default;
  constexpr explicit Error(std::string_view phrase, std::int64_t number = 0,
                           std::source_location at = std::source_location::current())
      : what(phrase), detail(number), line(at.line()) {}
};

template <class E>
struct Unexpected {
  E error;
};

template <class E>
Unexpected(E) -> Unexpected<E>;

/// Shorthand for refusing input: `return fail("header name is empty", offset);`
inline Unexpected<Error> fail(std::string_view phrase, std::int64_t number = 0,
                              std::source_location at = std::source_location::current()) {
  return {Error(phrase, number, at)};
}

/// A value or the reason why there is none, with the names of std::expected (which GCC 12 lacks in C++20 mode).
/// Every caller looks at it: the class is [[nodiscard]]. Asking a failure for its value, or a success for its
/// error, is an assertion.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Unexpected<E> error) : state_(std::in_place_index<1>, std::move(error.error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return checked<0>(state_); }
  const T& value() const& { return checked<0>(state_); }
  T&& value() && { return std::move(checked<0>(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const E& error() const { return checked<1>(state_); }
  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  template <std::size_t Index, class State>
  static auto& checked(State& state) {
    auto* held = std::get_if<Index>(&state);
    XIVO_ASSERT(held != nullptr);
    return *held;
  }

  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  Result(Unexpected<E> error) : failed_(true), error_(std::move(error.error)) {}

  [[nodiscard]] bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  const E& error() const { return error_; }

 private:
  bool failed_ = false;
  E error_{};
};

}  // namespace xivo
