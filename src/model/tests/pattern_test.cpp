#include "model/numbering/pattern.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "model/numbering/pattern_tree.hpp"

namespace xivo::model::numbering {
namespace {

TEST(Pattern, RefusesWhatIsNoNumberAndSaysWhy) {
  const std::vector<std::pair<std::string, PatternFault>> faults{
      {"", PatternFault::Empty},
      {"_", PatternFault::Empty},
      {"_--", PatternFault::Empty},
      {"10a", PatternFault::Character},
      {"1 0", PatternFault::Character},
      {"1X", PatternFault::Character},
      {"10.", PatternFault::Character},
      {"_1[23", PatternFault::SetOpen},
      {"_1[]", PatternFault::SetEmpty},
      {"_1[5-2]", PatternFault::SetBackwards},
      {"_1[a-c]", PatternFault::Character},
      {"_1.2", PatternFault::NotLast},
      {"_1!X", PatternFault::NotLast},
      {"_1..", PatternFault::NotLast},
      {"_1é", PatternFault::Character},
      {std::string(41, '1'), PatternFault::TooLong},
  };
  for (const auto& [text, fault] : faults) {
    EXPECT_EQ(Pattern::fault(text), fault) << text;
    EXPECT_FALSE(Pattern::parse(text)) << text;
    EXPECT_FALSE(words(fault).french.empty() || words(fault).english.empty());
  }
}

struct Match {
  std::string_view pattern;
  std::vector<std::string_view> yes, no;
};

TEST(Pattern, MatchesAsAsteriskDoes) {
  const std::vector<Match> all{
      {"102", {"102"}, {"", "10", "1020", "103", "_102"}},
      {"_1XX", {"100", "199"}, {"10", "1000", "200", "1*0", "1X0"}},
      {"_1ZN", {"112", "199"}, {"102", "111", "110"}},
      {"_nxz", {"201", "999"}, {"101", "200"}},
      {"_[15-7]0", {"10", "50", "60", "70"}, {"00", "20", "40", "80"}},
      {"_[-5]", {"5"}, {"6"}},
      {"_0.", {"01", "0123", "0*#"}, {"0", "1", ""}},
      {"_0!", {"0", "01", "0123"}, {"1", ""}},
      {"_.", {"1", "*", "+33"}, {""}},
      {"_!", {"", "1"}, {}},
      {"_0-1-XX", {"0112"}, {"0-112", "011"}},
      {"_+33X.", {"+3312"}, {"3312", "+33", "+331"}},
      {"_*8X", {"*81"}, {"*8", "81"}},
  };
  for (const Match& each : all) {
    const auto pattern = Pattern::parse(each.pattern);
    if (each.pattern == "_[-5]") {  // a - at the start of a set is none of Asterisk's numbers
      EXPECT_FALSE(pattern);
      continue;
    }
    ASSERT_TRUE(pattern) << each.pattern;
    for (const auto number : each.yes) EXPECT_TRUE(pattern->matches(number)) << each.pattern << " " << number;
    for (const auto number : each.no) EXPECT_FALSE(pattern->matches(number)) << each.pattern << " " << number;
  }
}

TEST(Pattern, NeverMatchesBytesThatAreNoCharacters) {
  const std::string strange{'1', '\xff', '\0'};
  EXPECT_FALSE(Pattern::parse("_1XX")->matches(strange));
  EXPECT_TRUE(Pattern::parse("_1.")->matches(strange));
}

/// Each row in the order in which Asterisk sorts it (main/pbx.c, ext_cmp): an earlier one is tried before a later one.
const std::vector<std::vector<std::string>> kOrders{
    {"102", "_10[2]X", "_102", "_10[23]", "_10N", "_10Z", "_10X", "_10.", "_10!", "_10"},
    {"_1NXX", "_1ZXX", "_1XXX", "_1X.", "_1.", "_1!", "_NXX", "_ZXX", "_XXX", "_X.", "_.", "_!"},
    {"_[12]0", "_[23]0", "_[123]0", "_[2-8]0", "_N0", "_[0-8]0", "_Z0", "_X0"},
    {"_1X.", "_1X!", "_1X"},  // . comes before !, and both before the end
    {"_[25]", "_[26]", "_[36]"},  // as many: the lowest that the other lacks
    {"_0ZXXXXXXXX", "_0Z.", "_0X."},  // from the left: the third place decides only among equals
    {"_00.", "_0.", "_X."},
    {"_*XX", "_0XX"},  // of single characters the lower
    {"101", "102", "_NXX"},
};

TEST(Pattern, IsOrderedAsInAsterisksTable) {
  for (const auto& row : kOrders) {
    for (std::size_t a = 0; a < row.size(); ++a) {
      for (std::size_t b = 0; b < row.size(); ++b) {
        const auto first = Pattern::parse(row[a]);
        const auto second = Pattern::parse(row[b]);
        ASSERT_TRUE(first && second) << row[a] << " " << row[b];
        EXPECT_EQ(first->order(*second) < 0, a < b) << row[a] << " " << row[b];
        EXPECT_EQ(first->order(*second) == 0, a == b) << row[a] << " " << row[b];
      }
    }
  }
}

TEST(Pattern, IsEqualInOrderHoweverItIsWritten) {
  const std::vector<std::pair<std::string, std::string>> same{
      {"_1XX", "_1xx"}, {"_X", "_[0-9]"}, {"_1-0", "_10"}, {"_[321]", "_[1-3]"}};
  for (const auto& [a, b] : same)
    EXPECT_TRUE(Pattern::parse(a)->order(*Pattern::parse(b)) == 0) << a << " " << b;
}

std::string some_pattern(std::mt19937& random) {
  static const std::vector<std::string> kParts{"0", "1", "2", "X", "Z", "N", "[12]", "[0-2]", "[13]"};
  std::string text = random() % 4 == 0 ? "" : "_";
  const std::size_t length = 1 + random() % 4;
  for (std::size_t i = 0; i < length; ++i)
    text += text.starts_with('_') ? kParts[random() % kParts.size()] : std::to_string(random() % 3);
  if (text.starts_with('_') && random() % 3 == 0) text += random() % 2 == 0 ? "." : "!";
  return text;
}

std::string some_number(std::mt19937& random) {
  std::string number;
  for (std::size_t i = 1 + random() % 5; i > 0; --i) number += static_cast<char>('0' + random() % 4);
  return number;
}

TEST(Pattern, TheTreeFindsWhatASearchThroughTheSortedListFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Pattern> patterns;
    PatternTree tree;
    for (std::uint32_t i = 0; i < 40; ++i) {
      patterns.push_back(*Pattern::parse(some_pattern(random)));
      tree.add(patterns.back(), i);
    }
    for (int i = 0; i < 30; ++i) {
      const std::string number = some_number(random);
      std::vector<std::uint32_t> wanted;
      for (std::uint32_t p = 0; p < patterns.size(); ++p) {
        if (!patterns[p].matches(number)) continue;
        const auto after = std::find_if(wanted.begin(), wanted.end(),
                                        [&](std::uint32_t o) { return patterns[p].order(patterns[o]) < 0; });
        wanted.insert(after, p);
      }
      std::vector<std::uint32_t> found;
      tree.find(number, [&](std::uint32_t value) {
        found.push_back(value);
        return false;
      });
      EXPECT_EQ(found, wanted) << "round " << round << " number " << number;
    }
  }
}

TEST(Pattern, OverlapsWhenANumberMatchesBoth) {
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    const auto a = Pattern::parse(some_pattern(random));
    const auto b = Pattern::parse(some_pattern(random));
    bool both = false;
    for (int n = 0; n < 40 && !both; ++n) {
      const std::string number = some_number(random);
      both = a->matches(number) && b->matches(number);
    }
    if (both) {
      EXPECT_TRUE(a->overlaps(*b)) << a->text() << " " << b->text();
    }
  }
  EXPECT_FALSE(Pattern::parse("_1X")->overlaps(*Pattern::parse("_1XX")));
  EXPECT_FALSE(Pattern::parse("_1X.")->overlaps(*Pattern::parse("_1X")));
  EXPECT_TRUE(Pattern::parse("_1X!")->overlaps(*Pattern::parse("_1X")));
  EXPECT_FALSE(Pattern::parse("_NXX")->overlaps(*Pattern::parse("_1XX")));
}

}  // namespace
}  // namespace xivo::model::numbering
