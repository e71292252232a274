#include "sip/stream_framer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace xivo::sip {
namespace {

using Kind = StreamFramer::Kind;
using Fault = StreamFramer::Fault;

std::string message(const std::string& body, const std::string& name = "Content-Length") {
  return "OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n" + name + ": " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

/// Everything that can be cut now; keep-alives are "<ping>", a broken stream "<broken N>" with the fault.
std::vector<std::string> drain(StreamFramer& framer) {
  std::vector<std::string> pieces;
  while (true) {
    const auto piece = framer.next();
    switch (piece.kind) {
      case Kind::NeedMore: return pieces;
      case Kind::Message: pieces.emplace_back(piece.bytes, piece.size); break;
      case Kind::KeepAlive: pieces.emplace_back("<ping>"); break;
      case Kind::Broken:
        pieces.push_back("<broken " + std::to_string(static_cast<int>(piece.fault)) + ">");
        return pieces;
    }
  }
}

std::vector<std::string> cut(const std::string& bytes, const StreamFramer::Limits& limits = {}) {
  StreamFramer framer(limits);
  framer.feed(bytes);
  return drain(framer);
}

std::vector<std::string> broken(Fault fault) {
  return {"<broken " + std::to_string(static_cast<int>(fault)) + ">"};
}

TEST(StreamFramer, BreaksOnWhatCannotStartAMessage) {
  for (const auto& bytes : {std::string("\x16\x03\x01\x02"), std::string(" OPTIONS"), std::string("\n\n"),
                            std::string(1, '\0'), std::string("\rX")}) {
    EXPECT_EQ(cut(bytes), broken(Fault::NotSip));
  }
}

TEST(StreamFramer, BreaksWithoutContentLengthAndShowsTheHead) {
  StreamFramer framer({});
  const std::string head = "OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n\r\n";
  framer.feed(head + "rest");
  const auto piece = framer.next();
  EXPECT_EQ(piece.kind, Kind::Broken);
  EXPECT_EQ(piece.fault, Fault::LengthMissing);
  EXPECT_EQ(std::string(piece.bytes, piece.size), head);
}

TEST(StreamFramer, BreaksOnAContentLengthThatIsNoNumber) {
  for (const char* value : {"-1", "abc", "", "5 5", "0x10", "99999999999999999999", "+5", "5,5"}) {
    EXPECT_EQ(cut(std::string("A b SIP/2.0\r\nContent-Length: ") + value + "\r\n\r\n"),
              broken(Fault::LengthInvalid))
        << value;
  }
}

TEST(StreamFramer, BreaksOnTwoDifferentContentLengths) {
  EXPECT_EQ(cut("A b SIP/2.0\r\nContent-Length: 5\r\nl: 6\r\n\r\n123456"), broken(Fault::LengthInvalid));
}

TEST(StreamFramer, BreaksOnABodyAboveTheLimitBeforeItComes) {
  StreamFramer framer({100, 10});
  framer.feed("A b SIP/2.0\r\nContent-Length: 11\r\n\r\n");
  const auto piece = framer.next();
  EXPECT_EQ(piece.fault, Fault::BodyTooLarge);
  EXPECT_GT(piece.size, 0u);
}

TEST(StreamFramer, BreaksOnAHeadAboveTheLimitWhole) {
  EXPECT_EQ(cut("A b SIP/2.0\r\nX: " + std::string(100, 'x') + "\r\nContent-Length: 0\r\n\r\n", {100, 10}),
            broken(Fault::HeadTooLarge));
}

TEST(StreamFramer, BreaksOnAHeadAboveTheLimitBeforeItEnds) {
  StreamFramer framer({100, 10});
  framer.feed("A b SIP/2.0\r\n");
  EXPECT_TRUE(drain(framer).empty());
  framer.feed(std::string(90, 'x'));
  EXPECT_EQ(drain(framer), broken(Fault::HeadTooLarge));
}

TEST(StreamFramer, StaysBroken) {
  StreamFramer framer({});
  framer.feed("\x01");
  EXPECT_EQ(framer.next().kind, Kind::Broken);
  framer.feed(message(""));
  EXPECT_EQ(framer.next().kind, Kind::Broken);
}

TEST(StreamFramer, CutsMessagesThatComeTogether) {
  EXPECT_EQ(cut(message("") + message("body") + message("x", "l")),
            (std::vector<std::string>{message(""), message("body"), message("x", "l")}));
}

TEST(StreamFramer, CutsTheSameWhereverTheBytesAreSplit) {
  const auto all = message("one") + "\r\n\r\n" + message("") + message("two\r\n\r\nlines");
  const std::vector<std::string> wanted{message("one"), "<ping>", message(""), message("two\r\n\r\nlines")};
  for (std::size_t size = 1; size < all.size(); ++size) {
    StreamFramer framer({});
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < all.size(); at += size) {
      framer.feed(std::string_view(all).substr(at, size));
      for (auto& piece : drain(framer)) pieces.push_back(std::move(piece));
    }
    EXPECT_EQ(pieces, wanted) << "in pieces of " << size;
    EXPECT_FALSE(framer.half_received());
  }
}

TEST(StreamFramer, ReadsContentLengthHoweverItIsWritten) {
  for (const char* field : {"Content-Length: 2", "content-length:2", "CONTENT-LENGTH  :  2  ", "l: 2",
                            "L:\t2", "Content-Length:\r\n 2", "Content-Length: 2\r\nContent-Length: 2",
                            "X-Content-Length: 9\r\nl: 2", "X: a\r\n Content-Length: 9\r\nl: 2"}) {
    const auto bytes = std::string("A b SIP/2.0\r\n") + field + "\r\n\r\nhi";
    EXPECT_EQ(cut(bytes), std::vector<std::string>{bytes}) << field;
  }
}

TEST(StreamFramer, AsksForOneAnswerPerDoubleCrlf) {
  EXPECT_EQ(cut("\r\n\r\n"), std::vector<std::string>{"<ping>"});
  EXPECT_EQ(cut("\r\n\r\n\r\n\r\n"), (std::vector<std::string>{"<ping>", "<ping>"}));
}

TEST(StreamFramer, IgnoresASingleCrlf) {
  EXPECT_EQ(cut("\r\n" + message("a")), std::vector<std::string>{message("a")});
  EXPECT_EQ(cut(message("a") + "\r\n" + message("b") + "\r\n"),
            (std::vector<std::string>{message("a"), message("b")}));
}

TEST(StreamFramer, TellsWhetherAMessageIsHalf) {
  StreamFramer framer({});
  EXPECT_FALSE(framer.half_received());
  framer.feed(message("body").substr(0, 20));
  drain(framer);
  EXPECT_TRUE(framer.half_received());
  framer.feed(message("body").substr(20) + "\r\n");
  drain(framer);
  EXPECT_FALSE(framer.half_received());
}

}  // namespace
}  // namespace xivo::sip
