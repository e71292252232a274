#include "model/utf8.hpp"

namespace xivo::model {

namespace {

std::size_t size_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = size_by_lead(lead);
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && byte(1) > 0x9F) return 0;  // surrogate
  if (lead == 0xF0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // beyond U+10FFFF
  return size;
}

std::optional<std::size_t> printable_length(std::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x20 || lead == 0x7F) return std::nullopt;
    const std::size_t size = utf8_sequence(text);
    if (size == 0) return std::nullopt;
    if (lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) return std::nullopt;  // C1
    text.remove_prefix(size);
    ++characters;
  }
  return characters;
}

}  // namespace xivo::model
