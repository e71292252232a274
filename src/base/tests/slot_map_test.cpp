#include "base/slot_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace xivo {
namespace {

using Names = SlotMap<std::string>;

TEST(SlotMap, FindsNothingForAnEmptyHandle) {
  Names names;
  names.emplace("alice");
  EXPECT_EQ(names.find(Names::Id{}), nullptr);
  EXPECT_FALSE(names.erase(Names::Id{}));
  EXPECT_FALSE(Names::Id{});
}

TEST(SlotMap, FindsNothingForAnIndexItNeverHad) {
  const Names names;
  EXPECT_EQ(names.find(Names::Id{12'345, 1}), nullptr);
}

TEST(SlotMap, RefusesTheHandleOfAnErasedObjectAlsoAfterItsSlotIsUsedAgain) {
  Names names;
  const auto alice = names.emplace("alice");
  EXPECT_TRUE(names.erase(alice));
  const auto bob = names.emplace("bob");
  EXPECT_EQ(bob.index, alice.index) << "the slot is meant to be used again";
  EXPECT_EQ(names.find(alice), nullptr);
  EXPECT_FALSE(names.erase(alice));
  EXPECT_EQ(*names.find(bob), "bob");
}

TEST(SlotMapDeathTest, RefusesToOwnNothing) {
  Names names;
  EXPECT_DEATH(names.insert(nullptr), "assertion failed");
}

TEST(SlotMap, TakesAnObjectOutAlive) {
  Names names;
  const auto id = names.emplace("carol");
  const auto taken = names.take(id);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, "carol");
  EXPECT_TRUE(names.empty());
  EXPECT_EQ(names.take(id), nullptr);
}

TEST(SlotMap, KeepsObjectsInPlaceWhileItGrows) {
  Names names;
  const auto first = names.emplace("first");
  const std::string* const at = names.find(first);
  for (int i = 0; i < 1'000; ++i) names.emplace("more");
  EXPECT_EQ(names.find(first), at);
}

TEST(SlotMap, LetsAnObjectEraseAnotherWhileItIsErased) {
  struct Leg {
    SlotMap<Leg>* owner = nullptr;
    Handle<Leg> peer;
    ~Leg() { owner->erase(peer); }
  };
  SlotMap<Leg> legs;
  const auto a = legs.emplace();
  const auto b = legs.emplace();
  legs.find(a)->owner = &legs;
  legs.find(a)->peer = b;
  legs.find(b)->owner = &legs;
  legs.find(b)->peer = a;
  EXPECT_TRUE(legs.erase(a));
  EXPECT_TRUE(legs.empty());
}

TEST(SlotMap, HandleSurvivesItsTripThroughBits) {
  const Names::Id id{0xdeadbeef, 0xfeedface};
  EXPECT_EQ(Names::Id::from_bits(id.bits()), id);
}

TEST(SlotMap, AgreesWithAMapUnderRandomUse) {
  std::mt19937 random(20'240'611);
  Names names;
  std::map<std::uint64_t, std::string> model;
  std::vector<Names::Id> ever;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 2 == 0) {
      const auto text = std::to_string(step);
      const auto id = names.emplace(text);
      ASSERT_TRUE(model.emplace(id.bits(), text).second) << "handle given out twice at step " << step;
      ever.push_back(id);
    } else if (!ever.empty()) {
      const auto id = ever[random() % ever.size()];
      ASSERT_EQ(names.erase(id), model.erase(id.bits()) == 1) << "step " << step;
    }
    ASSERT_EQ(names.size(), model.size());
  }
  for (const auto id : ever) {
    const auto known = model.find(id.bits());
    const std::string* found = names.find(id);
    ASSERT_EQ(found != nullptr, known != model.end());
    if (found != nullptr) {
      ASSERT_EQ(*found, known->second);
    }
  }
  EXPECT_EQ(names.ids().size(), model.size());
}

}  // namespace
}  // namespace xivo
