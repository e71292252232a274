#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xivo::rtp {

using Bytes = std::span<const std::uint8_t>;
using WritableBytes = std::span<std::uint8_t>;

/// Numbers in network byte order at `bytes[at...]`; the caller has checked that they are there.
constexpr std::uint16_t read16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8) | bytes[at + 1]);
}
constexpr std::uint32_t read24(Bytes bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 16) | (std::uint32_t{bytes[at + 1]} << 8) | bytes[at + 2];
}
constexpr std::uint32_t read32(Bytes bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 24) | read24(bytes, at + 1);
}
constexpr std::uint64_t read64(Bytes bytes, std::size_t at) {
  return (std::uint64_t{read32(bytes, at)} << 32) | read32(bytes, at + 4);
}

constexpr void write16(WritableBytes bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
constexpr void write24(WritableBytes bytes, std::size_t at, std::uint32_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 16);
  write16(bytes, at + 1, static_cast<std::uint16_t>(value));
}
constexpr void write32(WritableBytes bytes, std::size_t at, std::uint32_t value) {
  write16(bytes, at, static_cast<std::uint16_t>(value >> 16));
  write16(bytes, at + 2, static_cast<std::uint16_t>(value));
}
constexpr void write64(WritableBytes bytes, std::size_t at, std::uint64_t value) {
  write32(bytes, at, static_cast<std::uint32_t>(value >> 32));
  write32(bytes, at + 4, static_cast<std::uint32_t>(value));
}

}  // namespace xivo::rtp
