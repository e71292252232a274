#include "app/record_adapter.hpp"

#include <gtest/gtest.h>

namespace xivo::app {
namespace {

TEST(StoredBan, ComesBackAsItWas) {
  endpoint::Ban ban;
  ban.id = 7;
  ban.network = *IpNetwork::parse("2001:db8::/64");
  ban.reason = endpoint::BanReason::Scanning;
  ban.detail = "200 requests without credentials";
  ban.since = runtime::WallTime(std::chrono::seconds(1000));
  ban.until = ban.since + std::chrono::minutes(5);
  const auto back = to_ban(to_row(ban));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_row(*back), to_row(ban));
  EXPECT_EQ(back->network, ban.network);
}

TEST(StoredBan, IsLeftOutWhenItCannotBeRead) {
  store::BanRow row{1, "somewhere", "manual", {}, {}, {}, {}};
  EXPECT_FALSE(to_ban(row));
  row.network = "192.0.2.1";
  row.reason = "no reason";
  EXPECT_FALSE(to_ban(row));
}

}  // namespace
}  // namespace xivo::app
