#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/tests/golden.hpp"

namespace xivo::console {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(Words, AnOpenQuoteIsRefused) { EXPECT_FALSE(split_words("core \"show")); }

TEST(Words, ALineOverTheLimitIsRefused) {
  EXPECT_FALSE(split_words(std::string(CommandTree::kLineMax + 1, 'x')));
  EXPECT_TRUE(split_words(std::string(CommandTree::kLineMax, 'x')));
}

TEST(Words, MoreWordsThanTheLimitAreRefused) {
  std::string line;
  for (std::size_t i = 0; i < CommandTree::kWordsMax + 1; ++i) line += "x ";
  EXPECT_FALSE(split_words(line));
}

TEST(Words, QuotesKeepBlanksAndABackslashKeepsQuotes) {
  EXPECT_THAT(split_words(R"(a "b c" d\"e  "")")->words, ElementsAre("a", "b c", "d\"e", ""));
}

TEST(Commands, AnUnknownCommandPointsToTheHelp) {
  const auto output = Console().execute("make coffee");
  EXPECT_EQ(
      output.text,
      "No such command 'make coffee' (type 'core show help make coffee' for other possible commands)\n");
  EXPECT_TRUE(output.failed);
}

TEST(Commands, ABeginningOfACommandIsNoCommand) {
  EXPECT_EQ(Console().run("core show"),
            "No such command 'core show' (type 'core show help core show' for other possible commands)\n");
}

TEST(Commands, AnUnknownCommandIsEchoedWithoutControlCharacters) {
  EXPECT_THAT(Console().run("\x1b[2Jboo"), StartsWith("No such command '?[2Jboo' "));
}

TEST(Commands, AnAmbiguousAbbreviationListsWhatItMayMean) {
  const auto output = Console().execute("core show channels co");
  EXPECT_EQ(output.text,
            "Ambiguous command 'core show channels co': it may mean\n"
            "  core show channels concise \n"
            "  core show channels count \n");
  EXPECT_TRUE(output.failed);
}

TEST(Commands, MissingArgumentsShowTheUsage) {
  const auto output = Console().execute("sip show peer");
  EXPECT_THAT(output.text, StartsWith("Usage: sip show peer <peer>\n"));
  EXPECT_TRUE(output.failed);
}

TEST(Commands, ExtraArgumentsShowTheUsage) {
  EXPECT_THAT(Console().run("core show version please"), StartsWith("Usage: core show version\n"));
}

TEST(Commands, AbbreviationsFindTheCommandThatFitsTheArguments) {
  Console console;
  EXPECT_EQ(console.run("core sh ch"), console.run("core show channels"));
  EXPECT_EQ(console.run("co sh ch conc"), console.run("core show channels concise"));
  EXPECT_EQ(console.run("core sh ch SIP/101-0000001a"), console.run("core show channel SIP/101-0000001a"));
  EXPECT_EQ(console.run("SIP SHOW PEERS"), console.run("sip show peers"));
}

TEST(Commands, AWordInFullIsNotTheBeginningOfALongerOne) {
  EXPECT_THAT(Console().run("sip show peer"), StartsWith("Usage: sip show peer <"));
}

TEST(Commands, AnEmptyLineAnswersNothing) { EXPECT_EQ(Console().run("   "), ""); }

TEST(Completion, OffersTheNextWords) {
  Console console;
  EXPECT_THAT(console.complete("core show c"), ElementsAre("calls", "channel", "channels"));
  EXPECT_THAT(console.complete("core sh ch"), ElementsAre("channel", "channels"));
  EXPECT_THAT(console.complete("core show channels "), ElementsAre("concise", "count", "verbose"));
}

TEST(Completion, OffersFirstWordsForAnEmptyLine) {
  EXPECT_THAT(Console().complete(""),
              testing::IsSupersetOf({"core", "sip", "pjsip", "help", "reload", "trace"}));
}

TEST(Completion, OffersNothingAfterAWordThatLeadsNowhere) {
  EXPECT_THAT(Console().complete("coffee "), IsEmpty());
}

TEST(Completion, OffersPeers) {
  EXPECT_THAT(Console().complete("sip show peer 10"), ElementsAre("101", "102", "103", "104", "105"));
  EXPECT_THAT(Console().complete("sip show peer 101 "), IsEmpty());
}

TEST(Completion, OffersChannelsAndAll) {
  EXPECT_THAT(Console().complete("channel request hangup "),
              ElementsAre("SIP/101-0000001a", "SIP/102-0000001b", "all"));
  EXPECT_THAT(Console().complete("core show channel SIP/102"), ElementsAre("SIP/102-0000001b"));
}

TEST(Completion, OffersCalls) {
  EXPECT_THAT(Console().complete("trace "), ElementsAre("C-0000000b", "C-0000000c", "C-0000000d", "last"));
}

TEST(Completion, OffersCommandWordsAfterHelp) {
  EXPECT_THAT(Console().complete("core show help sip s"), ElementsAre("set", "show"));
  EXPECT_THAT(Console().complete("help "), Contains("core"));
}

TEST(Completion, QuotesNamesWithBlanks) {
  Console console;
  console.view.engine.peers = {peer("salle de réunion")};
  EXPECT_THAT(console.complete("sip show peer s"), ElementsAre("\"salle de réunion\""));
  EXPECT_THAT(console.run("sip show peer \"salle de réunion\""),
              HasSubstr("* Name       : salle de réunion\n"));
}

TEST(Completion, IsBounded) {
  Console console;
  console.view.engine.peers.clear();
  for (int i = 0; i < 1000; ++i) console.view.engine.peers.push_back(peer("p" + std::to_string(i)));
  EXPECT_EQ(console.complete("sip show peer p").size(), Interpreter::kCompletionsMax);
}

TEST(Help, AlignsNamesToTheRightAtThirtyColumns) {
  EXPECT_THAT(Console().run("core show help sip show peer"),
              HasSubstr("Usage: sip show peer <peer>\n       Show all there is to know of one line.\n"));
  EXPECT_THAT(Console().run("help core show channels"),
              HasSubstr("      core show channels count  Count channels and calls\n"));
}

TEST(Help, ListsEveryCommandWithTextInBothLanguages) {
  Console console;
  const auto english = console.run("?");
  console.settings.language = Language::French;
  const auto french = console.run("help");
  for (const auto& command : console.interpreter.tree().commands()) {
    EXPECT_FALSE(command.summary.english.empty() || command.summary.french.empty()) << command.words;
    EXPECT_NE(command.summary.english, command.summary.french) << command.words;
    EXPECT_THAT(english, HasSubstr(command.words + "  "));
    EXPECT_THAT(french, HasSubstr(command.words + "  "));
  }
}

TEST(Help, AnUnknownCommandIsNamed) {
  EXPECT_EQ(Console().run("core show help coffee machine"), "No such command 'coffee machine'.\n");
}

}  // namespace
}  // namespace xivo::console
