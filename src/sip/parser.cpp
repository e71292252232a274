#include "sip/parser.hpp"

#include <cstring>

#include "base/text.hpp"
#include "sip/grammar.hpp"

namespace xivo::sip {
namespace {

constexpr std::size_t kHeadersUsual = 24;
constexpr std::uint32_t kCSeqMax = 0x7fff'ffff;  // RFC 3261 §8.1.1.5
constexpr std::string_view kVersion = "SIP/2.0";

constexpr std::uint64_t every_byte(std::uint64_t byte) { return byte * 0x0101'0101'0101'0101ULL; }

/// How many bytes are control characters other than TAB, eight at a time: CR and LF of the line ends are all
/// that a head usually has.
std::size_t count_controls(const char* at, const char* end) {
  constexpr std::uint64_t kHigh = every_byte(0x80);
  constexpr std::uint64_t kLow = every_byte(0x7f);
  std::size_t count = 0;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    const std::uint64_t below_space = ~(((word & kLow) + every_byte(0x60)) | word) & kHigh;
    const std::uint64_t tabs = word ^ every_byte('\t');
    const std::uint64_t is_tab = ~(((tabs & kLow) + kLow) | tabs) & kHigh;
    count += ((below_space & ~is_tab) >> 7) * every_byte(1) >> 56;
  }
  for (; at < end; ++at) {
    if (static_cast<unsigned char>(*at) < ' ' && *at != '\t') ++count;
  }
  return count;
}

/// True when every control character stands in a quoted pair inside quotes, where RFC 3261 §25.1 lets all but
/// CR and LF be.
bool controls_are_quoted(std::string_view value) {
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted && c == '\\' && i + 1 < value.size() && value[i + 1] != '\r' && value[i + 1] != '\n') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (static_cast<unsigned char>(c) < ' ' && c != '\t') {
      return false;
    }
  }
  return true;
}

Result<CSeq> parse_cseq(std::string_view value) {
  grammar::Scanner scanner{value};
  std::size_t digits = 0;
  while (digits < value.size() && text::is_digit(value[digits])) ++digits;
  const auto number = text::parse_decimal<std::uint32_t>(value.substr(0, digits));
  if (!number || *number > kCSeqMax) return fail("CSeq number out of range");
  scanner.rest.remove_prefix(digits);
  if (!text::is_space(scanner.peek())) return fail("bad CSeq");
  scanner.skip_space();
  if (!grammar::is_token(scanner.rest)) return fail("bad method in CSeq");
  return CSeq{*number, method_from(scanner.rest), scanner.rest};
}

bool is_call_id(std::string_view value) {
  for (const char c : value) {
    if (text::is_space(c)) return false;
  }
  return !value.empty();
}

}  // namespace

Result<Message, ParseFault> Parser::run() && {
  while (end_ - at_ >= 2 && at_[0] == '\r' && at_[1] == '\n') at_ += 2;
  begin_ = at_;
  if (static_cast<std::size_t>(end_ - at_) > Message::kBytesMax) fault("message too large", Answer::TooLarge);

  char* line = nullptr;
  char* line_end = nullptr;
  if (!take_line(line, line_end)) {
    fault("no start line");
    return Unexpected{ParseFault{error_, Answer::None, {}}};
  }
  if (!start_line({line, static_cast<std::size_t>(line_end - line)})) {
    fault("not a SIP start line");
    return Unexpected{ParseFault{error_, Answer::None, {}}};
  }
  head();
  fields();
  body();
  if (!faulty_) return std::move(message_);
  const bool answerable =
      message_.is_request() && message_.method_ != Method::Ack && message_.has(HeaderId::Via);
  return Unexpected{ParseFault{error_, answerable ? answer_ : Answer::None, std::move(message_)}};
}

void Parser::fault(std::string_view what, Answer answer) {
  if (faulty_) return;
  faulty_ = true;
  error_ = Error(what, at_ - begin_);
  answer_ = answer;
}

/// The next line, without its CR LF. False when no line ends in what is left.
bool Parser::take_line(char*& begin, char*& end) {
  if (at_ == end_) return false;
  auto* const feed = static_cast<char*>(std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_)));
  if (feed == nullptr) return false;
  begin = at_;
  end = feed;
  if (end > begin && end[-1] == '\r') {
    --end;
  } else {
    fault("line feed without carriage return");
  }
  at_ = feed + 1;
  ++lines_;
  return true;
}

/// The next line with its continuations, whose line ends become spaces. §7.3.1
bool Parser::take_folded_line(char*& begin, char*& end) {
  if (!take_line(begin, end)) return false;
  while (begin != end && at_ != end_ && text::is_space(*at_)) {
    std::memset(end, ' ', static_cast<std::size_t>(at_ - end));
    char* continuation = nullptr;
    if (!take_line(continuation, end)) return false;
    --lines_;
  }
  return true;
}

bool Parser::start_line(std::string_view line) {
  const bool response = line.size() > 4 && text::equal_ignoring_case(line.substr(0, 4), "SIP/");
  return response ? status_line(line) : request_line(line);
}

/// SIP-Version SP 3DIGIT SP Reason-Phrase §7.2
bool Parser::status_line(std::string_view line) {
  // A status keeps is_request() false whatever else is wrong with the line: nobody answers a response.
  message_.status_ = 999;
  const std::size_t space = line.find(' ');
  version(line.substr(0, space));
  const std::string_view rest = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  const auto status = text::parse_decimal<int>(rest.substr(0, 3));
  if (!status || *status < 100 || *status > 699 || (rest.size() > 3 && rest[3] != ' ')) {
    fault("bad status code");
    return true;
  }
  message_.status_ = *status;
  if (rest.size() > 4) message_.reason_ = rest.substr(4);
  return true;
}

/// Method SP Request-URI SP SIP-Version §7.1
bool Parser::request_line(std::string_view line) {
  const std::string_view trimmed = text::trim(line);
  const std::size_t first = trimmed.find(' ');
  const std::size_t last = trimmed.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  const std::string_view method = trimmed.substr(0, first);
  const std::string_view version_text = trimmed.substr(last + 1);
  if (!grammar::is_token(method)) return false;
  if (version_text.size() < 4 || !text::equal_ignoring_case(version_text.substr(0, 4), "SIP/")) return false;
  message_.method_text_ = method;
  message_.method_ = method_from(method);
  message_.request_uri_ = trimmed.substr(first + 1, last - first - 1);
  version(version_text);
  const std::string_view uri = message_.request_uri_;
  if (trimmed.size() != line.size() || uri.empty() ||
      uri.find_first_of(" \t<>\"") != std::string_view::npos) {
    fault("white space or brackets in the request line");
  }
  return true;
}

void Parser::version(std::string_view text) {
  if (text::equal_ignoring_case(text, kVersion)) return;
  // "SIP/" has been seen by the caller.
  const std::string_view number = text.substr(4);
  const std::size_t dot = number.find('.');
  const bool well_formed = dot != std::string_view::npos &&
                           text::parse_decimal<std::uint64_t>(number.substr(0, dot)) &&
                           text::parse_decimal<std::uint64_t>(number.substr(dot + 1));
  fault("SIP version is not 2.0", well_formed ? Answer::Version : Answer::BadRequest);
}

void Parser::head() {
  message_.headers_.reserve(kHeadersUsual);
  char* line = nullptr;
  char* line_end = nullptr;
  while (take_folded_line(line, line_end)) {
    if (line == line_end) {
      head_complete_ = true;
      break;
    }
    if (message_.headers_.size() == Message::kHeadersMax) {
      fault("too many header fields", Answer::TooLarge);
      break;
    }
    header_line({line, static_cast<std::size_t>(line_end - line)});
  }
  if (!head_complete_) fault("head does not end");
  controls(begin_, at_);
}

void Parser::header_line(std::string_view line) {
  grammar::Scanner scanner{line};
  HeaderField field;
  field.name = scanner.take_all(grammar::kToken);
  scanner.skip_space();
  if (field.name.empty() || !scanner.take(':')) return fault("bad header name");
  field.value = text::trim(scanner.rest);
  field.id = header_id_from(field.name);
  switch (field.id) {
    case HeaderId::From: single(field.id, from_, field.value); break;
    case HeaderId::To: single(field.id, to_, field.value); break;
    case HeaderId::CSeq: single(field.id, cseq_, field.value); break;
    case HeaderId::CallId: single(field.id, message_.call_id_, field.value); break;
    case HeaderId::MaxForwards: single(field.id, max_forwards_, field.value); break;
    case HeaderId::ContentLength: content_length(field.value); break;
    default: break;
  }
  message_.index(field.id);
  message_.headers_.push_back(field);
}

/// Keeps the value of a field that may come once only.
void Parser::single(HeaderId id, std::string_view& slot, std::string_view value) {
  if (message_.has(id)) return fault("a header field that may come once only came twice");
  slot = value;
}

void Parser::content_length(std::string_view value) {
  const auto length = text::parse_decimal<std::uint32_t>(value);
  if (!length) return fault("bad Content-Length");
  if (content_length_ && *content_length_ != *length) return fault("two different Content-Length");
  content_length_ = *length;
}

/// Control characters may stand in a head only as line ends, TAB, and quoted pairs of a field value.
void Parser::controls(const char* begin, const char* end) {
  if (faulty_ || count_controls(begin, end) == 2 * lines_) return;
  for (const HeaderField& field : message_.headers_) {
    if (!controls_are_quoted(field.value)) return fault("control character in a header field");
  }
  const char* const start_line_end =
      static_cast<const char*>(std::memchr(begin, '\r', static_cast<std::size_t>(end - begin)));
  if (count_controls(begin, start_line_end) != 0 || start_line_end[1] != '\n')
    fault("control character in the start line");
}

/// Parses the fields that everything later relies on. §8.1.1
void Parser::fields() {
  if (!message_.has(HeaderId::Via)) {
    fault("no Via");
  } else if (const auto via = Via::parse(*message_.header(HeaderId::Via))) {
    message_.top_via_ = *via;
  } else {
    fault(via.error().what);
  }
  if (const auto from = NameAddr::parse(from_)) {
    message_.from_ = *from;
  } else {
    fault(message_.has(HeaderId::From) ? "bad From" : "no From");
  }
  if (const auto to = NameAddr::parse(to_)) {
    message_.to_ = *to;
  } else {
    fault(message_.has(HeaderId::To) ? "bad To" : "no To");
  }
  if (!is_call_id(message_.call_id_)) fault(message_.has(HeaderId::CallId) ? "bad Call-ID" : "no Call-ID");
  if (const auto cseq = parse_cseq(cseq_)) {
    message_.cseq_ = *cseq;
    if (message_.is_response()) {
      message_.method_ = cseq->method;
      message_.method_text_ = cseq->method_text;
    } else if (cseq->method_text != message_.method_text_) {
      fault("CSeq is for another method");
    }
  } else {
    fault(message_.has(HeaderId::CSeq) ? cseq.error().what : "no CSeq");
  }
}

/// What follows the head, cut to Content-Length. §18.3
void Parser::body() {
  if (!head_complete_) return;
  const auto left = static_cast<std::size_t>(end_ - at_);
  if (content_length_ && *content_length_ > left) return fault("Content-Length larger than the message");
  message_.body_ = {at_, content_length_.value_or(left)};
}

}  // namespace xivo::sip
