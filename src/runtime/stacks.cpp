// A signal makes each thread in turn write down its own return addresses; names are looked up afterwards, by the asker.
#include "runtime/stacks.hpp"

#include <cxxabi.h>
#include <dirent.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>

#include "base/text.hpp"

namespace xivo::runtime {
namespace {

constexpr int kFramesMax = 48;
constexpr auto kStackWait = std::chrono::milliseconds(100);
constexpr auto kLook = std::chrono::milliseconds(1);
constexpr std::size_t kThreadsMax = 256;

/// The place that the interrupted thread writes to. A late one, after its time, finds another number and writes nothing.
struct Slot {
  std::array<void*, kFramesMax> addresses{};
  int count = 0;
  std::atomic<int> wanted{0};  // the thread that is asked
  std::atomic<int> answered{0};
};
Slot slot;

int signal_number() { return SIGRTMIN + 1; }

int thread_id() { return static_cast<int>(syscall(SYS_gettid)); }

// Only what a signal may do: backtrace() has been loaded by prepare_thread_stacks() and allocates nothing any more.
void on_signal(int) {
  const int saved = errno;
  int me = thread_id();
  if (slot.wanted.compare_exchange_strong(me, -me)) {
    slot.count = backtrace(slot.addresses.data(), kFramesMax);
    slot.answered.store(-slot.wanted.load(), std::memory_order_release);
  }
  errno = saved;
}

std::vector<int> thread_ids() {
  std::vector<int> ids;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/task"), closedir);
  if (!folder) return ids;
  while (const auto* entry = readdir(folder.get())) {
    if (const auto id = text::parse_decimal<int>(entry->d_name)) ids.push_back(*id);
    if (ids.size() == kThreadsMax) break;
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string thread_name(int id) {
  std::string name;
  std::ifstream file(fmt::format("/proc/self/task/{}/comm", id));
  std::getline(file, name);
  return name;
}

std::string demangled(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(symbol, nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 ? text.get() : symbol;
}

std::string describe(void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return fmt::format("{}", address);
  const auto offset = [&](const void* from) {
    return static_cast<const char*>(address) - static_cast<const char*>(from);
  };
  const std::string file = info.dli_fname == nullptr ? "?" : info.dli_fname;
  const auto program = file.substr(file.rfind('/') + 1);
  if (info.dli_sname == nullptr) return fmt::format("{}+{:#x}", program, offset(info.dli_fbase));
  return fmt::format("{}+{:#x} ({}+{:#x})", demangled(info.dli_sname), offset(info.dli_saddr), program,
                     offset(info.dli_fbase));
}

/// False when the thread is gone or does not answer.
bool ask(int id) {
  slot.answered.store(0);
  slot.wanted.store(id);
  bool answered = syscall(SYS_tgkill, getpid(), id, signal_number()) == 0;
  const auto give_up = std::chrono::steady_clock::now() + kStackWait;
  while (answered && slot.answered.load(std::memory_order_acquire) != id) {
    answered = std::chrono::steady_clock::now() < give_up;
    std::this_thread::sleep_for(kLook);  // lint: allow sleep whom we wait for cannot wake us
  }
  int unanswered = id;
  if (answered || slot.wanted.compare_exchange_strong(unanswered, 0)) return answered;
  // It has just begun to write: that takes microseconds.
  while (slot.answered.load(std::memory_order_acquire) != id) std::this_thread::yield();
  return true;
}

}  // namespace

void prepare_thread_stacks() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::array<void*, 1> address{};
    backtrace(address.data(), 1);  // loads the unwinder, which a signal must not do
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number(), &action, nullptr);
  });
}

std::vector<ThreadStack> thread_stacks() {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  prepare_thread_stacks();
  std::vector<ThreadStack> stacks;
  for (const int id : thread_ids()) {
    auto& stack = stacks.emplace_back(ThreadStack{id, thread_name(id), {}});
    if (!ask(id)) continue;
    for (int i = 0; i < slot.count; ++i) stack.frames.push_back(describe(slot.addresses[i]));
  }
  return stacks;
}

}  // namespace xivo::runtime
