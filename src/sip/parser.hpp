#pragma once

#include "sip/message.hpp"

namespace xivo::sip {

/// The one pass over a message's bytes behind Message::parse(). Private to src/sip.
/// It goes on after a fault as far as it can, so that the answer can echo what was readable; the first fault
/// is the one reported. RFC 3261 §7, §25.1
class Parser {
 public:
  Parser(char* bytes, std::size_t size) : at_(bytes), end_(bytes + size) {}
  Result<Message, ParseFault> run() &&;

 private:
  using Answer = ParseFault::Answer;

  void fault(std::string_view what, Answer answer = Answer::BadRequest);

  bool take_line(char*& begin, char*& end);
  bool take_folded_line(char*& begin, char*& end);
  bool start_line(std::string_view line);
  bool status_line(std::string_view line);
  bool request_line(std::string_view line);
  void version(std::string_view text);
  void head();
  void header_line(std::string_view line);
  void single(HeaderId id, std::string_view& slot, std::string_view value);
  void content_length(std::string_view value);
  void controls(const char* begin, const char* end);
  void fields();
  void body();

  char* at_;
  char* const end_;
  char* begin_ = nullptr;
  Message message_;
  bool recognised_ = false;  // the start line is SIP's
  bool faulty_ = false;
  bool head_complete_ = false;
  std::size_t lines_ = 0;
  std::optional<std::size_t> content_length_;
  std::string_view from_, to_, cseq_, max_forwards_;
  Error error_;
  Answer answer_ = Answer::None;
};

}  // namespace xivo::sip
