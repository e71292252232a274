#include "runtime/rng.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/assert.hpp"

namespace xivo::runtime {

std::string Rng::token(std::size_t size) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string out(size, ' ');
  std::uint64_t bits = 0;
  int left = 0;
  for (char& c : out) {
    if (left == 0) {
      bits = next();
      left = 12;  // 36^12 < 2^63
    }
    c = kAlphabet[bits % 36];
    bits /= 36;
    --left;
  }
  return out;
}

std::uint64_t SystemRng::next() {
  if (left_ == 0) {
    auto* at = reinterpret_cast<char*>(block_);
    std::size_t wanted = sizeof block_;
    while (wanted > 0) {
      const auto got = getrandom(at, wanted, 0);
      if (got < 0) {
        XIVO_ASSERT(errno == EINTR);
        continue;
      }
      at += got;
      wanted -= static_cast<std::size_t>(got);
    }
    left_ = kBlock;
  }
  const auto value = block_[--left_];
  block_[left_] = 0;
  return value;
}

std::uint64_t SeededRng::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace xivo::runtime
