#include "endpoint/defence/doorkeeper.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "endpoint/tests/registering_phone.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using Verdict = Doorkeeper::Verdict;

class DoorkeeperTest : public ::testing::Test {
 protected:
  DoorkeeperTest() {
    limits.exempt = {*IpNetwork::parse("10.0.0.0/8")};
    open();
  }
  void open() {
    door = std::make_unique<Doorkeeper>(shard.scheduler, ledger, limits);
    door->use_bans(board, [this](BanList::Request request) { ban(std::move(request)); });
    list.on_release = [this](const IpNetwork& network) { door->on_released(network); };
  }
  void ban(BanList::Request request) { EXPECT_TRUE(list.add(std::move(request))); }
  Verdict knock(const sip::Flow& by, std::string_view bytes = "OPTIONS sip:a SIP/2.0", bool peer = false) {
    return door->admit(by, bytes, peer);
  }

  Shard shard;
  AttemptLedger ledger{shard.scheduler};
  BanBoard board;
  BanList list{shard.scheduler, board, nullptr};
  Doorkeeper::Limits limits;
  std::unique_ptr<Doorkeeper> door;
  const sip::Flow stranger = udp_flow("198.51.100.1:5060");
  const sip::Flow phone = udp_flow("192.0.2.7:5060");
};

TEST_F(DoorkeeperTest, GivesTheBannedSilenceAndLetsOthersIn) {
  ban({IpNetwork::host(stranger.remote.ip), BanReason::Manual, {}, "alice", {}});
  EXPECT_EQ(knock(stranger), Verdict::Drop);
  EXPECT_EQ(knock(phone), Verdict::Pass);
  list.release(IpNetwork::host(stranger.remote.ip), "alice");
  EXPECT_EQ(knock(stranger), Verdict::Pass);
}

TEST_F(DoorkeeperTest, BansWhoFloodsWithWhatIsNoSip) {
  for (std::uint32_t i = 0; i < limits.malformed_max; ++i) {
    EXPECT_FALSE(door->is_banned(stranger.remote.ip)) << i;
    door->on_malformed(stranger);
  }
  EXPECT_TRUE(door->is_banned(stranger.remote.ip));
  EXPECT_EQ(board.current()->all().front().reason, BanReason::Malformed);
  shard.advance(std::chrono::duration_cast<std::chrono::milliseconds>(limits.nuisance_ban));
  EXPECT_FALSE(door->is_banned(stranger.remote.ip));
}

TEST_F(DoorkeeperTest, BansWhoAsksAndNeverAnswers) {
  for (std::uint32_t i = 0; i < limits.unanswered_max; ++i) door->on_unanswered(stranger);
  EXPECT_TRUE(door->is_banned(stranger.remote.ip));
  EXPECT_EQ(board.current()->all().front().reason, BanReason::Scanning);
}

TEST_F(DoorkeeperTest, NeverBansASourceOfPhonesForWhatItsAddressIsForgedWith) {
  ledger.succeeded("101", phone.remote.ip);
  for (std::uint32_t i = 0; i < 10 * limits.unanswered_max; ++i) {
    door->on_unanswered(phone);
    door->on_malformed(phone);
  }
  EXPECT_FALSE(door->is_banned(phone.remote.ip));
}

TEST_F(DoorkeeperTest, AnAnsweredChallengeEndsTheCount) {
  for (std::uint32_t i = 0; i < 10 * limits.unanswered_max; ++i) {
    door->on_unanswered(stranger);
    if (i % 10 == 0) door->on_authenticated(stranger);
  }
  EXPECT_FALSE(door->is_banned(stranger.remote.ip));
}

TEST_F(DoorkeeperTest, ExemptNetworksAreNeverBannedByThemselvesNorSlowedDown) {
  const auto exempt = udp_flow("10.1.2.3:5060");
  AttemptLedger::Consequence consequence;
  consequence.locked_for = 5min;
  for (int i = 0; i < 10'000; ++i) {
    door->on_malformed(exempt);
    door->on_unanswered(exempt);
    door->on_shut_out(exempt, consequence);
    ASSERT_EQ(knock(exempt), Verdict::Pass);
  }
  EXPECT_EQ(list.size(), 0u);
  ban({IpNetwork::host(exempt.remote.ip), BanReason::Manual, {}, "alice", {}});
  EXPECT_EQ(knock(exempt), Verdict::Drop);  // a person may
}

TEST_F(DoorkeeperTest, BansWhoUsedUpItsSecretsForAsLongAsTheLock) {
  AttemptLedger::Consequence consequence;
  consequence.locked_for = 5min;
  consequence.failures = 20;
  door->on_shut_out(stranger, consequence);
  EXPECT_TRUE(door->is_banned(stranger.remote.ip));
  const auto ban = board.current()->all().front();
  EXPECT_EQ(ban.reason, BanReason::WrongSecrets);
  EXPECT_EQ(ban.detail, "20 failed attempts");
  EXPECT_EQ(*ban.until - ban.since, 5min);
}

TEST_F(DoorkeeperTest, AReleasedSourceStartsAnew) {
  for (int i = 0; i < 20; ++i) ledger.failed(fmt::format("guess{}", i), stranger.remote.ip, false);
  door->on_shut_out(stranger, {.locked_for = 5min});
  list.release(IpNetwork::host(stranger.remote.ip), "alice");
  EXPECT_FALSE(ledger.is_locked("101", stranger.remote.ip));
}

TEST_F(DoorkeeperTest, TellsAFewOfAFloodToComeLaterAndDropsTheRest) {
  int passed = 0;
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto verdict = knock(stranger, "INVITE sip:102@192.0.2.1 SIP/2.0");
    passed += verdict == Verdict::Pass ? 1 : 0;
    refused += verdict == Verdict::Refuse ? 1 : 0;
  }
  EXPECT_EQ(passed, static_cast<int>(limits.strangers.invites.burst));
  EXPECT_EQ(refused, static_cast<int>(RateLimiter::kRefusals.burst));
  EXPECT_EQ(knock(phone), Verdict::Pass);
}

TEST_F(DoorkeeperTest, LetsPhonesAndPeersAskMore) {
  ledger.succeeded("101", phone.remote.ip);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(knock(phone, "INVITE sip:102@192.0.2.1 SIP/2.0"), Verdict::Pass);
    EXPECT_EQ(knock(stranger, "INVITE sip:102@192.0.2.1 SIP/2.0", true), Verdict::Pass);
  }
}

TEST_F(DoorkeeperTest, TheRefusalSaysWhenToComeBack) {
  auto bytes = RequestText{}.text(1);
  sip::Flow back;
  const OwnedMessage answer(door->refusal(stranger, bytes.data(), bytes.size(), back));
  EXPECT_EQ(answer->status(), 503);
  EXPECT_EQ(answer->header(sip::HeaderId::RetryAfter), fmt::to_string(limits.retry_after));
  EXPECT_EQ(back.remote, stranger.remote);
  for (std::string silent : {std::string("\r\n\r\n"), std::string("SIP/2.0 200 OK\r\n\r\n")})
    EXPECT_EQ(door->refusal(stranger, silent.data(), silent.size(), back), "");
}

}  // namespace
}  // namespace xivo::endpoint::testing
