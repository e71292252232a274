#include "console/protocol.hpp"

#include <gtest/gtest.h>

namespace xivo::console::protocol {
namespace {

TEST(FrameReading, RefusesWhatIsNoFrame) {
  for (const char* bytes : {"\n", "out\n", "out x\n", "out -1\n", "out 65537\n", "coffee 1\n", "out 1 2\n",
                            "a line that is too long to be the head of a frame"}) {
    FrameReader reader;
    reader.feed(bytes);
    EXPECT_FALSE(reader.next()) << bytes;
  }
}

TEST(FrameReading, TakesBytesOneByOne) {
  FrameReader reader;
  const auto bytes = write_frame(FrameKind::Out, "a\nb") + write_frame(FrameKind::Done, "ok");
  std::string kinds;
  for (const char c : bytes) {
    reader.feed({&c, 1});
    for (;;) {
      auto frame = reader.next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      kinds += (*frame)->payload + ";";
    }
  }
  EXPECT_EQ(kinds, "a\nb;ok;");
}

TEST(FrameWriting, CutsAPayloadAtTheLimit) {
  const auto frame = write_frame(FrameKind::Async, std::string(kFrameMax + 10, 'x'));
  EXPECT_EQ(frame.substr(0, 12), "async 65536\n");
  EXPECT_EQ(frame.size(), 12 + kFrameMax);
}

TEST(Requests, SurviveWritingAndReading) {
  Request hello;
  hello.kind = RequestKind::Hello;
  hello.interactive = true;
  hello.verbose = 3;
  hello.language = Language::French;
  auto line = write_request(hello);
  line.pop_back();
  const auto read = parse_request(line);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->interactive);
  EXPECT_EQ(read->verbose, 3);
  EXPECT_EQ(read->language, Language::French);
  EXPECT_EQ(parse_request("run  sip show peers ")->text, " sip show peers ");
  EXPECT_EQ(parse_request("complete ")->text, "");
}

}  // namespace
}  // namespace xivo::console::protocol
