#include "runtime/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace xivo::runtime {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Timers : public testing::Test {
 protected:
  ManualClock clock;
  TimerWheel wheel{clock};
  std::vector<int> fired;

  TimerId set(Duration delay, int name) {
    return wheel.set(delay, [this, name] { fired.push_back(name); });
  }
  void pass(Duration by) {
    clock.advance(by);
    wheel.run_due();
  }
};

TEST_F(Timers, AStaleOrEmptyIdIsNeverPendingAndCancelsNothing) {
  const auto first = set(milliseconds(5), 1);
  wheel.cancel(first);
  const auto second = set(milliseconds(5), 2);
  EXPECT_EQ(second.index, first.index) << "the node is meant to be used again";
  wheel.cancel(first);
  wheel.cancel(TimerId{});
  wheel.cancel(TimerId{4'000'000'000u, 1});
  EXPECT_FALSE(wheel.pending(first));
  EXPECT_FALSE(wheel.pending(TimerId{}));
  EXPECT_TRUE(wheel.pending(second));
  pass(milliseconds(5));
  EXPECT_EQ(fired, std::vector{2});
  EXPECT_FALSE(wheel.pending(second));
}

TEST_F(Timers, LazyOnesWaitForEachOtherUpToAQuarterOfASecond) {
  clock.advance(milliseconds(1'000));
  std::vector<Instant> at;
  const auto note = [&] { at.push_back(clock.now()); };
  for (const int delay : {5'000, 5'003, 5'017}) wheel.set_lazy(milliseconds(delay), note);
  const auto first = clock.now();
  while (wheel.size() > 0) {
    clock.advance(std::max(*wheel.next_deadline() - clock.now(), Duration(0)));
    wheel.run_due();
  }
  ASSERT_EQ(at.size(), 3u);
  EXPECT_GE(at.front(), first + milliseconds(5'017));
  EXPECT_LT(at.back(), first + milliseconds(5'003 + 256));
  EXPECT_EQ(at.front(), at.back());
}

TEST_F(Timers, ManyLazyOnesKeepNobodyElseWaiting) {
  constexpr int kMany = 200;
  std::vector<int> order;
  for (int i = 0; i < kMany; ++i) wheel.set_lazy(milliseconds(5'000), [&order, i] { order.push_back(i); });
  clock.advance(*wheel.next_deadline() - clock.now());
  wheel.run_due();
  std::size_t most = order.size();
  std::size_t turns = 0;
  for (; wheel.size() > 0; ++turns) {
    ASSERT_LT(turns, 20u);
    const auto before = order.size();
    bool heard = false;
    wheel.set(milliseconds(1), [&heard] { heard = true; });
    clock.advance(milliseconds(1));
    wheel.run_due();
    EXPECT_TRUE(heard);
    most = std::max(most, order.size() - before);
  }
  EXPECT_EQ(most, 64u) << "of them ran in one turn";
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kMany));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(Timers, NeverFiresBeforeItsDelayHasPassed) {
  clock.advance(microseconds(300));
  set(microseconds(1), 1);
  set(milliseconds(1), 2);
  pass(microseconds(699));
  EXPECT_TRUE(fired.empty());
  pass(microseconds(1));
  EXPECT_EQ(fired, std::vector{1});
  pass(microseconds(999));
  EXPECT_EQ(fired, std::vector{1});
  pass(microseconds(1));
  EXPECT_EQ(fired, (std::vector{1, 2}));
}

TEST_F(Timers, ANegativeDelayMeansAtOnceButNeverInsideSet) {
  set(milliseconds(-5), 1);
  set(Duration::min(), 2);
  set(Duration::zero(), 3);
  EXPECT_TRUE(fired.empty());
  pass(milliseconds(1));
  EXPECT_EQ(fired, (std::vector{1, 2, 3}));
}

TEST_F(Timers, TheLongestDelayThereIsNeitherOverflowsNorFiresBeforeTenYears) {
  const auto id = set(Duration::max(), 1);
  pass(days(3'649));
  EXPECT_TRUE(fired.empty());
  EXPECT_TRUE(wheel.pending(id));
  pass(days(1));
  EXPECT_EQ(fired, std::vector{1});
}

TEST_F(Timers, ADelayOfMonthsFiresOnTheMillisecond) {
  set(days(120), 1);
  set(days(49) + hours(18), 2);  // 2^32 ms are 49 days and 17 hours
  pass(days(49) + hours(18) - milliseconds(1));
  EXPECT_TRUE(fired.empty());
  pass(milliseconds(1));
  EXPECT_EQ(fired, std::vector{2});
  pass(days(120) - days(49) - hours(18) - milliseconds(1));
  EXPECT_EQ(fired, std::vector{2});
  pass(milliseconds(1));
  EXPECT_EQ(fired, (std::vector{2, 1}));
}

TEST_F(Timers, ALeapOfTheClockByACenturyLosesNothing) {
  wheel.set(milliseconds(1), [&] { set(milliseconds(1), 2); });  // counts from the far end of the leap
  set(days(3'000), 1);
  pass(days(36'500));
  EXPECT_EQ(fired, std::vector{1});
  pass(milliseconds(1));
  EXPECT_EQ(fired, (std::vector{1, 2}));
}

TEST_F(Timers, EqualTicksFireInTheOrderTheyWereSetHoweverFarAwayTheyWere) {
  set(hours(30), 1);
  pass(hours(29));
  set(hours(1), 2);
  pass(hours(1) - seconds(60));
  set(seconds(60), 3);
  pass(seconds(60) - milliseconds(100));
  set(milliseconds(100), 4);
  pass(milliseconds(100));
  EXPECT_EQ(fired, (std::vector{1, 2, 3, 4}));
}

TEST_F(Timers, AJumpOverManyDeadlinesRunsThemInOrderOfDeadline) {
  set(hours(5), 5);
  set(milliseconds(5), 1);
  set(days(20), 6);
  set(seconds(300), 3);
  set(milliseconds(255), 2);
  set(hours(1), 4);
  pass(days(30));
  EXPECT_EQ(fired, (std::vector{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(wheel.size(), 0u);
}

TEST_F(Timers, ATaskMayCancelItsNeighbourOfTheSameTick) {
  TimerId second;
  wheel.set(milliseconds(3), [&] {
    fired.push_back(1);
    wheel.cancel(second);
  });
  second = set(milliseconds(3), 2);
  set(milliseconds(3), 3);
  pass(milliseconds(3));
  EXPECT_EQ(fired, (std::vector{1, 3}));
}

TEST_F(Timers, ATaskFindsItselfNoLongerPendingAndMaySetItselfAgain) {
  TimerId id;
  int rounds = 0;
  std::function<void()> tick = [&] {
    EXPECT_FALSE(wheel.pending(id));
    wheel.cancel(id);
    if (++rounds < 5) id = wheel.set(milliseconds(20), tick);
  };
  id = wheel.set(milliseconds(20), tick);
  for (int i = 0; i < 200; ++i) pass(milliseconds(1));
  EXPECT_EQ(rounds, 5);
}

TEST_F(Timers, ZeroDelaysSetByTasksCannotHoldUpTheLoop) {
  int runs = 0;
  std::function<void()> again = [&] {
    ++runs;
    wheel.set(Duration::zero(), again);
  };
  wheel.set(Duration::zero(), again);
  pass(milliseconds(10));
  EXPECT_LE(runs, 10);
  EXPECT_EQ(wheel.size(), 1u);
}

TEST_F(Timers, ATaskSetWhileCatchingUpCountsFromNowNotFromTheMissedDeadline) {
  wheel.set(milliseconds(10), [&] { set(milliseconds(50), 1); });
  pass(seconds(10));
  EXPECT_TRUE(fired.empty());
  pass(milliseconds(49));
  EXPECT_TRUE(fired.empty());
  pass(milliseconds(1));
  EXPECT_EQ(fired, std::vector{1});
}

// An object that owns its timer through what the task captured: the usual shape of a session.
struct Owner {
  TimerWheel& wheel;
  TimerId own;
  bool set_another = false;
  explicit Owner(TimerWheel& w) : wheel(w) {}
  ~Owner() {
    wheel.cancel(own);
    if (!set_another) return;
    for (int i = 0; i < 1'000; ++i) wheel.set(milliseconds(i), [] {});  // lets the node table move
  }
};

TEST_F(Timers, CancellingMayDestroyAnObjectThatCancelsTheSameTimerAgain) {
  auto owner = std::make_shared<Owner>(wheel);
  Owner* raw = owner.get();
  raw->own = wheel.set(milliseconds(5), [owner] {});
  set(milliseconds(5), 1);
  const auto id = raw->own;
  owner.reset();
  wheel.cancel(id);
  EXPECT_EQ(wheel.size(), 1u);
  pass(milliseconds(5));
  EXPECT_EQ(fired, std::vector{1});
}

TEST_F(Timers, CancellingMayDestroyAnObjectThatSetsTimers) {
  auto owner = std::make_shared<Owner>(wheel);
  owner->set_another = true;
  Owner* raw = owner.get();
  raw->own = wheel.set(milliseconds(5), [owner] {});
  const auto id = raw->own;
  owner.reset();
  wheel.cancel(id);
  EXPECT_EQ(wheel.size(), 1'000u);
  pass(seconds(2));
  EXPECT_EQ(wheel.size(), 0u);
}

TEST_F(Timers, FiringMayDestroyAnObjectThatCancelsAndSets) {
  auto owner = std::make_shared<Owner>(wheel);
  owner->set_another = true;
  Owner* raw = owner.get();
  raw->own = wheel.set(milliseconds(5), [owner] {});
  owner.reset();
  pass(milliseconds(5));
  EXPECT_EQ(wheel.size(), 1'000u);
}

TEST(TimerWheel, MayBeDestroyedWhileTasksOwnObjectsThatCancelAndSet) {
  ManualClock clock;
  auto wheel = std::make_unique<TimerWheel>(clock);
  for (int i = 0; i < 10; ++i) {
    auto owner = std::make_shared<Owner>(*wheel);
    owner->set_another = i % 2 == 0;
    Owner* raw = owner.get();
    raw->own = wheel->set(hours(i), [owner] {});
  }
  wheel.reset();
}

TEST_F(Timers, WithoutTimersThereIsNoDeadline) {
  EXPECT_FALSE(wheel.next_deadline());
  const auto id = set(seconds(1), 1);
  EXPECT_TRUE(wheel.next_deadline());
  wheel.cancel(id);
  EXPECT_FALSE(wheel.next_deadline());
}

TEST_F(Timers, AfterALongIdleTimeTheFirstDeadlineIsNotLate) {
  pass(days(40));
  clock.advance(days(3));  // nobody called run_due(): there was nothing to run
  set(milliseconds(7), 1);
  ASSERT_TRUE(wheel.next_deadline());
  EXPECT_LE(*wheel.next_deadline(), clock.now() + milliseconds(7));
  pass(milliseconds(6));
  EXPECT_TRUE(fired.empty());
  pass(milliseconds(1));
  EXPECT_EQ(fired, std::vector{1});
}

// Sleeps exactly until each deadline, as a loop does, and returns how many wake-ups the timer at `due` took.
int wake_ups_until(ManualClock& clock, TimerWheel& wheel, Instant due, const std::vector<int>& fired) {
  int wake_ups = 0;
  while (fired.empty() && wake_ups < 100) {
    const auto deadline = wheel.next_deadline();
    if (!deadline || *deadline > due || *deadline <= clock.now()) return 1'000;
    clock.advance(*deadline - clock.now());
    wheel.run_due();
    ++wake_ups;
  }
  return wake_ups;
}

TEST(TimerWheel, AtEveryCascadeBoundaryATimerFiresOnItsMillisecondAfterFewWakeUps) {
  std::vector<std::uint64_t> edges = {0};
  for (int bit = 0; bit <= 33; ++bit) {
    for (int off = -1; off <= 1; ++off)
      edges.push_back((std::uint64_t{1} << bit) + static_cast<std::uint64_t>(off));
  }
  for (const auto start : edges) {
    for (const auto delay : edges) {
      if (delay == 0) continue;
      ManualClock clock;
      clock.advance(milliseconds(start) -
                    seconds(1'000));  // the clock starts at 1,000 s: now the tick is `start`
      TimerWheel wheel(clock);
      std::vector<int> fired;
      const auto due = clock.now() + milliseconds(delay);
      wheel.set(milliseconds(delay), [&] { fired.push_back(1); });
      const int wake_ups = wake_ups_until(clock, wheel, due, fired);
      ASSERT_LE(wake_ups, 5) << "start " << start << " delay " << delay;
      ASSERT_EQ(clock.now(), due) << "start " << start << " delay " << delay;
    }
  }
}

TEST(TimerWheel, AtEveryCascadeBoundaryAJumpOneMillisecondShortFiresNothing) {
  for (int bit = 1; bit <= 33; ++bit) {
    for (const auto start : {0ull, 1ull, 255ull, 65'535ull, 65'536ull, 16'777'215ull, 4'294'967'295ull}) {
      ManualClock clock;
      clock.advance(milliseconds(start) - seconds(1'000));
      TimerWheel wheel(clock);
      int fired = 0;
      const auto delay = milliseconds(std::uint64_t{1} << bit);
      wheel.set(delay, [&] { ++fired; });
      clock.advance(delay - milliseconds(1));
      wheel.run_due();
      ASSERT_EQ(fired, 0) << "start " << start << " bit " << bit;
      clock.advance(milliseconds(1));
      wheel.run_due();
      ASSERT_EQ(fired, 1) << "start " << start << " bit " << bit;
    }
  }
}

// The plainest timers there could be: a list sorted by deadline tick, then by the order of setting.
class Model {
 public:
  explicit Model(Instant now) : done_(tick(now)) {}

  void set(int name, Instant now, Duration delay) {
    const auto due = now + std::max(delay, Duration::zero()) + microseconds(999);
    entries_.push_back({std::max(tick(due), done_ + 1), name});
  }
  void cancel(int name) {
    std::erase_if(entries_, [&](const Entry& e) { return e.name == name; });
  }
  [[nodiscard]] bool pending(int name) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  }
  /// Takes out the next timer due at `now`; -1 when there is none, and all of `now` is done then.
  int take_due(Instant now) {
    const auto first = soonest();
    if (first == entries_.end() || first->tick > tick(now)) {
      done_ = std::max(done_, tick(now));
      return -1;
    }
    done_ = first->tick;
    const int name = first->name;
    entries_.erase(first);
    return name;
  }
  [[nodiscard]] std::optional<Instant> soonest_due() {
    const auto first = soonest();
    if (first == entries_.end()) return std::nullopt;
    return Instant(milliseconds(first->tick));
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::int64_t tick;
    int name;
  };
  static std::int64_t tick(Instant at) { return at.time_since_epoch() / milliseconds(1); }
  std::vector<Entry>::iterator soonest() {
    return std::min_element(entries_.begin(), entries_.end(),
                            [](auto& a, auto& b) { return a.tick < b.tick; });
  }

  std::vector<Entry> entries_;  // in the order of setting, so the first of equal ticks is the right one
  std::int64_t done_;
};

class RandomUse {
 public:
  explicit RandomUse(std::uint32_t seed) : random_(seed), seed_(seed) {
    clock_.advance(Duration(random_() % 5'000'000'000));
    wheel_.emplace(clock_);
    model_.emplace(clock_.now());
  }

  void step() {
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2: set(); break;
      case 3: cancel(); break;
      case 4: clock_.advance(Duration(random_() % 3'000)); break;  // time that nobody has looked at yet
      default: advance(); break;
    }
    ASSERT_EQ(wheel_->size(), model_->size()) << where();
    const auto deadline = wheel_->next_deadline();
    const auto due = model_->soonest_due();
    ASSERT_EQ(deadline.has_value(), due.has_value()) << where();
    if (deadline) {
      ASSERT_LE(*deadline, *due) << where();
    }
  }

 private:
  std::string where() const { return "seed " + std::to_string(seed_) + " step " + std::to_string(steps_); }

  Duration random_delay() {  // every magnitude from microseconds to 100 days is as likely as any other
    const int bits = static_cast<int>(random_() % 44);
    return Duration(static_cast<std::int64_t>(random_() & ((std::uint64_t{1} << bits) - 1)));
  }

  void set() {
    ++steps_;
    const int name = static_cast<int>(ids_.size());
    const auto delay = random_() % 16 == 0 ? -random_delay() : random_delay();
    model_->set(name, clock_.now(), delay);
    ids_.push_back({});
    const auto not_before = clock_.now() + delay;
    ids_[static_cast<std::size_t>(name)] =
        wheel_->set(delay, [this, name, not_before] { on_fired(name, not_before); });
  }

  void cancel() {
    if (ids_.empty()) return;
    const auto name = random_() % ids_.size();
    ASSERT_EQ(wheel_->pending(ids_[name]), model_->pending(static_cast<int>(name))) << where();
    wheel_->cancel(ids_[name]);
    model_->cancel(static_cast<int>(name));
  }

  void advance() {
    if (const auto deadline = wheel_->next_deadline(); deadline && random_() % 2 == 0) {
      if (*deadline > clock_.now()) clock_.advance(*deadline - clock_.now());
    } else {
      clock_.advance(random_delay());
    }
    wheel_->run_due();
    ASSERT_EQ(model_->take_due(clock_.now()), -1) << where();
  }

  void on_fired(int name, Instant not_before) {
    ASSERT_GE(clock_.now(), not_before) << where();
    ASSERT_EQ(model_->take_due(clock_.now()), name) << where();
    ASSERT_FALSE(wheel_->pending(ids_[static_cast<std::size_t>(name)])) << where();
    for (auto n = random_() % 3; n > 0 && ids_.size() < 20'000; --n) set_or_cancel_inside();
  }
  void set_or_cancel_inside() { random_() % 2 == 0 ? set() : cancel(); }

  std::mt19937_64 random_;
  std::uint32_t seed_;
  int steps_ = 0;
  ManualClock clock_;
  std::optional<TimerWheel> wheel_;
  std::optional<Model> model_;
  std::vector<TimerId> ids_;
};

TEST(TimerWheel, AgreesWithASortedListUnderRandomUse) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    RandomUse use(seed);
    for (int i = 0; i < 3'000 && !testing::Test::HasFatalFailure(); ++i) use.step();
    if (HasFatalFailure()) return;
  }
}

TEST(TimerWheel, CarriesAHundredThousandTimersOfACallLoad) {
  ManualClock clock;
  TimerWheel wheel(clock);
  std::mt19937 random(42);
  std::vector<TimerId> ids;
  std::size_t fired = 0;
  for (int i = 0; i < 100'000; ++i)
    ids.push_back(wheel.set(milliseconds(random() % 64'000), [&] { ++fired; }));
  std::size_t cancelled = 0;
  for (std::size_t i = 0; i < ids.size(); i += 2) {
    cancelled += wheel.pending(ids[i]) ? 1u : 0u;
    wheel.cancel(ids[i]);
  }
  while (wheel.next_deadline()) {
    clock.advance(std::max(*wheel.next_deadline() - clock.now(), Duration(0)));
    wheel.run_due();
  }
  EXPECT_EQ(fired + cancelled, ids.size());
}

}  // namespace
}  // namespace xivo::runtime
