#include "base/metrics.hpp"

#include <algorithm>

namespace xivo::metrics {
namespace {

struct Entry {
  const char* name;
  const char* help;
  const Counter* counter;
};

// Filled during static initialisation only, so it needs no lock.
std::vector<Entry>& registry() {
  static std::vector<Entry> entries;
  return entries;
}

}  // namespace

Counter::Counter(const char* name, const char* help) { registry().push_back({name, help, this}); }

std::vector<Sample> snapshot() {
  std::vector<Sample> samples;
  for (const auto& entry : registry()) samples.push_back({entry.name, entry.help, entry.counter->value()});
  std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return samples;
}

}  // namespace xivo::metrics
