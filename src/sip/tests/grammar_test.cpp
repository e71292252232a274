#include "sip/grammar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace xivo::sip::grammar {
namespace {

std::vector<std::string> elements(std::string_view list) {
  std::vector<std::string> all;
  std::string_view element;
  while (next_element(list, element)) all.emplace_back(element);
  return all;
}

TEST(GrammarScanner, TakesNothingWhenAQuotedStringDoesNotEnd) {
  for (const char* text : {"", "x", "\"", "\"abc", "\"abc\\\"", "\"\\"}) {
    Scanner scanner{text};
    std::string_view inner;
    EXPECT_FALSE(scanner.take_quoted(inner)) << text;
    EXPECT_EQ(scanner.rest, text);
  }
}

TEST(GrammarScanner, TakesAQuotedStringWithItsEscapes) {
  Scanner scanner{"\"a\\\"b\\\\\"rest"};
  std::string_view inner;
  ASSERT_TRUE(scanner.take_quoted(inner));
  EXPECT_EQ(inner, "a\\\"b\\\\");
  EXPECT_EQ(scanner.rest, "rest");
}

TEST(GrammarScanner, TakesNoPortOutsideItsRange) {
  for (const char* text : {":", ":0", ":65536", ":x", " : ", ":-1"}) {
    Scanner scanner{text};
    std::uint16_t port = 7;
    EXPECT_FALSE(scanner.take_port(port)) << text;
  }
  Scanner absent{";x"};
  std::uint16_t port = 0;
  EXPECT_TRUE(absent.take_port(port));
  EXPECT_EQ(port, 0);
  Scanner spaced{" : 5060;x"};
  EXPECT_TRUE(spaced.take_port(port));
  EXPECT_EQ(port, 5060);
  EXPECT_EQ(spaced.rest, ";x");
}

TEST(GrammarScanner, TakesNoHalfIpv6Reference) {
  for (const char* text : {"[", "[]", "[::1", "[:]", "[g]", "", ";"}) {
    Scanner scanner{text};
    std::string_view host;
    EXPECT_FALSE(scanner.take_host(host)) << text;
  }
}

TEST(GrammarParameters, StopAtTheFirstFaultAndSaySo) {
  for (const char* text : {"x", ";", ";;a", ";=b", ";a=", ";a=\"b", ";a b", ";a=b c", ";a=<b>"}) {
    ParameterReader reader(text);
    Parameter parameter;
    while (reader.next(parameter)) {
    }
    EXPECT_TRUE(reader.failed()) << text;
    EXPECT_FALSE(reader.next(parameter)) << text;
  }
}

TEST(GrammarParameters, ComeOneByOneAndStopBeforeAComma) {
  ParameterReader reader(" ;a = 1; b;c=\"x;,y\" , next");
  Parameter parameter;
  ASSERT_TRUE(reader.next(parameter));
  EXPECT_EQ(parameter.name, "a");
  EXPECT_EQ(parameter.value, "1");
  EXPECT_EQ(parameter.text, "a = 1");
  ASSERT_TRUE(reader.next(parameter));
  EXPECT_EQ(parameter.text, "b");
  EXPECT_FALSE(parameter.has_value);
  ASSERT_TRUE(reader.next(parameter));
  EXPECT_EQ(parameter.value, "x;,y");
  EXPECT_FALSE(reader.next(parameter));
  EXPECT_FALSE(reader.failed());
  EXPECT_EQ(reader.rest(), ", next");
}

TEST(GrammarList, SplitsOutsideQuotesAndBracketsOnly) {
  EXPECT_EQ(elements(""), std::vector<std::string>{});
  EXPECT_EQ(elements(" a , ,b"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(elements("\"a,\\\",b\" <x,y>;z=\"1,2\",c"),
            (std::vector<std::string>{"\"a,\\\",b\" <x,y>;z=\"1,2\"", "c"}));
  EXPECT_EQ(elements("\"open, \\"), std::vector<std::string>{"\"open, \\"});
}

TEST(GrammarEscapes, NeedTwoHexDigits) {
  EXPECT_TRUE(all_or_escaped("a%4f%aB", kUser));
  for (const char* text : {"%", "%4", "a%4g", "%%41"}) EXPECT_FALSE(all_or_escaped(text, kUser)) << text;
}

}  // namespace
}  // namespace xivo::sip::grammar
