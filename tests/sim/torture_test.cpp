// The torture messages of RFC 4475 and RFC 5118 against the running engine: as they are, from a stranger and from a peer that
// is trusted, and made part of a call that is up. Nothing crashes, others are served, and the answer is the one the RFCs want.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "raw_peer.hpp"
#include "source_dir.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kSeed = 20'261'126;

/// What a stranger and a trusted peer are answered; 0 = the message is dropped.
struct Verdict {
  int stranger;
  int trusted;
};

/// torture.verdicts: "name stranger trusted # why", 0 = nothing.
const std::map<std::string, Verdict>& verdicts() {
  static const auto kVerdicts = [] {
    std::map<std::string, Verdict> read;
    std::ifstream in(tests::source_dir() / "tests/sim/torture.verdicts");
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line.substr(0, line.find('#')));
      std::string name;
      Verdict verdict{};
      if (words >> name >> verdict.stranger >> verdict.trusted) read[name] = verdict;
    }
    return read;
  }();
  return kVerdicts;
}

std::map<std::string, std::string> messages() {
  std::map<std::string, std::string> all;
  for (const auto* folder : {"rfc4475", "rfc5118"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(tests::source_dir() / "tests/corpus" / folder)) {
      if (entry.path().extension() != ".sip") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all[entry.path().stem().string()] = {std::istreambuf_iterator<char>(in), {}};
    }
  }
  return all;
}

/// A company with two phones in a call, a peer at a fixed address, and a bystander.
struct Site {
  Site() {
    world.add_phone("alice", "101");
    world.add_phone("bob", "102");
    world.add_phone("trunk", "900");
    world.configure("trunk", "host", "198.51.100.8");
    for (const auto* name : {"alice", "bob"}) world.phone(name)->register_at();
    world.run_for(seconds(1));
  }
  bool serves_others() {
    bystander.forget();
    bystander.send(bystander.request("OPTIONS", "sip:192.0.2.1"));
    return bystander.first_status() == 200;
  }

  World world{kSeed};
  RawPeer stranger{world, "198.51.100.7"};
  RawPeer trusted{world, "198.51.100.8"};
  RawPeer bystander{world, "198.51.100.9"};
};

TEST(Torture, each_message_gets_its_answer_from_a_stranger_and_from_a_trusted_peer) {
  for (const auto& [name, bytes] : messages()) {
    const auto wanted = verdicts().find(name);
    int answers[2] = {};
    for (const bool trusted : {false, true}) {
      Site site;
      auto& sender = trusted ? site.trusted : site.stranger;
      sender.send(bytes);
      EXPECT_TRUE(site.serves_others()) << name;
      answers[trusted ? 1 : 0] = sender.first_status();
      site.world.run_for(seconds(120));
      EXPECT_EQ(site.world.shard().calls().call_count(), 0u) << name;
      EXPECT_EQ(site.world.media().open_count(), 0u) << name;
      EXPECT_EQ(site.world.shard().user_agent().transactions().server_count(), 0u) << name;
      EXPECT_EQ(site.world.shard().user_agent().transactions().client_count(), 0u) << name;
    }
    if (wanted == verdicts().end()) {
      ADD_FAILURE() << fmt::format("no verdict for {}; it got {} {}", name, answers[0], answers[1]);
      continue;
    }
    EXPECT_EQ(answers[0], wanted->second.stranger) << name;
    EXPECT_EQ(answers[1], wanted->second.trusted) << name;
  }
}

/// The message with the names of a dialog in it, as its phone would send it.
std::string adapted(const std::string& bytes, const SimPhone::CallSide& call, bool first_of_field) {
  const auto& id = call.dialog->id();
  std::string out;
  bool headers = true;
  std::size_t line_number = 0;
  std::map<std::string, int> seen;
  for (auto line : text::split(bytes, '\n')) {
    std::string text(line);
    const auto colon = text.find(':');
    auto field = text::to_lower(text::trim(text.substr(0, std::min(colon, text.size()))));
    if (text == "\r") headers = false;
    const bool again = seen[field]++ > 0 && first_of_field;
    if (headers && line_number++ > 0 && colon != std::string::npos && !again) {
      if (field == "call-id" || field == "i") text = fmt::format("Call-ID: {}\r", id.call_id);
      if (field == "from" || field == "f")
        text = fmt::format("From: {};tag={}\r", call.dialog->local_uri(), id.local_tag);
      if (field == "to" || field == "t")
        text = fmt::format("To: {};tag={}\r", call.dialog->remote_uri(), id.remote_tag);
    }
    out += text + "\n";
  }
  out.pop_back();
  return out;
}

TEST(Torture, no_message_that_is_made_part_of_a_call_does_more_than_it_may) {
  for (const auto& [name, bytes] : messages()) {
    for (const bool first_of_field : {true, false}) {
      Site site;
      auto& alice = *site.world.phone("alice");
      alice.call("102");
      site.world.run_for(milliseconds(200));
      site.world.phone("bob")->answer();
      site.world.run_for(milliseconds(200));
      ASSERT_EQ(alice.state(), SimPhone::State::Talking);
      site.world.inject({alice.ip(), 5060}, site.world.server(),
                        adapted(bytes, *alice.current(), first_of_field));
      site.world.run_for(milliseconds(500));
      EXPECT_TRUE(site.serves_others()) << name;
      const bool may_end = bytes.starts_with("BYE ");
      EXPECT_TRUE(may_end || site.world.shard().calls().active_calls() == 1u) << name;
      // By bob: alice's numbers may be used up by what was sent in her name.
      site.world.phone("bob")->hang_up();
      site.world.run_for(seconds(120));
      EXPECT_EQ(site.world.shard().calls().call_count(), 0u) << name;
      EXPECT_EQ(site.world.shard().calls().leg_count(), 0u) << name;
      EXPECT_EQ(site.world.media().open_count(), 0u) << name;
      EXPECT_EQ(site.world.shard().user_agent().transactions().client_count(), 0u) << name;
    }
  }
}

}  // namespace
}  // namespace xivo::flow
