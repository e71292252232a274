#pragma once

#include <string>
#include <vector>

namespace xivo::runtime {

struct ThreadStack {
  int id = 0;  // the kernel's
  std::string name;
  std::vector<std::string>
      frames;  // innermost first: "function+0x12 (program)"; none: it did not answer in time
};

/// Makes the process ready for thread_stacks(): call it once, before threads run.
void prepare_thread_stacks();

/// What every thread of the process is doing, the caller included. Each is interrupted by a signal for some microseconds;
/// one that does not take it within `kStackWait` (it sleeps in the kernel, or is being traced) has no frames.
/// Thread  any, one at a time; blocks
std::vector<ThreadStack> thread_stacks();

}  // namespace xivo::runtime
