#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace xivo::call {

/// A feature's flow as a coroutine: straight-line code that waits for prompts, digits and time.
///
/// It starts suspended, is resumed only by the FeatureRun that owns it, and is destroyed where it waits when the leg hangs
/// up: a script never sees the hang-up, its locals are just destroyed. Rules (DESIGN.md section 3): parameters by value; no capturing lambda
/// as a coroutine; nothing borrowed held over a co_await.
/// Thread  the shard's.
class [[nodiscard]] Script {
 public:
  struct promise_type {
    Script get_return_object() { return Script(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { std::terminate(); }
  };

  Script() = default;
  Script(Script&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Script& operator=(Script&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Script() {
    if (handle_) handle_.destroy();
  }

  [[nodiscard]] bool done() const { return !handle_ || handle_.done(); }
  void start() { handle_.resume(); }

 private:
  explicit Script(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

}  // namespace xivo::call
