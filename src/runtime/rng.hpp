#pragma once

#include <cstdint>
#include <string>

#include "base/assert.hpp"

namespace xivo::runtime {

/// Randomness of a loop: the kernel's in production, a seeded sequence in tests.
class Rng {
 public:
  virtual ~Rng() = default;
  virtual std::uint64_t next() = 0;

  /// A number in 0..bound-1; bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    XIVO_ASSERT(bound > 0);
    return next() % bound;
  }
  /// `size` characters of [a-z0-9]: 5.17 bits each, so 12 hold 62 bits.
  std::string token(std::size_t size);
};

/// Unpredictable numbers for tags, branches, nonces and secrets: the kernel's generator, drawn in blocks.
class SystemRng final : public Rng {
 public:
  std::uint64_t next() override;

 private:
  static constexpr int kBlock = 32;
  std::uint64_t block_[kBlock]{};
  int left_ = 0;
};

/// The same sequence for the same seed (SplitMix64). Tests only.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

}  // namespace xivo::runtime
