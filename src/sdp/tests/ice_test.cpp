#include "sdp/ice.hpp"

#include <gtest/gtest.h>

#include "sdp/parse.hpp"

namespace xivo::sdp {
namespace {

Session description(const std::string& above, const std::string& below) {
  return *parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + above +
                "m=audio 9 UDP/TLS/RTP/SAVPF 8\r\n" + below);
}
std::optional<IceCredentials> credentials(const std::string& above, const std::string& below) {
  const auto session = description(above, below);
  return ice_credentials_of(session, session.medias[0]);
}

// RFC 8839, appendix A.
const std::string kFragment = "a=ice-ufrag:8hhY\r\n";
const std::string kPassword = "a=ice-pwd:asd88fgpdd777uzjYhagZg\r\n";

TEST(Ice, credentials_that_are_missing_short_or_of_other_characters_are_none) {
  EXPECT_FALSE(credentials("", ""));
  EXPECT_FALSE(credentials("", kFragment));
  EXPECT_FALSE(credentials("", kPassword));
  EXPECT_FALSE(credentials("", "a=ice-ufrag:8hh\r\n" + kPassword));
  EXPECT_FALSE(credentials("", kFragment + "a=ice-pwd:asd88fgpdd777uzjYhagZ\r\n"));
  EXPECT_FALSE(credentials("", "a=ice-ufrag:8h:Y\r\n" + kPassword));
  EXPECT_FALSE(credentials("", kFragment + "a=ice-pwd:" + std::string(257, 'a') + "\r\n"));
}

TEST(Ice, credentials_are_those_of_the_media_or_else_of_the_session) {
  const auto both =
      credentials("a=ice-ufrag:above\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaa\r\n", kFragment + kPassword);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->fragment, "8hhY");
  EXPECT_EQ(both->password, "asd88fgpdd777uzjYhagZg");
  EXPECT_EQ(credentials(kFragment + kPassword, ""), both);
}

TEST(Ice, an_address_of_zeros_is_no_hold_with_ice) {
  const auto held = description("", "");
  EXPECT_EQ(held.direction_of(held.medias[0]), Direction::SendOnly);
  const auto searching = description("", kFragment + kPassword);
  EXPECT_EQ(searching.direction_of(searching.medias[0]), Direction::SendRecv);
  EXPECT_FALSE(searching.rtp_address_of(searching.medias[0]));
}

TEST(Ice, our_candidate_is_a_host_of_the_highest_preference) {
  EXPECT_EQ(write_host_candidate({*IpAddress::parse("192.0.2.9"), 5000}),
            "1 1 UDP 2130706431 192.0.2.9 5000 typ host");
}

}  // namespace
}  // namespace xivo::sdp
