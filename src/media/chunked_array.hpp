#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace xivo::media {

/// An array that grows in chunks where it is used: elements never move, and unused stretches cost a pointer each.
template <class T, std::size_t kChunk = 64>
class ChunkedArray {
 public:
  /// The element, or nullptr where nothing has been made room for.
  [[nodiscard]] T* find(std::uint32_t index) const {
    const auto chunk = index / kChunk;
    if (chunk >= chunks_.size() || !chunks_[chunk]) return nullptr;
    return &(*chunks_[chunk])[index % kChunk];
  }
  /// The element of an index that has been made room for.
  [[nodiscard]] T& operator[](std::uint32_t index) const {
    return (*chunks_[index / kChunk])[index % kChunk];
  }
  T& make_room(std::uint32_t index) {
    const auto chunk = index / kChunk;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<std::array<T, kChunk>>();
    return (*chunks_[chunk])[index % kChunk];
  }
  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (auto& chunk : chunks_) {
      if (!chunk) continue;
      for (auto& element : *chunk) visit(element);
    }
  }

 private:
  std::vector<std::unique_ptr<std::array<T, kChunk>>> chunks_;
};

}  // namespace xivo::media
