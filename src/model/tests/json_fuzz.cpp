// Whatever the bytes: refused, or a value that comes back from its own text as it was.
#include <cstdint>

#include "base/assert.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xivo::model;
  const auto value = parse_json({reinterpret_cast<const char*>(bytes), size});
  if (!value) return 0;
  const auto again = parse_json(to_json(*value), {.bytes_max = 16 << 20});
  XIVO_ASSERT(again && *again == *value);
  for (const KindSchema* kind : kinds()) {
    Problems problems;
    const auto object = kind->from_value(*value, problems);
    for (const Problem& problem : problems) describe(problem, Language::French);
    XIVO_ASSERT(kind->to_value(object.get(), Secrets::Shown).is_object());
  }
  return 0;
}
