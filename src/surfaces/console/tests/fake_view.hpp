#pragma once

#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "console/console_view.hpp"

namespace xivo::console {

/// Dates in the expected texts are UTC.
inline const bool tests_run_in_utc = [] {
  setenv("TZ", "UTC", 1);
  tzset();
  return true;
}();

inline constexpr WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }
inline constexpr std::int64_t kNow = 1'772'452'800;  // 2026-03-02 12:00:00 UTC, a Monday

inline SocketAddress address(const char* text) { return SocketAddress::parse(text).value(); }

inline Contact contact(std::string uri, std::string hash, const char* where, ContactStatus status,
                       std::optional<std::int64_t> microseconds) {
  Contact made;
  made.uri = std::move(uri);
  made.hash = std::move(hash);
  made.address = address(where);
  made.transport = "udp";
  made.user_agent = "Yealink SIP-T46S 66.85.0.5";
  made.registered = at(kNow - 600);
  made.expires = at(kNow + 90);
  made.status = status;
  if (microseconds) made.round_trip = std::chrono::microseconds(*microseconds);
  return made;
}

inline Peer peer(std::string name) {
  Peer made;
  made.caller_number = name;
  made.name = std::move(name);
  made.context = "default";
  made.state = DeviceState::Unavailable;
  return made;
}

/// A small company: a phone in a call, one on two devices, two that are not registered, a trunk that is down and one
/// on IPv6; names of people as people have them.
inline std::vector<Peer> company_peers() {
  auto zoe = peer("101");
  zoe.description = "Accueil";
  zoe.caller_name = "Zoé Martin";
  zoe.monitored = true;
  zoe.state = DeviceState::InUse;
  zoe.calls = 1;
  zoe.contacts = {
      contact("sip:101@192.0.2.7:5060", "0a1b2c3d4e", "192.0.2.7:5060", ContactStatus::Available, 12345)};
  zoe.parameters = {{"rtp_symmetric", "yes"}, {"allow", "(alaw|ulaw)"}, {"context", "default"}};
  auto meeting = peer("102");
  meeting.username = "salle3";
  meeting.description = "Salle de réunion du troisième étage, côté cour";
  meeting.monitored = true;
  meeting.state = DeviceState::NotInUse;
  meeting.calls_max = 2;
  meeting.contacts_max = 3;
  meeting.force_rport = NatTreatment::AutoYes;
  meeting.symmetric_rtp = NatTreatment::AutoNo;
  meeting.contacts = {contact("sip:102@192.0.2.8:5062;transport=tcp;ob", "1111111111", "192.0.2.8:5062",
                              ContactStatus::Available, 2'500'000),
                      contact("sip:102@192.0.2.9:5060", "2222222222", "192.0.2.9:5060",
                              ContactStatus::NotQualified, std::nullopt)};
  auto absent = peer("103");
  absent.restricted = true;
  absent.force_rport = NatTreatment::No;
  absent.symmetric_rtp = NatTreatment::No;
  auto silent = peer("104");
  silent.monitored = true;
  auto trunk = peer("trunk-operateur-principal-paris");
  trunk.caller_number.clear();
  trunk.description = "Opérateur";
  trunk.dynamic = false;
  trunk.monitored = true;
  trunk.contacts = {contact("sip:198.51.100.10", "3333333333", "198.51.100.10:5060",
                            ContactStatus::Unavailable, std::nullopt)};
  trunk.contacts.front().expires.reset();
  auto modern = peer("105");
  modern.state = DeviceState::Ringing;
  modern.contacts = {contact("sip:105@[2001:db8::15]:5060", "4444444444", "[2001:db8::15]:5060",
                             ContactStatus::Unknown, std::nullopt)};
  return {trunk, meeting, zoe, absent, modern, silent};  // not in order: the tables sort
}

inline std::vector<Channel> company_channels() {
  Channel caller;
  caller.name = "SIP/101-0000001a";
  caller.unique_id = "1772452735.26";
  caller.call = "C-0000000d";
  caller.peer = "101";
  caller.context = "default";
  caller.extension = "102";
  caller.state = ChannelState::Up;
  caller.application = "Dial";
  caller.application_text = "SIP/102,30,tT";
  caller.caller_number = "101";
  caller.caller_name = "Zoé Martin";
  caller.connected_number = "102";
  caller.connected_name = "Salle 3";
  caller.account = "compta";
  caller.bridge = "b-00000007";
  caller.language = "fr";
  caller.codec = "alaw";
  caller.remote = address("192.0.2.7:5060");
  caller.sip_call_id = "f00dfeed1234567890@192.0.2.7";
  caller.last_message = "Rx: ACK";
  caller.created = at(kNow - 65);
  caller.variables = {{"XIVO_USER", "Zoé"}};
  Channel called;
  called.name = "SIP/102-0000001b";
  called.unique_id = "1772452737.27";
  called.call = "C-0000000d";
  called.peer = "102";
  called.context = "default";
  called.state = ChannelState::Up;
  called.application = "AppDial";
  called.application_text = "(Outgoing Line)";
  called.caller_number = "102";
  called.connected_number = "101";
  called.connected_name = "Zoé Martin";
  called.peer_account = "compta";
  called.bridge = "b-00000007";
  called.codec = "alaw";
  called.on_hold = true;
  called.remote = address("192.0.2.8:5062");
  called.sip_call_id = "s0-abcdef@192.0.2.1";
  called.last_message = "Tx: ACK";
  called.created = at(kNow - 63);
  return {caller, called};
}

inline std::vector<Failure> company_failures() {
  Failure wrong;
  wrong.account = "104";
  wrong.source = address("192.0.2.77:5060");
  wrong.transport = "udp";
  wrong.method = "REGISTER";
  wrong.reason = "wrong secret";
  wrong.user_agent = "Linphone/5.1";
  wrong.detail = "realm xivo, algorithm MD5";
  wrong.first = at(kNow - 7200);
  wrong.last = at(kNow - 30);
  wrong.count = 240;
  Failure scanner;
  scanner.account = "admin\x1b[2J";
  scanner.source = address("203.0.113.66:5071");
  scanner.transport = "udp";
  scanner.method = "INVITE";
  scanner.reason = "unknown user";
  scanner.last = at(kNow - 3600);
  return {wrong, scanner};
}

inline EngineSnapshot company() {
  EngineSnapshot engine;
  engine.taken = at(kNow);
  engine.started = at(kNow - (9 * 86400 + 3 * 3600 + 61));
  engine.revision = {42, at(kNow - 3600), "alice", "Add the meeting room"};
  engine.active_calls = 1;
  engine.processed_calls = 13;
  engine.peers = company_peers();
  engine.channels = company_channels();
  engine.failures = company_failures();
  return engine;
}

inline TraceRing::Entry entry(std::int64_t milliseconds, TraceRing::Kind kind, std::string who,
                              std::string text) {
  return {kNow * 1000 - 65'000 + milliseconds, kind, std::move(who), std::move(text)};
}

inline TraceListing company_trace() {
  using Kind = TraceRing::Kind;
  TraceListing trace;
  trace.call = "C-0000000d";
  trace.title = "101 -> 102, answered";
  trace.entries = {
      entry(0, Kind::Received, "101", "INVITE sip:102@192.0.2.1 (1 INVITE, sdp)"),
      entry(1, Kind::Sent, "101", "100 Trying"),
      entry(1, Kind::Decision, "",
            "route: 102 is internal; user Salle 3; rings 20 s, then voicemail because nobody is "
            "set to take the call over"),
      entry(2, Kind::Sent, "102@192.0.2.8:5062",
            "INVITE sip:102@192.0.2.8:5062;transport=tcp;ob (1 INVITE, sdp)"),
      entry(150, Kind::Received, "102@192.0.2.8:5062", "180 Ringing"),
      entry(151, Kind::State, "102", "ringing"),
      entry(2'400, Kind::Received, "102@192.0.2.8:5062", "200 OK (sdp)"),
      entry(2'401, Kind::Media, "", "alaw both ways"),
      entry(2'402, Kind::Sent, "101", "200 OK (sdp)"),
      entry(64'999, Kind::Received, "101", "BYE"),
  };
  return trace;
}

inline std::vector<CallSummary> company_calls() {
  CallSummary now;
  now.id = "C-0000000d";
  now.started = at(kNow - 65);
  now.answered = at(kNow - 63);
  now.from_name = "Zoé Martin";
  now.from_number = "101";
  now.dialled = "102";
  now.reached = "102";
  now.outcome = "in progress";
  CallSummary refused;
  refused.id = "C-0000000c";
  refused.started = at(kNow - 300);
  refused.ended = at(kNow - 299);
  refused.from_number = "104";
  refused.dialled = "0033123456789012345";
  refused.outcome = "refused";
  refused.reason = "104 may not call abroad";
  CallSummary answered;
  answered.id = "C-0000000b";
  answered.started = at(kNow - 4000);
  answered.answered = at(kNow - 3990);
  answered.ended = at(kNow - 300);
  answered.from_number = "105";
  answered.dialled = "101";
  answered.reached = "101";
  answered.outcome = "answered";
  return {now, refused, answered};
}

/// An engine made of what a test puts into it. Answers at once, or when `hold` is set, at release().
class FakeView final : public ConsoleView {
 public:
  EngineSnapshot engine = company();
  std::vector<CallSummary> calls = company_calls();
  std::optional<TraceListing> remembered = company_trace();
  std::vector<Ban> banned;
  bool bans_full = false;
  std::vector<TollAccount> tolls;
  bool hold = false;

  std::vector<std::string> hung_up;  // "all" for every call
  std::string traced;
  Language traced_in = Language::English;
  SipDebug sip_debug;
  ReloadedCertificates certificates;
  int core_debug = 0;
  int verbose = 0;
  std::optional<bool> stopped;  // whether gracefully

  [[nodiscard]] Version version() const override {
    return {"0.1.0", "pbx1", "root", "builder", "x86_64", "Linux", "2026-03-01 10:00:00 UTC", 4711};
  }
  void snapshot(std::function<void(EngineSnapshot)> done) override {
    answer([this, done = std::move(done)] { done(engine); });
  }
  void hang_up(std::optional<std::string> channel, std::function<void(std::size_t)> done) override {
    answer([this, channel = std::move(channel), done = std::move(done)] {
      hung_up.push_back(channel.value_or("all"));
      std::size_t count = channel ? 0 : engine.channels.size();
      for (const auto& each : engine.channels) count += channel && each.name == *channel ? 1 : 0;
      done(count);
    });
  }
  void trace(std::string call, Language language,
             std::function<void(std::optional<TraceListing>)> done) override {
    traced = call;
    traced_in = language;
    answer([this, call = std::move(call), done = std::move(done)] {
      done(remembered && remembered->call == call ? remembered : std::nullopt);
    });
  }
  void last_calls(std::size_t count, std::function<void(std::vector<CallSummary>)> done) override {
    answer([this, count, done = std::move(done)] {
      auto newest = calls;
      if (newest.size() > count) newest.resize(count);
      done(std::move(newest));
    });
  }
  void reload_certificates(std::function<void(ReloadedCertificates)> done) override {
    answer([this, done = std::move(done)] { done(certificates); });
  }
  void bans(std::function<void(BanListing)> done) override {
    answer([this, done = std::move(done)] { done({at(kNow), banned}); });
  }
  void add_ban(IpNetwork network, std::string detail, std::string author,
               std::function<void(std::optional<Ban>)> done) override {
    Ban ban;
    ban.network = network.to_string();
    ban.reason = "by hand";
    ban.detail = std::move(detail);
    ban.author = std::move(author);
    ban.since = at(kNow);
    answer([this, ban, done = std::move(done)] {
      if (bans_full) return done(std::nullopt);
      banned.push_back(ban);
      done(ban);
    });
  }
  std::vector<TollAccount> toll_accounts() override { return tolls; }
  bool release_toll(bool is_trunk, std::int64_t id, const std::string&) override {
    for (auto& each : tolls) {
      if (each.is_trunk == is_trunk && each.id == id && !each.blocked.empty())
        return each.blocked.clear(), true;
    }
    return false;
  }
  void release_bans(IpNetwork network, std::string, std::function<void(std::vector<Ban>)> done) override {
    std::vector<Ban> released;
    std::erase_if(banned, [&](const Ban& ban) {
      if (ban.network != network.to_string()) return false;
      released.push_back(ban);
      return true;
    });
    answer([released, done = std::move(done)] { done(released); });
  }
  void set_sip_debug(const SipDebug& filter) override { sip_debug = filter; }
  void set_core_debug(int level) override { core_debug = level; }
  void set_verbose(int highest) override { verbose = highest; }
  void stop(bool graceful) override { stopped = graceful; }

  [[nodiscard]] std::size_t held() const { return held_.size(); }
  /// Answers everything that was held.
  void release() {
    hold = false;
    while (!held_.empty()) {
      const auto task = std::move(held_.front());
      held_.pop_front();
      task();
    }
  }

 private:
  void answer(std::function<void()> task) {
    if (hold) {
      held_.push_back(std::move(task));
    } else {
      task();
    }
  }

  std::deque<std::function<void()>> held_;
};

}  // namespace xivo::console
