// Feeds a stream in two different cuts and wants the same pieces, each within the limits.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sip/stream_framer.hpp"

namespace {

using xivo::sip::StreamFramer;

constexpr StreamFramer::Limits kLimits{512, 256};

void require(bool holds) {
  if (!holds) std::abort();
}

/// The messages, and the fault that ended the stream.
struct Cut {
  std::vector<std::string> messages;
  StreamFramer::Fault fault = StreamFramer::Fault::None;
  bool operator==(const Cut&) const = default;
};

Cut cut(std::string_view stream, std::size_t step) {
  StreamFramer framer(kLimits);
  Cut result;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    framer.feed(stream.substr(at, step));
    for (auto piece = framer.next(); piece.kind != StreamFramer::Kind::NeedMore; piece = framer.next()) {
      if (piece.kind == StreamFramer::Kind::Broken) {
        result.fault = piece.fault;
        return result;
      }
      if (piece.kind == StreamFramer::Kind::KeepAlive) continue;
      require(piece.size > 0 && piece.size <= kLimits.head_bytes_max + kLimits.body_bytes_max);
      result.messages.emplace_back(piece.bytes, piece.size);
      std::fill_n(piece.bytes, piece.size, 'x');  // the user may change it
    }
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto whole = cut(stream, stream.size());
  const auto in_pieces = cut(stream, 1 + bytes[0] % 32u);
  require(whole == in_pieces);
  return 0;
}
