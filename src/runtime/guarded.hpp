#pragma once

#include <mutex>
#include <utility>

namespace xivo::runtime {

/// A value that several loops look at and change, each for a moment: what is done to it must not block, wait or call out. For the
/// few things that have to be one for the whole process and cannot be a message; a call's state is never among them.
/// Thread  any.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  /// What `use` returns for the value, which is nobody else's meanwhile.
  template <class Use>
  decltype(auto) with(const Use& use) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return use(value_);
  }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace xivo::runtime
