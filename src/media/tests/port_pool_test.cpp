#include "media/port_pool.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <set>

namespace xivo::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FakeOpener final : public PortOpener {
 public:
  Result<void> open(Slot slot, const SocketAddress& rtp) override {
    ++opens;
    if (fails_with != 0) return fail("cannot bind", fails_with);
    if (foreign.contains(rtp.ip)) return fail("cannot bind", EADDRNOTAVAIL);
    if (taken.contains(rtp.port)) return fail("cannot bind", EADDRINUSE);
    EXPECT_FALSE(by_slot.contains(slot)) << "slot " << slot << " is in use";
    for (const auto& [other, address] : by_slot) EXPECT_NE(address.port, rtp.port);
    by_slot[slot] = rtp;
    return {};
  }
  void close(Slot slot) override {
    ++closes;
    EXPECT_EQ(by_slot.erase(slot), 1u);
  }

  std::map<Slot, SocketAddress> by_slot;
  std::set<std::uint16_t> taken;
  std::set<IpAddress> foreign;
  int fails_with = 0;
  int opens = 0;
  int closes = 0;
};

class PortPoolTest : public ::testing::Test {
 protected:
  PortPoolTest() { make(10, 1024); }
  void make(std::uint32_t pairs, std::size_t spare_open_max) {
    PortPool::Slice slice;
    slice.first = 10'000;
    slice.pairs = pairs;
    slice.spare_open_max = spare_open_max;
    pool_ = std::make_unique<PortPool>(slice, opener_, rng_);
  }
  PortPair take() {
    const auto pair = pool_->take(local_, now_);
    EXPECT_TRUE(pair);
    return pair ? *pair : PortPair{};
  }

  runtime::SeededRng rng_{7};
  FakeOpener opener_;
  std::unique_ptr<PortPool> pool_;
  runtime::Instant now_{seconds(1000)};
  const IpAddress local_ = *IpAddress::parse("192.0.2.1");
  const IpAddress other_ = *IpAddress::parse("2001:db8::1");
};

TEST_F(PortPoolTest, RefusesWhenEveryPairIsInUse) {
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 10; ++i) {
    const auto pair = take();
    EXPECT_EQ(pair.rtp % 2, 0);
    EXPECT_GE(pair.rtp, 10'000);
    EXPECT_LE(pair.rtp, 10'018);
    EXPECT_TRUE(ports.insert(pair.rtp).second);
  }
  const auto refused = pool_->take(local_, now_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "no free media port");
}

TEST_F(PortPoolTest, SaysWhyTheKernelRefused) {
  opener_.fails_with = EMFILE;
  const auto refused = pool_->take(local_, now_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "no free media port");
  EXPECT_EQ(refused.error().detail, EMFILE);
  opener_.fails_with = 0;
  for (int i = 0; i < 10; ++i) take();
}

TEST_F(PortPoolTest, PassesOverPortsOfOtherPrograms) {
  for (std::uint16_t port = 10'000; port < 10'018; port = static_cast<std::uint16_t>(port + 2))
    opener_.taken.insert(port);
  EXPECT_EQ(take().rtp, 10'018);
  EXPECT_FALSE(pool_->take(local_, now_));
  opener_.taken.clear();
  now_ += seconds(31);
  for (int i = 0; i < 9; ++i) take();
}

TEST_F(PortPoolTest, BindsToTheUnspecifiedAddressWhereTheAddressIsNotTheMachines) {
  opener_.foreign.insert(local_);
  opener_.foreign.insert(other_);
  take();
  EXPECT_EQ(opener_.by_slot.begin()->second.ip, IpAddress::v4(0));
  opener_.by_slot.clear();
  pool_->take(other_, now_).value_or(PortPair{});
  EXPECT_EQ(opener_.by_slot.begin()->second.ip, IpAddress());
}

TEST_F(PortPoolTest, ChoosesAtRandom) {
  make(1000, 1024);
  std::set<std::uint16_t> ports;
  int steps = 0;
  std::uint16_t last = 0;
  for (int i = 0; i < 100; ++i) {
    const auto port = take().rtp;
    if (port == last + 2) ++steps;
    last = port;
    ports.insert(port);
  }
  EXPECT_EQ(ports.size(), 100u);
  EXPECT_LT(steps, 10);
}

TEST_F(PortPoolTest, LetsAPairRestThirtySeconds) {
  make(2, 1024);
  const auto first = take();
  pool_->give_back(first, true, now_);
  EXPECT_NE(take().rtp, first.rtp);
  now_ += seconds(30);
  const auto opens = opener_.opens;
  EXPECT_EQ(take().rtp, first.rtp);
  EXPECT_EQ(opener_.opens, opens) << "its socket is still open";
}

TEST_F(PortPoolTest, GivesARestingPairEarlyWhenNothingElseIsLeft) {
  make(1, 1024);
  const auto pair = take();
  pool_->give_back(pair, true, now_);
  now_ += milliseconds(1900);
  EXPECT_FALSE(pool_->take(local_, now_)) << "but never before kRestLeast";
  now_ += milliseconds(200);
  EXPECT_EQ(take().rtp, pair.rtp);
}

TEST_F(PortPoolTest, GivesAPairThatNobodySentAnythingAgainAtOnceWhenNothingElseIsLeft) {
  make(1, 1024);
  const auto pair = take();
  pool_->give_back(pair, false, now_);
  EXPECT_EQ(take().rtp, pair.rtp);
}

TEST_F(PortPoolTest, PrefersOpeningAnotherToWakingASilentPairWithinASecond) {
  const auto pair = take();
  pool_->give_back(pair, false, now_);
  EXPECT_NE(take().rtp, pair.rtp);
  now_ += seconds(1);
  EXPECT_EQ(take().rtp, pair.rtp);
}

TEST_F(PortPoolTest, OpensNoSocketsInASteadyStreamOfSilentCalls) {
  make(5000, 1024);
  std::vector<PortPair> in_use;
  const auto call = [&] {
    in_use.push_back(take());
    in_use.push_back(take());
    if (in_use.size() > 20) {
      for (int i = 0; i < 2; ++i) {
        pool_->give_back(in_use.front(), false, now_);
        in_use.erase(in_use.begin());
      }
    }
    now_ += std::chrono::microseconds(200);  // 5,000 calls a second
  };
  for (int i = 0; i < 2000; ++i) call();
  const auto opens = opener_.opens;
  for (int i = 0; i < 5000; ++i) call();
  EXPECT_EQ(opener_.opens, opens);
  EXPECT_LT(opens, 1200);
  EXPECT_EQ(opener_.closes, 0);
}

TEST_F(PortPoolTest, ClosesWhatExceedsItsBound) {
  make(10, 4);
  std::vector<PortPair> pairs;
  for (int i = 0; i < 10; ++i) pairs.push_back(take());
  for (const auto& pair : pairs) pool_->give_back(pair, true, now_);
  EXPECT_EQ(opener_.by_slot.size(), 4u);
  EXPECT_EQ(pool_->spare_open(), 4u);
  now_ += seconds(31);
  for (int i = 0; i < 10; ++i) take();
  EXPECT_EQ(opener_.by_slot.size(), 10u);
}

TEST_F(PortPoolTest, KeepsAFewInStoreSoThatTakingOpensNothing) {
  make(100, 1024);
  take();
  ASSERT_TRUE(pool_->wants_refill(local_));
  pool_->refill(local_, now_);
  EXPECT_FALSE(pool_->wants_refill(local_));
  const auto opens = opener_.opens;
  for (std::size_t i = 0; i < PortPool::kInStore; ++i) take();
  EXPECT_EQ(opener_.opens, opens);
}

TEST_F(PortPoolTest, RefillsNothingForAnAddressNeverAskedFor) { EXPECT_FALSE(pool_->wants_refill(other_)); }

TEST_F(PortPoolTest, TakesNumbersFromTheStoreOfAnotherAddress) {
  pool_->take(other_, now_).value_or(PortPair{});
  pool_->refill(other_, now_);
  std::size_t taken = 0;
  while (pool_->take(local_, now_)) ++taken;
  EXPECT_EQ(taken, 9u);
}

TEST_F(PortPoolTest, KnowsABoundedNumberOfAddresses) {
  make(100, 1024);
  for (std::uint32_t i = 0; i < PortPool::kAddressesMax; ++i)
    EXPECT_TRUE(pool_->take(IpAddress::v4(i + 1), now_));
  EXPECT_FALSE(pool_->take(IpAddress::v4(99), now_));
}

TEST_F(PortPoolTest, TakesBackThePortOfASessionThatMovedAway) {
  make(1, 1024);
  const auto pair = take();
  pool_->give_back_slot(pair.slot);
  opener_.by_slot.clear();
  pool_->give_back_port(pair.rtp, now_);
  EXPECT_FALSE(pool_->take(local_, now_));
  now_ += seconds(30);
  EXPECT_EQ(take().rtp, pair.rtp);
}

TEST_F(PortPoolTest, HasASlotForEverySessionThatMovesIn) {
  std::set<Slot> slots;
  for (int i = 0; i < 10; ++i) slots.insert(take().slot);
  for (int i = 0; i < 10; ++i) {
    const auto slot = pool_->take_slot();
    ASSERT_TRUE(slot);
    EXPECT_TRUE(slots.insert(*slot).second);
  }
  EXPECT_FALSE(pool_->take_slot());
}

}  // namespace
}  // namespace xivo::media
