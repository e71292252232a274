#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/websocket_frames.hpp"

namespace {

using namespace xivo::http;
using Progress = FrameReader::Progress;

constexpr std::size_t kMessageMax = 512;

/// Everything that was read out of a stream of bytes, and how it ended.
std::string read_all(std::string_view bytes, std::size_t piece) {
  FrameReader reader(kMessageMax);
  std::string input;
  std::string story;
  while (!bytes.empty()) {
    input.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (true) {
      const std::size_t before = input.size();
      const auto progress = reader.feed(input);
      if (progress == Progress::Refused) return story + "refused";
      if (progress == Progress::NeedsMore && input.size() == before) break;
      if (progress == Progress::NeedsMore) continue;
      if (reader.payload().size() > kMessageMax) std::abort();
      story += std::to_string(static_cast<int>(progress)) + reader.payload() + '\n';
      if (progress == Progress::Close) return story;
    }
    if (input.size() > kMessageMax + 14 + piece) std::abort();  // more than a frame waits
  }
  return story;
}

}  // namespace

/// Any bytes: nothing may go wrong, no bound be passed, and how the bytes were cut must not change what was read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), std::min<std::size_t>(size, 8192));
  if (read_all(text, 8192) != read_all(text, 1 + size % 7)) std::abort();
  return 0;
}
