#pragma once

#include <memory>
#include <string>

#include "http/limits.hpp"
#include "http/message.hpp"

namespace xivo::http {

/// Reads the requests of one connection, one after the other.                                    RFC 9112
/// Thread  its owner's.
class RequestParser {
 public:
  enum class Progress : std::uint8_t { NeedsHead, NeedsBody, Complete, Refused };

  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;

  /// Reads on and removes from `input` what was read. After Complete the rest of `input` is the next request's.
  Progress feed(std::string& input);

  /// Complete: the request, remote address unset; the parser then stands at the next request.
  Request take();
  /// Complete, until take(): whether the peer lets the connection live on.
  [[nodiscard]] bool keep_alive() const;
  /// NeedsBody: the peer waits for "100 Continue".                                              RFC 9110 §10.1.1
  [[nodiscard]] bool expects_continue() const;
  /// Refused: the status to answer before closing: 400, 413, 431 or 505.
  [[nodiscard]] int refusal() const { return refusal_; }

 private:
  struct State;  // the library's parser: its headers cost a second each time they are included
  Progress refuse(int status);
  Progress finish();

  const Limits& limits_;
  std::unique_ptr<State> state_;
  Request request_;
  int refusal_ = 400;
};

}  // namespace xivo::http
