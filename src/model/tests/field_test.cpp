#include "model/field.hpp"

#include <gtest/gtest.h>

#include "model/config_index.hpp"
#include "model/schema.hpp"

namespace xivo::model {
namespace {

using Rule = Problem::Rule;

std::optional<Rule> broken(std::string_view kind, std::string_view field, const Value& value) {
  const auto problem = find_kind(kind)->field(field)->check(value);
  return problem ? std::optional(problem->rule) : std::nullopt;
}

TEST(CharacterClass, KnowsRangesAndALastHyphen) {
  const CharacterClass digits{"0-9*#-", {}};
  EXPECT_TRUE(digits.accepts("0*9#-"));
  EXPECT_FALSE(digits.accepts("5a"));
  EXPECT_FALSE(digits.accepts("+"));
  EXPECT_TRUE(digits.accepts(""));
}

TEST(CharacterClass, WithoutASetTakesAnyPrintableText) {
  const CharacterClass any;
  EXPECT_TRUE(any.accepts("Élodie Ng 😀"));
  EXPECT_FALSE(any.accepts("a\nb"));
  EXPECT_FALSE(any.accepts("a\xC2\x85"));  // NEL, a C1 control
  EXPECT_FALSE(any.accepts("\xC0\xAF"));   // overlong
}

TEST(Field, RefusesTheWrongType) {
  EXPECT_EQ(broken("user", "firstname", Value(1)), Rule::WrongType);
  EXPECT_EQ(broken("user", "ring_seconds", Value("30")), Rule::WrongType);
  EXPECT_EQ(broken("user", "enabled", Value(1)), Rule::WrongType);
  EXPECT_EQ(broken("user", "language", Value(true)), Rule::WrongType);
  EXPECT_EQ(broken("line", "codecs", Value("alaw")), Rule::WrongType);
  EXPECT_EQ(broken("line", "codecs", Value(Value::List{Value(1)})), Rule::WrongType);
  EXPECT_EQ(broken("line", "user", Value(true)), Rule::WrongType);
}

TEST(Field, RefusesWhatIsOutOfBounds) {
  EXPECT_EQ(broken("user", "firstname", Value(std::string(129, 'x'))), Rule::TooLong);
  EXPECT_EQ(broken("line", "secret", Value("short")), Rule::TooShort);
  EXPECT_EQ(broken("user", "ring_seconds", Value(-1)), Rule::OutOfRange);
  EXPECT_EQ(broken("user", "ring_seconds", Value(10'801)), Rule::OutOfRange);
  EXPECT_EQ(broken("user", "simultaneous_calls", Value(0)), Rule::OutOfRange);
  EXPECT_EQ(broken("line", "codecs", Value::list()), Rule::TooShort);
}

TEST(Field, CountsBoundsInCharacters) {
  std::string name;
  for (int i = 0; i < 128; ++i) name += "é";
  EXPECT_EQ(broken("user", "firstname", Value(name)), std::nullopt);
}

TEST(Field, RefusesCharactersOutsideTheClass) {
  EXPECT_EQ(broken("extension", "exten", Value("10a")), Rule::Pattern);
  EXPECT_EQ(broken("line", "name", Value("alice smith")), Rule::Pattern);
  EXPECT_EQ(broken("user", "firstname", Value("Bob\r\nVia: x")), Rule::Pattern);
  EXPECT_EQ(broken("extension", "exten", Value("*#0123456789")), std::nullopt);
}

TEST(Field, NeverRepeatsASecretInAProblem) {
  const auto problem = find_kind("line")->field("secret")->check(Value("with blank"));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->fact("value"), "");
}

TEST(Field, RefusesUnknownAndRepeatedChoices) {
  EXPECT_EQ(broken("line", "transport", Value("sctp")), Rule::UnknownChoice);
  EXPECT_EQ(broken("line", "codecs", Value(std::vector<std::string>{"alaw", "g729"})), Rule::UnknownChoice);
  EXPECT_EQ(broken("line", "codecs", Value(std::vector<std::string>{"alaw", "alaw"})), Rule::Repeated);
}

TEST(Field, ChecksHostsAndMailAddresses) {
  for (const char* host : {"dynamic", "192.0.2.7", "192.0.2.7:5080", "2001:db8::1", "[2001:db8::1]:5060",
                           "gateway.example.com", "_x.my-pbx.example:5070"}) {
    EXPECT_EQ(broken("line", "host", Value(host)), std::nullopt) << host;
  }
  for (const char* host : {"gateway", "gateway..example", "-gw.example", "gw.example:0", "gw.example:sip",
                           "gw example.com", "192.0.2.300", "192.0.2.7:0", "192.0.2.7:99999", "Dynamic"}) {
    EXPECT_EQ(broken("line", "host", Value(host)), Rule::NotAnAddress) << host;
  }
  EXPECT_EQ(broken("user", "email", Value("a@b")), std::nullopt);
  for (const char* mail : {"alice", "@b.c", "ab@", "a@b@c", "a b@c"}) {
    EXPECT_EQ(broken("user", "email", Value(mail)), Rule::Pattern) << mail;
  }
}

TEST(Field, TakesNullForTheDefault) {
  for (const KindSchema* kind : kinds()) {
    for (const Field& field : kind->fields()) EXPECT_EQ(field.check(Value()), std::nullopt) << field.name;
  }
}

TEST(FixedHost, ReadsAddressesWithAndWithoutPort) {
  EXPECT_EQ(parse_fixed_host("192.0.2.7")->port, 0);
  EXPECT_EQ(parse_fixed_host("192.0.2.7:5080")->port, 5080);
  EXPECT_EQ(parse_fixed_host("[2001:db8::1]:5060")->ip, *IpAddress::parse("2001:db8::1"));
  EXPECT_FALSE(parse_fixed_host("dynamic"));
}

}  // namespace
}  // namespace xivo::model
