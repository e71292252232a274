#pragma once

namespace xivo {

/// Prints where and what, then aborts. For a state of loop, registry or memory that cannot be.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

/// Called for an impossible state inside one call. Aborts in tests (set_bugs_abort(true)); in production it counts
/// and logs, and the caller ends that one call.
void report_bug(const char* what, const char* file, int line);
void set_bugs_abort(bool abort_on_bug);
unsigned long bugs_reported();

}  // namespace xivo

/// Always on. Never for anything that input can cause.
#define XIVO_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::xivo::assertion_failed(#expression, __FILE__, __LINE__))

/// An impossible state inside one call; what follows must end that call.
#define XIVO_BUG(what) ::xivo::report_bug(what, __FILE__, __LINE__)
