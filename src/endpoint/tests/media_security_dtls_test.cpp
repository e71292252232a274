#include <gtest/gtest.h>

#include "endpoint/srtp/media_security.hpp"
#include "media/engine.hpp"
#include "sdp/dtls.hpp"
#include "sdp/ice.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {
namespace {

using Role = media::KeyExchange::Role;

sdp::Session description(const std::string& medias) {
  return *sdp::parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + medias);
}

const std::string kFingerprint =
    "a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n";
const std::string kOtherFingerprint =
    "a=fingerprint:sha-1 00:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n";
const std::string kIce = "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n";
const std::string kOtherIce = "a=ice-ufrag:9iiZ\r\na=ice-pwd:btd88fgpdd777uzjYhagZg\r\n";
const std::string kMux = "a=rtcp-mux\r\n";

std::string audio(const std::string& more, const std::string& profile = "UDP/TLS/RTP/SAVPF") {
  return "m=audio 9 " + profile + " 8\r\n" + more;
}
std::string setup(std::string_view role) { return "a=setup:" + std::string(role) + "\r\n"; }
const std::string kBrowser = kFingerprint + setup("actpass") + kIce + kMux + "a=mid:0\r\n";

class DtlsSecurity : public testing::Test {
 protected:
  DtlsSecurity() { security_.want(Encryption::Dtls, rng_, {"sha-256", std::string(32, '\x5a')}); }

  static sdp::Capabilities capable() {
    sdp::Capabilities ours;
    ours.formats = {sdp::make_format(8, "PCMA", 8000)};
    ours.rtp = {*IpAddress::parse("192.0.2.9"), 5000};
    return ours;
  }
  static std::string refusal(const std::string& medias) {
    const auto index = takeable_audio(description(medias), Encryption::Dtls);
    return index ? "" : std::string(index.error().what);
  }
  /// Our answer to that offer.
  sdp::Session answered(const std::string& medias) {
    const auto offer = description(medias);
    auto ours = capable();
    security_.answer(ours, offer, *takeable_audio(offer, Encryption::Dtls));
    auto answer = sdp::answer(offer, ours, {});
    EXPECT_TRUE(security_.agree(*answer, offer, 0));
    return *answer;
  }
  /// Of the answer to our offer; empty: taken.
  std::string offered(const std::string& answer_media) {
    auto ours = capable();
    security_.offer(ours);
    const auto agreed = security_.agree(sdp::offer(ours, {}), description(answer_media), 0);
    return agreed ? "" : std::string(agreed.error().what);
  }
  [[nodiscard]] media::KeyExchange agreed() const {
    media::Remote remote;
    security_.apply(remote);
    EXPECT_TRUE(remote.rtcp_mux);
    EXPECT_FALSE(remote.protection);
    return remote.key_exchange.value_or(media::KeyExchange{});
  }
  static std::string said(const sdp::Session& session, std::string_view name) {
    const auto* attribute = session.medias[0].attribute(name);
    return attribute == nullptr ? "" : attribute->value.value_or("");
  }

  runtime::SeededRng rng_{20'261'128};
  MediaSecurity security_;
};

TEST_F(DtlsSecurity, an_offer_without_dtls_a_fingerprint_or_a_port_for_both_is_not_taken) {
  const std::string why = "encryption is to be by DTLS";
  EXPECT_EQ(refusal("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + kBrowser), "no audio offered");
  EXPECT_EQ(refusal(audio("", "RTP/AVP")), why);
  EXPECT_EQ(refusal(audio(kBrowser, "RTP/SAVPF")), why);
  EXPECT_EQ(refusal(audio(setup("actpass") + kIce + kMux)), why);
  EXPECT_EQ(refusal(audio(kFingerprint + setup("actpass") + kIce)), why);
  EXPECT_EQ(refusal(audio(kBrowser)), "");
}

TEST_F(DtlsSecurity, a_line_of_another_profile_takes_no_dtls) {
  for (const auto encryption : {Encryption::No, Encryption::Optional, Encryption::Required})
    EXPECT_FALSE(takeable_audio(description(audio(kBrowser)), encryption));
}

TEST_F(DtlsSecurity, an_answer_that_cannot_do_it_is_none) {
  EXPECT_EQ(offered(audio("", "RTP/AVP")), "answer has another profile");
  EXPECT_EQ(offered(audio(kFingerprint + setup("active") + kIce)), "answer has another profile");
  EXPECT_EQ(offered(audio(setup("active") + kIce + kMux)), "answer has no fingerprint");
  EXPECT_EQ(offered(audio(kBrowser)), "nobody begins the handshake")
      << "it leaves the choice that was its own";
}

TEST_F(DtlsSecurity, a_browsers_offer_is_answered_as_the_lite_side_that_waits) {
  const auto answer = answered(audio(kBrowser));
  const auto& media = answer.medias[0];
  EXPECT_EQ(media.port, 5000);
  EXPECT_EQ(media.protocol, "UDP/TLS/RTP/SAVPF");
  EXPECT_TRUE(media.rtcp_mux);
  EXPECT_EQ(media.direction, sdp::Direction::SendRecv) << "0.0.0.0 is no hold";
  EXPECT_TRUE(answer.attribute("ice-lite"));
  EXPECT_EQ(said(answer, "setup"), "passive");
  EXPECT_EQ(said(answer, "mid"), "0");
  EXPECT_EQ(said(answer, "candidate"), "1 1 UDP 2130706431 192.0.2.9 5000 typ host");
  EXPECT_EQ(sdp::fingerprint_of(answer, media)->digest, std::string(32, '\x5a'));
  const auto exchange = agreed();
  EXPECT_EQ(exchange.role, Role::Server);
  EXPECT_EQ(exchange.theirs.hash, "sha-1");
  EXPECT_EQ(exchange.generation, 1u);
  ASSERT_TRUE(exchange.ice);
  EXPECT_EQ(exchange.ice->theirs, (media::IceCredentials{"8hhY", "asd88fgpdd777uzjYhagZg"}));
  EXPECT_EQ(exchange.ice->ours.fragment, said(answer, "ice-ufrag"));
  EXPECT_EQ(exchange.ice->ours.password, said(answer, "ice-pwd"));
  EXPECT_TRUE(sdp::ice_credentials_of(answer, media)) << "they are of the right form";
}

TEST_F(DtlsSecurity, an_offer_without_ice_is_answered_without_it) {
  const auto answer = answered(audio(kFingerprint + setup("active") + kMux));
  EXPECT_FALSE(answer.attribute("ice-lite"));
  EXPECT_EQ(said(answer, "ice-ufrag"), "");
  EXPECT_FALSE(agreed().ice);
}

TEST_F(DtlsSecurity, a_side_that_wants_to_wait_is_answered_by_one_that_begins) {
  EXPECT_EQ(said(answered(audio(kFingerprint + setup("passive") + kMux)), "setup"), "active");
  EXPECT_EQ(agreed().role, Role::Client);
  EXPECT_EQ(said(answered(audio(kFingerprint + setup("actpass") + kMux)), "setup"), "active")
      << "a change leaves it at that";
  EXPECT_EQ(agreed().generation, 1u);
}

TEST_F(DtlsSecurity, our_offer_leaves_the_choice_who_begins) {
  auto ours = capable();
  security_.offer(ours);
  const auto offer = sdp::offer(ours, {});
  EXPECT_EQ(offer.medias[0].protocol, "UDP/TLS/RTP/SAVPF");
  EXPECT_TRUE(offer.medias[0].rtcp_mux);
  EXPECT_TRUE(offer.attribute("ice-lite"));
  EXPECT_EQ(said(offer, "setup"), "actpass");
  EXPECT_TRUE(sdp::parse(sdp::write(offer)));
  EXPECT_EQ(offered(audio(kFingerprint + setup("active") + kIce + kMux)), "");
  EXPECT_EQ(agreed().role, Role::Server);
  EXPECT_EQ(agreed().ice->ours.fragment, said(offer, "ice-ufrag"));
  EXPECT_EQ(offered(audio(kFingerprint + setup("passive") + kIce + kMux)), "");
  EXPECT_EQ(agreed().role, Role::Client);
}

TEST_F(DtlsSecurity, a_hold_leaves_keys_and_path_as_they_are) {
  answered(audio(kBrowser));
  const auto before = agreed();
  answered(audio(kBrowser + "a=sendonly\r\n"));
  EXPECT_EQ(agreed().generation, before.generation);
  EXPECT_EQ(agreed().ice, before.ice);
  EXPECT_EQ(offered(audio(kFingerprint + setup("active") + kIce + kMux)), "");
  EXPECT_EQ(agreed().generation, before.generation);
  EXPECT_EQ(agreed().ice, before.ice);
}

TEST_F(DtlsSecurity, a_path_that_is_looked_for_anew_leaves_the_keys) {
  answered(audio(kBrowser));
  const auto before = agreed();
  answered(audio(kFingerprint + setup("actpass") + kOtherIce + kMux));
  EXPECT_EQ(agreed().generation, before.generation);
  EXPECT_EQ(agreed().ice->theirs.fragment, "9iiZ");
  EXPECT_NE(agreed().ice->ours.fragment, before.ice->ours.fragment);
  EXPECT_NE(agreed().ice->ours.password, before.ice->ours.password);
}

TEST_F(DtlsSecurity, another_certificate_means_another_association) {
  answered(audio(kBrowser));
  answered(audio(kOtherFingerprint + setup("actpass") + kIce + kMux));
  EXPECT_EQ(agreed().generation, 2u);
}

}  // namespace
}  // namespace xivo::endpoint
