#include "runtime/watchdog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>

#include "base/log.hpp"
#include "runtime/loop.hpp"
#include "runtime/stacks.hpp"

namespace xivo::runtime {
namespace {

using std::chrono::milliseconds;

/// A loop in a thread of its own, and the log lines of the process.
class Watched : public ::testing::Test {
 protected:
  Watched() {
    log::set_sink([this](log::Level, std::string_view, std::string_view text) {
      const std::lock_guard lock(lock_);
      lines_.emplace_back(text);
      arrived_.notify_all();
    });
    thread_ = Thread("patient", [this] { loop_.run(); });
  }
  ~Watched() override {
    loop_.stop();
    thread_.join();
    log::set_sink({});
  }

  bool wait_for_line(std::string_view part) {
    std::unique_lock lock(lock_);
    return arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return has(part); });
  }
  std::ptrdiff_t count(std::string_view part) {
    const std::lock_guard lock(lock_);
    return std::count_if(lines_.begin(), lines_.end(),
                         [&](const auto& line) { return line.find(part) != std::string::npos; });
  }
  [[nodiscard]] bool has(std::string_view part) const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const auto& line) { return line.find(part) != std::string::npos; });
  }

  std::mutex lock_;
  std::condition_variable arrived_;
  std::vector<std::string> lines_;
  Loop loop_{"patient"};
  Thread thread_;
};

TEST_F(Watched, a_blocked_loop_is_told_once_with_the_stacks_of_all_threads_and_again_when_it_goes_on) {
  Watchdog watchdog({milliseconds(40), milliseconds(5), std::chrono::seconds(0)});
  std::promise<void> release;
  loop_.post([&] { release.get_future().wait(); });
  ASSERT_TRUE(wait_for_line("loop 'patient' has been in one turn for"));
  ASSERT_TRUE(wait_for_line("thread 'patient' ("));
  ASSERT_TRUE(wait_for_line("thread 'watchdog' ("));
  release.set_value();
  EXPECT_TRUE(wait_for_line("loop 'patient' goes on after"));
  EXPECT_EQ(count("loop 'patient' has been in one turn"), 1);
  EXPECT_EQ(watchdog.stalls(), 1u);
}

TEST_F(Watched, a_loop_that_waits_or_works_in_short_turns_is_left_alone) {
  Watchdog watchdog({milliseconds(200), milliseconds(5), std::chrono::seconds(0)});
  for (int i = 0; i < 60; ++i) {
    std::promise<void> later;
    loop_.post([&] { loop_.timers().set(milliseconds(10), [&] { later.set_value(); }); });
    later.get_future().wait();
  }
  EXPECT_EQ(watchdog.stalls(), 0u);
}

TEST_F(Watched, the_stack_of_a_waiting_thread_leads_to_where_it_waits) {
  std::promise<void> running;
  loop_.post([&] { running.set_value(); });
  running.get_future().wait();
  const auto stacks = thread_stacks();
  const auto patient =
      std::find_if(stacks.begin(), stacks.end(), [](const auto& stack) { return stack.name == "patient"; });
  ASSERT_NE(patient, stacks.end());
  EXPECT_GE(patient->frames.size(), 3u);
}

}  // namespace
}  // namespace xivo::runtime
