#include "base/trace_ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace xivo {
namespace {

using Kind = TraceRing::Kind;
constexpr std::size_t kEntryHeader = 11;  // bytes an entry costs beside its texts

TEST(TraceRing, IsEmptyAtFirst) {
  const TraceRing ring;
  EXPECT_TRUE(ring.entries().empty());
  EXPECT_EQ(ring.dropped(), 0u);
}

TEST(TraceRing, CutsLongTexts) {
  TraceRing ring;
  ring.add(1, Kind::Sent, std::string(1'000, 'w'), std::string(100'000, 't'));
  const auto entries = ring.entries();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].who, std::string(TraceRing::kTextMax, 'w'));
  EXPECT_EQ(entries[0].text, std::string(TraceRing::kTextMax, 't'));
}

TEST(TraceRing, NeverCutsInsideAUtf8Character) {
  TraceRing ring;
  ring.add(1, Kind::Decision, "", std::string(TraceRing::kTextMax - 1, 'x') + "é");
  ring.add(2, Kind::Decision, "",
           std::string(TraceRing::kTextMax - 3, 'x') + "\xf0\x9f\x93\x9e");  // a telephone
  const auto entries = ring.entries();
  EXPECT_EQ(entries[0].text, std::string(TraceRing::kTextMax - 1, 'x'));
  EXPECT_EQ(entries[1].text, std::string(TraceRing::kTextMax - 3, 'x'));
}

TEST(TraceRing, CutsBytesThatAreNotUtf8SomewhereNearTheLimit) {
  TraceRing ring;
  ring.add(1, Kind::Received, "", std::string(1'000, '\x80'));
  EXPECT_GE(ring.entries().at(0).text.size(), TraceRing::kTextMax - 4);
}

TEST(TraceRing, KeepsBytesOfAnyValue) {
  TraceRing ring;
  const std::string who("a\0b", 3);
  ring.add(-1, Kind::Bug, who, "\xff\xfe");
  const auto entries = ring.entries();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].who, who);
  EXPECT_EQ(entries[0].text, "\xff\xfe");
  EXPECT_EQ(entries[0].wall_ms, -1);
}

TEST(TraceRing, OfAnAbsurdlySmallBoundStillKeepsTheLastEntry) {
  TraceRing ring(1);
  ring.add(1, Kind::Sent, "alice", std::string(200, 'a'));
  ring.add(2, Kind::Sent, std::string(240, 'w'), std::string(240, 'b'));
  const auto entries = ring.entries();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].wall_ms, 2);
  EXPECT_EQ(ring.dropped(), 1u);
}

TEST(TraceRing, KeepsTheLatestEntriesThatFitOldestFirst) {
  TraceRing ring(1'000);
  for (int i = 0; i < 100; ++i) ring.add(i, Kind::State, "101", "line " + std::to_string(i));
  const auto entries = ring.entries();
  ASSERT_FALSE(entries.empty());
  EXPECT_EQ(entries.back().text, "line 99");
  for (std::size_t i = 1; i < entries.size(); ++i) EXPECT_EQ(entries[i].wall_ms, entries[i - 1].wall_ms + 1);
  EXPECT_EQ(entries.size() + ring.dropped(), 100u);
}

TEST(TraceRing, NamesEveryKind) {
  for (const auto kind : {Kind::Received, Kind::Sent, Kind::Decision, Kind::State, Kind::Media, Kind::Bug}) {
    EXPECT_NE(name(kind), "?");
  }
}

struct Model {
  std::size_t bytes_max;
  std::size_t bytes = 0;
  std::uint32_t dropped = 0;
  std::deque<TraceRing::Entry> entries;

  static std::size_t cost(const TraceRing::Entry& e) { return kEntryHeader + e.who.size() + e.text.size(); }
  void add(TraceRing::Entry entry) {
    while (!entries.empty() && bytes + cost(entry) > bytes_max) {
      bytes -= cost(entries.front());
      entries.pop_front();
      ++dropped;
    }
    bytes += cost(entry);
    entries.push_back(std::move(entry));
  }
};

TEST(TraceRing, AgreesWithADequeThroughManyWraparounds) {
  for (const std::uint32_t seed : {1u, 2u, 3u, 4u, 5u}) {
    std::mt19937 random(seed);
    const std::size_t bound = 500 + random() % 3'000;
    TraceRing ring(bound);
    Model model{.bytes_max = bound, .entries = {}};
    for (int step = 0; step < 3'000; ++step) {
      TraceRing::Entry entry{
          step, static_cast<Kind>(random() % 6),
          std::string(random() % 30, static_cast<char>('a' + step % 26)),
          std::string(random() % (TraceRing::kTextMax + 1), static_cast<char>('A' + step % 26))};
      ring.add(entry.wall_ms, entry.kind, entry.who, entry.text);
      model.add(std::move(entry));
      if (step % 37 != 0) continue;
      const auto entries = ring.entries();
      ASSERT_EQ(entries.size(), model.entries.size()) << "seed " << seed << " step " << step;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        ASSERT_EQ(entries[i].wall_ms, model.entries[i].wall_ms) << "seed " << seed << " step " << step;
        ASSERT_EQ(entries[i].kind, model.entries[i].kind);
        ASSERT_EQ(entries[i].who, model.entries[i].who);
        ASSERT_EQ(entries[i].text, model.entries[i].text);
      }
      ASSERT_EQ(ring.dropped(), model.dropped);
    }
  }
}

}  // namespace
}  // namespace xivo
