#include "http/websocket_frames.hpp"

#include <openssl/evp.h>

#include <array>
#include <utility>

namespace xivo::http {
namespace {

constexpr std::size_t kControlBytesMax = 125;
constexpr std::size_t kMaskBytes = 4;
constexpr std::uint8_t kLast = 0x80;
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::string_view kAcceptMagic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

/// How many bytes follow the first of a UTF-8 sequence, and the smallest code point they may stand for.
struct Sequence {
  int more = -1;  // -1: no first byte
  std::uint32_t bits = 0;
  std::uint32_t smallest = 0;
};

Sequence sequence_of(std::uint8_t first) {
  if (first < 0x80) return {0, first, 0};
  if (first >= 0xC2 && first < 0xE0) return {1, first & 0x1Fu, 0x80};
  if (first >= 0xE0 && first < 0xF0) return {2, first & 0x0Fu, 0x800};
  if (first >= 0xF0 && first < 0xF5) return {3, first & 0x07u, 0x10000};
  return {};
}

/// The codes that a peer may put on the wire.
bool may_be_sent(std::uint64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000);
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    Sequence sequence = sequence_of(byte_at(text, at++));
    if (sequence.more < 0) return false;
    for (int i = 0; i < sequence.more; ++i, ++at) {
      if (at == text.size() || (byte_at(text, at) & 0xC0) != 0x80) return false;
      sequence.bits = sequence.bits << 6 | (byte_at(text, at) & 0x3Fu);
    }
    const bool surrogate = sequence.bits >= 0xD800 && sequence.bits < 0xE000;
    if (sequence.bits < sequence.smallest || sequence.bits > 0x10FFFF || surrogate) return false;
  }
  return true;
}

FrameReader::Progress FrameReader::refuse(CloseCode code) {
  code_ = code;
  return Progress::Refused;
}

FrameReader::HeadState FrameReader::read_head(std::string_view input, Head& head) {
  if (input.size() < 2) return HeadState::Incomplete;
  const std::uint8_t first = byte_at(input, 0);
  const std::uint8_t second = byte_at(input, 1);
  if ((first & kReserved) != 0 || !is_known(first & 0x0F) || (second & kMasked) == 0) return HeadState::Wrong;
  head.last = (first & kLast) != 0;
  head.opcode = static_cast<Opcode>(first & 0x0F);
  const std::size_t size = second & 0x7Fu;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  head.bytes = 2 + more + kMaskBytes;
  if (input.size() < head.bytes) return HeadState::Incomplete;
  head.size = more == 0 ? size : big_endian(input.substr(2, more));
  const bool shortest = more == 0 || (more == 2 ? head.size > kControlBytesMax : head.size > 0xFFFF);
  return shortest && is_allowed(head) ? HeadState::Complete : HeadState::Wrong;
}

bool FrameReader::is_allowed(const Head& head) const {
  if (is_control(head.opcode)) return head.last && head.size <= kControlBytesMax;
  return (head.opcode == Opcode::Continuation) == within_message_;
}

FrameReader::Progress FrameReader::feed(std::string& input) {
  Head head;
  switch (read_head(input, head)) {
    case HeadState::Incomplete: return Progress::NeedsMore;
    case HeadState::Wrong: return refuse(CloseCode::ProtocolError);
    case HeadState::Complete: break;
  }
  if (!is_control(head.opcode) && head.size > message_bytes_max_ - message_.size())
    return refuse(CloseCode::TooBig);
  if (input.size() - head.bytes < head.size) return Progress::NeedsMore;
  std::string bytes = input.substr(head.bytes, static_cast<std::size_t>(head.size));
  const std::string_view mask = std::string_view(input).substr(head.bytes - kMaskBytes, kMaskBytes);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(bytes[i] ^ mask[i % kMaskBytes]);
  input.erase(0, head.bytes + bytes.size());
  return take(head, std::move(bytes));
}

FrameReader::Progress FrameReader::take(const Head& head, std::string bytes) {
  switch (head.opcode) {
    case Opcode::Ping: payload_ = std::move(bytes); return Progress::Ping;
    case Opcode::Pong: payload_ = std::move(bytes); return Progress::Pong;
    case Opcode::Close: return take_close(bytes);
    case Opcode::Text:
    case Opcode::Binary: message_opcode_ = head.opcode; break;
    case Opcode::Continuation: break;
  }
  message_ += bytes;
  within_message_ = !head.last;
  if (within_message_) return Progress::NeedsMore;
  payload_ = std::exchange(message_, {});
  return is_text() && !is_utf8(payload_) ? refuse(CloseCode::BadText) : Progress::Message;
}

FrameReader::Progress FrameReader::take_close(const std::string& bytes) {
  code_ = CloseCode::None;
  payload_.clear();
  if (bytes.empty()) return Progress::Close;
  if (bytes.size() < 2) return refuse(CloseCode::ProtocolError);
  const auto code = big_endian(std::string_view(bytes).substr(0, 2));
  if (!may_be_sent(code)) return refuse(CloseCode::ProtocolError);
  payload_ = bytes.substr(2);
  if (!is_utf8(payload_)) return refuse(CloseCode::BadText);
  code_ = static_cast<CloseCode>(code);
  return Progress::Close;
}

std::string write_frame(Opcode opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 10);
  frame += static_cast<char>(kLast | static_cast<std::uint8_t>(opcode));
  const auto append_size = [&](int bytes) {
    for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(payload.size() >> (8 * i) & 0xFF);
  };
  if (payload.size() <= kControlBytesMax) {
    append_size(1);
  } else if (payload.size() <= 0xFFFF) {
    frame += static_cast<char>(126);
    append_size(2);
  } else {
    frame += static_cast<char>(127);
    append_size(8);
  }
  frame += payload;
  return frame;
}

std::string write_close(CloseCode code, std::string_view reason) {
  if (code == CloseCode::None) return write_frame(Opcode::Close, {});
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  payload += reason.substr(0, kControlBytesMax - 2);
  return write_frame(Opcode::Close, payload);
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + std::string(kAcceptMagic);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace xivo::http
