// Any bytes as a STUN message: refused, or read without a read beyond them; what is read can be answered, and the answer reads.
#include <array>
#include <cstdlib>
#include <vector>

#include "rtp/stun.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xivo;
  const std::vector<std::uint8_t> bytes(data,
                                        data + size);  // a block of its own: a read beyond its end is seen
  const auto message = rtp::parse_stun(bytes);
  if (!message) return 0;
  static_cast<void>(message->authentic("VOkJxbRl1RmTxUk/WvJxBt"));
  const SocketAddress from{IpAddress::v4(0xc0000201), 5000};
  std::array<std::uint8_t, rtp::kStunAnswerMax> out;
  const auto answer = rtp::parse_stun(rtp::write_binding_success(out, *message, from, "password"));
  if (!answer || answer->mapped != from || !answer->authentic("password")) std::abort();
  const auto refusal = rtp::parse_stun(rtp::write_binding_error(out, *message, 420, "password"));
  if (!refusal || refusal->error != 420) std::abort();
  return 0;
}
