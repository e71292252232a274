#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/assert.hpp"

namespace xivo {

/// Names one object of a SlotMap. Stays valid to ask about after the object is gone: the generation then differs and
/// the look-up fails, which is the normal answer to "it hung up meanwhile".
/// Shape   eight bytes, so that [this, handle] fits into a std::function without allocation
template <class Tag>
struct Handle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  // 0 = names nothing

  explicit operator bool() const { return generation != 0; }
  bool operator==(const Handle&) const = default;
  [[nodiscard]] std::uint64_t bits() const { return (std::uint64_t{generation} << 32) | index; }
  static Handle from_bits(std::uint64_t bits) {
    return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
  }
};

/// Owns objects and hands out generation-checked handles instead of pointers.
/// Thread  the owner's only.
template <class T, class Tag = T>
class SlotMap {
 public:
  using Id = Handle<Tag>;

  template <class... Args>
  Id emplace(Args&&... args) {
    return insert(std::make_unique<T>(std::forward<Args>(args)...));
  }
  Id insert(std::unique_ptr<T> object) {
    XIVO_ASSERT(object != nullptr);
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    slots_[index].object = std::move(object);
    ++size_;
    return {index, slots_[index].generation};
  }

  [[nodiscard]] T* find(Id id) const {
    if (id.index >= slots_.size()) return nullptr;
    const Slot& slot = slots_[id.index];
    return slot.generation == id.generation ? slot.object.get() : nullptr;
  }

  /// Ends the object's life; a stale id does nothing.
  bool erase(Id id) { return static_cast<bool>(take(id)); }

  /// Removes the object and hands it to the caller (to outlive the current callback, say).
  std::unique_ptr<T> take(Id id) {
    if (!find(id)) return nullptr;
    Slot& slot = slots_[id.index];
    auto object = std::move(slot.object);
    if (++slot.generation == 0) slot.generation = 1;
    free_.push_back(id.index);
    --size_;
    return object;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// Calls `visit(id, object)` for each; the visitor must not insert or erase.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
      if (slots_[index].object) visit(Id{index, slots_[index].generation}, *slots_[index].object);
    }
  }
  [[nodiscard]] std::vector<Id> ids() const {
    std::vector<Id> all;
    all.reserve(size_);
    for_each([&](Id id, const T&) { all.push_back(id); });
    return all;
  }

 private:
  struct Slot {
    std::unique_ptr<T> object;
    std::uint32_t generation = 1;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace xivo

template <class Tag>
struct std::hash<xivo::Handle<Tag>> {
  std::size_t operator()(const xivo::Handle<Tag>& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.bits());
  }
};
