// Any row of acts, messages, packets and pauses on the whole engine with calls under way: real phones of the simulated
// world, whose own messages are sent again with something changed, answered by whoever likes, at any moment. Whatever
// happens: a stranger's OPTIONS is answered, everything can be ended, and nothing is left of it.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "world.hpp"

namespace {

using namespace xivo;
using flow::SimPhone;
using flow::World;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kStepsMax = 60;
constexpr std::size_t kRemembered = 24;
constexpr auto kUsualMax = seconds(150);  // of pauses in one run

/// `holds` or the run ends here, with a word for who reads the log.
void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "BROKEN: %s\n", what);
  std::abort();
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
  template <class List>
  const auto& one_of(const List& list) {
    return list[byte() % std::size(list)];
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

constexpr std::array<std::string_view, 14> kMethods{"INVITE",    "ACK",     "BYE",      "CANCEL",    "UPDATE",
                                                    "PRACK",     "INFO",    "OPTIONS",  "NOTIFY",    "REFER",
                                                    "SUBSCRIBE", "MESSAGE", "REGISTER", "NEWFANGLED"};
constexpr std::array<int, 17> kStatuses{100, 180, 181, 183, 199, 200, 202, 302, 401,
                                        408, 422, 481, 486, 487, 491, 503, 603};
constexpr std::array<std::string_view, 24> kFields{
    "Require: 100rel",
    "Supported: 100rel, timer, replaces",
    "RSeq: 1",
    "RSeq: 4294967295",
    "RAck: 1 1 INVITE",
    "Session-Expires: 90;refresher=uas",
    "Session-Expires: 0",
    "Min-SE: 4294967295",
    "Refer-To: <sip:103@192.0.2.1>",
    "Refer-To: <sip:103@192.0.2.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
    "Replaces: a;to-tag=b;from-tag=c",
    "Event: refer",
    "Event: dialog",
    "Subscription-State: terminated",
    "Record-Route: <sip:192.0.2.66;lr>",
    "Route: <sip:192.0.2.1;lr>",
    "Contact: <sip:x@192.0.2.12:9>",
    "Contact: *",
    "Max-Forwards: 0",
    "Expires: 1",
    "Reason: Q.850;cause=16",
    "Content-Encoding: gzip",
    "P-Asserted-Identity: <sip:102@192.0.2.1>",
    "Retry-After: 1"};
constexpr std::array<std::string_view, 8> kBodies{
    "",
    "v=0\r\no=- 1 2 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8\r\n",
    "v=0\r\no=- 1 3 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 "
    "8\r\na=sendonly\r\n",
    "v=0\r\no=- 1 4 IN IP4 192.0.2.11\r\ns=-\r\nc=IN IP4 192.0.2.11\r\nt=0 0\r\nm=audio 0 RTP/AVP 8\r\n",
    "v=0\r\no=- 1 5 IN IP4 192.0.2.11\r\ns=-\r\nc=IN IP4 192.0.2.11\r\nt=0 0\r\nm=audio 20000 RTP/AVP 96\r\n"
    "a=rtpmap:96 opus/48000/2\r\nm=video 20002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n",
    "v=0\r\no=- 1 6 IN IP4 192.0.2.12\r\ns=-\r\nt=0 0\r\nm=audio 20000 RTP/SAVP 8\r\nc=IN IP4 192.0.2.12\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
    "v=0\r\no=- 1 7 IN IP4 192.0.2.12\r\ns=-\r\nc=IN IP4 192.0.2.12\r\nt=0 0\r\nm=image 20000 udptl t38\r\n",
    "Signal=5\r\nDuration=160\r\n"};

/// A message that went over the wire, in pieces.
struct Copy {
  SocketAddress from, to;
  std::string start;
  std::vector<std::string> fields;
  std::string body;

  Copy(const SocketAddress& source, const SocketAddress& target, std::string_view bytes)
      : from(source), to(target) {
    const auto end = bytes.find("\r\n\r\n");
    if (end != std::string_view::npos) body = bytes.substr(end + 4);
    auto head = bytes.substr(0, end);
    start = head.substr(0, head.find("\r\n"));
    while (head.find("\r\n") != std::string_view::npos) {
      head.remove_prefix(head.find("\r\n") + 2);
      fields.emplace_back(head.substr(0, head.find("\r\n")));
    }
  }
  [[nodiscard]] bool is_response() const { return start.starts_with("SIP/"); }
  std::string* field(std::string_view name) {
    for (auto& line : fields) {
      if (line.size() > name.size() && line[name.size()] == ':' &&
          text::equal_ignoring_case(std::string_view(line).substr(0, name.size()), name))
        return &line;
    }
    return nullptr;
  }
  void set_body(std::string text) {
    body = std::move(text);
    if (auto* length = field("Content-Length")) *length = fmt::format("Content-Length: {}", body.size());
  }
  void set_method(std::string_view method) {
    if (is_response()) return;
    start = std::string(method) + start.substr(start.find(' '));
    if (auto* cseq = field("CSeq")) *cseq = cseq->substr(0, cseq->rfind(' ') + 1) + std::string(method);
  }
  void add_to_cseq(int more) {
    auto* cseq = field("CSeq");
    if (cseq == nullptr) return;
    const auto space = cseq->rfind(' ');
    const auto number =
        text::parse_decimal<std::uint32_t>(std::string_view(*cseq).substr(6, space - 6)).value_or(0);
    *cseq = fmt::format("CSeq: {}{}", number + static_cast<std::uint32_t>(more), cseq->substr(space));
  }
  /// What a phone answers to a request of the engine.
  void become_response(int status) {
    if (is_response()) return;
    start = fmt::format("SIP/2.0 {} Whatever", status);
    std::swap(from, to);
    if (auto* line = field("To"); line != nullptr && line->find(";tag=") == std::string::npos)
      *line += ";tag=fz";
    fields.emplace_back("Contact: <sip:fz@" + from.ip.to_string() + ">");
  }
  [[nodiscard]] std::string bytes() const {
    std::string all = start + "\r\n";
    for (const auto& line : fields) all += line + "\r\n";
    return all + "\r\n" + body;
  }
};

class Session {
 public:
  Session() : world_(7) {
    for (const auto& [name, number] : {std::pair{"alice", "101"}, {"bob", "102"}, {"carol", "103"}}) {
      phones_.push_back(&world_.add_phone(name, number));
    }
    world_.network().set_tap([this](const auto& from, const auto& to, std::string_view bytes) {
      if (from.port == 5060 && to.port == 5060) remember(from, to, bytes);
      if (from.ip == world_.server().ip && from.port != 5060) media_port_ = from;
    });
    for (auto* phone : phones_) phone->register_at();
    world_.run_for(milliseconds(100));
    phones_[0]->call("102");
    world_.run_for(milliseconds(100));
  }

  void run(Choices choices) {
    for (int step = 0; step < kStepsMax && !choices.over(); ++step) act(choices);
    world_.network().set_weather({});
    a_stranger_is_answered();
    end();
  }

 private:
  void remember(const SocketAddress& from, const SocketAddress& to, std::string_view bytes) {
    if (from.ip == stranger_.ip || to.ip == stranger_.ip) return;
    sent_.emplace_back(from, to, bytes);
    if (sent_.size() > kRemembered) sent_.pop_front();
  }

  void act(Choices& choices) {
    SimPhone& phone = *choices.one_of(phones_);
    switch (choices.byte() % 16) {
      case 0:
        if (phone.calls().size() < 6)
          phone.call(choices.one_of(std::array{"102", "103", "*55", "199", "101"}));
        break;
      case 1: phone.answer(); break;
      case 2: phone.reject(choices.one_of(kStatuses)); break;
      case 3: phone.hang_up(); break;
      case 4: phone.hold((choices.byte() & 1) != 0); break;
      case 5: phone.press("0123456789*#ABCD"[choices.byte() & 15]); break;
      case 6: phone.send_info('5'); break;
      case 7: behave(phone, choices.byte()); break;
      case 8: packet(choices, phone); break;
      case 9: weather(choices); break;
      case 10:
      case 11: pause(choices); break;
      default: send_again(choices); break;
    }
    world_.run_for(milliseconds(5));
  }

  static void behave(SimPhone& phone, std::uint8_t how) {
    phone.set_ringing_silently((how & 1) != 0);
    phone.set_sound_before_answer((how & 2) != 0);
    phone.set_busy_when_talking((how & 4) != 0);
    phone.set_late_offer((how & 8) != 0);
  }

  void weather(Choices& choices) {
    flow::SimNetwork::Weather weather;
    weather.loss_percent = choices.byte() % 40;
    weather.duplicate_percent = choices.byte() % 40;
    weather.jitter = milliseconds(choices.byte() % 64);
    world_.network().set_weather(weather);
  }

  void pause(Choices& choices) {
    const auto wanted = choices.one_of(std::array<runtime::Duration, 8>{
        milliseconds(1), milliseconds(20), milliseconds(200), milliseconds(600), seconds(2), seconds(5),
        seconds(12), seconds(33)});
    if (paused_ + wanted > kUsualMax) return;
    paused_ += wanted;
    world_.run_for(wanted);
  }

  void packet(Choices& choices, SimPhone& phone) {
    const auto kind = choices.byte();
    auto bytes = choices.bytes(kind % 64);
    if ((kind & 0x80) != 0 && !bytes.empty()) bytes[0] = static_cast<char>(0x80);
    auto to = media_port_;
    if ((kind & 0x40) != 0) ++to.port;  // RTCP's
    world_.inject({phone.ip(), 20000}, to, bytes);
  }

  void send_again(Choices& choices) {
    if (sent_.empty()) return;
    Copy copy = sent_[choices.byte() % sent_.size()];
    if (copy.to.ip !=
        world_.server().ip) {  // the engine's own: answered, or given back as a request of the other side
      if (choices.byte() % 4 != 0) {
        copy.become_response(choices.one_of(kStatuses));
      } else {
        turn_round(copy);
      }
    }
    for (int left = choices.byte() % 4; left > 0; --left) change(copy, choices);
    world_.inject(copy.from, copy.to, copy.bytes());
  }

  static void turn_round(Copy& copy) {
    std::swap(copy.from, copy.to);
    auto* from = copy.field("From");
    auto* to = copy.field("To");
    if (from == nullptr || to == nullptr) return;
    std::string old = from->substr(5);
    *from = "From:" + to->substr(3);
    *to = "To:" + old;
  }

  static void change(Copy& copy, Choices& choices) {
    std::string& field = copy.fields[choices.byte() % copy.fields.size()];
    switch (choices.byte() % 10) {
      case 0: copy.set_method(choices.one_of(kMethods)); break;
      case 1: copy.add_to_cseq(static_cast<signed char>(choices.byte())); break;
      case 2:
        if (auto* via = copy.field("Via")) *via += fmt::format(";branch=z9hG4bKfz{}", choices.byte());
        if (auto* via = copy.field("Via")) {
          const auto at = via->find(";branch=");
          *via = via->substr(0, at) + fmt::format(";branch=z9hG4bKfz{};rport", choices.byte());
        }
        break;
      case 3: copy.set_body(std::string(choices.one_of(kBodies))); break;
      case 4: copy.set_body(choices.bytes(choices.byte())); break;
      case 5: copy.fields.emplace_back(choices.one_of(kFields)); break;
      case 6: copy.fields.emplace_back(field); break;
      case 7:
        if (copy.fields.size() > 1) copy.fields.erase(copy.fields.begin() + (&field - copy.fields.data()));
        break;
      case 8: field[choices.byte() % field.size()] = static_cast<char>(choices.byte()); break;
      default:
        if (auto* type = copy.field("Content-Type")) *type = "Content-Type: " + choices.bytes(8);
        copy.fields.emplace_back("Content-Type: application/sdp");
        break;
    }
  }

  void a_stranger_is_answered() {
    bool answered = false;
    world_.network().attach(stranger_.ip, [&](const auto&, const auto&, const std::string& bytes) {
      answered = answered || bytes.starts_with("SIP/2.0 ");
    });
    world_.inject(stranger_, world_.server(),
                  "OPTIONS sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKstranger\r\n"
                  "Max-Forwards: 70\r\nFrom: <sip:s@198.51.100.77>;tag=s\r\nTo: <sip:192.0.2.1>\r\nCall-ID: "
                  "stranger\r\n"
                  "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
    world_.run_for(milliseconds(10));
    world_.network().detach(stranger_.ip);
    check(answered, "an OPTIONS of somebody else is not answered");
  }

  void end() {
    auto& shard = world_.shard();
    for (auto* phone : phones_) {
      behave(*phone, 0);
      phone->hang_up();
    }
    world_.run_for(seconds(2));
    shard.calls().hang_up_all(call::Cause::NormalClearing);
    for (auto* phone : phones_) world_.network().detach(phone->ip());
    world_.run_for(seconds(150));
    const auto& transactions = shard.user_agent().transactions();
    check(shard.calls().call_count() == 0, "a call is left");
    check(shard.calls().leg_count() == 0, "a leg is left");
    check(world_.media().open_count() == 0, "a media session is left");
    check(transactions.server_count() == 0, "a server transaction is left");
    check(transactions.client_count() == 0, "a client transaction is left");
    check(world_.records().size() == shard.calls().processed(), "a call without a record");
  }

  World world_;
  std::vector<SimPhone*> phones_;
  std::deque<Copy> sent_;
  SocketAddress media_port_{*IpAddress::parse("192.0.2.1"), 10000};
  runtime::Duration paused_{};
  const SocketAddress stranger_{*IpAddress::parse("198.51.100.77"), 5060};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  set_bugs_abort(true);
  Session session;
  session.run({data, size});
  return 0;
}
