#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "endpoint/defence/authenticator.hpp"
#include "endpoint/defence/failure_memory.hpp"
#include "endpoint/registrar.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/digest.hpp"
#include "sip/message.hpp"
#include "sip/transaction.hpp"

/// What the tests of authenticator and registrar share: a phone made of text, and a registrar on a network of strings.
namespace xivo::endpoint::testing {

inline constexpr std::string_view kRealm = "xivo";

/// A message with the bytes it is a view of.
class OwnedMessage {
 public:
  explicit OwnedMessage(std::string text) : bytes_(std::make_unique<std::string>(std::move(text))) {
    auto parsed = sip::Message::parse(bytes_->data(), bytes_->size());
    if (parsed) message_ = *parsed;
    valid_ = parsed.has_value();
    EXPECT_TRUE(valid_) << *bytes_;
  }
  const sip::Message& operator*() const { return message_; }
  const sip::Message* operator->() const { return &message_; }
  [[nodiscard]] const std::string& text() const { return *bytes_; }
  [[nodiscard]] std::vector<std::string> values(sip::HeaderId id) const {
    std::vector<std::string> all;
    for (const auto& field : message_.headers()) {
      if (field.id == id) all.emplace_back(field.value);
    }
    return all;
  }

 private:
  std::unique_ptr<std::string> bytes_;
  sip::Message message_;
  bool valid_ = false;
};

inline SocketAddress address(std::string_view text) {
  const auto parsed = SocketAddress::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(SocketAddress{});
}

inline sip::Flow udp_flow(std::string_view remote) {
  return {sip::Transport::Udp, address("192.0.2.1:5060"), address(remote), 0};
}
inline sip::Flow tcp_flow(std::string_view remote, std::uint64_t connection) {
  return {sip::Transport::Tcp, address("192.0.2.1:5060"), address(remote), connection};
}

/// One request as text; what a test does not set is a phone's usual.
struct RequestText {
  std::string method = "REGISTER";
  std::string uri = "sip:192.0.2.1";
  std::string from = "<sip:101@192.0.2.1>";
  std::string to = "<sip:101@192.0.2.1>";
  std::string call_id = "call-1";
  std::uint32_t cseq = 1;
  std::vector<std::string> lines;  // "Contact: ..."

  [[nodiscard]] std::string text(int branch) const {
    std::string out = fmt::format(
        "{} {} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-{};rport\r\nMax-Forwards: 70\r\n"
        "From: {};tag=t{}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {}\r\nUser-Agent: Testphone/1\r\n",
        method, uri, branch, from, branch, to, call_id, cseq, method);
    for (const auto& line : lines) out += line + "\r\n";
    return out + "Content-Length: 0\r\n\r\n";
  }
};

/// Time, randomness and log lines under the test's control.
struct Shard {
  explicit Shard(std::uint64_t seed = 1) : rng(seed) {
    log::set_sink([this](log::Level level, std::string_view category, std::string_view text) {
      if (level == log::Level::Notice) (category == "security" ? security : notices).emplace_back(text);
    });
  }
  ~Shard() { log::set_sink({}); }
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    timers.run_due();
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng;
  runtime::Scheduler scheduler{clock, timers, rng};
  std::vector<std::string> notices;
  std::vector<std::string> security;  // the lines that are for fail2ban
};

inline model::SipLine line(std::string name, std::string secret) {
  model::SipLine made;
  made.name = std::move(name);
  made.secret = std::move(secret);
  return made;
}

/// "Authorization: ..." in answer to a WWW-Authenticate value.
inline std::string authorization(std::string_view challenge, std::string_view user, std::string_view secret,
                                 std::string_view method = "REGISTER", std::string_view uri = "sip:192.0.2.1",
                                 std::uint32_t nc = 1) {
  const auto parameters = sip::digest::parse(challenge);
  EXPECT_TRUE(parameters) << challenge;
  if (!parameters) return {};
  return "Authorization: " + sip::digest::answer(*parameters, {std::string(user), std::string(secret)},
                                                 method, uri, "c0ffee", nc);
}

}  // namespace xivo::endpoint::testing
