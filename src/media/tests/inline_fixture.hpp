#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "media/inline_engine.hpp"
#include "rtp/packet.hpp"
#include "rtp/telephone_event.hpp"
#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"

namespace xivo::media {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline SocketAddress address(const char* text) { return *SocketAddress::parse(text); }

/// An RTP source: one SSRC, sequence numbers and timestamps that go on.
struct Source {
  std::uint8_t payload_type = 8;
  std::uint16_t sequence = 1000;
  std::uint32_t timestamp = 5000;
  std::uint32_t ssrc = 0xabcd0001;

  std::string next(std::string_view payload = {}, bool marker = false) {
    const rtp::Header header{marker, payload_type, sequence++, timestamp, ssrc};
    timestamp += 160;
    return bytes(header, payload.empty() ? std::string(160, '\x55') : std::string(payload));
  }
  std::string event(std::uint8_t code, std::uint32_t begin, std::uint16_t duration, bool end = false,
                    std::uint8_t type = 101) {
    std::array<std::uint8_t, rtp::kTelephoneEventSize> payload;
    rtp::write(rtp::TelephoneEvent{code, end, 10, duration}, payload);
    return bytes({false, type, sequence++, begin, ssrc}, {payload.begin(), payload.end()});
  }
  static std::string bytes(const rtp::Header& header, const std::string& payload) {
    std::array<std::uint8_t, rtp::kHeaderSize> written;
    rtp::write(header, written);
    return std::string(written.begin(), written.end()) + payload;
  }
};

inline rtp::Bytes as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Remembers what it was told.
struct RecordingUser : SessionUser {
  void on_play_ended(SessionId, bool reached_end) override { plays_ended.push_back(reached_end); }
  void on_digit(SessionId, char digit, milliseconds) override { digits.push_back(digit); }
  void on_closed(SessionId, const Statistics& statistics) override { closed.push_back(statistics); }

  std::vector<bool> plays_ended;
  std::string digits;
  std::vector<Statistics> closed;
};

struct SentPacket {
  SocketAddress from;
  SocketAddress to;
  std::string bytes;
  milliseconds at;

  [[nodiscard]] rtp::Packet rtp() const { return *rtp::parse(as_bytes(bytes)); }
};

/// An inline engine on fake time; prompts are two frames of silence unless a test makes its own engine.
class InlineTest : public ::testing::Test {
 protected:
  InlineTest() : InlineTest(default_options()) {}
  explicit InlineTest(const InlineEngine::Options& options)
      : timers_(clock_),
        engine_(
            runtime::Scheduler{clock_, timers_, rng_},
            [this](const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
              sent_.push_back({from, to, std::string(bytes), passed_});
            },
            options) {}

  static InlineEngine::Options default_options() {
    InlineEngine::Options options;
    options.pretend_sound_length = milliseconds(40);
    return options;
  }

  void pass(milliseconds time) {
    for (milliseconds done(0); done < time; ++done) {
      clock_.advance(milliseconds(1));
      ++passed_;
      timers_.run_due();
    }
  }

  Engine::Opened open() { return *engine_.open(*IpAddress::parse("192.0.2.1"), user_, {}); }
  static Remote remote(const char* rtp) {
    Remote remote;
    remote.rtp = address(rtp);
    remote.rtcp = {remote.rtp.ip, static_cast<std::uint16_t>(remote.rtp.port + 1)};
    remote.signalling = remote.rtp.ip;
    remote.payload_types = {8, 101};
    remote.telephone_event = 101;
    return remote;
  }
  Engine::Opened open_to(const char* rtp) {
    const auto opened = open();
    engine_.set_remote(opened.id, remote(rtp));
    return opened;
  }

  /// Sends `count` packets of `source`, 20 ms apart, to the session's RTP port.
  void talk(const Engine::Opened& session, const char* from, Source& source, int count) {
    for (int i = 0; i < count; ++i) {
      engine_.deliver(session.rtp, address(from), source.next());
      pass(milliseconds(20));
    }
  }

  std::vector<SentPacket> sent_to(const char* to) const {
    std::vector<SentPacket> found;
    for (const auto& packet : sent_) {
      if (packet.to == address(to)) found.push_back(packet);
    }
    return found;
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_;
  runtime::SeededRng rng_{20'260'101};
  milliseconds passed_{0};
  std::vector<SentPacket> sent_;
  RecordingUser user_;
  InlineEngine engine_;
};

}  // namespace xivo::media
