#include "endpoint/srtp/media_security.hpp"

#include <gtest/gtest.h>

#include "sdp/crypto.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::string_view kKey80 = "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
constexpr std::string_view kOtherKey80 = "inline:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk";

sdp::Session description(const std::string& medias) {
  auto session =
      sdp::parse("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + medias);
  return *session;
}
std::string audio(const std::string& profile, const std::string& crypto = {}) {
  return "m=audio 4000 " + profile + " 8\r\n" + (crypto.empty() ? "" : "a=crypto:" + crypto + "\r\n");
}
const std::string kCrypto = "7 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80);

const media::Fingerprint kOurs{"sha-256", std::string(32, '\x5a')};

sdp::Capabilities capable() {
  sdp::Capabilities ours;
  ours.formats = {sdp::make_format(8, "PCMA", 8000)};
  ours.rtp = {*IpAddress::parse("192.0.2.9"), 5000};
  return ours;
}

class MediaSecurityTest : public testing::Test {
 protected:
  /// Our answer to the offer; what() of the refusal when there is none.
  std::string answered(const std::string& medias, Encryption encryption) {
    const auto offer = description(medias);
    const auto index = takeable_audio(offer, encryption);
    if (!index) return std::string(index.error().what);
    security_.want(encryption, rng_, kOurs);
    auto ours = capable();
    security_.answer(ours, offer, *index);
    const auto answer = sdp::answer(offer, ours, {});
    if (!answer) return std::string(answer.error().what);
    const auto agreed = security_.agree(*answer, offer, *index);
    if (!agreed) return std::string(agreed.error().what);
    return sdp::write(*answer);
  }
  /// What comes of our offer and that answer: "plain", "secure", or the refusal.
  std::string offered(const std::string& answer_media, Encryption encryption) {
    security_.want(encryption, rng_, kOurs);
    auto ours = capable();
    security_.offer(ours);
    const auto agreed = security_.agree(sdp::offer(ours, {}), description(answer_media), 0);
    if (!agreed) return std::string(agreed.error().what);
    return protection() ? "secure" : "plain";
  }
  [[nodiscard]] const std::optional<media::Protection>& protection() const { return security_.protection(); }

  runtime::SeededRng rng_{20'260'701};
  MediaSecurity security_;
};

TEST_F(MediaSecurityTest, ALineThatRequiresItRefusesPlainOffers) {
  EXPECT_EQ(answered(audio("RTP/AVP"), Encryption::Required), "encryption is required");
  EXPECT_EQ(answered(audio("RTP/AVP", kCrypto), Encryption::Required), "encryption is required");
  EXPECT_EQ(answered(audio("RTP/SAVP"), Encryption::Required), "encryption is required");
  EXPECT_EQ(answered(audio("RTP/SAVP", "1 F8_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Required),
            "encryption is required");
  EXPECT_EQ(answered(audio("RTP/SAVP", "1 AEAD_AES_256_GCM " + std::string(kKey80)), Encryption::Required),
            "encryption is required")
      << "the key is too short for the suite";
  EXPECT_EQ(answered(audio("UDP/TLS/RTP/SAVPF"), Encryption::Required), "encryption is required");
}

TEST_F(MediaSecurityTest, ALineWithoutItRefusesSecureOffers) {
  EXPECT_EQ(answered(audio("RTP/SAVP", kCrypto), Encryption::No), "encryption is not wanted");
  EXPECT_EQ(answered(audio("UDP/TLS/RTP/SAVPF"), Encryption::No), "encryption is not wanted");
  EXPECT_EQ(answered("m=video 4000 RTP/AVP 96\r\n", Encryption::No), "no audio offered");
}

TEST_F(MediaSecurityTest, ALineWithoutItAnswersABestEffortOfferPlainly) {
  const auto answer = answered(audio("RTP/AVP", kCrypto), Encryption::No);
  EXPECT_NE(answer.find("m=audio 5000 RTP/AVP 8"), std::string::npos);
  EXPECT_EQ(answer.find("crypto"), std::string::npos);
  EXPECT_FALSE(protection());
}

TEST_F(MediaSecurityTest, ASecureOfferIsAnsweredWithItsTagAndSuiteAndAKeyOfOurs) {
  for (const auto encryption : {Encryption::Optional, Encryption::Required}) {
    security_ = {};
    const auto answer = answered(audio("RTP/SAVP", kCrypto), encryption);
    EXPECT_NE(answer.find("m=audio 5000 RTP/SAVP 8"), std::string::npos) << answer;
    EXPECT_NE(answer.find("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:"), std::string::npos);
    EXPECT_EQ(answer.find(kKey80), std::string::npos);
    ASSERT_TRUE(protection());
    EXPECT_EQ(protection()->receive_key, sdp::parse_crypto(kCrypto)->key);
    EXPECT_NE(protection()->send_key, protection()->receive_key);
  }
}

TEST_F(MediaSecurityTest, ABestEffortOfferIsAnsweredSecurelyWhenOptional) {
  const auto answer = answered(audio("RTP/AVP", kCrypto), Encryption::Optional);
  EXPECT_NE(answer.find("m=audio 5000 RTP/AVP 8"), std::string::npos);
  EXPECT_NE(answer.find("a=crypto:7 "), std::string::npos);
  EXPECT_TRUE(protection());
}

TEST_F(MediaSecurityTest, TheFirstSuiteThatCanBeDoneIsTaken) {
  const auto lines = "1 F8_128_HMAC_SHA1_80 " + std::string(kKey80) +
                     "\r\na=crypto:2 AES_CM_128_HMAC_SHA1_32 " + std::string(kKey80) +
                     "\r\na=crypto:3 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80);
  const auto answer = answered(audio("RTP/SAVP", lines), Encryption::Optional);
  EXPECT_NE(answer.find("a=crypto:2 AES_CM_128_HMAC_SHA1_32"), std::string::npos) << answer;
}

TEST_F(MediaSecurityTest, OfTwoMediasTheSecureOneIsTakenAndTheOtherRefused) {
  for (const bool secure_first : {true, false}) {
    const auto secure = audio("RTP/SAVP", kCrypto);
    const auto plain = audio("RTP/AVP");
    const auto answer = answered(secure_first ? secure + plain : plain + secure, Encryption::Optional);
    EXPECT_NE(answer.find("m=audio 5000 RTP/SAVP 8"), std::string::npos) << answer;
    EXPECT_NE(answer.find("m=audio 0 RTP/AVP 8"), std::string::npos) << answer;
  }
  EXPECT_NE(
      answered(audio("RTP/SAVP", kCrypto) + audio("RTP/AVP"), Encryption::No).find("m=audio 5000 RTP/AVP 8"),
      std::string::npos);
}

TEST_F(MediaSecurityTest, AnOfferThatRequiresItWantsAProtectedAnswer) {
  EXPECT_EQ(offered(audio("RTP/AVP"), Encryption::Required), "answer has another profile");
  EXPECT_EQ(offered(audio("RTP/SAVP"), Encryption::Required), "answer names no key of ours");
  EXPECT_EQ(offered(audio("RTP/SAVP", kCrypto), Encryption::Required), "answer names no key of ours");
  EXPECT_EQ(
      offered(audio("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Required),
      "secure");
}

TEST_F(MediaSecurityTest, AnOptionalOfferTakesEitherAnswer) {
  EXPECT_EQ(offered(audio("RTP/AVP"), Encryption::Optional), "plain");
  EXPECT_EQ(offered(audio("RTP/AVP", kCrypto), Encryption::Optional), "answer names no key of ours");
  EXPECT_EQ(
      offered(audio("RTP/AVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Optional),
      "secure");
}

TEST_F(MediaSecurityTest, ALineWithoutItOffersNoKeys) {
  auto ours = capable();
  security_.want(Encryption::No, rng_, kOurs);
  security_.offer(ours);
  EXPECT_EQ(ours.protocol, "RTP/AVP");
  EXPECT_TRUE(ours.attributes.empty());
  EXPECT_EQ(offered(audio("RTP/AVP", kCrypto), Encryption::No), "plain");
}

TEST_F(MediaSecurityTest, EverySuiteIsOfferedWithAKeyOfItsOwn) {
  auto ours = capable();
  security_.want(Encryption::Required, rng_, kOurs);
  security_.offer(ours);
  EXPECT_EQ(ours.protocol, "RTP/SAVP");
  const auto cryptos = sdp::cryptos_of(sdp::offer(ours, {}).medias[0]);
  ASSERT_EQ(cryptos.size(), 4u);
  EXPECT_EQ(cryptos[0].suite, "AES_CM_128_HMAC_SHA1_80");
  for (std::size_t i = 1; i < cryptos.size(); ++i)
    EXPECT_NE(cryptos[i].key.substr(0, 16), cryptos[0].key.substr(0, 16));
}

TEST_F(MediaSecurityTest, AHoldWithTheSameKeyChangesNothing) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *protection();
  answered(audio("RTP/SAVP", kCrypto) + "a=sendonly\r\n", Encryption::Required);
  EXPECT_EQ(protection()->send_key, before.send_key);
  EXPECT_EQ(protection()->generation, before.generation);
}

TEST_F(MediaSecurityTest, APhoneThatChangesItsKeyGetsANewOne) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *protection();
  answered(audio("RTP/SAVP", "7 AES_CM_128_HMAC_SHA1_80 " + std::string(kOtherKey80)), Encryption::Required);
  EXPECT_NE(protection()->send_key, before.send_key);
  EXPECT_NE(protection()->receive_key, before.receive_key);
  EXPECT_EQ(protection()->generation, before.generation + 1);
}

TEST_F(MediaSecurityTest, OurNextOfferGoesOnWithTheKeysInForce) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *protection();
  EXPECT_EQ(
      offered(audio("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Required),
      "secure");
  EXPECT_EQ(protection()->send_key, before.send_key);
  EXPECT_EQ(protection()->generation, before.generation);
}

}  // namespace
}  // namespace xivo::endpoint
