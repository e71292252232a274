#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace xivo::media {

/// Repeats the last pitch period where sound is missing, and fades it out within 50 ms. For codecs that cannot conceal by
/// themselves. Source  ITU-T G.711 appendix I, as spandsp does it
class Concealment {
 public:
  Concealment();
  ~Concealment();
  Concealment(const Concealment&) = delete;
  Concealment& operator=(const Concealment&) = delete;

  /// To be shown every frame; smooths the first one after a gap.
  void received(std::span<std::int16_t> samples);
  void fill(std::span<std::int16_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xivo::media
