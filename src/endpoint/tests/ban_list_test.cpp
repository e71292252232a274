#include "endpoint/defence/ban_list.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/clock.hpp"

namespace xivo::endpoint {
namespace {

using namespace std::chrono_literals;

class Bans : public ::testing::Test {
 protected:
  struct Storage final : BanStorage {
    std::map<std::int64_t, Ban> rows;
    void save(const Ban& ban) override { rows[ban.id] = ban; }
    void remove(std::int64_t id) override { rows.erase(id); }
    [[nodiscard]] std::vector<Ban> all() const {
      std::vector<Ban> bans;
      for (const auto& [id, ban] : rows) bans.push_back(ban);
      return bans;
    }
  };
  static IpNetwork network(std::string_view text) { return *IpNetwork::parse(text); }
  /// The ban that holds afterwards.
  Ban ban(std::string_view text, BanReason reason = BanReason::WrongSecrets,
          std::optional<runtime::Duration> lasts = 5min) {
    return ban({network(text), reason, "20 failed attempts", {}, lasts});
  }
  Ban ban(BanList::Request request) {
    const auto added = list.add(std::move(request));
    EXPECT_TRUE(added);
    return added ? *added : Ban{};
  }
  [[nodiscard]] bool banned(std::string_view text) const {
    return board.current()->contains(*IpAddress::parse(text));
  }
  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    timers.run_due();
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{5};
  runtime::Scheduler scheduler{clock, timers, rng};
  BanBoard board;
  Storage storage;
  BanList list{scheduler, board, &storage};
};

TEST_F(Bans, HoldForTheirNetworkAndNobodyElse) {
  ban("198.51.100.1");
  ban("2001:db8::/64");
  EXPECT_TRUE(banned("198.51.100.1"));
  EXPECT_FALSE(banned("198.51.100.2"));
  EXPECT_TRUE(banned("2001:db8::7"));
  EXPECT_FALSE(banned("2001:db8:0:1::7"));
}

TEST_F(Bans, EndByThemselves) {
  ban("198.51.100.1", BanReason::WrongSecrets, 5min);
  ban("198.51.100.2", BanReason::Scanning, 10min);
  advance(5min);
  EXPECT_FALSE(banned("198.51.100.1"));
  EXPECT_TRUE(banned("198.51.100.2"));
  EXPECT_EQ(storage.rows.size(), 1u);
  advance(5min);
  EXPECT_TRUE(board.current()->empty());
  EXPECT_TRUE(storage.rows.empty());
}

TEST_F(Bans, OfAPersonHoldUntilReleasedAndAreNotReplacedByAutomaticOnes) {
  const auto made = list.add({network("198.51.100.1"), BanReason::Manual, "rude", "alice", {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(ban("198.51.100.1").id, made->id);
  advance(24h * 365);
  EXPECT_TRUE(banned("198.51.100.1"));
  EXPECT_FALSE(list.release(made->id + 1, "bob"));
  EXPECT_TRUE(list.release(made->id, "bob"));
  EXPECT_FALSE(banned("198.51.100.1"));
}

TEST_F(Bans, OfOneNetworkReplaceEachOther) {
  ban("198.51.100.1", BanReason::Scanning, 5min);
  ban("198.51.100.1", BanReason::WrongSecrets, 1h);
  EXPECT_EQ(list.size(), 1u);
  EXPECT_EQ(storage.rows.size(), 1u);
  advance(30min);
  EXPECT_TRUE(banned("198.51.100.1"));
}

TEST_F(Bans, AreReleasedByAnyAddressInside) {
  std::vector<IpNetwork> released;
  list.on_release = [&](const IpNetwork& one) { released.push_back(one); };
  ban("2001:db8::/64");
  ban("198.51.100.0/24");
  EXPECT_TRUE(list.release(network("192.0.2.1"), "alice").empty());
  EXPECT_EQ(list.release(network("2001:db8::7"), "alice").size(), 1u);
  EXPECT_EQ(list.release(network("198.51.100.0/24"), "alice").size(), 1u);
  EXPECT_EQ(list.size(), 0u);
  EXPECT_EQ(released, (std::vector{network("2001:db8::/64"), network("198.51.100.0/24")}));
}

TEST_F(Bans, SurviveARestartForAsLongAsTheyWouldHaveLasted) {
  ban("198.51.100.1", BanReason::WrongSecrets, 5min);
  ban("198.51.100.2", BanReason::WrongSecrets, 2h);
  const auto rows = storage.all();
  BanBoard next_board;
  clock.advance(1h);
  BanList next(scheduler, next_board, &storage);
  next.restore(rows);
  EXPECT_EQ(next.size(), 1u);
  EXPECT_TRUE(next_board.current()->contains(*IpAddress::parse("198.51.100.2")));
  EXPECT_EQ(next_board.current()->all().front().reason, BanReason::WrongSecrets);
  const auto later = next.add({network("198.51.100.3"), BanReason::Manual, {}, "a", {}});
  EXPECT_GT(later->id, rows.back().id);
  clock.advance(1h);
  timers.run_due();
  EXPECT_EQ(next.size(), 1u);
}

TEST_F(Bans, MakeRoomForTheNextButNeverAPersons) {
  ban({network("192.0.2.1"), BanReason::Manual, {}, "alice", {}});
  for (std::size_t i = 1; i < BanList::kBansMax; ++i) {
    const auto address = IpAddress::v4(0x0a000000u + static_cast<std::uint32_t>(i));
    ban({IpNetwork::host(address), BanReason::Scanning, {}, {}, 1h + std::chrono::seconds(i)});
  }
  advance(BanList::kPublishEvery);
  EXPECT_TRUE(banned("10.0.0.1"));
  ban("198.51.100.1");
  advance(BanList::kPublishEvery);
  EXPECT_EQ(list.size(), BanList::kBansMax);
  EXPECT_FALSE(banned("10.0.0.1"));
  EXPECT_TRUE(banned("192.0.2.1"));
  EXPECT_TRUE(banned("198.51.100.1"));
}

TEST_F(Bans, KeepWhatStrangersWriteOutOfTheLog) {
  const auto made = list.add({network("198.51.100.1"), BanReason::Manual, "a\r\nb", "x\ny", {}});
  EXPECT_EQ(made->detail, "ab");
  EXPECT_EQ(made->author, "xy");
}

TEST_F(Bans, HaveANameForEachReason) {
  for (int i = 0; i <= static_cast<int>(BanReason::Manual); ++i) {
    const auto reason = static_cast<BanReason>(i);
    EXPECT_EQ(ban_reason_from(name(reason)), reason);
  }
  EXPECT_FALSE(ban_reason_from("x"));
}

}  // namespace
}  // namespace xivo::endpoint
