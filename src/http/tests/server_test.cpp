#include "http/server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <vector>

#include "http/client.hpp"
#include "raw_client.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";

/// /echo answers at once, /later keeps the responder, /never drops it, /body sends the body back, /big sends megabytes.
class HttpServer : public ::testing::Test {
 protected:
  void start(Limits limits = {}) {
    server_ = std::make_unique<StandaloneServer>(
        [this](Request request, Responder responder) { handle(std::move(request), responder); }, limits);
    const auto at = server_->listen({*IpAddress::parse("127.0.0.1"), 0});
    ASSERT_TRUE(at);
    address_ = *at;
    server_->start();
  }

  void handle(Request request, const Responder& responder) {
    ++handled_;
    if (request.path == "/later") {
      kept_.push_back(responder);
      kept_count_ = kept_.size();
    } else if (request.path == "/body") {
      responder.send(Response::text(200, request.body));
    } else if (request.path == "/big") {
      responder.send(Response::text(200, std::string(8 << 20, 'x')));
    } else if (request.path != "/never") {
      responder.send(Response::text(200, request.method + " " + request.target));
    }
  }

  void TearDown() override {
    server_.reset();
    kept_.clear();
  }

  std::atomic<int> handled_{0};
  std::atomic<std::size_t> kept_count_{0};
  SocketAddress address_;
  std::vector<Responder> kept_;
  std::unique_ptr<StandaloneServer> server_;
};

TEST_F(HttpServer, AnswersJunkWith400AndCloses) {
  start();
  RawClient client(address_);
  client.send("\x16\x03\x01 this is no HTTP\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, TakesNoMoreHalfSentBodiesThanItHasRoomFor) {
  start({.bodies_bytes_max = 150'000});
  const std::string head = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n";
  RawClient first(address_);
  first.send(head);
  first.send(std::string(100'000, 'x'));
  RawClient second(address_);
  second.send(head);
  second.send(std::string(100'000, 'x'));
  const bool second_refused = second.read_until("\r\n\r\n").starts_with("HTTP/1.1 503");
  first.send("y");
  EXPECT_TRUE(first.read_until("xy").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(second_refused);
  RawClient third(address_);
  third.send(head);
  third.send(std::string(100'001, 'x'));
  EXPECT_TRUE(third.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, AnswersTooMuchWith431Or413AndCloses) {
  start();
  RawClient head(address_);
  head.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(head.read_all().starts_with("HTTP/1.1 431"));
  RawClient body(address_);
  body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n" + std::string(100'000, 'x'));
  EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(body.closed());
}

TEST_F(HttpServer, ClosesAClientThatDribblesItsHead) {
  Limits limits;
  limits.head_timeout = 50ms;
  start(limits);
  RawClient client(address_);
  client.send("GET / HTTP/1.1\r\nHo");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408"));
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, ClosesAClientThatSaysNothing) {
  Limits limits;
  limits.head_timeout = 50ms;
  start(limits);
  RawClient client(address_);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, ClosesAClientThatSendsHalfABody) {
  Limits limits;
  limits.body_timeout = 50ms;
  start(limits);
  RawClient client(address_);
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408"));
}

TEST_F(HttpServer, ClosesAnIdleConnectionWithoutAWord) {
  Limits limits;
  limits.idle_timeout = 50ms;
  start(limits);
  RawClient client(address_);
  client.send(kGet);
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.ends_with("GET /echo")) << answer;
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, Answers503ForAHandlerThatTakesTooLong) {
  Limits limits;
  limits.answer_timeout = 50ms;
  start(limits);
  RawClient client(address_);
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 503"));
  kept_.at(0).send(Response::text(200, "late"));
}

TEST_F(HttpServer, Answers500WhenTheHandlerForgetsTo) {
  start();
  Client client(address_);
  EXPECT_EQ(client.get("/never")->status, 500);
  EXPECT_EQ(client.get("/echo")->status, 200);
}

TEST_F(HttpServer, RefusesConnectionsBeyondItsLimits) {
  Limits limits;
  limits.connections_per_address_max = 2;
  start(limits);
  RawClient one(address_);
  RawClient two(address_);
  one.send(kGet);
  two.send(kGet);
  EXPECT_FALSE(one.read_until("/echo").empty());
  EXPECT_FALSE(two.read_until("/echo").empty());
  RawClient three(address_);
  EXPECT_EQ(three.read_all(), "");
  EXPECT_TRUE(three.closed());
}

TEST_F(HttpServer, GivesTheSlotBackWhenAClientLeaves) {
  Limits limits;
  limits.connections_max = 1;
  start(limits);
  for (int i = 0; i < 5; ++i) {
    RawClient client(address_);
    client.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 200")) << i;
  }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawClient client(address_);
  std::string burst;
  for (int i = 0; i < 20; ++i) burst += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(burst);
  const std::string answers = client.read_until("GET /19");
  std::size_t at = 0;
  for (int i = 0; i < 20; ++i) {
    at = answers.find("GET /" + std::to_string(i), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST_F(HttpServer, ClosesAClientThatSendsAheadWithoutEnd) {
  Limits limits;
  limits.read_ahead_bytes_max = 10'000;
  start(limits);
  RawClient client(address_);
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(30'000, 'x'));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, ReadsARequestThatComesInPieces) {
  start();
  RawClient client(address_);
  for (const char c : std::string("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"))
    client.send({&c, 1});
  EXPECT_TRUE(client.read_until("hello").ends_with("hello"));
}

TEST_F(HttpServer, TellsAWaitingClientToContinue) {
  start();
  RawClient client(address_);
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_TRUE(client.read_until("hello").ends_with("hello"));
}

TEST_F(HttpServer, AnswersHeadWithTheLengthOnly) {
  start();
  Client client(address_);
  const auto answer = client.request("HEAD", "/echo");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("content-length"), "10");
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(client.get("/echo")->body, "GET /echo");
}

TEST_F(HttpServer, SendsBigAnswersWhole) {
  start();
  Client client(address_);
  EXPECT_EQ(client.get("/big")->body.size(), std::size_t{8} << 20);
  EXPECT_EQ(client.get("/echo")->status, 200);
}

TEST_F(HttpServer, AnswersAClientThatHasFinishedSending) {
  start();
  RawClient client(address_);
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  client.half_close();
  while (kept_count_ == 0) std::this_thread::yield();
  kept_.at(0).send(Response::text(200, "still here"));
  EXPECT_TRUE(client.read_all().ends_with("still here"));
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, LetsASlowHandlerBlockNobody) {
  start();
  RawClient slow(address_);
  slow.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  Client quick(address_);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(quick.get("/echo")->status, 200);
  while (kept_count_ == 0) std::this_thread::yield();
  runtime::WorkerPool worker(1);
  worker.submit([this] {
    kept_.at(0).send(Response::text(200, "at last"));
    kept_.at(0).send(Response::text(200, "again"));
  });
  EXPECT_TRUE(slow.read_until("at last").ends_with("at last"));
}

TEST_F(HttpServer, DropsTheAnswerToAClientThatHasGone) {
  start();
  {
    RawClient(address_).send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  while (kept_count_ == 0) std::this_thread::yield();
  kept_.at(0).send(Response::text(200, "nobody hears"));
  EXPECT_EQ(Client(address_).get("/echo")->status, 200);
}

TEST_F(HttpServer, StopsWithinASecondWhateverIsOpen) {
  start();
  RawClient idle(address_);
  RawClient half(address_);
  half.send("GET / HT");
  RawClient waiting(address_);
  waiting.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  while (kept_count_ == 0) std::this_thread::yield();
  const runtime::SystemClock clock;
  const auto begin = clock.now();
  server_->stop();
  EXPECT_LT(clock.now() - begin, 1s);
  EXPECT_EQ(idle.read_all() + half.read_all() + waiting.read_all(), "");
  EXPECT_TRUE(idle.closed() && half.closed() && waiting.closed());
}

TEST_F(HttpServer, FinishesAnswersInProgressWhenItStops) {
  start();
  RawClient client(address_);
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  while (kept_count_ == 0) std::this_thread::yield();
  runtime::WorkerPool worker(1);
  server_->loop().post(
      [this, &worker] { worker.submit([this] { kept_.at(0).send(Response::text(200, "the last word")); }); });
  server_->stop();
  EXPECT_TRUE(client.read_all().ends_with("the last word"));
}

TEST_F(HttpServer, ServesAUnixSocketAndKnowsWhoAsks) {
  std::optional<std::uint32_t> user;
  StandaloneServer server([&](Request request, const Responder& responder) {
    user = request.local_user;
    responder.send(Response::text(200, "hello"));
  });
  const std::string path = std::filesystem::temp_directory_path() / ("xivo-http-" + std::to_string(getpid()));
  ASSERT_TRUE(server.listen_unix(path, 0600));
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  StandaloneServer second([](Request, const Responder&) {});
  EXPECT_EQ(second.listen_unix(path, 0600).error().what, "socket is in use by a running program");
  server.start();
  Client client(Client::UnixPath{path});
  EXPECT_EQ(client.get("/")->body, "hello");
  server.stop();
  EXPECT_EQ(user, getuid());
  EXPECT_NE(stat(path.c_str(), &status), 0);
}

TEST_F(HttpServer, LetsNoHeaderValueAddALine) {
  StandaloneServer server([](Request, const Responder& responder) {
    Response response = Response::text(200, "");
    response.set("X-Name", "a\r\nX-Evil: 1");
    responder.send(std::move(response));
  });
  const auto at = server.listen({*IpAddress::parse("127.0.0.1"), 0});
  server.start();
  const auto answer = Client(*at).get("/");
  EXPECT_EQ(answer->header("x-name"), "aX-Evil: 1");
  EXPECT_FALSE(answer->header("x-evil"));
}

TEST(HttpClient, SaysWhyItFailed) {
  Client nobody(SocketAddress{*IpAddress::parse("127.0.0.1"), 1});
  EXPECT_EQ(nobody.get("/").error().what, "cannot connect");
  Client nowhere(Client::UnixPath{"/nonexistent/socket"});
  EXPECT_EQ(nowhere.get("/").error().what, "cannot connect");
  const auto silent = runtime::open_tcp_listener({*IpAddress::parse("127.0.0.1"), 0});
  Client::Options options;
  options.timeout = 50ms;
  Client impatient(runtime::local_address(silent->get()), options);
  EXPECT_EQ(impatient.get("/").error().what, "timed out");
}

}  // namespace
}  // namespace xivo::http
