#pragma once

#include <memory>
#include <string>

#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/timer_wheel.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// Time by hand for the machines of a dialog.
struct ByHand {
  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{7};
  runtime::Scheduler scheduler{clock, timers, rng};

  void pass(runtime::Duration duration) {
    const auto end = clock.now() + duration;
    while (clock.now() < end) {
      const auto next = timers.next_deadline();
      const auto target = next ? std::min(std::max(*next, clock.now()), end) : end;
      clock.advance(target - clock.now());
      timers.run_due();
      if (target == end) break;
    }
  }
};

/// A message with these lines added, and the bytes it looks into.
struct Heard {
  explicit Heard(const std::string& start, const std::string& lines = {})
      : bytes(start +
              "\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
              "<sip:c@d>;tag=2\r\n"
              "Call-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n" +
              lines + "Content-Length: 0\r\n\r\n"),
        message(*sip::Message::parse(bytes.data(), bytes.size())) {}
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  static std::string response(int status) { return "SIP/2.0 " + std::to_string(status) + " x"; }
  static std::string invite() { return "INVITE sip:c@d SIP/2.0"; }

  std::string bytes;
  sip::Message message;
};

}  // namespace xivo::endpoint
