#include "base/assert.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/log.hpp"

namespace xivo {
namespace {
std::atomic<bool> bugs_abort{false};
std::atomic<unsigned long> bug_count{0};
}  // namespace

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "assertion failed: %s at %s:%d\n", expression, file, line);
  std::abort();
}

void report_bug(const char* what, const char* file, int line) {
  if (bugs_abort.load(std::memory_order_relaxed)) assertion_failed(what, file, line);
  bug_count.fetch_add(1, std::memory_order_relaxed);
  log::error("bug", "{} at {}:{}; the call it happened in is ended", what, file, line);
}

void set_bugs_abort(bool abort_on_bug) { bugs_abort.store(abort_on_bug); }
unsigned long bugs_reported() { return bug_count.load(); }

}  // namespace xivo
