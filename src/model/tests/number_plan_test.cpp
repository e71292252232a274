#include "model/numbering/number_plan.hpp"

#include <gtest/gtest.h>

#include "model/numbering/rewrite.hpp"

namespace xivo::model::numbering {
namespace {

struct Row {
  std::string_view number, wanted;
};

TEST(NumberPlan, ShowsCallersAsTheFrenchDial) {
  for (const auto& [number, wanted] : std::vector<Row>{
           {"123456789", "0123456789"},
           {"33123456789", "0123456789"},
           {"+33123456789", "0123456789"},
           {"0033123456789", "0123456789"},
           {"+33 (0)1 23 45 67 89", "0123456789"},
           {"0123456789", "0123456789"},
           {"+41441234567", "0041441234567"},
           {"+262692123456", "0692123456"},
           {"+1", "001"},
           {"0041441234567", "0041441234567"},
           {"101", "101"},
           {"anonymous", "anonymous"},
           {"", ""},
           {"+", "00"},
           {"012345678", "012345678"},  // nine digits with a 0: nobody's number, and left alone
           {"33012345678", "33012345678"},
       }) {
    EXPECT_EQ(national(number, "FR"), wanted) << number;
  }
}

TEST(NumberPlan, KnowsTheInternationalForm) {
  for (const auto& [number, wanted] : std::vector<Row>{{"0123456789", "33123456789"},
                                                       {"123456789", "33123456789"},
                                                       {"+33612345678", "33612345678"},
                                                       {"0692123456", "262692123456"},
                                                       {"0041441234567", "41441234567"},
                                                       {"3631", ""},
                                                       {"101", ""},
                                                       {"anonymous", ""}}) {
    EXPECT_EQ(international(number, "FR"), wanted) << number;
  }
}

TEST(NumberPlan, WritesNumbersAsATrunkWantsThem) {
  EXPECT_EQ(formatted("0123456789", "+E164", "FR"), "+33123456789");
  EXPECT_EQ(formatted("+33123456789", "E164", "FR"), "33123456789");
  EXPECT_EQ(formatted("+33123456789", "national", "FR"), "0123456789");
  EXPECT_EQ(formatted("101", "+E164", "FR"), "101");
  EXPECT_EQ(formatted("044 123 45 67", "+E164", "CH"), "+41441234567");
  EXPECT_EQ(formatted("+41441234567", "national", "CH"), "0441234567");
}

TEST(NumberPlan, TellsWhatACallCosts) {
  const std::vector<std::pair<std::string_view, CallClass>> all{
      {"112", CallClass::Emergency},
      {"15", CallClass::Emergency},
      {"0123456789", CallClass::National},
      {"0612345678", CallClass::Mobile},
      {"0712345678", CallClass::Mobile},
      {"0912345678", CallClass::National},
      {"0800123456", CallClass::Free},
      {"0809123456", CallClass::National},
      {"0811123456", CallClass::Premium},
      {"0899123456", CallClass::Premium},
      {"+33899123456", CallClass::Premium},
      {"0033899123456", CallClass::Premium},
      {"3631", CallClass::Premium},
      {"3011", CallClass::Free},
      {"118712", CallClass::Premium},
      {"0041441234567", CallClass::International},
      {"+41441234567", CallClass::International},
      {"00", CallClass::International},
      {"101", CallClass::Other},
      {"", CallClass::Other},
  };
  for (const auto& [number, wanted] : all) EXPECT_EQ(class_of(number, "FR"), wanted) << number;
  EXPECT_EQ(class_of("0900123456", "CH"), CallClass::Premium);
  EXPECT_EQ(class_of("0791234567", "CH"), CallClass::Mobile);
  EXPECT_EQ(class_of("+33123456789", "CH"), CallClass::International);
}

TEST(NumberPlan, EmergencyNumbersAreTheCountrysUnlessTheCompanySays) {
  ConfigBuilder builder;
  EXPECT_EQ(emergency_numbers(*builder.build()).size(), 12U);
  builder.put(General{.id = {1}, .country = "US"});
  EXPECT_EQ(emergency_numbers(*builder.build()).front(), "911");
  builder.put(General{.id = {1}, .country = "US", .emergency_numbers = {"333"}});
  EXPECT_EQ(emergency_numbers(*builder.build()), (std::vector<std::string>{"333"}));
  EXPECT_EQ(emergency_numbers_of("XX"), (std::vector<std::string>{"112", "911"}));
}

TEST(Rewrite, RefusesWhatCannotBeReadOrWouldTakeForever) {
  for (const char* bad : {"", "(", "[", "*", "(a){1000}", "((1{9}){9}){9}{9}"})
    EXPECT_FALSE(Rewrite::parse(bad, "")) << bad;
  EXPECT_FALSE(Rewrite::parse(std::string(65, '1'), ""));
  for (const char* back : {"(1)\\1", "\\11600043600043467873081", "X\\0"})
    EXPECT_FALSE(Rewrite::parse(back, "")) << back;
  EXPECT_FALSE(Rewrite::parse("0(.*)", "\\2"));
  EXPECT_FALSE(Rewrite::parse("0(.*)", "\\"));
}

TEST(Rewrite, RewritesTheWholeNumberOrNothing) {
  const auto rewrite = Rewrite::parse("0([1-9])(.*)", "0033\\1\\2");
  ASSERT_TRUE(rewrite);
  EXPECT_EQ(rewrite->apply("0123456789"), "0033123456789");
  EXPECT_EQ(rewrite->apply("0033"), "0033");
  const auto worst = Rewrite::parse("(1*)*(1*)*2", "\\1");  // would never end with a naive engine
  ASSERT_TRUE(worst);
  EXPECT_EQ(worst->apply(std::string(40, '1')), std::string(40, '1'));
}

}  // namespace
}  // namespace xivo::model::numbering
