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

sdp::Capabilities capable() {
  sdp::Capabilities ours;
  ours.formats = {sdp::make_format(8, "PCMA", 8000)};
  ours.rtp = {*IpAddress::parse("192.0.2.9"), 5000};
  return ours;
}

class MediaSecurity : public testing::Test {
 protected:
  /// Our answer to the offer; what() of the refusal when there is none.
  std::string answered(const std::string& medias, Encryption encryption) {
    const auto offer = description(medias);
    const auto index = takeable_audio(offer, encryption);
    if (!index) return std::string(index.error().what);
    auto ours = capable();
    secure_answer(ours, offer, *index, encryption, current_, rng_);
    const auto answer = sdp::answer(offer, ours, {});
    if (!answer) return std::string(answer.error().what);
    auto agreed = agreed_protection(answer->medias[*index], offer.medias[*index], encryption, current_);
    if (!agreed) return std::string(agreed.error().what);
    current_ = std::move(*agreed);
    return sdp::write(*answer);
  }
  /// What comes of our offer and that answer: "plain", "secure", or the refusal.
  std::string offered(const std::string& answer_media, Encryption encryption) {
    auto ours = capable();
    secure_offer(ours, encryption, current_, rng_);
    const auto offer = sdp::offer(ours, {});
    const auto answer = description(answer_media);
    auto agreed = agreed_protection(offer.medias[0], answer.medias[0], encryption, current_);
    if (!agreed) return std::string(agreed.error().what);
    current_ = std::move(*agreed);
    return current_ ? "secure" : "plain";
  }

  runtime::SeededRng rng_{20'260'701};
  std::optional<media::Protection> current_;
};

TEST_F(MediaSecurity, ALineThatRequiresItRefusesPlainOffers) {
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

TEST_F(MediaSecurity, ALineWithoutItRefusesSecureOffers) {
  EXPECT_EQ(answered(audio("RTP/SAVP", kCrypto), Encryption::No), "encryption is not wanted");
  EXPECT_EQ(answered(audio("UDP/TLS/RTP/SAVPF"), Encryption::No), "encryption is not wanted");
  EXPECT_EQ(answered("m=video 4000 RTP/AVP 96\r\n", Encryption::No), "no audio offered");
}

TEST_F(MediaSecurity, ALineWithoutItAnswersABestEffortOfferPlainly) {
  const auto answer = answered(audio("RTP/AVP", kCrypto), Encryption::No);
  EXPECT_NE(answer.find("m=audio 5000 RTP/AVP 8"), std::string::npos);
  EXPECT_EQ(answer.find("crypto"), std::string::npos);
  EXPECT_FALSE(current_);
}

TEST_F(MediaSecurity, ASecureOfferIsAnsweredWithItsTagAndSuiteAndAKeyOfOurs) {
  for (const auto encryption : {Encryption::Optional, Encryption::Required}) {
    current_.reset();
    const auto answer = answered(audio("RTP/SAVP", kCrypto), encryption);
    EXPECT_NE(answer.find("m=audio 5000 RTP/SAVP 8"), std::string::npos) << answer;
    EXPECT_NE(answer.find("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:"), std::string::npos);
    EXPECT_EQ(answer.find(kKey80), std::string::npos);
    ASSERT_TRUE(current_);
    EXPECT_EQ(current_->receive_key, sdp::parse_crypto(kCrypto)->key);
    EXPECT_NE(current_->send_key, current_->receive_key);
  }
}

TEST_F(MediaSecurity, ABestEffortOfferIsAnsweredSecurelyWhenOptional) {
  const auto answer = answered(audio("RTP/AVP", kCrypto), Encryption::Optional);
  EXPECT_NE(answer.find("m=audio 5000 RTP/AVP 8"), std::string::npos);
  EXPECT_NE(answer.find("a=crypto:7 "), std::string::npos);
  EXPECT_TRUE(current_);
}

TEST_F(MediaSecurity, TheFirstSuiteThatCanBeDoneIsTaken) {
  const auto lines = "1 F8_128_HMAC_SHA1_80 " + std::string(kKey80) +
                     "\r\na=crypto:2 AES_CM_128_HMAC_SHA1_32 " + std::string(kKey80) +
                     "\r\na=crypto:3 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80);
  const auto answer = answered(audio("RTP/SAVP", lines), Encryption::Optional);
  EXPECT_NE(answer.find("a=crypto:2 AES_CM_128_HMAC_SHA1_32"), std::string::npos) << answer;
}

TEST_F(MediaSecurity, OfTwoMediasTheSecureOneIsTakenAndTheOtherRefused) {
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

TEST_F(MediaSecurity, AnOfferThatRequiresItWantsAProtectedAnswer) {
  EXPECT_EQ(offered(audio("RTP/AVP"), Encryption::Required), "answer has another profile");
  EXPECT_EQ(offered(audio("RTP/SAVP"), Encryption::Required), "answer names no key of ours");
  EXPECT_EQ(offered(audio("RTP/SAVP", kCrypto), Encryption::Required), "answer names no key of ours");
  EXPECT_EQ(
      offered(audio("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Required),
      "secure");
}

TEST_F(MediaSecurity, AnOptionalOfferTakesEitherAnswer) {
  EXPECT_EQ(offered(audio("RTP/AVP"), Encryption::Optional), "plain");
  EXPECT_EQ(offered(audio("RTP/AVP", kCrypto), Encryption::Optional), "answer names no key of ours");
  EXPECT_EQ(
      offered(audio("RTP/AVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Optional),
      "secure");
}

TEST_F(MediaSecurity, ALineWithoutItOffersNoKeys) {
  auto ours = capable();
  secure_offer(ours, Encryption::No, {}, rng_);
  EXPECT_EQ(ours.protocol, "RTP/AVP");
  EXPECT_TRUE(ours.attributes.empty());
  EXPECT_EQ(offered(audio("RTP/AVP", kCrypto), Encryption::No), "plain");
}

TEST_F(MediaSecurity, EverySuiteIsOfferedWithAKeyOfItsOwn) {
  auto ours = capable();
  secure_offer(ours, Encryption::Required, {}, rng_);
  EXPECT_EQ(ours.protocol, "RTP/SAVP");
  const auto cryptos = sdp::cryptos_of(sdp::offer(ours, {}).medias[0]);
  ASSERT_EQ(cryptos.size(), 4u);
  EXPECT_EQ(cryptos[0].suite, "AES_CM_128_HMAC_SHA1_80");
  for (std::size_t i = 1; i < cryptos.size(); ++i)
    EXPECT_NE(cryptos[i].key.substr(0, 16), cryptos[0].key.substr(0, 16));
}

TEST_F(MediaSecurity, AHoldWithTheSameKeyChangesNothing) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *current_;
  answered(audio("RTP/SAVP", kCrypto) + "a=sendonly\r\n", Encryption::Required);
  EXPECT_EQ(current_->send_key, before.send_key);
  EXPECT_EQ(current_->generation, before.generation);
}

TEST_F(MediaSecurity, APhoneThatChangesItsKeyGetsANewOne) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *current_;
  answered(audio("RTP/SAVP", "7 AES_CM_128_HMAC_SHA1_80 " + std::string(kOtherKey80)), Encryption::Required);
  EXPECT_NE(current_->send_key, before.send_key);
  EXPECT_NE(current_->receive_key, before.receive_key);
  EXPECT_EQ(current_->generation, before.generation + 1);
}

TEST_F(MediaSecurity, OurNextOfferGoesOnWithTheKeysInForce) {
  answered(audio("RTP/SAVP", kCrypto), Encryption::Required);
  const auto before = *current_;
  EXPECT_EQ(
      offered(audio("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80 " + std::string(kKey80)), Encryption::Required),
      "secure");
  EXPECT_EQ(current_->send_key, before.send_key);
  EXPECT_EQ(current_->generation, before.generation);
}

}  // namespace
}  // namespace xivo::endpoint
