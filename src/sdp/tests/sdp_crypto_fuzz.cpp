// Any bytes as the value of a=crypto: what is taken must survive writing and reading, and no key may be shown.
#include <cstdlib>
#include <string_view>

#include "sdp/crypto.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xivo::sdp;
  const std::string_view value(reinterpret_cast<const char*>(bytes), size);
  const auto shown = without_keys(value);
  if (without_keys(shown) != shown) std::abort();
  const auto crypto = parse_crypto(value);
  if (!crypto) return 0;
  const auto again = parse_crypto(write_crypto(*crypto));
  if (!again || *again != *crypto) std::abort();
  return 0;
}
