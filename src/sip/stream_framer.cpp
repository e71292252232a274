#include "sip/stream_framer.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "sip/header_id.hpp"

namespace xivo::sip {
namespace {

constexpr std::size_t kKeptBetweenMessages = 4096;  // of the buffer's room; more is given back

struct Length {
  StreamFramer::Fault fault = StreamFramer::Fault::LengthMissing;
  std::size_t value = 0;
};

std::size_t end_of_line(std::string_view head, std::size_t from) {
  const auto end = head.find('\n', from);
  return end == std::string_view::npos ? head.size() : end + 1;
}

/// The end of the header field that starts at `from`, continuation lines included.
std::size_t end_of_field(std::string_view head, std::size_t from) {
  auto end = end_of_line(head, from);
  while (end < head.size() && text::is_space(head[end])) end = end_of_line(head, end);
  return end;
}

std::string_view trim_lines(std::string_view value) {
  constexpr std::string_view kWhite = " \t\r\n";
  const auto first = value.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(kWhite) - first + 1);
}

/// All Content-Length fields must be the same number (RFC 3261 §20.14).
Length content_length(std::string_view head) {
  using Fault = StreamFramer::Fault;
  Length length;
  for (auto at = end_of_line(head, 0); at < head.size();) {
    const auto end = end_of_field(head, at);
    const auto field = head.substr(at, end - at);
    at = end;
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    if (header_id_from(text::trim(field.substr(0, colon))) != HeaderId::ContentLength) continue;
    const auto value = text::parse_decimal<std::uint32_t>(trim_lines(field.substr(colon + 1)));
    if (!value || (length.fault == Fault::None && length.value != *value)) return {Fault::LengthInvalid, 0};
    length = {Fault::None, *value};
  }
  return length;
}

/// A request line starts with a method, a status line with "SIP": both with a token (RFC 3261 §25.1).
bool may_start_message(char c) {
  return text::is_alnum(c) || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

}  // namespace

void StreamFramer::feed(std::string_view bytes) {
  if (fault_ != Fault::None) return;
  if (at_ > 0) {
    buffer_.erase(0, at_);
    searched_ -= std::min(searched_, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

StreamFramer::Piece StreamFramer::next() {
  if (fault_ != Fault::None) return {Kind::Broken, fault_, nullptr, 0};
  if (head_size_ == 0) {
    if (skip_keep_alives()) return {Kind::KeepAlive, Fault::None, nullptr, 0};
    if (at_ == buffer_.size()) return need_more();
    if (const auto piece = cut_head(); piece.kind == Kind::Broken || head_size_ == 0) return piece;
  }
  return cut_body();
}

StreamFramer::Piece StreamFramer::need_more() {
  if (at_ == buffer_.size()) {
    buffer_.clear();
    if (buffer_.capacity() > kKeptBetweenMessages) std::string().swap(buffer_);
    at_ = searched_ = 0;
  }
  return {};
}

StreamFramer::Piece StreamFramer::broken(Fault fault, std::size_t head_size) {
  fault_ = fault;
  if (head_size == 0) return {Kind::Broken, fault, nullptr, 0};
  return {Kind::Broken, fault, buffer_.data() + at_, head_size};
}

// Consumes CR LF before a message. A lone one is consumed as well: a connection with nothing but keep-alives keeps nothing.
bool StreamFramer::skip_keep_alives() {
  while (buffer_.size() - at_ >= 2 && buffer_[at_] == '\r' && buffer_[at_ + 1] == '\n') {
    at_ += 2;
    one_crlf_ = !one_crlf_;
    if (!one_crlf_) return true;
  }
  return false;
}

// Looks for the end of the head and for the length of the body in it.
StreamFramer::Piece StreamFramer::cut_head() {
  if (buffer_[at_] == '\r' && buffer_.size() - at_ == 1) return {};  // half a keep-alive
  if (!may_start_message(buffer_[at_])) return broken(Fault::NotSip);
  one_crlf_ = false;
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::string_view all(buffer_);
  const auto end = all.find(kEnd, std::max(at_, searched_));
  const auto size = (end == std::string_view::npos ? all.size() : end + kEnd.size()) - at_;
  if (size > limits_.head_bytes_max) return broken(Fault::HeadTooLarge);
  if (end == std::string_view::npos) {
    searched_ = all.size() - std::min(all.size(), kEnd.size() - 1);
    return {};
  }
  const auto length = content_length(all.substr(at_, size));
  if (length.fault == Fault::LengthInvalid) return broken(length.fault);
  if (length.fault != Fault::None) return broken(length.fault, size);
  if (length.value > limits_.body_bytes_max) return broken(Fault::BodyTooLarge, size);
  head_size_ = size;
  body_size_ = length.value;
  return {};
}

StreamFramer::Piece StreamFramer::cut_body() {
  const auto size = head_size_ + body_size_;
  if (buffer_.size() - at_ < size) return {};
  const Piece piece{Kind::Message, Fault::None, buffer_.data() + at_, size};
  at_ += size;
  searched_ = at_;
  head_size_ = body_size_ = 0;
  return piece;
}

}  // namespace xivo::sip
