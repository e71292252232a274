// What the sentences of a flow mean.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "flow_script.hpp"
#include "model/routing/trace_text.hpp"
#include "source_dir.hpp"
#include "stranger.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using Words = std::vector<std::string>;
using std::chrono::milliseconds;

constexpr auto kReaction = milliseconds(100);   // after each act: the network and the engine react
constexpr auto kListening = milliseconds(400);  // how long a phone listens before it says what it hears

std::optional<runtime::Duration> duration_of(const std::string& word) {
  const auto digits = word.find_first_not_of("0123456789");
  if (digits == std::string::npos) return std::nullopt;
  const auto number = text::parse_decimal<std::int64_t>(word.substr(0, digits));
  const auto unit = word.substr(digits);
  if (!number) return std::nullopt;
  if (unit == "ms") return milliseconds(*number);
  if (unit == "s") return std::chrono::seconds(*number);
  if (unit == "min") return std::chrono::minutes(*number);
  if (unit == "h") return std::chrono::hours(*number);
  return std::nullopt;
}

int number_of(const std::string& word) { return text::parse_decimal<int>(word).value_or(-1); }

std::string_view name(SimPhone::State state) {
  switch (state) {
    case SimPhone::State::Idle: return "idle";
    case SimPhone::State::Calling: return "calling";
    case SimPhone::State::RingBack: return "hearing ring-back";
    case SimPhone::State::Ringing: return "ringing";
    case SimPhone::State::Talking: return "talking";
    case SimPhone::State::Ended: return "ended";
  }
  return "?";
}

/// Runs the sentences of one test; `problem` is set by the first that does not hold.
class Runner {
 public:
  Runner(std::uint64_t seed, unsigned shards) : world_(seed, shards) {}

  std::string run(const FlowTest& test) {
    for (const auto& sentence : test.sentences) {
      say(sentence.words);
      if (!problem_.empty())
        return fmt::format("{}:{}: \"{}\": {}", test.file, sentence.line, sentence.text, problem_);
    }
    return {};
  }

 private:
  void say(const Words& w);
  void act(SimPhone& phone, const Words& w);
  bool dialog_act(SimPhone& phone, const Words& w);
  bool session_act(SimPhone& phone, const Words& w);
  bool expect_dialog(SimPhone& phone, const Words& w);
  bool expect_invite(SimPhone& phone, const Words& w);
  void expect(const Words& w);
  void expect_phone(SimPhone& phone, const Words& w);
  void expect_hears(SimPhone& phone, const Words& w);
  void expect_sees(SimPhone& who, const Words& w);
  void expect_record(const Words& w);
  void expect_lamp(const SimPhone& who, const Words& w);
  void expect_nothing_left();
  void expect_ladder(const std::string& golden);
  void expect_failure(const Words& w);
  void expect_ban(const SimPhone& who, const Words& w);
  void weather(const Words& w);
  void dns(const Words& w);
  bool world_sentence(const Words& w);
  void stranger(const Words& w);
  void set_line(const SimPhone& who, const std::string& assignment);

  void fail(std::string problem) { problem_ = std::move(problem); }
  SimPhone* phone(const std::string& name) {
    SimPhone* found = world_.phone(name);
    if (found == nullptr) fail(fmt::format("there is no phone '{}'", name));
    return found;
  }

  World world_;
  std::string problem_;
};

void Runner::say(const Words& w) {
  if (world_sentence(w)) return;
  if (w[0] == "expect") return expect(Words(w.begin() + 1, w.end()));
  // "quickly alice holds ; bob holds": the second happens before the first has reached anybody.
  const bool quickly = w[0] == "quickly" && w.size() > 2;
  const Words words(w.begin() + (quickly ? 1 : 0), w.end());
  SimPhone* who = phone(words[0]);
  if (who == nullptr || words.size() < 2) return fail("this sentence is not understood");
  act(*who, Words(words.begin() + 1, words.end()));
  if (!quickly) world_.run_for(kReaction);
}

/// "ulaw+alaw" as payload types, telephone events added.
std::vector<int> payload_types_of(const std::string& words) {
  std::vector<int> types;
  for (const auto name : text::split(words, '+')) {
    if (name == "ulaw") types.push_back(0);
    if (name == "alaw") types.push_back(8);
    if (name == "g722") types.push_back(9);
  }
  const bool events = words.find("without-keys") == std::string::npos;
  if (events) types.push_back(101);
  return types;
}

// Acts inside a dialog that need a telephone with more than three keys. False: it is none of these.
bool Runner::dialog_act(SimPhone& who, const Words& w) {
  const auto& verb = w[0];
  const auto object = w.size() > 1 ? w.back() : std::string{};
  if (verb == "supports" && object == "100rel") {
    who.set_100rel("Supported");
  } else if (verb == "requires" && object == "100rel") {
    who.set_100rel("Require");
  } else if (verb == "rings" && object == "reliably") {
    who.set_reliable(true);
  } else if (verb == "rings" && w.size() == 4 && w[1] == "as") {  // "rings as 3 phones"
    who.set_forks(number_of(w[2]));
  } else if (verb == "never" && object == "pracks") {
    who.set_pracks(false);
  } else if (verb == "never" && object == "acknowledges") {
    who.set_acknowledges(false);
  } else if (verb == "never" && object == "changes") {
    who.set_refuses_changes(true);
  } else if (verb == "allows" && object == "UPDATE") {
    who.set_updates(true);
  } else if (verb == "speaks") {
    who.set_codecs(payload_types_of(object));
  } else if (verb == "changes" && w.size() == 3) {  // "changes to ulaw"
    who.change_codecs(payload_types_of(object));
  } else if (verb == "updates") {
    who.update(w.size() == 1 ? std::string{} : object == "hold" ? "sendonly" : "sendrecv");
  } else if (verb == "refers" && w.size() == 3) {  // "refers to 103"
    who.refer(object == "nobody" ? "" : object);
  } else if (verb == "says" && object == "BYE") {
    who.bye();
  } else if (verb == "redirects" && w.size() == 3) {
    SimPhone* to = world_.phone(object);
    who.redirect(to == nullptr ? object : to->account().number);
  } else if (verb == "writes" && w.size() == 4) {  // "writes to bob hello"
    SimPhone* to = world_.phone(w[2]);
    who.write(to == nullptr ? w[2] : to->account().number, object);
  } else if (verb == "watches" && (w.size() == 2 || w.size() == 4)) {  // "watches *25 [for 60s]"
    const auto length = w.size() == 4 ? duration_of(w[3]) : std::chrono::hours(1);
    who.watch(
        w[1],
        static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::seconds>(length.value_or(runtime::Duration{})).count()));
  } else if (verb == "forgets" && object == "lamps") {
    who.forget_lamps();
  } else if (verb == "answers" && w.size() == 4 && w[1] == "texts") {  // "answers texts with 415"
    who.set_text_status(number_of(object));
  } else {
    return session_act(who, w);
  }
  return true;
}

// "wants sessions of 120s [and refreshes]", "insists on sessions of 3600s"
bool Runner::session_act(SimPhone& who, const Words& w) {
  const bool wants = w.size() >= 4 && w[0] == "wants" && w[1] == "sessions";
  const bool insists = w.size() == 5 && w[0] == "insists";
  const auto length = wants || insists ? duration_of(w[wants ? 3 : 4]) : std::nullopt;
  if (!length) return false;
  const auto seconds =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(*length).count());
  who.set_session({seconds, insists ? seconds : 0, w.back() == "refreshes"});
  return true;
}

// A text field of the line that a phone registers with.
void Runner::set_line(const SimPhone& who, const std::string& assignment) {
  const auto equals = assignment.find('=');
  const auto config = world_.config();
  model::Transaction transaction;
  transaction.author = "test";
  transaction.changes.push_back(
      {"line",
       model::Change::Op::Update,
       config->line_by_name(who.account().name)->id.value,
       model::Value::object({{assignment.substr(0, equals), assignment.substr(equals + 1)}}),
       {}});
  if (!world_.change(std::move(transaction))) fail("the change was refused");
}

// What the INVITE that came in said: "is asked for 8123", "is addressed as 8123", "is called by 0145678901".
bool Runner::expect_invite(SimPhone& who, const Words& w) {
  const auto* call = who.current();
  if (w[0] != "is" || w.size() != 4) return false;
  std::string said;
  if (call != nullptr && w[1] == "asked") said = call->asked_for;
  if (call != nullptr && w[1] == "addressed") said = call->addressed_to;
  if (call != nullptr && w[1] == "called") said = call->from_number;
  if (said != w[3]) fail(fmt::format("it is '{}'", said));
  return true;
}

bool Runner::expect_dialog(SimPhone& who, const Words& w) {
  const auto* call = who.current();
  const auto number_is = [&](int seen, int wanted) {
    if (seen != wanted) fail(fmt::format("it is {}", seen));
  };
  if (w[0] == "refreshed" && w.size() == 3) {  // "refreshed 2 times"
    number_is(call == nullptr ? -1 : call->refreshes, number_of(w[1]));
  } else if (w[0] == "collided") {
    // Whether two requests cross hangs on the millisecond; a hand-over between shards costs one.
    if (world_.shard_count() == 1 && (call == nullptr || call->collisions == 0)) fail("no 491 was seen");
  } else if (w[0] == "got" && w.size() == 3 && w[1] == "reply") {
    number_is(call == nullptr ? -1 : call->request_status, number_of(w[2]));
  } else if (w[0] == "got" && w.size() == 2 && w[1] == "PRACK") {
    if (call == nullptr || !call->pracked) fail("none came");
  } else if (w[0] == "got" && w.size() == 2 && w[1] == "warning") {
    if (who.last_challenge().empty()) fail("the refusal says nothing more");
  } else if (w[0] == "told" && w.size() == 2) {  // "told 181"
    const auto wanted = number_of(w[1]);
    if (call == nullptr || std::count(call->provisionals.begin(), call->provisionals.end(), wanted) == 0)
      fail("it was not told so");
  } else if (w[0] == "told" && w.size() == 3 && w[1] == "video") {  // "told video recvonly"
    if (call == nullptr || call->video_direction != w[2])
      fail(fmt::format("it was told '{}'", call == nullptr ? "" : call->video_direction));
  } else if (w[0] == "shows" && w.size() == 4) {  // "shows diversion by 102"
    if (call == nullptr || call->diverted_by != w[3])
      fail(fmt::format("it shows '{}'", call == nullptr ? "" : call->diverted_by));
  } else if (w[0] == "reads" && w.size() == 2) {
    if (who.texts().empty() || who.texts().back() != w[1]) fail("no such text has come");
  } else if (w[0] == "reads" && w[1] == "nothing") {
    if (!who.texts().empty()) fail(fmt::format("it reads '{}'", who.texts().back()));
  } else if (w[0] == "lamp") {
    expect_lamp(who, w);
  } else if (w[0] == "text" && w.size() == 3) {  // "text got 200"
    number_is(who.text_answer(), number_of(w[2]));
  } else if (w[0] == "uses" && w.size() == 2) {
    const int type = call == nullptr || call->agreed.empty() ? -1 : call->agreed.front();
    number_is(type, payload_types_of(w[1]).front());
  } else {
    return false;
  }
  return true;
}

// "lamp *25 is on|off|over", "lamp *25 got 404", "lamp *25 told 2 times"
void Runner::expect_lamp(const SimPhone& who, const Words& w) {
  const auto* lamp = w.size() > 3 ? who.lamp(w[1]) : nullptr;
  if (lamp == nullptr) return fail("there is no such lamp");
  if (w[2] == "got") {
    if (lamp->status != number_of(w[3])) fail(fmt::format("it got {}", lamp->status));
  } else if (w[2] == "told") {
    if (lamp->told != number_of(w[3])) fail(fmt::format("it was told {} times", lamp->told));
  } else {
    const bool over = !lamp->subscription.starts_with("active");
    const std::string_view is = over ? "over" : lamp->state == "confirmed" ? "on" : "off";
    if (is != w[3]) fail(fmt::format("it is {}: {}", is, lamp->subscription));
  }
}

bool Runner::world_sentence(const Words& w) {
  if (w[0] == "phones") {
    for (std::size_t i = 1; i < w.size(); ++i) {
      const auto equals = w[i].find('=');
      world_.add_phone(w[i].substr(0, equals), w[i].substr(equals + 1));
    }
  } else if (w[0] == "phone" && w.size() == 4 && w[2] == "beside") {
    world_.add_second_phone(w[1], w[3]);
  } else if (w[0] == "after" && w.size() == 2 && duration_of(w[1])) {
    world_.run_for(*duration_of(w[1]));
  } else if (w[0] == "weather") {
    weather(w);
  } else if (w[0] == "dns") {
    dns(w);
  } else if (w[0] == "restart") {
    world_.restart();
  } else if (w[0] == "limit" && w.size() == 3 && w[1] == "calls") {
    world_.options().calls.calls_max = static_cast<std::size_t>(number_of(w[2]));
    world_.restart();
  } else if (w[0] == "limit" && w.size() == 3 && w[1] == "duration") {  // seconds
    world_.options().calls.call_duration_max = std::chrono::seconds(number_of(w[2]));
    world_.restart();
  } else if (w[0] == "create" && w.size() == 3) {  // "create schedule {'name':'day'}"
    if (!world_.create(w[1], w[2])) fail("the object was refused");
  } else if (w[0] == "configure" && w.size() == 3) {
    const auto equals = w[2].find('=');
    if (!world_.configure(w[1], w[2].substr(0, equals), w[2].substr(equals + 1)))
      fail("the change was refused");
  } else if (w[0] == "line" && w.size() == 3 && phone(w[1]) != nullptr) {  // "line gateway profile=trunk"
    set_line(*phone(w[1]), w[2]);
  } else if (w[0] == "refused" && w.size() == 3) {  // "refused bob forward_busy_enabled=yes"
    const auto equals = w[2].find('=');
    if (world_.configure(w[1], w[2].substr(0, equals), w[2].substr(equals + 1))) fail("the change was taken");
  } else if (w[0] == "release" && w.size() == 2 && phone(w[1]) != nullptr) {
    world_.bans().release(IpNetwork::host(world_.phone(w[1])->ip()), "test");
  } else if (w[0] == "ban" && w.size() == 2 && phone(w[1]) != nullptr) {
    const auto network = IpNetwork::host(world_.phone(w[1])->ip());
    if (!world_.bans().add({network, endpoint::BanReason::Manual, {}, "test", {}})) fail("no room for a ban");
  } else if (w[0] == "stranger") {
    stranger(w);
    world_.run_for(kReaction);
  } else {
    return false;
  }
  return true;
}

void Runner::weather(const Words& w) {
  SimNetwork::Weather weather;
  for (std::size_t i = 1; i + 1 < w.size(); i += 2) {
    if (w[i] == "loss") weather.loss_percent = static_cast<unsigned>(number_of(w[i + 1]));
    if (w[i] == "duplicates") weather.duplicate_percent = static_cast<unsigned>(number_of(w[i + 1]));
    if (w[i] == "jitter") weather.jitter = duration_of(w[i + 1]).value_or(runtime::Duration{});
  }
  world_.network().set_weather(weather);
}

// "dns is silent", "dns bob.example is at bob", "dns bob.example serves 10 one.bob.example".
void Runner::dns(const Words& w) {
  if (w.size() == 3 && w[2] == "silent") {
    world_.dns().silent = true;
  } else if (w.size() == 5 && w[2] == "is") {
    if (const SimPhone* there = phone(w[4])) world_.dns().address(w[1], there->ip().to_string());
  } else if (w.size() == 5 && w[2] == "serves") {
    world_.dns().service("_sip._udp." + w[1], static_cast<std::uint16_t>(number_of(w[3])), 1, 5060, w[4]);
  } else {
    fail("this sentence is not understood");
  }
}

// "stranger sends sound to alice": RTP with another voice to the media port that the engine gave to alice.
// "stranger sends junk": bytes that are no SIP to the SIP port.
void Runner::stranger(const Words& w) {
  if (w.size() == 3 && w[1] == "tries" && w[2] == "everything") {
    if (const auto problem = try_everything(world_); !problem.empty()) fail(problem);
    return;
  }
  const SocketAddress from{*IpAddress::parse("198.51.100.66"), 30000};
  if (w.size() == 3 && w[2] == "junk") {
    for (const std::string_view junk :
         {"\x16\x03\x01\x02", "GET / HTTP/1.1\r\n\r\n", "INVITE", "\r\n\r\n\r\n", "SIP/2.0 200"}) {
      world_.inject(from, world_.server(), junk);
    }
    return;
  }
  SimPhone* victim = w.size() == 5 ? phone(w[4]) : nullptr;
  if (victim == nullptr || victim->current() == nullptr || !victim->current()->remote_rtp)
    return fail("no media port known");
  for (int i = 0; i < 20; ++i) {
    std::string packet(172, '!');
    packet[0] = static_cast<char>(0x80);
    packet[1] = 8;
    packet[2] = 0;
    packet[3] = static_cast<char>(i);
    world_.inject(from, *victim->current()->remote_rtp, packet);
  }
}

void Runner::act(SimPhone& who, const Words& w) {
  if (dialog_act(who, w)) return;
  const auto& verb = w[0];
  const auto object = w.size() > 1 ? w.back() : std::string{};
  if (verb == "registers") {
    const auto expires =
        w.size() == 3 ? std::chrono::duration_cast<std::chrono::seconds>(*duration_of(w[2])).count() : 3600;
    who.register_at(static_cast<std::uint32_t>(expires));
  } else if (verb == "unregisters") {
    who.register_at(0);
  } else if (verb == "tries" &&
             w.size() == 3) {  // "tries 25 times": to register, each time until it is answered
    for (int i = 0; i < number_of(w[1]); ++i) {
      who.register_at();
      world_.run_for(std::chrono::seconds(5));
    }
  } else if (verb == "has" && w.size() >= 3 && w[1] == "instance") {  // "has instance urn:uuid:1 [flow 2]"
    who.set_instance(w[2], w.size() == 5 ? number_of(w[4]) : 0);
  } else if (verb == "forgets") {
    who.forget_secret();
  } else if (verb == "remembers") {
    who.remember_secret();
  } else if (verb == "calls") {
    SimPhone* callee = world_.phone(object);
    who.call(callee == nullptr ? object : callee->account().number);
  } else if (verb == "answers") {
    who.answer();
  } else if (verb == "rejects") {
    who.reject(number_of(object));
  } else if (verb == "hangs") {
    who.hang_up();
  } else if (verb == "holds") {
    who.hold(true);
  } else if (verb == "resumes") {
    who.hold(false);
  } else if (verb == "presses" && w.size() == 3 && w[1] == "tones") {
    for (const char key : object) who.press_tone(key);
    world_.run_for(kReaction * static_cast<int>(object.size() + 1));
  } else if (verb == "presses") {
    for (const char key : object) {
      who.press(key);
      world_.run_for(kReaction);
    }
  } else if (verb == "sends" && w.size() == 3 && w[1] == "info") {
    who.send_info(object[0]);
  } else if (verb == "is" && object == "silent") {
    who.set_ringing_silently(true);
  } else if (verb == "is" && object == "unplugged") {
    world_.network().unplug(who.ip());
  } else if (verb == "sends" && object == "answering") {  // "sends sound before answering"
    who.set_sound_before_answer(true);
  } else if (verb == "presents" && w.size() == 2) {  // "presents 0123456789"
    who.set_presented(object);
  } else if (verb == "offers" && object == "late") {
    who.set_late_offer(true);
  } else if (verb == "turns" && w.size() == 3 && w[1] == "video") {  // "turns video on"
    who.turn_video(object == "on");
  } else if (verb == "turns" && w.size() == 3 && w[1] == "camera") {
    who.turn_camera(object == "on");
  } else if (verb == "takes" && object == "call") {  // "takes one call"
    who.set_busy_when_talking(true);
  } else {
    fail("this act is not understood");
  }
}

void Runner::expect(const Words& w) {
  if (w[0] == "record") return expect_record(w);
  if (w[0] == "failure") return expect_failure(w);
  if (w[0] == "ladder" && w.size() == 2) return expect_ladder(w[1]);
  if (w[0] == "nothing" && w.back() == "left") return expect_nothing_left();
  if (w[0] == "calls" && w.size() == 2) {
    const auto active = world_.active_calls();
    if (static_cast<int>(active) != number_of(w[1])) fail(fmt::format("there are {} calls", active));
    return;
  }
  if (w.size() == 3 && w[1] == "has") {  // "bob has dnd_enabled=true"
    const auto equals = w[2].find('=');
    const auto is = world_.shown(w[0], w[2].substr(0, equals));
    if (is != w[2].substr(equals + 1)) fail(fmt::format("it is {}", is));
    return;
  }
  if (SimPhone* who = phone(w[0])) expect_phone(*who, Words(w.begin() + 1, w.end()));
}

void Runner::expect_phone(SimPhone& who, const Words& w) {
  if (expect_dialog(who, w) || expect_invite(who, w)) return;
  const auto state_is = [&](SimPhone::State wanted) {
    if (who.state() != wanted) fail(fmt::format("it is {}", name(who.state())));
  };
  const auto* call = who.current();
  if (w[0] == "banned" || w.back() == "banned") {
    expect_ban(who, w);
  } else if (w[0] == "unanswered") {
    if (who.register_status() != 0) fail(fmt::format("the answer was {}", who.register_status()));
  } else if (w[0] == "registered") {
    if (who.register_status() != 200) fail(fmt::format("the answer was {}", who.register_status()));
  } else if (w[0] == "refused" && w.size() == 2) {
    if (who.register_status() != number_of(w[1]))
      fail(fmt::format("the answer was {}", who.register_status()));
  } else if (w[0] == "rings") {
    state_is(SimPhone::State::Ringing);
    if (problem_.empty() && w.size() == 3 && call->from != w[2]) fail(fmt::format("it shows {}", call->from));
  } else if (w[0] == "hears" && w[1] == "ringing") {
    state_is(SimPhone::State::RingBack);
  } else if (w[0] == "hears") {
    expect_hears(who, w);
  } else if (w[0] == "sees" && w.size() == 2) {
    expect_sees(who, w);
  } else if (w[0] == "talks") {
    state_is(SimPhone::State::Talking);
  } else if (w[0] == "idle") {
    state_is(SimPhone::State::Idle);
  } else if (w[0] == "ended") {
    state_is(SimPhone::State::Ended);
    if (problem_.empty() && w.size() == 3 &&
        call->reason.find(fmt::format("cause={}", w[2])) == std::string::npos) {
      fail(fmt::format("the reason given was '{}'", call->reason));
    }
  } else if (w[0] == "got" && w.size() == 2) {
    const int status = call == nullptr ? 0 : call->last_status;
    if (status != number_of(w[1])) fail(fmt::format("it got {}", status));
  } else if (w[0] == "got" && w[1] == "digits") {
    if (who.digits_heard() != (w[2] == "none" ? "" : w[2]))
      fail(fmt::format("it got '{}'", who.digits_heard()));
  } else if (w[0] == "got" && w[1] == "tones") {
    if (who.tones_heard() != (w[2] == "none" ? "" : w[2]))
      fail(fmt::format("it heard '{}'", who.tones_heard()));
  } else if (w[0] == "got" && w[1] == "info") {
    const bool found =
        call != nullptr && !call->infos.empty() && call->infos.back().find("Signal=" + w[2]) == 0;
    if (!found) fail("no such INFO arrived");
  } else {
    fail("this expectation is not understood");
  }
}

void Runner::expect_hears(SimPhone& who, const Words& w) {
  who.take_heard();
  world_.run_for(kListening);
  const auto heard = who.take_heard();
  int total = 0;
  int voices = 0;
  for (const auto& [voice, packets] : heard) {
    total += packets;
    for (const auto& [other, phone] : world_.phones()) {
      if (phone->voice() == voice && packets == heard.at(voice)) voices += packets;
    }
  }
  if (w[1] == "nothing") {
    if (total != 0) fail(fmt::format("it hears {} packets", total));
  } else if (w[1] == "music" || w[1] == "an") {
    if (total - voices < 10) fail(fmt::format("it hears {} packets, {} of them voices", total, voices));
  } else if (w[1] == "itself" || world_.phone(w[1]) != nullptr) {
    const char wanted = w[1] == "itself" ? who.voice() : world_.phone(w[1])->voice();
    const auto found = heard.find(wanted);
    if (found == heard.end() || found->second < 10)
      fail(fmt::format("it hears {} packets, none of that voice", total));
    if (found != heard.end() && found->second != total) fail("it hears something else too");
  } else {
    fail("this sound is not understood");
  }
}

void Runner::expect_sees(SimPhone& who, const Words& w) {
  who.take_seen();
  world_.run_for(kListening);
  const auto seen = who.take_seen();
  if (w[1] == "nothing") {
    if (!seen.empty()) fail("it sees something");
  } else if (const auto* other = world_.phone(w[1]); other == nullptr) {
    fail("this picture is not understood");
  } else if (seen.size() != 1 || seen.begin()->first != other->voice() || seen.begin()->second < 10) {
    fail(fmt::format("it sees {} cameras", seen.size()));
  }
}

// "record ANSWERED cause 16 by caller legs 2"
void Runner::expect_record(const Words& w) {
  world_.run_for(std::chrono::seconds(1));
  if (world_.records().empty()) return fail("nothing was recorded");
  if (world_.shard_count() > 1) return;  // a hand-over shows in the milliseconds and in our Contact
  const auto& record = world_.records().back();
  std::string disposition = w[1];
  if (call::name(record.disposition) != disposition)
    return fail(fmt::format("it says {}", call::name(record.disposition)));
  for (std::size_t i = 2; i + 1 < w.size(); i += 2) {
    if (w[i] == "cause" && static_cast<int>(record.cause) != number_of(w[i + 1])) {
      fail(fmt::format("the cause is {}", static_cast<int>(record.cause)));
    }
    constexpr const char* kBy[] = {"caller", "called", "system"};
    if (w[i] == "by" && w[i + 1] != kBy[static_cast<int>(record.ended_by)]) {
      fail(fmt::format("ended by {}", kBy[static_cast<int>(record.ended_by)]));
    }
    if (w[i] == "legs" && static_cast<int>(record.legs.size()) != number_of(w[i + 1])) {
      fail(fmt::format("it has {} legs", record.legs.size()));
    }
    if (w[i] == "feature" && record.feature != w[i + 1])
      fail(fmt::format("the feature is '{}'", record.feature));
    if (w[i] == "calls" && static_cast<int>(world_.records().size()) != number_of(w[i + 1])) {
      fail(fmt::format("{} calls were recorded", world_.records().size()));
    }
  }
}

// "ladder call_answered": the trace of the last call, word for word as in golden/call_answered.golden.
void Runner::expect_ladder(const std::string& golden) {
  world_.run_for(std::chrono::seconds(1));
  if (world_.records().empty()) return fail("nothing was recorded");
  if (world_.shard_count() > 1) return;  // a hand-over shows in the milliseconds and in our Contact
  const auto trace = world_.records().back().trace.entries();
  std::string text;
  for (const auto& entry : trace) {
    text +=
        fmt::format("{:>6} {:<8} {:<16} {}\n", entry.wall_ms - trace.front().wall_ms, xivo::name(entry.kind),
                    entry.who, model::routing::worded(entry.text, model::Language::English));
  }
  const auto path = (tests::source_dir() / "tests/flow/golden" / (golden + ".golden")).string();
  if (std::getenv("XIVO_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream in(path);
  const std::string wanted{std::istreambuf_iterator<char>(in), {}};
  if (text != wanted)
    fail(fmt::format("it differs from {} (./dev test --update-golden writes it anew):\n{}", path, text));
}

// After 64*T1 every transaction, leg, call and media session must be gone.
void Runner::expect_nothing_left() {
  world_.run_for(std::chrono::seconds(70));
  auto left = world_.left();
  for (const auto& [phone_name, phone] : world_.phones()) {
    for (const auto& call : phone->calls()) {
      if (call->state != SimPhone::State::Ended)
        left += fmt::format("{} is {} ", phone_name, name(call->state));
    }
  }
  if (!left.empty()) fail(left + "left");
}

// "banned wrong_secrets", "not banned"
void Runner::expect_ban(const SimPhone& who, const Words& w) {
  const endpoint::Ban* found = nullptr;
  const auto bans = world_.board().current();
  for (const auto& ban : bans->all()) {
    if (ban.network.contains(who.ip())) found = &ban;
  }
  const std::string wanted = w[0] == "not" ? "" : w.back();
  const std::string is(found == nullptr ? "" : endpoint::name(found->reason));
  if (is != wanted) fail(fmt::format("it is banned for '{}'", is));
}

// "failure 102 WrongSecret"
void Runner::expect_failure(const Words& w) {
  static const std::map<std::string, endpoint::FailureReason> kReasons = {
      {"unknown-user", endpoint::FailureReason::UnknownUser},
      {"wrong-secret", endpoint::FailureReason::WrongSecret},
      {"wrong-transport", endpoint::FailureReason::WrongTransport},
      {"too-many-contacts", endpoint::FailureReason::TooManyContacts},
      {"disabled", endpoint::FailureReason::Disabled}};
  const auto reason = kReasons.find(w.back());
  if (reason == kReasons.end()) return fail("this reason is not understood");
  for (std::size_t i = 0; i < world_.shard_count(); ++i) {
    for (const auto& failure : world_.shard(i).user_agent().failures().of_account(w[1])) {
      if (failure.reason == reason->second) return;
    }
  }
  fail("it is not remembered");
}

}  // namespace

std::string run_flow(const FlowTest& test, unsigned long long seed, unsigned shards) {
  return Runner(seed, shards).run(test);
}

}  // namespace xivo::flow
