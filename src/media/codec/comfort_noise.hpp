#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace xivo::media {

/// The background that a silent far side describes instead of sending it.                              RFC 3389
class ComfortNoise {
 public:
  static constexpr std::size_t kOrderMax = 12;  // more coefficients tell nothing that is heard

  /// Takes a CN payload: the level, and the shape of the spectrum if it says one. False when it is empty.
  bool describe(std::span<const std::uint8_t> payload);
  void render(std::span<std::int16_t> out);

 private:
  [[nodiscard]] float white();

  std::array<float, kOrderMax> reflection_{};
  std::array<float, kOrderMax> backward_{};  // the lattice filter's memory
  std::size_t order_ = 0;
  float gain_ = 0;
  std::uint32_t random_ = 0x2545f491;
};

}  // namespace xivo::media
