#include "console/ladder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "console/columns.hpp"
#include "console/tests/golden.hpp"

namespace xivo::console {
namespace {

using Kind = TraceRing::Kind;

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

TEST(Ladder, AnEmptyTraceSaysSo) {
  EXPECT_EQ(ladder({"C-1", "", {}, 0}),
            "Call C-1\n\n      time  xivo\nNothing is remembered of this call.\n");
}

TEST(Ladder, ACallIsDrawnAtAHundredColumns) {
  const auto text = ladder(company_trace());
  expect_golden(text, "ladder");
  EXPECT_LE(widest_line(text), 100u);
}

TEST(Ladder, NothingIsWiderThanAsked) {
  for (const std::size_t width : {60u, 80u, 100u, 160u, 400u}) {
    EXPECT_LE(widest_line(ladder(company_trace(), width).substr(40)), width) << width;
  }
}

TEST(Ladder, ARingingGroupSharesTheLastColumn) {
  TraceListing trace;
  trace.call = "C-2";
  trace.entries.push_back(entry(0, Kind::Received, "101", "INVITE sip:600@x"));
  for (int i = 1; i <= 9; ++i) {
    trace.entries.push_back(entry(i, Kind::Sent, "20" + std::to_string(i), "INVITE sip:20x"));
  }
  const auto text = ladder(trace);
  expect_golden(text, "ladder_group");
}

TEST(Ladder, ForgottenEntriesAreCounted) {
  auto trace = company_trace();
  trace.dropped = 1;
  EXPECT_NE(ladder(trace).find("\n1 older entry is no longer remembered.\n"), std::string::npos);
  trace.dropped = 7;
  EXPECT_NE(ladder(trace).find("\n7 older entries are no longer remembered.\n"), std::string::npos);
}

TEST(Ladder, TextOfStrangersIsMadePrintable) {
  TraceListing trace;
  trace.call = "C-3";
  trace.entries = {entry(0, Kind::Received, "10\x1b[1", "INVITE \x1b]0;gotcha\x07"),
                   entry(1, Kind::Decision, "", "\x9b\xff")};
  EXPECT_EQ(ladder(trace).find('\x1b'), std::string::npos);
}

TEST(Ladder, AClockSetBackShowsANegativeTime) {
  TraceListing trace;
  trace.call = "C-4";
  trace.entries = {entry(0, Kind::Received, "101", "INVITE"), entry(-1500, Kind::State, "", "ringing")};
  EXPECT_NE(ladder(trace).find("    -1.500"), std::string::npos);
}

}  // namespace
}  // namespace xivo::console
