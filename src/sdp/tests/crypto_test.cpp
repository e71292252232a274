#include "sdp/crypto.hpp"

#include <gtest/gtest.h>

#include "sdp/parse.hpp"

namespace xivo::sdp {
namespace {

// The key of RFC 4568 §4.1's example.
constexpr std::string_view kLine =
    "1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

std::string refused(std::string_view value) {
  const auto crypto = parse_crypto(value);
  return crypto ? "" : std::string(crypto.error().what);
}

TEST(CryptoLine, IsRefusedWhenSomethingIsMissing) {
  for (const auto value : {"", "1", "1 AES_CM_128_HMAC_SHA1_80", "x AES_CM_128_HMAC_SHA1_80 inline:AAAA",
                           "-1 A inline:AAAA", "1234567890 A inline:AAAA", "1 A AAAA",
                           "1 A inline:", "1 A inline:A", "1 A inline:%%%%", "1 A inline:AAAA|2^20|1:4|9"}) {
    EXPECT_EQ(refused(value), "crypto line is malformed") << value;
  }
}

TEST(CryptoLine, IsRefusedWhenItIsLongerThanAnyKey) {
  EXPECT_EQ(refused("1 A inline:" + std::string(200, 'A')), "crypto line is malformed");
}

TEST(CryptoLine, IsLeftAloneWhenItAsksForWhatCannotBeDone) {
  EXPECT_EQ(refused(std::string(kLine) + "|2^20|1:4"), "crypto line has a key identifier");
  EXPECT_EQ(refused(std::string(kLine) + ";inline:AAAA"), "crypto line has several keys");
  for (const auto parameter :
       {"UNENCRYPTED_SRTP", "UNAUTHENTICATED_SRTP", "UNENCRYPTED_SRTCP", "KDR=1", "FEC_ORDER=FEC_SRTP"})
    EXPECT_EQ(refused(std::string(kLine) + " " + parameter), "crypto line has an unknown parameter")
        << parameter;
}

TEST(CryptoLine, GivesTagSuiteAndKey) {
  const auto crypto = parse_crypto(kLine);
  ASSERT_TRUE(crypto);
  EXPECT_EQ(crypto->tag, 1u);
  EXPECT_EQ(crypto->suite, "AES_CM_128_HMAC_SHA1_80");
  EXPECT_EQ(crypto->key, "=-n@%^x!Bjufr9)?,#5h\\`=&]{qiPQ");
}

TEST(CryptoLine, MayNameALifetimeAndHarmlessParameters) {
  for (const auto more : {"|2^31", "|1048576", "|2^20 WSH=128 KDR=0", " -EXTENSION=1"})
    EXPECT_EQ(refused(std::string(kLine) + more), "") << more;
}

TEST(CryptoLine, SurvivesWritingAndReading) {
  for (const std::size_t size : {1u, 2u, 3u, 28u, 30u, 44u}) {
    Crypto crypto{7, "AEAD_AES_256_GCM", {}};
    for (std::size_t i = 0; i < size; ++i) crypto.key += static_cast<char>(i * 41 + 200);
    const auto again = parse_crypto(write_crypto(crypto));
    ASSERT_TRUE(again) << size;
    EXPECT_EQ(*again, crypto);
  }
}

TEST(CryptoLine, MayLackItsPadding) {
  EXPECT_EQ(parse_crypto("1 A inline:AAA")->key, parse_crypto("1 A inline:AAA=")->key);
}

TEST(CryptoLines, KeepTheOrderAndLeaveOutWhatCannotBeUsed) {
  const auto session = parse(
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\n"
      "a=crypto:3 B inline:AAAA\r\na=crypto:nonsense\r\na=crypto:3 C inline:BBBB\r\na=crypto:1 A "
      "inline:CCCC\r\n");
  ASSERT_TRUE(session);
  const auto cryptos = cryptos_of(session->medias[0]);
  ASSERT_EQ(cryptos.size(), 2u);
  EXPECT_EQ(cryptos[0].suite, "B");
  EXPECT_EQ(cryptos[1].suite, "A");
}

TEST(SecureProfile, IsSavpAndSavpf) {
  EXPECT_TRUE(is_secure_profile("RTP/SAVP"));
  EXPECT_TRUE(is_secure_profile("RTP/SAVPF"));
  EXPECT_FALSE(is_secure_profile("RTP/AVP"));
  EXPECT_FALSE(is_secure_profile("UDP/TLS/RTP/SAVPF"));
}

TEST(WithoutKeys, HidesEveryKeyAndNothingElse) {
  EXPECT_EQ(without_keys("a=crypto:1 A inline:secret|2^20\r\na=crypto:2 B INLINE:other\r\na=x"),
            "a=crypto:1 A inline:***|2^20\r\na=crypto:2 B INLINE:***\r\na=x");
  EXPECT_EQ(without_keys("a=crypto:1 A inline:one;inline:two"), "a=crypto:1 A inline:***;inline:***");
  EXPECT_EQ(without_keys("inline:"), "inline:***");
  EXPECT_EQ(without_keys("nothing here"), "nothing here");
}

}  // namespace
}  // namespace xivo::sdp
