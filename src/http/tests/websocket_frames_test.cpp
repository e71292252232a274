#include "http/websocket_frames.hpp"

#include <gtest/gtest.h>

#include "websocket_client.hpp"

namespace xivo::http {
namespace {

using Progress = FrameReader::Progress;

constexpr std::size_t kMessageMax = 1'000;

/// What comes of a whole input, fed at once: the last thing that was read.
Progress read(FrameReader& reader, std::string input) { return reader.feed(input); }

void expect_refused(std::string input, CloseCode code) {
  FrameReader reader(kMessageMax);
  EXPECT_EQ(reader.feed(input), Progress::Refused);
  EXPECT_EQ(reader.code(), code);
}

TEST(FrameReader, RefusesWhatAClientMayNotSend) {
  expect_refused(write_frame(Opcode::Text, "unmasked"), CloseCode::ProtocolError);
  expect_refused(client_frame(0x80 | 3, "unknown opcode"), CloseCode::ProtocolError);
  expect_refused(client_frame(0xC0 | 1, "reserved bit"), CloseCode::ProtocolError);
  expect_refused(client_frame(0x09, "a ping in pieces"), CloseCode::ProtocolError);
  expect_refused(client_frame(0x89, std::string(126, 'x')), CloseCode::ProtocolError);
  expect_refused(client_frame(0x80, "continues nothing"), CloseCode::ProtocolError);
  expect_refused(std::string("\x81\xFE\x00\x05", 4) + "mask12345",
                 CloseCode::ProtocolError);  // not the shortest size
}

TEST(FrameReader, RefusesTextThatIsNone) {
  for (const char* bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
    expect_refused(client_frame(0x81, bytes), CloseCode::BadText);
}

TEST(FrameReader, RefusesMoreThanAMessageMayHaveBeforeItHasCome) {
  std::string head = client_frame(0x81, std::string(5'000, 'x')).substr(0, 8);
  FrameReader reader(kMessageMax);
  EXPECT_EQ(reader.feed(head), Progress::Refused);
  EXPECT_EQ(reader.code(), CloseCode::TooBig);
  FrameReader pieces(kMessageMax);
  EXPECT_EQ(read(pieces, client_frame(0x01, std::string(900, 'x'))), Progress::NeedsMore);
  EXPECT_EQ(read(pieces, client_frame(0x80, std::string(101, 'x'))), Progress::Refused);
  EXPECT_EQ(pieces.code(), CloseCode::TooBig);
}

TEST(FrameReader, RefusesCloseCodesThatAreNone) {
  for (const char* payload : {"x", "\x03\xE7", "\x03\xED", "\x07\xD0"})
    expect_refused(client_frame(0x88, payload), CloseCode::ProtocolError);
}

TEST(FrameReader, ReadsAMessageByteByByte) {
  const std::string bytes = client_frame(0x81, "été");
  FrameReader reader(kMessageMax);
  std::string input;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    input += bytes[i];
    ASSERT_EQ(reader.feed(input), Progress::NeedsMore) << i;
  }
  input += bytes.back();
  EXPECT_EQ(reader.feed(input), Progress::Message);
  EXPECT_TRUE(reader.is_text());
  EXPECT_EQ(reader.payload(), "été");
  EXPECT_EQ(input, "");
}

TEST(FrameReader, JoinsFragmentsWithAPingBetweenThem) {
  FrameReader reader(kMessageMax);
  EXPECT_EQ(read(reader, client_frame(0x02, "ab")), Progress::NeedsMore);
  EXPECT_EQ(read(reader, client_frame(0x89, "still there?")), Progress::Ping);
  EXPECT_EQ(reader.payload(), "still there?");
  EXPECT_EQ(read(reader, client_frame(0x80, "cd")), Progress::Message);
  EXPECT_FALSE(reader.is_text());
  EXPECT_EQ(reader.payload(), "abcd");
}

TEST(FrameReader, TellsWhyThePeerCloses) {
  FrameReader reader(kMessageMax);
  EXPECT_EQ(read(reader, client_frame(0x88, "\x03\xE9gone")), Progress::Close);
  EXPECT_EQ(reader.code(), CloseCode::GoingAway);
  EXPECT_EQ(reader.payload(), "gone");
  EXPECT_EQ(read(reader, client_frame(0x88, "")), Progress::Close);
  EXPECT_EQ(reader.code(), CloseCode::None);
}

TEST(Frames, AreWrittenInTheShortestForm) {
  EXPECT_EQ(write_frame(Opcode::Text, "Hello"), "\x81\x05Hello");  // RFC 6455 §5.7
  EXPECT_EQ(write_frame(Opcode::Text, std::string(126, 'x')).substr(0, 4),
            std::string("\x81\x7E\x00\x7E", 4));
  EXPECT_EQ(write_frame(Opcode::Text, std::string(65'536, 'x')).substr(0, 10),
            std::string("\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10));
  EXPECT_EQ(write_close(CloseCode::Normal, "bye"),
            "\x88\x05\x03\xE8"
            "bye");
}

TEST(Frames, TakeAHandshakesKey) {
  EXPECT_EQ(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 §1.3
}

}  // namespace
}  // namespace xivo::http
