#include <gtest/gtest.h>

#include <future>

#include "api/live/event_stream.hpp"
#include "api_under_test.hpp"
#include "base/text.hpp"
#include "http/tests/raw_client.hpp"
#include "http/tests/websocket_client.hpp"

namespace xivo::api {
namespace {

using http::RawClient;

class Events : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
  }
  std::string request(const std::string& query = "", const std::string& more = "") {
    return http::handshake("/api/v1/events" + query, "Authorization: Bearer " + token_ + "\r\n" + more);
  }
  /// Runs on the web loop, which owns the stream, and waits for it.
  void on_loop(std::function<void()> task) {
    std::promise<void> done;
    server_->loop().post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  void happen(std::int64_t number) {
    on_loop(
        [&] { api_->events().publish(Topic::Call, "started", model::Value::object({{"number", number}})); });
  }
  /// The last cursor in a text of messages.
  static std::int64_t cursor_in(std::string_view text) {
    constexpr std::string_view kMark = "\"cursor\":";
    const auto at = text.rfind(kMark);
    if (at == std::string_view::npos) return 0;
    text.remove_prefix(at + kMark.size());
    return text::parse_decimal<std::int64_t>(text.substr(0, text.find_first_of(",}"))).value_or(0);
  }
};

TEST_F(Events, RefuseWhatIsNoHandshake) {
  const Answer answer = get("/events");
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.header("upgrade"), "websocket");
  EXPECT_EQ(get("/events?cursor=x").status, 400);
}

TEST_F(Events, AreWordedInTheLanguageOfEachClient) {
  RawClient french(address_);
  french.send(request("", "Accept-Language: fr\r\n"));
  RawClient english(address_);
  english.send(request("", "Accept-Language: en\r\n"));
  french.read_until("\"hello\"");
  english.read_until("\"hello\"");
  on_loop([&] {
    api_->events().publish_worded(Topic::Configuration, "revision", [](model::Language language) {
      const model::Words words{"retour", "return"};
      return model::Value::object({{"message", words.in(language)}});
    });
  });
  EXPECT_NE(french.read_until("}}").find("\"retour\""), std::string::npos);
  EXPECT_NE(english.read_until("}}").find("\"return\""), std::string::npos);
}

TEST_F(Events, RefuseStrangersAndOtherSites) {
  RawClient stranger(address_);
  stranger.send(http::handshake("/api/v1/events"));
  EXPECT_TRUE(stranger.read_until("\r\n\r\n").starts_with("HTTP/1.1 401"));
  RawClient other(address_);
  other.send(request("", "Origin: https://evil.example\r\n"));
  EXPECT_TRUE(other.read_until("\r\n\r\n").starts_with("HTTP/1.1 403"));
}

TEST_F(Events, AreToldAsTheyHappen) {
  RawClient client(address_);
  client.send(request("", "Origin: http://pbx.example\r\n"));
  const std::string hello = client.read_until("\"hello\"");
  EXPECT_TRUE(hello.starts_with("HTTP/1.1 101")) << hello;
  happen(7);
  const std::string event = client.read_until("\"number\":7");
  EXPECT_NE(event.find(R"("topic":"call","type":"started")"), std::string::npos) << event;
  EXPECT_EQ(cursor_in(event), cursor_in(hello) + 1);
}

TEST_F(Events, AreReadOnFromACursor) {
  RawClient first(address_);
  first.send(request());
  const auto cursor = cursor_in(first.read_until("\"hello\""));
  happen(1);
  happen(2);
  RawClient second(address_);
  second.send(request("?cursor=" + std::to_string(cursor)));
  const std::string text = second.read_until("\"number\":2");
  EXPECT_NE(text.find("\"number\":1"), std::string::npos) << text;
  EXPECT_EQ(text.find("resync"), std::string::npos);
}

TEST_F(Events, ThatAreNotKeptAnyMoreAreToldToBeSo) {
  RawClient old(address_);
  old.send(request("?cursor=5"));
  EXPECT_NE(old.read_until("\"resync\"").find("\"hello\""), std::string::npos);
  happen(3);
  EXPECT_NE(old.read_until("\"number\":3").find("\"number\":3"), std::string::npos);
  RawClient future(address_);
  future.send(request("?cursor=9007199254740000"));
  EXPECT_NE(future.read_until("\"resync\"").find("\"resync\""), std::string::npos);
}

TEST_F(Events, ThatWereLostAreToldToBeSo) {
  RawClient client(address_);
  client.send(request());
  client.read_until("\"hello\"");
  on_loop([&] { api_->events().interrupt(); });
  EXPECT_NE(client.read_until("\"resync\"").find("\"resync\""), std::string::npos);
}

TEST_F(Events, WaitForASlowClientUntilTheyAreTooMany) {
  RawClient slow(address_, std::chrono::seconds(120));
  slow.send(request());
  slow.read_until("\"hello\"");
  on_loop([&] {
    const std::string much(16'000, 'x');  // in all more than the kernel and we keep for it
    for (int i = 0; i < 3'000; ++i)
      api_->events().publish(Topic::Call, "started", model::Value::object({{"much", much}}));
  });
  bool told = false;
  std::string before;  // the words may come in two pieces
  while (!told) {
    const std::string piece = slow.read_until("\"");
    ASSERT_FALSE(piece.empty());
    told = (before + piece).find("resync") != std::string::npos;
    before = piece.substr(piece.size() - std::min<std::size_t>(piece.size(), 10));
  }
}

TEST_F(Events, CostNothingWhileNobodyListens) {
  on_loop([&] { EXPECT_FALSE(api_->events().is_watched()); });
  RawClient client(address_);
  client.send(request());
  client.read_until("\"hello\"");
  on_loop([&] { EXPECT_TRUE(api_->events().is_watched()); });
}

TEST_F(Events, ExpectNothingFromAClient) {
  RawClient client(address_);
  client.send(request());
  client.read_until("\"hello\"");
  client.send(http::client_frame(0x81, "{}"));
  EXPECT_NE(client.read_until("nothing is expected").find("\x03\xEB"), std::string::npos);
}

}  // namespace
}  // namespace xivo::api
