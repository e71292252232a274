#include "app/shard_of.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace xivo::app {
namespace {

std::string request(std::string_view method, std::string_view call_id, std::string_view to_tag = {}) {
  return fmt::format(
      "{} sip:102@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKabc\r\nFrom: "
      "<sip:101@192.0.2.1>;tag=1\r\n"
      "To: <sip:102@192.0.2.1>{}{}\r\nCall-ID: {}\r\nCSeq: 1 {}\r\nContent-Length: 0\r\n\r\n",
      method, to_tag.empty() ? "" : ";tag=", to_tag, call_id, method);
}

TEST(ShardOf, junk_goes_to_shard_0) {
  for (const std::string junk :
       {"", "\r\n\r\n", "x", "INVITE sip:x SIP/2.0", "INVITE sip:x SIP/2.0\r\n\r\n", "\n\n:\n \n",
        "INVITE sip:x SIP/2.0\r\nCall-ID", "SIP/2.0 200 OK\r\nVia\r\n"}) {
    EXPECT_EQ(shard_of(junk, 4), 0u) << junk;
  }
}

TEST(ShardOf, a_tag_that_only_looks_like_ours_does_not_decide) {
  const auto by_call_id = shard_of(request("BYE", "c@d"), 4);
  for (const std::string_view tag : {"s9-1-x", "s-1-x", "sx-1", "s99999999999999999999-1", "s1", "3-s"}) {
    EXPECT_EQ(shard_of(request("BYE", "c@d", tag), 4), by_call_id) << tag;
  }
}

TEST(ShardOf, one_shard_takes_everything) { EXPECT_EQ(shard_of(request("INVITE", "a"), 1), 0u); }

TEST(ShardOf, registrations_go_to_shard_0) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(shard_of(request("REGISTER", fmt::format("r{}", i)), 4), 0u);
}

TEST(ShardOf, our_tag_in_to_decides_inside_a_dialog) {
  for (unsigned shard = 0; shard < 4; ++shard) {
    EXPECT_EQ(shard_of(request("BYE", "a@b", fmt::format("s{}-100000001-xyz", shard)), 4), shard);
    EXPECT_EQ(shard_of(request("ACK", "a@b", fmt::format("s{}-0-xyz", shard)), 4), shard);
  }
}

TEST(ShardOf, an_invite_its_cancel_and_the_ack_of_a_refusal_meet) {
  for (int i = 0; i < 50; ++i) {
    const auto id = fmt::format("call-{}", i);
    const auto shard = shard_of(request("INVITE", id), 4);
    EXPECT_EQ(shard_of(request("CANCEL", id), 4), shard);
    EXPECT_EQ(shard_of(request("ACK", id, "0123456789abcdef"), 4), shard);
  }
}

TEST(ShardOf, an_invite_that_replaces_a_dialog_goes_where_that_dialog_is) {
  const auto replacing = [](std::string_view value, std::string_view to_tag = {}) {
    auto text = request("INVITE", "new@phone", to_tag);
    return text.insert(text.find("Via:"), fmt::format("Replaces: {}\r\n", value));
  };
  for (unsigned shard = 0; shard < 4; ++shard)
    EXPECT_EQ(shard_of(replacing(fmt::format("old@phone;to-tag=s{}-100000001-xyz;from-tag=7", shard)), 4),
              shard);
  EXPECT_EQ(shard_of(replacing("old@phone;from-tag=s2-1-x;to-tag=s3-1-x"), 4), 3u);
  EXPECT_EQ(shard_of(replacing("old@phone;to-tag=s3-1-x;from-tag=7", "s1-100000001-xyz"), 4),
            1u);  // inside a dialog
  for (const std::string_view other : {"old@phone;to-tag=7;from-tag=s2-1-x", "", ";to-tag=s9-1-x"})
    EXPECT_EQ(shard_of(replacing(other), 4), shard_of(request("INVITE", "new@phone"), 4)) << other;
}

TEST(ShardOf, our_branch_decides_for_a_response) {
  for (unsigned shard = 0; shard < 4; ++shard) {
    const auto response = fmt::format(
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-{}-abcdef;rport=5060\r\nVia: "
        "SIP/2.0/UDP x;branch=z9hG4bK-3-y\r\nTo: <sip:a>;tag=s0-1-x\r\nCall-ID: s1-x\r\n\r\n",
        shard);
    EXPECT_EQ(shard_of(response, 4), shard);
  }
}

TEST(ShardOf, compact_names_and_folded_lines_are_read) {
  const std::string compact =
      "BYE sip:a SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bKx\r\nt : <sip:a>\r\n ;TAG=s2-1-x\r\ni: c\r\n\r\n";
  EXPECT_EQ(shard_of(compact, 4), 2u);
  const std::string folded = "OPTIONS sip:a SIP/2.0\r\nCall-ID:\r\n\ta@b\r\nTo: <sip:a>\r\n\r\n";
  const std::string plain = "OPTIONS sip:a SIP/2.0\r\nTo: <sip:a>\r\nCALL-ID: a@b\r\n\r\n";
  EXPECT_EQ(shard_of(folded, 4), shard_of(plain, 4));
}

TEST(ShardOf, calls_of_one_address_are_spread_evenly) {
  std::array<int, 4> counts{};
  for (int i = 0; i < 4000; ++i) ++counts[shard_of(request("INVITE", fmt::format("{}-7@192.0.2.7", i)), 4)];
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace xivo::app
