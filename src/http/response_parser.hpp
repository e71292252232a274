#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/message.hpp"

namespace xivo::http {

/// Reads one answer, interim ones (1xx) skipped.                                                RFC 9112
/// Thread  its owner's.
class ResponseParser {
 public:
  /// `head_only`: the answer to HEAD, which announces a body and has none.
  ResponseParser(bool head_only, std::size_t body_bytes_max);
  ~ResponseParser();

  /// Reads on and removes from `input` what was read. True when the answer is complete.
  Result<bool> feed(std::string& input);
  /// The peer closed: completes an answer whose body ends there.
  Result<bool> end();
  [[nodiscard]] bool started() const;
  [[nodiscard]] bool keep_alive() const;
  Response take();

 private:
  struct State;
  void restart();

  std::unique_ptr<State> state_;
  const bool head_only_;
  const std::size_t body_bytes_max_;
};

}  // namespace xivo::http
