// A media thread's turn: waiting, commands, events. What it does with packets and sockets: media_loop_sockets.cpp.
#include "media/media_loop.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <limits>

#include "base/assert.hpp"
#include "base/metrics.hpp"

namespace xivo::media {
namespace {

using runtime::Instant;
using std::chrono::microseconds;
using std::chrono::milliseconds;

metrics::Counter digits_dropped("xivo_media_digits_dropped_total",
                                "Key presses not told because a shard did not take its events");

constexpr auto kWindow = milliseconds(100);  // over which the packet rate is taken
constexpr auto kEventsRetry = milliseconds(5);
constexpr int kRoundsMax = 8;  // of kTurnPacketsMax packets before time is looked at
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t us_of(Instant at) { return at.time_since_epoch().count(); }

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

int wait_until(int epoll, epoll_event* events, int most, std::int64_t deadline_us,
               const runtime::Clock& clock) {
  if (deadline_us == kNever) return epoll_wait(epoll, events, most, -1);
  const auto left = std::max<std::int64_t>(0, deadline_us - us_of(clock.now()));
  const timespec timeout{left / 1'000'000, left % 1'000'000 * 1000};
  const int ready = epoll_pwait2(epoll, events, most, &timeout, nullptr);
  if (ready >= 0 || (errno != ENOSYS && errno != EPERM)) return ready;
  // A container whose filter does not know the call: late by up to a millisecond.
  return epoll_wait(epoll, events, most,
                    static_cast<int>(std::min<std::int64_t>((left + 999) / 1000, INT_MAX)));
}

}  // namespace

MediaLoop::MediaLoop(unsigned number, const Options& options, std::vector<Ring> shards,
                     DescriptorBudget& descriptors)
    : options_(options),
      number_(number),
      name_{},
      descriptors_(descriptors),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      idle_epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      core_(*this, *this, clock_, rng_, Core::Options{options.fine_from, options.silence}) {
  fmt::format_to_n(name_, sizeof name_ - 1, "media{}", number_);
  for (auto& ring : shards) channels_.push_back(std::make_unique<Channel>(std::move(ring)));
}

MediaLoop::~MediaLoop() {
  stop();
  ports_.for_each([](Port& port) { port = {}; });
}

Result<void> MediaLoop::start() {
  if (!epoll_ || !idle_epoll_ || !wake_) return fail("cannot make a media loop", errno);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeData;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0 ||
      epoll_ctl(idle_epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    return fail("cannot make a media loop", errno);
  }
  thread_ = runtime::Thread(name_, [this] { run(); }, options_.nice);
  return {};
}

void MediaLoop::stop() {
  stopping_.store(true);
  wake();
  thread_.join();
}

// ------------------------------------------------------------------------------------------------ any shard

void MediaLoop::wake() {
  if (woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
}

bool MediaLoop::push(std::uint16_t face, Command& command, Urgency urgency) {
  Channel& channel = *channels_[face];
  const bool pushed = channel.commands.push(command);
  if (!pushed) channel.refused.store(true);
  // The loop says when it wakes, then looks at the queues, then sleeps; we push, then look when it wakes. Sequentially
  // consistent on both sides, so at least one sees the other.
  const auto wakes_at = wakes_at_.load();
  if (wakes_at == 0) return pushed;
  const bool crowded = !pushed || channel.commands.size() > channel.commands.capacity() / 2;
  const bool late = urgency == Urgency::Soon && wakes_at > us_of(clock_.now() + kSoon);
  if (urgency == Urgency::Now || crowded || late) wake();
  return pushed;
}

Result<void> MediaLoop::watch_port(Slot slot, PortKind kind, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = (std::uint64_t{slot} << 1) | static_cast<std::uint64_t>(kind);
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
    return fail("cannot watch a media port", errno);
  return {};
}

// ------------------------------------------------------------------------------------------------ the loop

void MediaLoop::run() {
  while (!stopping_.load()) turn();
}

void MediaLoop::turn() {
  if (batching_) wait_for_batch();
  epoll_event events[kTurnPacketsMax];
  int ready = wait(events);
  pulse_.beat();
  wakes_at_.store(0);
  now_ = clock_.now();
  drain_commands();
  int packets = 0;
  for (int round = 0; round < kRoundsMax; ++round) {
    for (int i = 0; i < ready; ++i) on_ready(events[i].data.u64);
    packets += std::max(ready, 0);
    if (ready < kTurnPacketsMax) break;
    now_ = clock_.now();
    ready = epoll_wait(epoll_.get(), events, kTurnPacketsMax, 0);
  }
  const auto deadline = core_.next_deadline();
  if (deadline && *deadline <= clock_.now()) {
    now_ = clock_.now();
    core_.on_time(now_);
  }
  hand_over_events();
  count_turn(packets);
  pulse_.rest();
}

Instant MediaLoop::next_wake() const {
  auto until = core_.next_deadline().value_or(Instant::max());
  if (linger_until_ > now_) until = std::min(until, linger_until_);
  if (events_waiting_) until = std::min(until, now_ + kEventsRetry);
  return until;
}

int MediaLoop::wait(epoll_event* events) {
  if (batching_) return epoll_wait(epoll_.get(), events, kTurnPacketsMax, 0);
  const auto until = next_wake();
  const auto deadline = until == Instant::max() ? kNever : us_of(until);
  wakes_at_.store(deadline);
  return wait_until(epoll_.get(), events, kTurnPacketsMax, commands_waiting() ? 0 : deadline, clock_);
}

// Up to the next full millisecond, where the deadlines of playback are as well.
void MediaLoop::wait_for_batch() {
  const auto next =
      Instant(std::chrono::ceil<milliseconds>(clock_.now().time_since_epoch() + microseconds(1)));
  wakes_at_.store(us_of(next));
  if (commands_waiting()) return;
  epoll_event event;
  wait_until(idle_epoll_.get(), &event, 1, us_of(next), clock_);
}

bool MediaLoop::commands_waiting() const {
  return std::any_of(channels_.begin(), channels_.end(), [](const auto& channel) {
    return !channel->commands.empty() || channel->refused.load();
  });
}

void MediaLoop::count_turn(int packets) {
  if (options_.batch_from == 0) return;
  window_packets_ += static_cast<std::uint32_t>(packets);
  if (now_ < window_end_) return;
  const auto length = now_ - (window_end_ - kWindow);
  const auto rate =
      static_cast<std::int64_t>(window_packets_) * 1'000'000 / std::max<std::int64_t>(1, length.count());
  // Leaving takes half the rate that entering takes, lest a load near the limit flap.
  batching_ = rate >= (batching_ ? options_.batch_from / 2 : options_.batch_from);
  window_packets_ = 0;
  window_end_ = now_ + kWindow;
}

void MediaLoop::drain_commands() {
  for (std::uint16_t face = 0; face < channels_.size(); ++face) {
    Channel& channel = *channels_[face];
    Command command;
    for (std::size_t left = kCommandsMax; left > 0 && channel.commands.pop(command); --left)
      carry_out(face, command);
    if (channel.refused.exchange(false)) channel.told = true;  // there is room again
  }
}

void MediaLoop::carry_out(std::uint16_t face, Command& command) {
  const Slot slot = command.slot;
  std::visit(Overloaded{
                 [](std::monostate) {},
                 [&](AddPort& order) { add_port(slot, order); },
                 [&](ClosePort) { close_port(slot); },
                 [&](const OpenSession& order) { core_.open(slot, order.id, face); },
                 [&](const SetRemote& order) { core_.set_remote(slot, order.far, now_); },
                 [&](Protect& order) { core_.protect(slot, std::move(order.change)); },
                 [&](const SetDirection& order) { core_.set_direction(slot, order.direction, now_); },
                 [&](const Connect& order) { core_.connect(slot, order.other); },
                 [&](Disconnect) { core_.disconnect(slot); },
                 [&](const Echo& order) { core_.echo(slot, order.on); },
                 [&](StartPlaying& order) { core_.play(slot, std::move(order.order), now_); },
                 [&](StopPlaying) { core_.stop_playing(slot); },
                 [&](CloseSession) {
                   core_.close(slot);
                   linger_until_ = now_ + kSoon;
                 },
                 [&](TakeOut) { take_out(face, slot); },
                 [&](PutIn& order) { put_in(slot, std::move(order.moving)); },
             },
             command.order);
  command = {};
}

void MediaLoop::tell(std::uint16_t face, SessionEvent event) {
  tell_loop_event(face, LoopEvent{std::move(event), nullptr});
}

void MediaLoop::tell_loop_event(std::uint16_t face, LoopEvent event) {
  Channel& channel = *channels_[face];
  channel.told = true;
  if (channel.waiting.empty() && channel.events.push(event)) return;
  const bool digit = event.session.kind == SessionEvent::Kind::Digit && !event.moved;
  if (digit && channel.waiting.size() >= kWaitingMax / 2) {
    digits_dropped.add();
    return;
  }
  // What remains is bounded by itself: one close, one move and one end for each play() of a session.
  if (channel.waiting.size() >= kWaitingMax) XIVO_BUG("a shard takes none of its media events");
  channel.waiting.push_back(std::move(event));
}

void MediaLoop::hand_over_events() {
  events_waiting_ = false;
  for (auto& channel : channels_) {
    auto& waiting = channel->waiting;
    std::size_t pushed = 0;
    while (pushed < waiting.size() && channel->events.push(waiting[pushed])) ++pushed;
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(pushed));
    if (!waiting.empty()) events_waiting_ = true;
    if (channel->told || pushed > 0) channel->ring();
    channel->told = false;
  }
}

}  // namespace xivo::media
