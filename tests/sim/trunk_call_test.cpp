// Calls from and to operators, word by word, on the real engine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "call/call_registry.hpp"
#include "endpoint/trunk/trunk_group.hpp"
#include "raw_peer.hpp"
#include "sip/digest.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using model::Change;
using model::Value;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string field(std::string_view bytes, std::string_view name) {
  const auto start = bytes.find(fmt::format("\r\n{}: ", name));
  if (start == std::string::npos) return {};
  const auto value = start + 4 + name.size();
  return std::string(bytes.substr(value, bytes.find("\r\n", value) - value));
}

/// An operator: hears every request and says what the test wants.
class Operator {
 public:
  Operator(World& world, std::string_view ip) : world_(world), peer_(world, ip), ip_(ip) {}

  /// The requests of a method since the last look, without repeats.
  std::vector<std::string> take(std::string_view method) {
    std::vector<std::string> found;
    for (const auto& bytes : peer_.received()) {
      const bool wanted = bytes.starts_with(fmt::format("{} ", method));
      if (wanted && seen_.insert(bytes).second) found.push_back(bytes);
    }
    return found;
  }
  std::string one(std::string_view method) {
    auto all = take(method);
    EXPECT_EQ(all.size(), 1U) << method;
    return all.empty() ? std::string{} : all.back();
  }
  void answer(const std::string& request, int status, std::string_view lines = {},
              std::string_view body = {}) {
    ASSERT_FALSE(request.empty());
    const auto to = field(request, "To");
    const auto tag = to.find(";tag=") == std::string::npos ? ";tag=op" : "";
    peer_.send(
        fmt::format("SIP/2.0 {} Said\r\nVia: {}\r\nFrom: {}\r\nTo: {}{}\r\nCall-ID: {}\r\nCSeq: {}\r\n"
                    "Contact: <sip:op@{}>\r\n{}{}Content-Length: {}\r\n\r\n{}",
                    status, field(request, "Via"), field(request, "From"), to, tag, field(request, "Call-ID"),
                    field(request, "CSeq"), ip_, lines,
                    body.empty() ? "" : "Content-Type: application/sdp\r\n", body.size(), body));
  }
  [[nodiscard]] std::string sdp() const {
    return fmt::format(
        "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ip_);
  }
  RawPeer& peer() { return peer_; }

 private:
  World& world_;
  RawPeer peer_;
  std::string ip_;
  std::set<std::string> seen_;
};

constexpr std::string_view kChallenge =
    "Proxy-Authenticate: Digest realm=\"op\", nonce=\"n1\", qop=\"auth\"\r\n";

/// Whether that header field of a request proves the account's secret.
bool proves(std::string_view request, std::string_view header, std::string_view method) {
  const auto said = sip::digest::parse(field(request, header));
  if (!said) return false;
  const auto a1 = sip::digest::a1_hash(sip::digest::Algorithm::Md5, "0123", "op", "s3cret");
  return said->response == sip::digest::response(sip::digest::Algorithm::Md5, a1, method, *said);
}

class TrunkCallTest : public testing::Test {
 protected:
  static constexpr unsigned kShards = 2;
  TrunkCallTest() : world_(7, kShards), first_(world_, "198.51.100.7"), second_(world_, "198.51.100.8") {
    world_.add_phone("alice", "101");
    world_.add_phone("bob", "102");
    context("from-extern", "incall");
    trunk("first", "198.51.100.7");
    trunk("second", "198.51.100.8");
    create("outgoing_route",
           Value::object({{"name", "france"},
                          {"context", "default"},
                          {"patterns", Value::List{Value::object({{"pattern", "_0XXXXXXXXX"}})}},
                          {"trunks", Value::List{Value("first"), Value("second")}}}));
    create("extension", Value::object({{"exten", "0123456789"},
                                       {"context", "from-extern"},
                                       {"destination", Value::object({{"type", "user"}, {"user", 1}})}}));
    for (const auto* name : {"alice", "bob"}) world_.phone(name)->register_at();
    world_.run_for(seconds(3));
  }

  void create(std::string_view kind, Value fields) {
    model::Transaction transaction;
    transaction.author = "test";
    transaction.changes.push_back({std::string(kind), Change::Op::Create, 0, std::move(fields), {}});
    ASSERT_TRUE(world_.change(std::move(transaction))) << kind;
  }
  void context(std::string_view name, std::string_view type) {
    create("context", Value::object({{"name", std::string(name)}, {"type", std::string(type)}}));
  }
  void trunk(std::string_view name, std::string_view host) {
    create("trunk", Value::object({{"name", std::string(name)},
                                   {"host", std::string(host)},
                                   {"username", "0123"},
                                   {"secret", "s3cret"},
                                   {"context", "from-extern"},
                                   {"options_interval", 0},
                                   {"outgoing_caller_id", "+33123456789"}}));
  }
  void set(std::string_view name, std::string_view member, Value value) {
    for (const auto& [id, trunk] : world_.config()->objects<model::Trunk>()) {
      if (trunk->name != name) continue;
      model::Transaction transaction;
      transaction.author = "test";
      transaction.changes.push_back(
          {"trunk", Change::Op::Update, id, Value::object({{std::string(member), std::move(value)}}), {}});
      ASSERT_TRUE(world_.change(std::move(transaction)));
    }
    world_.run_for(seconds(2));
  }
  void dial(const std::string& caller = "alice") {
    world_.phone(caller)->call("0612345678");
    world_.run_for(milliseconds(200));
  }
  [[nodiscard]] SimPhone::State state(const std::string& name) { return world_.phone(name)->state(); }
  void over() {
    world_.run_for(seconds(40));
    EXPECT_EQ(world_.left(), "");
    for (const model::TrunkId id : {model::TrunkId{1}, model::TrunkId{2}}) {
      EXPECT_EQ(world_.shard().calls().census().channels_of(id, model::routing::Direction::Out), 0);
      EXPECT_EQ(world_.shard().calls().census().channels_of(id, model::routing::Direction::In), 0);
    }
  }

  World world_;
  Operator first_;
  Operator second_;
};

TEST_F(TrunkCallTest, AStrangerIsAskedForAPassword) {
  Operator stranger(world_, "198.51.100.9");
  stranger.peer().send(stranger.peer().request("INVITE", "sip:0123456789@192.0.2.1", {}, stranger.sdp()));
  EXPECT_EQ(stranger.peer().first_status(), 401);
  EXPECT_NE(state("alice"), SimPhone::State::Ringing);
}

TEST_F(TrunkCallTest, AnOperatorMayLookWhetherWeAreThereAsOftenAsItLikes) {
  for (int i = 0; i < 300; ++i)
    first_.peer().send(first_.peer().request("OPTIONS", "sip:0123@192.0.2.1"), seconds(1));
  const auto statuses = first_.peer().statuses();
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 300);
  EXPECT_EQ(world_.bans().size(), 0U);
}

TEST_F(TrunkCallTest, AnOperatorsCallReachesANumberOfOursAndNothingElse) {
  first_.peer().send(first_.peer().request("INVITE", "sip:0612345678@192.0.2.1", {}, first_.sdp()));
  EXPECT_TRUE(first_.take("INVITE").empty());
  EXPECT_TRUE(second_.take("INVITE").empty());
  first_.peer().forget();
  first_.peer().send(first_.peer().request("INVITE", "sip:102@192.0.2.1", {}, first_.sdp()));
  EXPECT_NE(state("bob"), SimPhone::State::Ringing);
  first_.peer().forget();
  first_.peer().send(first_.peer().request("INVITE", "sip:0123456789@192.0.2.1", {}, first_.sdp()));
  EXPECT_EQ(state("alice"), SimPhone::State::Ringing);
  EXPECT_EQ(world_.shard().calls().census().channels_of({1}, model::routing::Direction::In), 1);
  world_.phone("alice")->answer();
  world_.run_for(milliseconds(100));
  EXPECT_TRUE(first_.peer().received_text("SIP/2.0 200"));
}

TEST_F(TrunkCallTest, NoMoreCallsComeInThanTheTrunkMayHave) {
  set("first", "max_channels_in", Value(1));
  first_.peer().send(first_.peer().request("INVITE", "sip:0123456789@192.0.2.1", {}, first_.sdp()));
  first_.peer().forget();
  const auto another = first_.peer().request("INVITE", "sip:0123456789@192.0.2.1", {}, first_.sdp());
  first_.peer().send(another, seconds(10));
  first_.peer().keep_only(field(another, "Call-ID"));
  EXPECT_TRUE(first_.peer().received_text("SIP/2.0 503"));
}

TEST_F(TrunkCallTest, AllShardsTogetherLetNoMoreCallsInThanTheTrunkMayHave) {
  set("first", "max_channels_in", Value(2));
  std::set<std::size_t> shards;
  for (int i = 0; i < 8; ++i) {
    first_.peer().send(first_.peer().request("INVITE", "sip:0123456789@192.0.2.1", {}, first_.sdp()));
    for (std::size_t shard = 0; shard < kShards; ++shard)
      if (world_.shard(shard).calls().processed() > 0) shards.insert(shard);
  }
  EXPECT_EQ(shards.size(), kShards) << "every call fell to one shard";
  EXPECT_EQ(world_.shard().calls().census().channels_of({1}, model::routing::Direction::In), 2);
  EXPECT_EQ(world_.active_calls(), 2U);
}

TEST_F(TrunkCallTest, ACallGoesOutProvesWhoWeAreAndIsEndedEvenWhenTheByeIsChallenged) {
  dial();
  const auto bare = first_.one("INVITE");
  EXPECT_TRUE(bare.starts_with("INVITE sip:0612345678@198.51.100.7 SIP/2.0\r\n")) << bare.substr(0, 60);
  EXPECT_NE(field(bare, "From").find("<sip:+33123456789@198.51.100.7>"), std::string::npos)
      << field(bare, "From");
  EXPECT_NE(field(bare, "P-Asserted-Identity").find("<sip:+33123456789@198.51.100.7>"), std::string::npos);
  first_.answer(bare, 407, kChallenge);
  const auto invite = first_.one("INVITE");
  EXPECT_TRUE(proves(invite, "Proxy-Authorization", "INVITE"));
  EXPECT_EQ(field(invite, "Call-ID"), field(bare, "Call-ID"));
  first_.answer(invite, 180);
  first_.answer(invite, 200, {}, first_.sdp());
  EXPECT_EQ(state("alice"), SimPhone::State::Talking);
  first_.take("ACK");
  world_.phone("alice")->hang_up();
  world_.run_for(seconds(1));
  const auto bye = first_.one("BYE");
  EXPECT_TRUE(proves(bye, "Proxy-Authorization", "BYE"));  // unasked
  first_.answer(bye, 407,
                "Proxy-Authenticate: Digest realm=\"op\", nonce=\"n2\", qop=\"auth\", stale=true\r\n");
  const auto again = first_.one("BYE");
  EXPECT_TRUE(proves(again, "Proxy-Authorization", "BYE"));
  EXPECT_NE(field(again, "CSeq"), field(bye, "CSeq"));
  first_.answer(again, 200);
  over();
  const auto& counts = world_.shard(0).user_agent().trunk_ledger().all();
  const auto& others = world_.shard(1).user_agent().trunk_ledger().all();
  const auto answered = [](const auto& all) {
    return all.contains({1}) ? all.at({1}).out_answered : std::uint64_t{0};
  };
  EXPECT_EQ(answered(counts) + answered(others), 1U);
}

TEST_F(TrunkCallTest, AWrongPasswordLeadsToTheNextTrunk) {
  dial();
  first_.answer(first_.one("INVITE"), 407, kChallenge);
  first_.answer(first_.one("INVITE"), 407,
                "Proxy-Authenticate: Digest realm=\"op\", nonce=\"n2\", qop=\"auth\"\r\n");
  const auto next = second_.one("INVITE");
  EXPECT_TRUE(next.starts_with("INVITE sip:0612345678@198.51.100.8 "));
  second_.answer(next, 486);
  over();
}

TEST_F(TrunkCallTest, OnlyCongestionAndSilenceLeadToTheNextTrunk) {
  dial();
  first_.answer(first_.one("INVITE"), 503);
  second_.answer(second_.one("INVITE"), 486);
  world_.run_for(seconds(1));
  over();
  dial();
  first_.answer(first_.one("INVITE"), 486);
  EXPECT_TRUE(second_.take("INVITE").empty());
  over();
  dial();
  first_.one("INVITE");
  world_.run_for(seconds(9));
  second_.answer(second_.one("INVITE"), 200, {}, second_.sdp());
  EXPECT_EQ(state("alice"), SimPhone::State::Talking);
  world_.phone("alice")->hang_up();
  world_.run_for(seconds(1));
  second_.answer(second_.one("BYE"), 200);
  over();
}

TEST_F(TrunkCallTest, AFullTrunkLeadsToTheNext) {
  set("first", "max_channels_out", Value(1));
  dial("alice");
  first_.one("INVITE");
  dial("bob");
  EXPECT_TRUE(first_.take("INVITE").empty());
  second_.one("INVITE");
}

TEST_F(TrunkCallTest, ACallerWhoGivesUpCancels) {
  dial();
  const auto invite = first_.one("INVITE");
  first_.answer(invite, 180);
  world_.phone("alice")->hang_up();
  world_.run_for(milliseconds(200));
  first_.answer(first_.one("CANCEL"), 200);
  first_.answer(invite, 487);
  over();
}

TEST_F(TrunkCallTest, OneShardRegistersAndEveryShardKnowsTheContact) {
  set("first", "register", Value(true));
  auto request = first_.one("REGISTER");
  first_.answer(request, 401, "WWW-Authenticate: Digest realm=\"op\", nonce=\"n1\", qop=\"auth\"\r\n");
  request = first_.one("REGISTER");
  EXPECT_TRUE(proves(request, "Authorization", "REGISTER"));
  const auto contact = field(request, "Contact");
  first_.answer(request, 200, "Expires: 300\r\n");
  EXPECT_TRUE(world_.shard(0).user_agent().trunks()->find({1})->registration()->is_registered());
  EXPECT_EQ(world_.shard(1).user_agent().trunks(), nullptr);
  EXPECT_TRUE(world_.shard(1).user_agent().trunk_usable({1}));
  const auto uri = contact.substr(1, contact.find('>') - 1);
  Operator elsewhere(world_, "198.51.100.70");  // another machine of the operator's
  for (int i = 0; i < 4; ++i) {  // by one shard and the other
    const auto invite = elsewhere.peer().request("INVITE", uri, {}, elsewhere.sdp());
    elsewhere.peer().send(invite);
    EXPECT_FALSE(elsewhere.peer().received_text("SIP/2.0 401"));
  }
}

}  // namespace
}  // namespace xivo::flow
