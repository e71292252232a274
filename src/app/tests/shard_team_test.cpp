#include "app/shard_team.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "media/inline_engine.hpp"
#include "model/transaction.hpp"

namespace xivo::app {
namespace {

using model::Change;
using model::Value;
using std::chrono::milliseconds;

struct FakeWire final : sip::Wire {
  std::vector<std::pair<sip::Flow, std::string>> sent;
  bool works = true;
  bool send(const sip::Flow& flow, std::string_view bytes) override {
    if (works) sent.emplace_back(flow, bytes);
    return works;
  }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    return {transport, {*IpAddress::parse("192.0.2.1"), 5060}, remote, 0};
  }
};

struct NoRecords final : call::RecordSink {
  void on_record(call::CallRecord) override {}
};
struct NoStorage final : endpoint::BindingStorage {
  void save(const endpoint::Binding&) override {}
  void remove(model::SipLineId, const std::string&) override {}
};

constexpr std::uint64_t kConnection = std::uint64_t{5} << 32 | 7;  // as a wire names it

std::string request(std::string_view method, std::string_view call_id, std::string_view to_tag = {}) {
  return fmt::format(
      "{0} sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.7;branch=z9hG4bK{1}{0}\r\nMax-Forwards: "
      "70\r\nFrom: "
      "<sip:101@192.0.2.1>;tag=1\r\nTo: <sip:192.0.2.1>{2}{3}\r\nCall-ID: {1}\r\nCSeq: 1 "
      "{0}\r\nContent-Length: 0\r\n\r\n",
      method, call_id, to_tag.empty() ? "" : ";tag=", to_tag);
}

/// Two shards on one loop; the mailbox of the second can be full.
class Team : public ::testing::Test {
 protected:
  Team() {
    model::Transaction transaction;
    transaction.author = "test";
    transaction.changes.push_back(
        {"line", Change::Op::Create, 0,
         Value::object({{"name", "102"}, {"secret", "not-used-here"}, {"context", "default"}})});
    transaction.changes.push_back(
        {"context", Change::Op::Create, 0, Value::object({{"name", "default"}}), {}});
    transaction.changes.push_back(
        {"extension",
         Change::Op::Create,
         0,
         Value::object({{"exten", "102"},
                        {"context", "default"},
                        {"destination", Value::object({{"type", "line"}, {"line", "102"}})}}),
         {}});
    auto applied = model::apply(*config_.current(), transaction, {clock_.wall(), 1});
    if (applied) config_.publish(applied->config);
    line_ = config_.current()->line_by_name("102")->id;
    ShardTeam::Parts parts{{}, config_, records_, bindings_};
    for (std::size_t i = 0; i < 2; ++i) {
      parts.seats.push_back({scheduler_, wires_[i], media_, [this, i](runtime::Task task) {
                               if (i == 1 && full_) return false;
                               posted_.push_back(std::move(task));
                               return true;
                             }});
    }
    team_ = std::make_unique<ShardTeam>(std::move(parts), Shard::Options{});
  }

  void run_posted() {
    while (!posted_.empty()) {
      const auto task = std::move(posted_.front());
      posted_.pop_front();
      task();
    }
  }
  void pass(milliseconds time) {
    clock_.advance(time);
    timers_.run_due();
    run_posted();
  }
  void register_phone() {
    endpoint::Binding binding;
    binding.line = line_;
    binding.contact = "sip:102@192.0.2.7";
    binding.flow.remote = {*IpAddress::parse("192.0.2.7"), 5060};
    binding.expires = clock_.wall() + std::chrono::hours(1);
    team_->restore({binding});
  }
  int contacts_at(std::size_t shard) { return team_->shard(shard).user_agent().contacts_of(line_); }
  /// A message that comes in on a connection of that shard.
  void arrive(std::size_t shard, std::string bytes) {
    team_->wire_user(shard).on_message(phone_, bytes.data(), bytes.size());
    run_posted();
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_{1};
  runtime::Scheduler scheduler_{clock_, timers_, rng_};
  std::array<FakeWire, 2> wires_;
  media::InlineEngine media_{
      scheduler_, [](const SocketAddress&, const SocketAddress&, std::string_view) {}, {}};
  model::ConfigSource config_{feature_codes()};
  NoRecords records_;
  NoStorage bindings_;
  model::SipLineId line_;
  bool full_ = false;
  std::deque<runtime::Task> posted_;
  sip::Flow phone_{sip::Transport::Tcp,
                   {*IpAddress::parse("192.0.2.1"), 5060},
                   {*IpAddress::parse("192.0.2.7"), 40'000},
                   kConnection};
  std::unique_ptr<ShardTeam> team_;
};

TEST_F(Team, a_shard_without_room_is_told_of_a_phone_later) {
  full_ = true;
  register_phone();
  run_posted();
  EXPECT_EQ(contacts_at(0), 1);
  EXPECT_EQ(contacts_at(1), 0);
  pass(milliseconds(100));
  EXPECT_EQ(contacts_at(1), 0);
  full_ = false;
  pass(milliseconds(100));
  EXPECT_EQ(contacts_at(1), 1);
}

TEST_F(Team, a_question_that_finds_a_full_mailbox_is_answered_by_who_is_left) {
  int asked = 0;
  bool done = false;
  const auto ask = [&] {
    team_->ask(
        [&](Shard&) {
          ++asked;
          return true;
        },
        [&] { done = true; });
    run_posted();
  };
  full_ = true;
  ask();
  EXPECT_TRUE(done);
  EXPECT_EQ(asked, 0);
  full_ = false;
  ask();
  EXPECT_EQ(asked, 2);
}

TEST_F(Team, a_shard_answers_on_the_connection_of_another) {
  for (std::size_t receiver = 0; receiver < 2; ++receiver) {
    for (const std::string_view shard : {"s0-1-x", "s1-1-x"}) {
      for (auto& wire : wires_) wire.sent.clear();
      arrive(receiver, request("BYE", fmt::format("c{}{}", receiver, shard), shard));
      ASSERT_EQ(wires_[receiver].sent.size(), 1u) << shard;
      EXPECT_TRUE(wires_[receiver].sent[0].second.starts_with("SIP/2.0 481 ")) << shard;
      EXPECT_EQ(wires_[receiver].sent[0].first.connection, kConnection) << "as its wire knows it";
      EXPECT_TRUE(wires_[1 - receiver].sent.empty()) << shard;
    }
  }
}

TEST_F(Team, a_message_that_finds_a_full_mailbox_is_lost_and_its_repeat_is_not) {
  full_ = true;
  arrive(0, request("BYE", "c", "s1-1-x"));
  EXPECT_TRUE(wires_[0].sent.empty());
  full_ = false;
  arrive(0, request("BYE", "c", "s1-1-x"));
  EXPECT_EQ(wires_[0].sent.size(), 1u);
}

}  // namespace
}  // namespace xivo::app
