#include "sdp/dtls.hpp"

#include <gtest/gtest.h>

#include "sdp/parse.hpp"

namespace xivo::sdp {
namespace {

// RFC 8122 §5, its example.
constexpr std::string_view kSha1 = "SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB";
constexpr std::string_view kSha256 =
    "sha-256 12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD";

Session description(const std::string& above, const std::string& below) {
  return *parse("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + above +
                "m=audio 9 UDP/TLS/RTP/SAVPF 8\r\n" + below);
}
std::string fingerprint(std::string_view value) { return "a=fingerprint:" + std::string(value) + "\r\n"; }

TEST(Dtls, a_malformed_fingerprint_is_none) {
  for (const std::string_view value :
       {"", "sha-1", "sha-1 ", "sha-1 4A:AD", "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB",
        "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:",
        "sha-1 4A-AD-B9-B1-3F-82-18-3B-54-02-12-DF-3E-5D-49-6B-19-E5-7C-AB",
        "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AG",
        "sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"}) {
    EXPECT_FALSE(parse_fingerprint(value)) << value;
  }
}

TEST(Dtls, a_fingerprint_of_a_broken_hash_is_none) {
  EXPECT_FALSE(parse_fingerprint("md5 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B"));
}

TEST(Dtls, a_fingerprint_is_read_in_any_case_and_written_in_capitals) {
  const auto read = parse_fingerprint("sha-1 4a:ad:b9:b1:3f:82:18:3b:54:02:12:df:3e:5d:49:6b:19:e5:7c:ab");
  ASSERT_TRUE(read);
  EXPECT_EQ(read, parse_fingerprint(kSha1));
  EXPECT_EQ(read->digest.size(), 20u);
  EXPECT_EQ(write_fingerprint(*read), "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB");
}

TEST(Dtls, the_media_own_fingerprint_counts_before_that_of_the_session) {
  const auto both = description(fingerprint(kSha256), fingerprint(kSha1));
  EXPECT_EQ(fingerprint_of(both, both.medias[0])->hash, "sha-1");
  const auto above = description(fingerprint(kSha1), "");
  EXPECT_EQ(fingerprint_of(above, above.medias[0])->hash, "sha-1");
  const auto none = description("", "");
  EXPECT_FALSE(fingerprint_of(none, none.medias[0]));
}

TEST(Dtls, the_best_of_several_fingerprints_is_taken) {
  const auto session = description("", fingerprint(kSha1) + fingerprint("md5 00") + fingerprint(kSha256));
  EXPECT_EQ(fingerprint_of(session, session.medias[0])->hash, "sha-256");
}

TEST(Dtls, setup_is_read_from_the_media_or_the_session) {
  const auto said = [](const std::string& above, const std::string& below) {
    const auto session = description(above, below);
    return setup_of(session, session.medias[0]);
  };
  EXPECT_EQ(said("", ""), std::nullopt);
  EXPECT_EQ(said("", "a=setup:both\r\n"), std::nullopt);
  EXPECT_EQ(said("a=setup:actpass\r\n", ""), Setup::ActPass);
  EXPECT_EQ(said("a=setup:actpass\r\n", "a=setup:passive\r\n"), Setup::Passive);
}

}  // namespace
}  // namespace xivo::sdp
