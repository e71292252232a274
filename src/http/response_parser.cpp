#include "http/response_parser.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

namespace xivo::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::uint32_t kHeadBytesMax = 64 * 1024;

template <class View>
std::string to_string(const View& view) {
  return std::string(view.data(), view.size());
}

}  // namespace

struct ResponseParser::State {
  std::optional<beast::response_parser<beast::string_body>> parser;
};

ResponseParser::ResponseParser(bool head_only, std::size_t body_bytes_max)
    : state_(std::make_unique<State>()), head_only_(head_only), body_bytes_max_(body_bytes_max) {
  restart();
}
ResponseParser::~ResponseParser() = default;

void ResponseParser::restart() {
  auto& parser = state_->parser.emplace();
  parser.eager(true);
  parser.header_limit(kHeadBytesMax);
  parser.body_limit(body_bytes_max_);
  parser.skip(head_only_);
}

Result<bool> ResponseParser::feed(std::string& input) {
  std::size_t used = 0;
  while (used < input.size()) {
    boost::system::error_code error;
    used += state_->parser->put(boost::asio::buffer(input.data() + used, input.size() - used), error);
    if (error == beast::error::need_more) break;
    if (error == beast::error::body_limit) return fail("answer is too long");
    if (error) return fail("answer cannot be read");
    if (!state_->parser->is_done()) continue;
    const auto status = state_->parser->get().result_int();
    if (status / 100 != 1 || status == 101) break;
    restart();
  }
  input.erase(0, used);
  return state_->parser->is_done();
}

Result<bool> ResponseParser::end() {
  boost::system::error_code error;
  state_->parser->put_eof(error);
  if (error || !state_->parser->is_done()) return fail("connection was closed");
  return true;
}

bool ResponseParser::started() const { return state_->parser->got_some(); }
bool ResponseParser::keep_alive() const { return state_->parser->keep_alive(); }

Response ResponseParser::take() {
  auto& message = state_->parser->get();
  Response response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    response.headers.push_back({to_string(field.name_string()), to_string(field.value())});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace xivo::http
