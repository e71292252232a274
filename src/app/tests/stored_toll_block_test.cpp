#include "app/record_adapter.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "model/kinds/trunk.hpp"
#include "runtime/process.hpp"

namespace xivo::app {
namespace {

constexpr std::chrono::sys_seconds kSince{std::chrono::seconds(1'800'000'000)};
constexpr model::UserId kAlice{1};

TollBlock block() { return {model::guard::Reason::PremiumHourly, {4}, 10, 11, kSince}; }

TEST(StoredTollBlock, IsLeftOutWhenItCannotBeRead) {
  auto row = to_row(kAlice, block());
  ASSERT_TRUE(to_toll_block(row));
  row.reason = "within";
  EXPECT_FALSE(to_toll_block(row));
  row = to_row(kAlice, block());
  row.payer_kind = "somebody";
  EXPECT_FALSE(to_toll_block(row));
}

TEST(StoredTollBlock, ComesBackAsItWas) {
  for (const TollPayer who : {TollPayer(kAlice), TollPayer(model::TrunkId{1})}) {
    const auto back = to_toll_block(to_row(who, block()));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->first, who);
    EXPECT_EQ(back->second.since, kSince);
    EXPECT_EQ(to_row(back->first, back->second), to_row(who, block()));
  }
}

/// What two runs of the daemon, one after the other, have in common.
class Restart : public ::testing::Test {
 protected:
  Restart() {
    model::ConfigBuilder builder;
    builder.put(model::User{.firstname = "Alice"});
    config_ = builder.build();
  }
  ~Restart() override { std::filesystem::remove_all(folder_); }
  /// A run: blocks of before are restored, then `act`; what is queued then is written.
  void run(const std::function<void(call::TollMeter&)>& act) {
    auto writer = store::BatchWriter::open(path());
    ASSERT_TRUE(writer);
    StoredTollBlocks blocks(**writer);
    call::TollMeter meter;
    const auto rows = store::TollBlockStore::load(path());
    ASSERT_TRUE(rows);
    blocks.restore(*rows, *config_, meter);
    meter.keep_in(blocks);
    act(meter);
    ASSERT_TRUE((*writer)->flush());
  }
  /// What routing tells of somebody who reached a limit of the hour.
  static void trip(call::TollMeter& meter, std::string_view kind, std::int64_t id) {
    using model::routing::Step;
    model::routing::Plan plan;
    plan.trace.push_back(Step{Step::Rule::Guard,
                              false,
                              {{"reason", "hourly"}, {"limit", "10"}, {"count", "10"}},
                              {{"toll_guard", 4}, {kind, id}}});
    meter.learn(plan, kSince);
  }
  [[nodiscard]] std::string path() const { return folder_ + "/calls.db"; }

  model::ConfigSnapshot config_;
  std::string folder_ = [] {
    std::string name = (std::filesystem::temp_directory_path() / "xivo-toll-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    return name;
  }();
};

TEST_F(Restart, ForgetsWhoIsNoLongerConfigured) {
  run([](call::TollMeter& meter) { trip(meter, "user", 99); });
  run([](call::TollMeter& meter) { EXPECT_FALSE(meter.blocked(model::UserId{99})); });
  const auto rows = store::TollBlockStore::load(path());
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
}

TEST_F(Restart, KeepsABlockUntilItIsReleased) {
  run([](call::TollMeter& meter) { trip(meter, "user", kAlice.value); });
  run([](call::TollMeter& meter) {
    EXPECT_TRUE(meter.blocked(kAlice));
    EXPECT_TRUE(meter.release(kAlice));
  });
  run([](call::TollMeter& meter) { EXPECT_FALSE(meter.blocked(kAlice)); });
}

}  // namespace
}  // namespace xivo::app
