#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

/// Process-wide counters and gauges, by name, for `/metrics`, the console and tests.
namespace xivo::metrics {

/// Declare one as a namespace-scope static next to the code that counts; it registers itself by name.
/// Thread  any.
class Counter {
 public:
  explicit Counter(const char* name, const char* help);
  void add(std::int64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

struct Sample {
  std::string name;
  std::string help;
  std::int64_t value;
};

/// All counters, sorted by name.
std::vector<Sample> snapshot();

}  // namespace xivo::metrics
