#include "runtime/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace xivo::runtime {

Thread::Thread(const char* name, Task body, int nice)
    : thread_([name, nice, run = std::move(body)] {
        pthread_setname_np(pthread_self(), name);
        if (nice != 0) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice);
        run();
      }) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  join();
  thread_ = std::move(other.thread_);
  return *this;
}

unsigned core_count() { return std::max(1u, std::thread::hardware_concurrency()); }

}  // namespace xivo::runtime
