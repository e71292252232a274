#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/request_parser.hpp"

namespace {

using namespace xivo::http;
using Progress = RequestParser::Progress;

/// What comes of a stream of bytes: each request's parts in one text, and how it ended.
std::string read_all(std::string_view bytes, std::size_t piece) {
  static const Limits kLimits{.head_bytes_max = 2048, .body_bytes_max = 4096};
  RequestParser parser(kLimits);
  std::string input;
  std::string story;
  while (!bytes.empty()) {
    input.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    Progress progress;
    while ((progress = parser.feed(input)) == Progress::Complete) {
      const Request request = parser.take();
      if (request.body.size() > kLimits.body_bytes_max) std::abort();
      for (const auto& segment : request.segments) {
        if (segment == ".." || segment == ".") std::abort();
      }
      story += request.method + ' ' + request.target + ' ' + request.body + '\n';
    }
    if (progress == Progress::Refused) return story + "refused";
    if (input.size() > kLimits.head_bytes_max) std::abort();
  }
  return story;
}

}  // namespace

/// Any bytes: nothing may go wrong, no bound be passed, and how the bytes were cut must not change what was read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), std::min<std::size_t>(size, 8192));
  const std::string whole = read_all(text, 1024);
  const std::string pieces = read_all(text, 1 + size % 7);
  if (whole != pieces && !whole.ends_with("refused") && !pieces.ends_with("refused")) std::abort();
  return 0;
}
