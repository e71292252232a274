// RFC 5626 §8: STUN keep-alives on the SIP port; of RFC 5389 only the plain binding request and its answer.
#include "sip/stun_keepalive.hpp"

#include <cstdint>

namespace xivo::sip {
namespace {

constexpr std::size_t kHeaderBytes = 20;
constexpr std::string_view kCookie = "\x21\x12\xa4\x42";
constexpr std::string_view kRequest("\x00\x01", 2);
constexpr std::string_view kSuccess("\x01\x01", 2);
constexpr std::size_t kRequestBytesMax = 548;  // RFC 5389 §7.1

void put16(std::string& out, std::size_t value) {
  out.push_back(static_cast<char>(value >> 8));
  out.push_back(static_cast<char>(value & 0xff));
}

}  // namespace

std::optional<std::string> stun_answer(std::string_view bytes, const SocketAddress& from) {
  if (bytes.size() < kHeaderBytes || bytes.size() > kRequestBytesMax || bytes.size() % 4 != 0)
    return std::nullopt;
  if (bytes.substr(0, 2) != kRequest || bytes.substr(4, 4) != kCookie) return std::nullopt;
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[2])) << 8 |
                      static_cast<unsigned char>(bytes[3]);
  if (length != bytes.size() - kHeaderBytes) return std::nullopt;
  const auto key = bytes.substr(4, 16);  // cookie and transaction
  const bool v4 = from.ip.is_v4();
  const auto& address = from.ip.bytes();
  std::string out(kSuccess);
  put16(out, v4 ? 12 : 24);
  out += key;
  put16(out, 0x0020);  // XOR-MAPPED-ADDRESS
  put16(out, v4 ? 8 : 20);
  put16(out, v4 ? 1 : 2);
  put16(out, from.port ^ 0x2112u);
  for (std::size_t i = v4 ? 12 : 0; i < address.size(); ++i)
    out.push_back(static_cast<char>(address[i] ^ static_cast<std::uint8_t>(key[v4 ? i - 12 : i])));
  return out;
}

}  // namespace xivo::sip
