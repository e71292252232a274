#include "sip/uri.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "runtime/rng.hpp"
#include "sip/gruu.hpp"

namespace xivo::sip {
namespace {

Uri uri(std::string_view text) {
  const auto parsed = Uri::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().what);
  return parsed ? *parsed : Uri{};
}

bool same(std::string_view a, std::string_view b) {
  const bool forward = equivalent(uri(a), uri(b));
  EXPECT_EQ(forward, equivalent(uri(b), uri(a))) << a << " | " << b;
  return forward;
}

TEST(UriParse, RefusesWhatIsNoUri) {
  for (const char* text : {"", ":", "sip", "sip:", "bob@example.com", "1sip:x", "s ip:x", "sip:@", "sip:bob@",
                           "sip:bob@:5060", "<sip:a@b>", "http:", "http: x", "x:\"y\"", "x:a<b"}) {
    EXPECT_FALSE(Uri::parse(text)) << text;
  }
}

TEST(UriParse, RefusesBadHostsAndPorts) {
  for (const char* text : {"sip:a@b:", "sip:a@b:0", "sip:a@b:65536", "sip:a@b:5060x", "sip:a@b:x",
                           "sip:a@b c", "sip:a@b/c", "sip:a@[::1", "sip:a@[]", "sip:a@[::1]x", "sip:a@[gg::]",
                           "sip:a@b@c", "sip:2001:db8::10", "sip:a@b,c"}) {
    EXPECT_FALSE(Uri::parse(text)) << text;
  }
}

TEST(UriParse, RefusesForbiddenCharactersAndBrokenEscapes) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"sip:a b@c"s, "sip:a\"@c"s, "sip:a<@c"s, "sip:a%@c"s, "sip:a%4@c"s, "sip:a%zz@c"s, "sip:a:p p@c"s,
        "sip:a@c; lr"s, "sip:a@c;x=\"y\""s, "sip:a@c;x=%1"s, "sip:a@c?a=<b>"s, "sip:a@c?%"s, "sip:a\0@c"s,
        "sip:a@c;x=a,b"s, "tel:"s, "tel:1 2"s, "tel:<1>"s}) {
    EXPECT_FALSE(Uri::parse(text)) << text;
  }
}

TEST(UriParse, ReadsEveryPartOfASipUri) {
  const Uri u = uri("SIPS:alice;day=tuesday:sec,ret@[2001:db8::9]:5061;transport=TCP;lr?subject=a%20b&to=x");
  EXPECT_TRUE(u.is_sip());
  EXPECT_TRUE(u.is_sips());
  EXPECT_EQ(u.user, "alice;day=tuesday");
  EXPECT_EQ(u.password, "sec,ret");
  EXPECT_EQ(u.host, "[2001:db8::9]");
  EXPECT_EQ(u.port, 5061);
  EXPECT_EQ(u.parameters, ";transport=TCP;lr");
  EXPECT_EQ(u.headers, "subject=a%20b&to=x");
  EXPECT_EQ(u.parameter("Transport"), "TCP");
  EXPECT_EQ(u.parameter("lr"), "");
  EXPECT_EQ(u.parameter("maddr"), std::nullopt);
}

TEST(UriParse, NeedsNoUser) {
  const Uri u = uri("sip:example.com;lr");
  EXPECT_EQ(u.user, "");
  EXPECT_EQ(u.host, "example.com");
  EXPECT_EQ(u.port, 0);
  EXPECT_EQ(uri("sip:h?a=b").headers, "a=b");
}

TEST(UriParse, TakesTheUnescapedHashOfFeatureCodes) { EXPECT_EQ(uri("sip:*21*100#@pbx").user, "*21*100#"); }

TEST(UriParse, ReadsTelephoneNumbers) {
  const Uri u = uri("tel:+33-1(23).45;phone-context=+33;ext=7");
  EXPECT_TRUE(u.is_tel());
  EXPECT_FALSE(u.is_sip());
  EXPECT_EQ(u.user, "+33-1(23).45");
  EXPECT_EQ(u.user_unescaped(), "+33-1(23).45");
  EXPECT_EQ(u.parameter("phone-context"), "+33");
}

TEST(UriParse, KeepsOtherSchemesOpaque) {
  const Uri u = uri("urn:uuid:f81d4fae-7dec");
  EXPECT_EQ(u.scheme, "urn");
  EXPECT_EQ(u.opaque, "uuid:f81d4fae-7dec");
  EXPECT_FALSE(u.is_sip());
}

TEST(UriUser, IsUnescapedOnlyWhereAnEscapeIsWhole) {
  EXPECT_EQ(uri("sip:%6a%20%40%2B@h").user_unescaped(), "j @+");
  EXPECT_EQ(unescape("100%"), "100%");
  EXPECT_EQ(unescape("%4"), "%4");
  EXPECT_EQ(unescape("%G1%41"), "%G1A");
}

TEST(UriUser, ComesBackFromItsEscapedForm) {
  constexpr std::uint64_t kSeed = 3261;
  runtime::SeededRng rng(kSeed);
  for (int round = 0; round < 500; ++round) {
    std::string user;
    for (std::uint64_t i = 1 + rng.below(20); i-- > 0;) user.push_back(static_cast<char>(rng.next()));
    const std::string text = "sip:" + escape_user(user) + "@h";
    EXPECT_EQ(uri(text).user_unescaped(), user) << "seed " << kSeed << " round " << round;
  }
  EXPECT_EQ(escape_user("a b@c:#é"), "a%20b%40c%3A%23%C3%A9");
  EXPECT_EQ(escape_user("+33-1;ext=2"), "+33-1;ext=2");
}

// RFC 3261 §19.1.4, the examples of its text.
TEST(UriEquivalence, HoldsForTheRfcsEquivalentPairs) {
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                   "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                   "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(UriEquivalence, FailsForTheRfcsDifferentPairs) {
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(UriEquivalence, TellsSchemesUsersAndPasswordsApart) {
  EXPECT_FALSE(same("sip:a@h", "sips:a@h"));
  EXPECT_FALSE(same("sip:a@h", "sip:h"));
  EXPECT_FALSE(same("sip:a:p@h", "sip:a@h"));
  EXPECT_FALSE(same("sip:a:p@h", "sip:a:P@h"));
  EXPECT_FALSE(same("sip:a@h;user=phone", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h;maddr=1.2.3.4", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h;ttl=1", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h;method=INVITE", "sip:a@h"));
}

TEST(UriEquivalence, DoesNotConfuseAReservedCharacterWithItsEscape) {
  EXPECT_FALSE(same("sip:a%3Bb@h", "sip:a;b@h"));
  EXPECT_TRUE(same("sip:a%3bb@h", "sip:a%3Bb@h"));
  EXPECT_TRUE(same("sip:%7e@h", "sip:~@h"));
}

TEST(UriEquivalence, ComparesIpv6ByValue) {
  EXPECT_TRUE(same("sip:a@[2001:db8:0:0::1]", "sip:a@[2001:DB8::1]"));
  EXPECT_FALSE(same("sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]"));
}

TEST(UriEquivalence, IgnoresVisualSeparatorsOfNumbers) {
  EXPECT_TRUE(same("tel:+33-1-23", "TEL:+33(1)2.3"));
  EXPECT_FALSE(same("tel:+33123", "tel:33123"));
  EXPECT_FALSE(same("tel:123;phone-context=a", "tel:123"));
  EXPECT_TRUE(same("tel:123;phone-context=a;isub=1", "tel:123;ISUB=1;phone-context=A"));
}

TEST(UriEquivalence, CountsTheFirstOfARepeatedParameter) {
  EXPECT_TRUE(same("sip:h;method=A;method=B?x=1&x=2", "sip:h;method=A;method=B?x=1&x=2"));
  EXPECT_TRUE(same("sip:h;method=A;method=B", "sip:h;method=A"));
  EXPECT_FALSE(same("sip:h;method=A;method=B", "sip:h;method=B"));
}

TEST(UriEquivalence, ComparesOtherSchemesLiterally) {
  EXPECT_TRUE(same("urn:a", "URN:a"));
  EXPECT_FALSE(same("urn:a", "urn:A"));
}

// RFC 5118, the forms of IPv6 that matter to a URI.
TEST(UriIpv6, ReadsTheFormsOfRfc5118) {
  EXPECT_EQ(uri("sip:[2001:db8::10]").host, "[2001:db8::10]");
  EXPECT_EQ(uri("sip:[2001:db8::10:5070]").port, 0);
  EXPECT_EQ(uri("sip:[2001:db8::10]:5070").port, 5070);
  EXPECT_EQ(uri("sip:user@[::ffff:192.0.2.10]:19823").port, 19823);
  EXPECT_FALSE(Uri::parse("sip:user@2001:db8::10"));
}

// ---------------------------------------------------------------- gruu

constexpr std::string_view kInstance = "<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";

class Gruu : public ::testing::Test {
 protected:
  static std::optional<std::string> instance_of(std::string_view text) {
    const auto uri = Uri::parse(text);
    EXPECT_TRUE(uri) << text;
    return uri ? gruu_instance(*uri) : std::nullopt;
  }
  runtime::SeededRng rng{7};
  TemporaryGruus ours{TemporaryGruus::new_key(rng)};
};

TEST_F(Gruu, IsKnownByItsParameter) {
  EXPECT_FALSE(instance_of("sip:101@example.net"));
  EXPECT_FALSE(instance_of("sip:101@example.net;grr=x"));
  EXPECT_EQ(instance_of("sip:101@example.net;gr"), "");
  EXPECT_EQ(instance_of("sip:101@example.net;gr=urn:uuid:1"), "urn:uuid:1");
}

TEST_F(Gruu, OfTheInstanceComesBackAsTheInstance) {
  const auto made = public_gruu("101", "example.net", kInstance);
  EXPECT_EQ(made, "sip:101@example.net;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(instance_of(made), "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(instance_of(public_gruu("a b", "192.0.2.1", "<x;y=\"z\">")), "x;y=\"z\"");
}

TEST_F(Gruu, WhenTemporaryIsReadByItsMakerAlone) {
  const TemporaryName name{101, 0xfeedface12345678};
  const auto user = ours.seal(name, rng);
  EXPECT_EQ(ours.open(user), name);
  const TemporaryGruus others(TemporaryGruus::new_key(rng));
  EXPECT_FALSE(others.open(user));
}

TEST_F(Gruu, WhenTemporaryIsNeverTheSameTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(ours.seal({1, 2}, rng)).second);
}

TEST_F(Gruu, WhenTemporaryIsWorthlessWithAnyDigitChanged) {
  const auto user = ours.seal({1, 2}, rng);
  for (std::size_t i = 6; i < user.size(); ++i) {
    auto bad = user;
    bad[i] = bad[i] == '0' ? '1' : '0';
    EXPECT_FALSE(ours.open(bad)) << i;
  }
  for (const auto& bad :
       {std::string(), std::string("tgruu."), user.substr(1), user + "0", std::string("101")})
    EXPECT_FALSE(ours.open(bad)) << bad;
}

}  // namespace
}  // namespace xivo::sip
