#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/uri.hpp"

// Two URIs with a line feed between them: each parses within its bytes, equals itself, and equivalence is symmetric.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xivo::sip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t split = text.find('\n');
  const auto first = Uri::parse(text.substr(0, split));
  if (!first) return 0;
  if (!equivalent(*first, *first)) std::abort();
  (void)first->parameter("transport");
  if (first->is_sip()) {
    const std::string escaped = "sip:" + escape_user(first->user_unescaped()) + "@host";
    const auto again = Uri::parse(escaped);
    if (!again || again->user_unescaped() != first->user_unescaped()) std::abort();
  }
  if (split == std::string_view::npos) return 0;
  const auto second = Uri::parse(text.substr(split + 1));
  if (second && equivalent(*first, *second) != equivalent(*second, *first)) std::abort();
  return 0;
}
