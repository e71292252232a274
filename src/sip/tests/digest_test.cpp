#include "sip/digest.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"

namespace xivo::sip::digest {
namespace {

using std::chrono::seconds;

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

// ---- response

Parameters mufasa(std::string_view nonce, std::string_view uri) {
  Parameters p;
  p.username = "Mufasa";
  p.nonce = nonce;
  p.uri = uri;
  return p;
}

TEST(DigestResponse, IsThatOfRfc2617) {
  Parameters p = mufasa("dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html");
  p.qop = "auth";
  p.nc = "00000001";
  p.cnonce = "0a4f113b";
  const std::string a1 = a1_hash(Algorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
  EXPECT_EQ(a1, "939e7578ed9e3c518a452acee763bce9");
  EXPECT_EQ(response(Algorithm::Md5, a1, "GET", p), "6629fae49393a05397450978507c4ef1");
}

TEST(DigestResponse, IsThatOfRfc2069WithoutQop) {
  // The RFC's own text has a wrong value here; this is the one of its erratum 749.
  const std::string a1 = a1_hash(Algorithm::Md5, "Mufasa", "testrealm@host.com", "CircleOfLife");
  EXPECT_EQ(
      response(Algorithm::Md5, a1, "GET", mufasa("dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html")),
      "1949323746fe6a43ef61f9606e7febea");
}

TEST(DigestResponse, IsThatOfRfc7616ForBothAlgorithms) {
  Parameters p = mufasa("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "/dir/index.html");
  p.qop = "auth";
  p.nc = "00000001";
  p.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const auto of = [&](Algorithm algorithm) {
    return response(algorithm, a1_hash(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life"), "GET",
                    p);
  };
  EXPECT_EQ(of(Algorithm::Md5), "8ca523f5e9506fed4657c9700eebdbec");
  EXPECT_EQ(of(Algorithm::Sha256), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestHash, IsLowerCaseHex) {
  EXPECT_EQ(hash(Algorithm::Md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hash(Algorithm::Sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestCompare, IsExact) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(DigestAlgorithm, IsMd5WhenUnsaidAndNothingWhenUnknown) {
  EXPECT_EQ(algorithm_from(""), Algorithm::Md5);
  EXPECT_EQ(algorithm_from("md5"), Algorithm::Md5);
  EXPECT_EQ(algorithm_from("sha-256"), Algorithm::Sha256);
  for (const char* text : {"MD5-sess", "SHA-256-sess", "SHA-512-256", "x"})
    EXPECT_EQ(algorithm_from(text), std::nullopt);
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

// ---- nonces

class Nonces : public ::testing::Test {
 protected:
  static std::string nc(unsigned count) {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", count);
    return text;
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_{7616};
  runtime::Scheduler scheduler_{clock_, timers_, rng_};
  NonceBook book_{scheduler_};
};

TEST_F(Nonces, AreForgedWhenTheyDoNotLookLikeOurs) {
  const std::string good = book_.issue();
  EXPECT_EQ(good.size(), 56u);
  for (const std::string& nonce :
       {std::string(), std::string("x"), good.substr(1), good + "0", std::string(56, 'z')}) {
    EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Forged) << nonce;
  }
}

TEST_F(Nonces, AreForgedWhenAnyDigitAfterTheBookIsChanged) {
  const std::string good = book_.issue();
  for (std::size_t i = 8; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == '0' ? '1' : '0';
    EXPECT_EQ(book_.check(bad, nc(1)), NonceState::Forged) << i;
  }
  EXPECT_EQ(book_.check(good, nc(1)), NonceState::Fresh);
}

TEST_F(Nonces, AreStaleInAnotherProcess) {
  NonceBook other(scheduler_);
  EXPECT_EQ(book_.check(other.issue(), nc(1)), NonceState::Stale);
}

TEST_F(Nonces, AreStaleAfterTheirLife) {
  const std::string nonce = book_.issue();
  clock_.advance(NonceBook::kLifetime - seconds(1));
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Fresh);
  clock_.advance(seconds(1));
  EXPECT_EQ(book_.check(nonce, nc(2)), NonceState::Stale);
}

TEST_F(Nonces, AreReplayedUnlessTheCountGrows) {
  const std::string nonce = book_.issue();
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(5)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(4)), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(0xffffffff)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(0)), NonceState::Replayed);
}

TEST_F(Nonces, NeedACountOfEightHexDigits) {
  const std::string nonce = book_.issue();
  for (const char* count : {"1", "000000001", "0000000g", "00000000", "-0000001", " 0000001"}) {
    EXPECT_EQ(book_.check(nonce, count), NonceState::Replayed) << count;
  }
  EXPECT_EQ(book_.check(nonce, "0000000A"), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, "0000000a"), NonceState::Replayed);
}

TEST_F(Nonces, ServeAClientWithoutQopOnce) {
  const std::string nonce = book_.issue();
  EXPECT_EQ(book_.check(nonce, ""), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, ""), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(2)), NonceState::Replayed);
  const std::string counted = book_.issue();
  EXPECT_EQ(book_.check(counted, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.check(counted, ""), NonceState::Replayed);
}

TEST_F(Nonces, CostNothingUntilTheyAreUsedAndNothingAfterTheirLife) {
  std::string last;
  for (int i = 0; i < 1000; ++i) last = book_.issue();
  EXPECT_EQ(book_.tracked(), 0u);
  EXPECT_EQ(book_.check(last, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.tracked(), 1u);
  clock_.advance(NonceBook::kLifetime);
  EXPECT_EQ(book_.check(book_.issue(), nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.tracked(), 1u);
}

TEST_F(Nonces, PushTheOldestOutOfAFullTableWithoutOpeningItToReplay) {
  const std::string first = book_.issue();
  EXPECT_EQ(book_.check(first, nc(1)), NonceState::Fresh);
  const std::string second = book_.issue();
  EXPECT_EQ(book_.check(second, nc(1)), NonceState::Fresh);
  for (std::size_t i = 2; i <= NonceBook::kTrackedMax; ++i) book_.check(book_.issue(), nc(1));
  EXPECT_EQ(book_.tracked(), NonceBook::kTrackedMax);
  EXPECT_EQ(book_.check(first, nc(1)), NonceState::Stale);
  EXPECT_EQ(book_.check(first, nc(2)), NonceState::Stale);
  EXPECT_EQ(book_.check(second, nc(1)), NonceState::Replayed);
  EXPECT_EQ(book_.check(second, nc(2)), NonceState::Fresh);
  EXPECT_EQ(book_.check(book_.issue(), nc(1)), NonceState::Fresh);
}

}  // namespace
}  // namespace xivo::sip::digest
