// One stream of packets into a jitter buffer, through networks of every kind, and what comes out 20 ms at a time.
#include "media/convert/jitter_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace xivo::media {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using Kind = JitterBuffer::Next::Kind;
using Put = JitterBuffer::Put;

constexpr std::uint32_t kTicks = 160;

runtime::Instant at_ms(std::int64_t ms) { return runtime::Instant(milliseconds(1'000'000 + ms)); }

struct Stream {
  std::uint16_t sequence = 65'500;  // both wrap soon
  std::uint32_t timestamp = 0xffff'f000;
  std::uint32_t ssrc = 0xabc;

  [[nodiscard]] rtp::Header header(int number) const {
    return {false, 8, static_cast<std::uint16_t>(sequence + number),
            timestamp + static_cast<std::uint32_t>(number) * kTicks, ssrc};
  }
};

std::vector<std::uint8_t> payload_of(int number, std::size_t size = kTicks) {
  std::vector<std::uint8_t> payload(size);
  payload[0] = static_cast<std::uint8_t>(number);
  payload[1] = static_cast<std::uint8_t>(number >> 8);
  payload.back() = static_cast<std::uint8_t>(~number);
  return payload;
}

int number_in(rtp::Bytes payload) { return payload[0] | (payload[1] << 8); }

/// Plays 20 ms; the number of the packet that was played, or nothing.
std::optional<int> play(JitterBuffer& buffer, runtime::Instant now, bool quiet = false) {
  const auto next = buffer.next(now, {}, quiet);
  switch (next.kind) {
    case Kind::Packet: {
      const int number = number_in(next.payload);
      EXPECT_EQ(next.payload.back(), static_cast<std::uint8_t>(~number));
      buffer.advance(kTicks);
      return number;
    }
    case Kind::Lost: buffer.advance(next.missing); return std::nullopt;
    case Kind::Empty: buffer.advance(kTicks); return std::nullopt;
    case Kind::Waiting:
    case Kind::Stretch: return std::nullopt;
  }
  return std::nullopt;
}

struct Arrival {
  std::int64_t at_us;
  int number;
};

struct Played {
  std::vector<int> numbers;
  int holes = 0;  // frames without a packet, from the first one played on
};

/// Packets at their times, a frame every 20 ms at a phase of 7 ms.
Played run(JitterBuffer& buffer, std::vector<Arrival> arrivals, const Stream& stream, std::int64_t end_ms,
           bool quiet = false, double clock_error = 0) {
  std::sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) {
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.number < b.number;
  });
  Played played;
  auto next = arrivals.begin();
  for (std::int64_t frame = 0;; ++frame) {
    const auto tick = runtime::Instant(
        microseconds(1'000'000'000 + 7'000 +
                     static_cast<std::int64_t>(20'000.0 * static_cast<double>(frame) * (1 + clock_error))));
    if (tick >= at_ms(end_ms)) break;
    for (; next != arrivals.end() && runtime::Instant(microseconds(1'000'000'000 + next->at_us)) <= tick;
         ++next) {
      buffer.put(stream.header(next->number), payload_of(next->number),
                 runtime::Instant(microseconds(1'000'000'000 + next->at_us)));
    }
    if (const auto number = play(buffer, tick, quiet)) {
      played.numbers.push_back(*number);
    } else if (!played.numbers.empty()) {
      ++played.holes;
    }
  }
  return played;
}

TEST(JitterBuffer, RefusesAPayloadLongerThanAPacketCanBe) {
  JitterBuffer buffer({});
  const std::vector<std::uint8_t> payload(JitterBuffer::kPayloadBytesMax + 1);
  EXPECT_EQ(buffer.put(Stream{}.header(0), payload, at_ms(0)), Put::Refused);
  EXPECT_EQ(buffer.next(at_ms(1'000), {}, false).kind, Kind::Waiting);
}

TEST(JitterBuffer, WaitsForItsDelayAndThenPlaysInOrder) {
  JitterBuffer buffer({});
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 100; ++i) arrivals.push_back({i * 20'000, i});
  EXPECT_EQ(buffer.next(at_ms(0), {}, false).kind, Kind::Waiting);
  const auto played = run(buffer, arrivals, {}, 2'000);
  ASSERT_GE(played.numbers.size(), 95u);
  for (std::size_t i = 0; i < played.numbers.size(); ++i) EXPECT_EQ(played.numbers[i], static_cast<int>(i));
  EXPECT_EQ(played.holes, 0);
}

TEST(JitterBuffer, KeepsOneOfTwoAndNoneThatComesTooLate) {
  JitterBuffer buffer({});
  const Stream stream;
  EXPECT_EQ(buffer.put(stream.header(0), payload_of(0), at_ms(0)), Put::Restarted);
  EXPECT_EQ(buffer.put(stream.header(0), payload_of(0), at_ms(1)), Put::Duplicate);
  EXPECT_EQ(buffer.put(stream.header(2), payload_of(2), at_ms(40)), Put::Kept);
  EXPECT_EQ(play(buffer, at_ms(47)), 0);
  EXPECT_EQ(play(buffer, at_ms(67)), std::nullopt);  // 1 is lost
  EXPECT_EQ(buffer.put(stream.header(1), payload_of(1), at_ms(70)), Put::Late);
  EXPECT_EQ(play(buffer, at_ms(87)), 2);
}

TEST(JitterBuffer, GivesTheNextPacketWithOneThatIsLost) {
  JitterBuffer buffer({});
  const Stream stream;
  for (const int number : {0, 2, 5})
    buffer.put(stream.header(number), payload_of(number), at_ms(number * 20));
  EXPECT_EQ(play(buffer, at_ms(107)), 0);
  auto next = buffer.next(at_ms(127), {}, false);
  EXPECT_EQ(next.kind, Kind::Lost);
  EXPECT_EQ(next.missing, kTicks);
  ASSERT_FALSE(next.payload.empty());
  EXPECT_EQ(number_in(next.payload), 2);
  buffer.advance(kTicks);
  EXPECT_EQ(play(buffer, at_ms(147)), 2);
  EXPECT_TRUE(buffer.next(at_ms(167), {}, false).payload.empty()) << "two are lost: 5 holds no copy of 3";
}

TEST(JitterBuffer, PutsWhatComesOutOfOrderIntoOrder) {
  JitterBuffer buffer({});
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 200; ++i) arrivals.push_back({i * 20'000 + (i % 5 == 2 ? 25'000 : 0), i});
  const auto played = run(buffer, arrivals, {}, 4'000);
  EXPECT_TRUE(std::is_sorted(played.numbers.begin(), played.numbers.end()));
  EXPECT_LE(played.holes, 3);
}

TEST(JitterBuffer, KeepsTheMostThatFits) {
  JitterBuffer buffer({});
  const Stream stream;
  for (int i = 0; i < 300; ++i) buffer.put(stream.header(i), payload_of(i), at_ms(0));
  EXPECT_EQ(buffer.size(), JitterBuffer::kPacketsMax);
  for (int i = 300; i < 320; ++i) buffer.put(stream.header(i), payload_of(i, 1'500), at_ms(0));
  EXPECT_LE(buffer.size(), 64u);
  EXPECT_GT(buffer.figures().overflowed, 200u);
}

TEST(JitterBuffer, BeginsAnewWithAnotherSource) {
  JitterBuffer buffer({});
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 20; ++i) arrivals.push_back({i * 20'000, i});
  run(buffer, arrivals, {}, 400);
  Stream other{100, 5, 0xdef};
  EXPECT_EQ(buffer.put(other.header(7), payload_of(7), at_ms(400)), Put::Restarted);
  EXPECT_EQ(buffer.size(), 1u);
  EXPECT_EQ(play(buffer, at_ms(400 + 207)), 7);
}

TEST(JitterBuffer, FollowsAJumpInTime) {
  JitterBuffer buffer({});
  Stream stream;
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 20; ++i) arrivals.push_back({i * 20'000, i});
  run(buffer, arrivals, stream, 400);
  stream.timestamp += 1'000'000;
  EXPECT_EQ(buffer.put(stream.header(20), payload_of(20), at_ms(400)), Put::Restarted);
  EXPECT_EQ(play(buffer, at_ms(607)), 20);
}

// Silence that is not sent: timestamps go on, sequence numbers do not.
TEST(JitterBuffer, KeepsTimeThroughSilenceThatIsNotSent) {
  JitterBuffer buffer({});
  const Stream stream;
  int frames = 0;
  const auto play_until = [&](std::int64_t end_ms) {
    std::vector<int> numbers;
    for (; frames * 20 + 7 < end_ms; ++frames) {
      if (const auto number = play(buffer, at_ms(frames * 20 + 7), true)) numbers.push_back(*number);
    }
    return numbers;
  };
  for (int i = 0; i < 20; ++i) {
    play_until(i * 20);
    buffer.put(stream.header(i), payload_of(i), at_ms(i * 20));
  }
  play_until(3'000);
  std::vector<int> numbers;
  const auto collect = [&](std::int64_t end_ms) {
    const auto more = play_until(end_ms);
    numbers.insert(numbers.end(), more.begin(), more.end());
  };
  auto later = stream.header(20);
  later.timestamp = stream.timestamp + 150 * kTicks;  // 3 s after the first
  for (int i = 0; i < 5; ++i) {
    collect(3'000 + i * 20);
    buffer.put(later, payload_of(100 + i), at_ms(3'000 + i * 20));
    ++later.sequence;
    later.timestamp += kTicks;
  }
  EXPECT_EQ(buffer.figures().restarted, 1u);
  collect(3'300);
  EXPECT_EQ(numbers, (std::vector<int>{100, 101, 102, 103, 104}));
}

TEST(JitterBuffer, ComesBackFromAPositionAtWhichNothingCanBePlayed) {
  JitterBuffer buffer({});
  Stream stream;
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 50; ++i) arrivals.push_back({i * 20'000, i});
  run(buffer, arrivals, stream, 1'000);
  stream.timestamp -= 4'000;  // half a second back: less than a jump
  std::vector<int> numbers;
  for (int i = 50; i < 150; ++i) {
    buffer.put(stream.header(i), payload_of(i), at_ms(i * 20));
    if (const auto number = play(buffer, at_ms(i * 20 + 7))) numbers.push_back(*number);
  }
  EXPECT_GT(numbers.size(), 60u);
}

// ------------------------------------------------------------------------------------------------ properties

struct Network {
  const char* name;
  double loss;  // share of packets
  double duplicates;
  int jitter_ms;  // evenly spread
  double spikes;  // share of packets that wait `spike_ms` more
  int spike_ms;
  double holes_allowed;  // share of frames, beyond the loss
};

class Networks : public ::testing::TestWithParam<Network> {};

TEST_P(Networks, PlayEveryPacketAtMostOnceInOrderAndMostOfThem) {
  const auto& network = GetParam();
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << network.name << ", seed " << seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> chance(0, 1);
    std::vector<Arrival> arrivals;
    constexpr int kCount = 1'500;
    int lost = 0;
    for (int i = 0; i < kCount; ++i) {
      if (chance(random) < network.loss) {
        ++lost;
        continue;
      }
      auto at =
          std::int64_t{i} * 20'000 + static_cast<std::int64_t>(chance(random) * network.jitter_ms * 1'000);
      if (chance(random) < network.spikes) at += network.spike_ms * 1'000;
      arrivals.push_back({at, i});
      if (chance(random) < network.duplicates) arrivals.push_back({at + 3'000, i});
    }
    JitterBuffer buffer({});
    const auto played = run(buffer, arrivals, {}, kCount * 20, seed % 2 == 0);
    const auto& numbers = played.numbers;
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
    EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end()) << "played twice";
    EXPECT_LE(played.holes, lost + network.holes_allowed * kCount);
    EXPECT_GE(static_cast<double>(numbers.size()), kCount - lost - (network.holes_allowed * kCount + 15));
    EXPECT_LE(buffer.target(), milliseconds(200));
    EXPECT_GE(buffer.target(), milliseconds(20));
    EXPECT_LE(buffer.size(), 16u) << "delay builds up";
  }
}

INSTANTIATE_TEST_SUITE_P(All, Networks,
                         ::testing::Values(Network{"perfect", 0, 0, 0, 0, 0, 0.0},
                                           Network{"office", 0.001, 0, 5, 0, 0, 0.005},
                                           Network{"loss", 0.05, 0, 10, 0, 0, 0.01},
                                           Network{"jitter", 0, 0, 60, 0, 0, 0.02},
                                           Network{"wild", 0.02, 0.02, 120, 0, 0, 0.05},
                                           Network{"spikes", 0, 0.01, 10, 0.01, 150, 0.03},
                                           Network{"beyond", 0.1, 0.05, 190, 0.01, 300, 0.12}),
                         [](const auto& about) { return about.param.name; });

TEST(JitterBuffer, AimsAtTheJitterThatThereIs) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> jitter(0, 80'000);
  JitterBuffer buffer({});
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 500; ++i) arrivals.push_back({std::int64_t{i} * 20'000 + jitter(random), i});
  run(buffer, arrivals, {}, 10'000);
  EXPECT_GT(buffer.target(), milliseconds(65));
  EXPECT_LT(buffer.target(), milliseconds(85));
  arrivals.clear();
  for (int i = 500; i < 2'000; ++i) arrivals.push_back({std::int64_t{i} * 20'000, i});
  Stream same;
  JitterBuffer calm({});
  run(calm, arrivals, same, 40'000);
  EXPECT_LE(calm.target(), milliseconds(25));
}

class Drift : public ::testing::TestWithParam<double> {};

// A phone's clock is off by up to 100 in a million; ten times as much shows within a minute.
TEST_P(Drift, IsMadeUpForWithoutLossOfDelay) {
  JitterBuffer buffer({});
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 6'000; ++i) arrivals.push_back({std::int64_t{i} * 20'000, i});
  const auto played = run(buffer, arrivals, {}, 120'000, true, GetParam());
  EXPECT_TRUE(std::is_sorted(played.numbers.begin(), played.numbers.end()));
  EXPECT_LE(buffer.size(), 8u);
  EXPECT_LE(played.holes, 30);
  EXPECT_EQ(buffer.figures().overflowed, 0u);
}

INSTANTIATE_TEST_SUITE_P(BothWays, Drift, ::testing::Values(-0.001, 0.001));

}  // namespace
}  // namespace xivo::media
