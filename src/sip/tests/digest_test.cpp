#include "sip/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace xivo::sip::digest {
namespace {

// ---- parse

TEST(DigestParse, RefusesWhatIsNotADigest) {
  for (const char* value :
       {"", "Digest", "Digest ", "Basic dXNlcjpwYXNz", "NoOneKnowsThisScheme opaque-data=here",
        "Digestrealm=x", "Digest realm", "Digest realm=", "Digest =x", "Digest realm=\"x",
        "Digest realm=\"x\" nonce=\"y\"", "Digest realm=\"x\",", "Digest ,realm=\"x\"",
        "Digest realm=x;nonce=y", "Digest realm=\"x\"y"}) {
    EXPECT_FALSE(parse(value)) << value;
  }
}

TEST(DigestParse, RefusesAParameterTwice) {
  EXPECT_FALSE(parse("Digest nonce=\"a\", nonce=\"a\""));
  EXPECT_FALSE(parse("Digest NONCE=\"a\", nonce=\"b\""));
  EXPECT_FALSE(parse("Digest stale=true, stale=true"));
}

TEST(DigestParse, RefusesMoreParametersThanTheLimit) {
  std::string value = "Digest a0=b";
  for (std::size_t i = 1; i < kParametersMax; ++i) value += ",a" + std::to_string(i) + "=b";
  EXPECT_TRUE(parse(value));
  EXPECT_FALSE(parse(value + ",z=b"));
}

TEST(DigestParse, ReadsQuotedAndPlainValuesWithWhiteSpaceAroundThem) {
  const auto p = parse(
      " dIgEsT  username = \"a\\\"b\\\\c\" ,realm=\"x, y\",\tnonce=\"n\",uri=\"sip:h;a=b\",response=\"r\", "
      "algorithm=SHA-256 , "
      "cnonce=\"c\",opaque=\"\",qop=auth,nc=00000001,stale=TRUE,domain=\"d\",userhash=false");
  ASSERT_TRUE(p) << p.error().what;
  EXPECT_EQ(p->username, "a\"b\\c");
  EXPECT_EQ(p->realm, "x, y");
  EXPECT_EQ(p->nonce, "n");
  EXPECT_EQ(p->uri, "sip:h;a=b");
  EXPECT_EQ(p->response, "r");
  EXPECT_EQ(p->algorithm, "SHA-256");
  EXPECT_EQ(p->cnonce, "c");
  EXPECT_EQ(p->opaque, "");
  EXPECT_EQ(p->qop, "auth");
  EXPECT_EQ(p->nc, "00000001");
  EXPECT_EQ(p->domain, "d");
  EXPECT_TRUE(p->stale);
}

// ---- challenge and answer

TEST(DigestAnswer, IsEmptyWhenItCannotBeGiven) {
  Parameters challenge;
  challenge.realm = "r";
  challenge.nonce = "n";
  challenge.algorithm = "MD5-sess";
  EXPECT_EQ(answer(challenge, {"u", "p"}, "INVITE", "sip:h", "c", 1), "");
  challenge.algorithm = "MD5";
  challenge.qop = "auth-int";
  EXPECT_EQ(answer(challenge, {"u", "p"}, "INVITE", "sip:h", "c", 1), "");
}

TEST(DigestAnswer, SatisfiesTheChallengeItAnswers) {
  for (const Algorithm algorithm : {Algorithm::Md5, Algorithm::Sha256}) {
    const auto asked = parse(challenge("my \"realm\"", "n1", algorithm, false));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->realm, "my \"realm\"");
    const auto given = parse(answer(*asked, {"al\"ice", "secret"}, "REGISTER", "sip:h", "cn", 10));
    ASSERT_TRUE(given);
    EXPECT_EQ(given->username, "al\"ice");
    EXPECT_EQ(given->nc, "0000000a");
    EXPECT_EQ(given->algorithm, name(algorithm));
    const std::string a1 = a1_hash(algorithm, given->username, given->realm, "secret");
    EXPECT_EQ(given->response, response(algorithm, a1, "REGISTER", *given));
    EXPECT_NE(given->response, response(algorithm, a1, "INVITE", *given));
  }
}

TEST(DigestAnswer, PicksAuthFromAListAndEchoesOpaque) {
  const auto asked = parse("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\", opaque=\"o\"");
  ASSERT_TRUE(asked);
  const auto given = parse(answer(*asked, {"u", "p"}, "INVITE", "sip:h", "c", 1));
  ASSERT_TRUE(given);
  EXPECT_EQ(given->qop, "auth");
  EXPECT_EQ(given->opaque, "o");
  EXPECT_EQ(given->algorithm, "") << "an old server did not name one";
}

TEST(DigestAnswer, FallsBackToRfc2069WithoutQop) {
  const auto asked = parse("Digest realm=\"r\", nonce=\"n\"");
  ASSERT_TRUE(asked);
  const std::string text = answer(*asked, {"u", "p"}, "INVITE", "sip:h", "c", 1);
  EXPECT_EQ(text.find("cnonce"), std::string::npos);
  const auto given = parse(text);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->response,
            response(Algorithm::Md5, a1_hash(Algorithm::Md5, "u", "r", "p"), "INVITE", *given));
}

TEST(DigestChallenge, SaysStaleOnlyWhenAsked) {
  EXPECT_EQ(challenge("r", "n", Algorithm::Sha256, true),
            "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\", stale=true");
  EXPECT_EQ(challenge("r", "n", Algorithm::Md5, false),
            "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"");
}

}  // namespace
}  // namespace xivo::sip::digest
