#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sip/message.hpp"

namespace xivo::sip {

/// A request that is right, in pieces that tests replace.
struct Request {
  std::string line = "OPTIONS sip:bob@example.com SIP/2.0";
  std::string via = "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\n";
  std::string from = "From: <sip:alice@example.com>;tag=a\r\n";
  std::string to = "To: <sip:bob@example.com>\r\n";
  std::string call_id = "Call-ID: c1\r\n";
  std::string cseq = "CSeq: 1 OPTIONS\r\n";
  std::string more = "Max-Forwards: 70\r\n";
  std::string body;

  [[nodiscard]] std::string text() const {
    return line + "\r\n" + via + from + to + call_id + cseq + more + "\r\n" + body;
  }
};

/// Keeps the bytes that the message points into.
struct Parsed {
  explicit Parsed(std::string text)
      : bytes(std::move(text)), result(Message::parse(bytes.data(), bytes.size())) {}
  explicit Parsed(const Request& request) : Parsed(request.text()) {}
  Parsed(const Parsed&) = delete;

  [[nodiscard]] ParseFault::Answer answer() const {
    return result ? ParseFault::Answer::None : result.error().answer;
  }
  [[nodiscard]] std::string_view why() const { return result ? "accepted" : result.error().error.what; }
  const Message& operator*() const { return *result; }
  const Message* operator->() const { return &*result; }

  std::string bytes;
  Result<Message, ParseFault> result;
};

}  // namespace xivo::sip
