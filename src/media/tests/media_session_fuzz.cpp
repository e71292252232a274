// Any row of commands, packets and pauses on the inline engine. Whatever happens: media goes only to addresses that were
// described or have sent something, never in answer to STUN or DTLS unless a key exchange has been described, never as they are
// where one has, and every session is closed exactly once.
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "media/inline_engine.hpp"
#include "rtp/dtls.hpp"
#include "rtp/stun.hpp"

namespace {

using namespace xivo;
using media::SessionId;

void check(bool holds) {
  if (!holds) std::abort();
}

/// The fuzzer's bytes, read as choices.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  [[nodiscard]] bool over() const { return left_ == 0; }
  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  std::string bytes(std::size_t size) {
    size = std::min(size, left_);
    std::string text(reinterpret_cast<const char*>(data_), size);
    data_ += size;
    left_ -= size;
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

SocketAddress address_of(std::uint8_t choice) {
  return {IpAddress::v4(0xc6336400u + (choice & 3)),
          static_cast<std::uint16_t>(4000 + 1000 * ((choice >> 2) & 1) + ((choice >> 3) & 1))};
}

class World final : public media::SessionUser {
 public:
  World()
      : timers_(clock_),
        engine_(
            runtime::Scheduler{clock_, timers_, rng_},
            [this](const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
              on_sent(from, to, bytes);
            },
            options()) {}

  void run(Choices choices) {
    for (int i = 0; i < 8; ++i) open();
    for (int step = 0; step < 2'000 && !choices.over(); ++step) act(choices);
    for (const auto& session : sessions_) engine_.close(session.id);
    pass(50);
    check(open_.empty() && engine_.open_count() == 0);
  }

  void on_play_ended(SessionId id, bool) override { check(open_.contains(id.bits())); }
  void on_digit(SessionId id, char, std::chrono::milliseconds) override { check(open_.contains(id.bits())); }
  void on_closed(SessionId id, const media::Statistics&) override { check(open_.erase(id.bits()) == 1); }

 private:
  static media::InlineEngine::Options options() {
    media::InlineEngine::Options options;
    options.pretend_sound_length = std::chrono::milliseconds(60);
    static const auto kDtls = *rtp::DtlsContext::make();
    options.dtls = kDtls;
    return options;
  }
  void open() {
    const auto opened = engine_.open(IpAddress::v4(0xc0000201), *this, {});
    check(opened.has_value());
    sessions_.push_back(*opened);
    open_.insert(opened->id.bits());
    keyed_.erase(opened->rtp.port);
  }
  void on_sent(const SocketAddress& from, const SocketAddress& to, std::string_view bytes) const {
    check(!must_be_quiet_);
    const auto port = static_cast<std::uint16_t>(from.port & ~1u);
    check(!keyed_.contains(port) ||
          static_cast<unsigned char>(bytes[0]) < 64);  // nobody shakes hands to the end
    const auto found = allowed_.find(port);
    check(found != allowed_.end() && found->second.contains(to));
  }
  void pass(int ms) {
    for (; ms > 0; --ms) {
      clock_.advance(std::chrono::milliseconds(1));
      timers_.run_due();
    }
  }
  media::Engine::Opened& any(Choices& choices) { return sessions_[choices.byte() % sessions_.size()]; }

  static std::vector<media::Codec> codecs_of(std::uint8_t choice) {
    const std::vector<media::Codec> all{{"PCMA", 8000, 1, 8, ""},
                                        {"opus", 48000, 2, 107, "useinbandfec=1"},
                                        {"G722", 8000, 1, 9, ""},
                                        {"PCMU", 8000, 1, 0, ""}};
    std::vector<media::Codec> chosen{all[choice & 3]};
    if ((choice & 4) != 0) chosen.push_back(all[(choice >> 3) & 3]);
    if ((choice & 32) != 0) chosen.push_back({"CN", 8000, 1, 13, ""});
    chosen.push_back({"telephone-event", (choice & 64) != 0 ? 48000u : 8000u, 1, 101, ""});
    return chosen;
  }
  void set_remote(Choices& choices) {
    const auto& session = any(choices);
    const auto flags = choices.byte();
    media::Remote remote;
    remote.rtp = address_of(choices.byte());
    if ((flags & 1) != 0) remote.rtp.port = 0;
    remote.rtcp = (flags & 2) != 0 ? remote.rtp : address_of(choices.byte());
    remote.signalling = address_of(choices.byte()).ip;
    remote.nat_suspect = (flags & 4) != 0;
    remote.payload_types = {8};
    remote.telephone_event = (flags & 8) != 0 ? 101 : 96;
    remote.ptime_ms = flags;
    if ((flags & 16) != 0) {
      remote.codecs = codecs_of(choices.byte());
      for (const auto& codec : remote.codecs) remote.payload_types.push_back(codec.payload_type);
      remote.detect_tones = (flags & 32) != 0;
      const auto suite = static_cast<media::Protection::Suite>((flags >> 5) % media::kProtectionSuites);
      const std::string key(media::protection_key_size(suite), 'k');
      remote.protection = media::Protection{suite, key, key, 1u + (flags >> 7)};
    }
    if ((flags & 48) == 32) {
      const auto role =
          (flags & 64) != 0 ? media::KeyExchange::Role::Server : media::KeyExchange::Role::Client;
      remote.key_exchange =
          media::KeyExchange{role, {"sha-256", std::string(32, 'x')}, std::nullopt, 1u + (flags & 1)};
      if ((flags & 128) != 0) remote.key_exchange->ice = {{"ours", "password"}, {"theirs", "password"}};
      remote.rtcp_mux = true;
    }
    keyed_.erase(session.rtp.port);
    if (remote.key_exchange) keyed_.insert(session.rtp.port);
    allowed_[session.rtp.port].insert(remote.rtp);
    allowed_[session.rtp.port].insert(remote.rtcp);
    engine_.set_remote(session.id, remote);
  }
  void deliver(Choices& choices, std::string bytes) {
    const auto& session = any(choices);
    const auto from = address_of(choices.byte());
    allowed_[session.rtp.port].insert(from);
    if (bytes.size() == 3) bytes = check_of(bytes);
    must_be_quiet_ = !bytes.empty() && !keyed_.contains(session.rtp.port) &&
                     static_cast<unsigned char>(bytes[0]) < 64;  // RFC 7983: STUN, ZRTP, DTLS
    engine_.deliver((choices.byte() & 3) != 0 ? session.rtp : session.rtcp, from, bytes);
    must_be_quiet_ = false;
  }
  /// A genuine connectivity check.
  static std::string check_of(std::string_view how) {
    std::array<std::uint8_t, 256> out;
    rtp::StunWriter writer(out, rtp::StunClass::Request, std::array<std::uint8_t, 12>{});
    writer.username("ours:theirs");
    writer.priority(static_cast<std::uint8_t>(how[1]));
    if ((how[0] & 1) != 0) writer.use_candidate();
    if ((how[2] & 7) == 7) writer.attribute(0x7f00, {});
    writer.integrity("password");
    return {writer.written().begin(), writer.written().end()};
  }
  static std::string rtp_of(Choices& choices, std::uint16_t sequence) {
    std::string bytes(16, '\0');
    const auto type = choices.byte();
    bytes[0] = static_cast<char>(0x80);
    constexpr std::uint8_t kTypes[] = {8, 101, 8, 107, 8, 9, 0, 13};
    bytes[1] = static_cast<char>((type & 0x80) | kTypes[type & 7]);
    bytes[2] = static_cast<char>(sequence >> 8);
    bytes[3] = static_cast<char>(sequence);
    bytes[7] = static_cast<char>(sequence & 0xf0);
    bytes[11] = static_cast<char>((type >> 4) & 1);
    bytes[12] = static_cast<char>(type & 15);
    return bytes;
  }

  void act(Choices& choices) {
    switch (choices.byte() % 12) {
      case 0: return set_remote(choices);
      case 1:
        return engine_.set_direction(any(choices).id, static_cast<media::Direction>(choices.byte() & 3));
      case 2: {
        const auto a = any(choices).id;
        return engine_.connect(a, any(choices).id);
      }
      case 3: return engine_.disconnect(any(choices).id);
      case 4: return engine_.echo(any(choices).id, (choices.byte() & 1) != 0);
      case 5:
        return engine_.play(any(choices).id, {(choices.byte() & 1) != 0 ? "moh:default" : "beep",
                                              "fr_FR",
                                              (choices.byte() & 1) != 0,
                                              {"PCMA", 8000, 1, 8, ""}});
      case 6: return engine_.stop_playing(any(choices).id);
      case 7: {
        const auto index = choices.byte() % sessions_.size();
        engine_.close(sessions_[index].id);
        pass(2);
        open();
        sessions_[index] = sessions_.back();
        sessions_.pop_back();
        return;
      }
      case 8: return deliver(choices, choices.bytes(choices.byte()));
      case 9: return pass(choices.byte() * 20);
      default: return deliver(choices, rtp_of(choices, sequence_++));
    }
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_;
  runtime::SeededRng rng_{1};
  std::vector<media::Engine::Opened> sessions_;
  std::set<std::uint64_t> open_;
  std::map<std::uint16_t, std::set<SocketAddress>> allowed_;  // by RTP port: where its packets may go
  std::set<std::uint16_t> keyed_;  // RTP ports whose keys are to be agreed on
  std::uint16_t sequence_ = 65'500;
  bool must_be_quiet_ = false;
  media::InlineEngine engine_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World().run(Choices(data, size));
  return 0;
}
