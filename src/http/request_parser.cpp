#include "http/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "base/text.hpp"
#include "http/target.hpp"

namespace xivo::http {
namespace {

namespace beast = boost::beast::http;

int status_of(const boost::system::error_code& error) {
  if (error == beast::error::header_limit) return 431;
  if (error == beast::error::body_limit) return 413;
  if (error == beast::error::bad_version) return 505;
  return 400;
}

template <class View>
std::string to_string(const View& view) {
  return std::string(view.data(), view.size());
}

}  // namespace

struct RequestParser::State {
  std::optional<beast::request_parser<beast::string_body>> parser;

  void restart(const Limits& limits) {
    parser.emplace();
    parser->eager(true);
    parser->header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    parser->body_limit(limits.body_bytes_max);
  }
};

RequestParser::RequestParser(const Limits& limits) : limits_(limits), state_(std::make_unique<State>()) {
  state_->restart(limits);
}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;

RequestParser::Progress RequestParser::refuse(int status) {
  refusal_ = status;
  return Progress::Refused;
}

RequestParser::Progress RequestParser::feed(std::string& input) {
  auto& parser = *state_->parser;
  while (!parser.got_some() && input.starts_with("\r\n")) input.erase(0, 2);  // RFC 9112 §2.2
  if (!parser.got_some() && input == "\r") return Progress::NeedsHead;
  std::size_t used = 0;
  while (used < input.size() && !parser.is_done()) {
    boost::system::error_code error;
    const std::size_t taken =
        parser.put(boost::asio::buffer(input.data() + used, input.size() - used), error);
    used += taken;
    if (error == beast::error::need_more) break;
    if (error) return refuse(status_of(error));
  }
  input.erase(0, used);
  if (parser.is_done()) return finish();
  // What the library leaves unread is a part of a head or of a chunk's size line; neither may grow for ever.
  if (input.size() > limits_.head_bytes_max) return refuse(parser.is_header_done() ? 400 : 431);
  return parser.is_header_done() ? Progress::NeedsBody : Progress::NeedsHead;
}

RequestParser::Progress RequestParser::finish() {
  const auto& message = state_->parser->get();
  request_ = Request{};
  request_.method = to_string(message.method_string());
  request_.target = to_string(message.target());
  std::size_t hosts = 0;
  for (const auto& field : message) {
    request_.headers.push_back({to_string(field.name_string()), to_string(field.value())});
    if (text::equal_ignoring_case(request_.headers.back().name, "host")) ++hosts;
  }
  if (message.version() > 11) return refuse(505);
  if (hosts > 1 || (message.version() == 11 && hosts == 0)) return refuse(400);  // RFC 9112 §3.2
  if (!read_target(request_)) return refuse(400);
  return Progress::Complete;
}

Request RequestParser::take() {
  request_.body = std::move(state_->parser->get().body());
  state_->restart(limits_);
  return std::move(request_);
}

bool RequestParser::keep_alive() const { return state_->parser->keep_alive(); }

bool RequestParser::expects_continue() const {
  const auto& message = state_->parser->get();
  const auto at = message.find("Expect");
  return message.version() == 11 && at != message.end() &&
         text::equal_ignoring_case(to_string(at->value()), "100-continue");
}

}  // namespace xivo::http
