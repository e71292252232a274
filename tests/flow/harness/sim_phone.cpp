#include "sim_phone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "media/codec/key_sound.hpp"
#include "media/g711.hpp"
#include "sdp/parse.hpp"
#include "sip/writer.hpp"

namespace xivo::flow {
namespace {
constexpr std::uint8_t kPcma = 8;
constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kEvents = 101;
constexpr std::uint8_t kVp8 = 96;
constexpr auto kPacket = std::chrono::milliseconds(20);
constexpr std::size_t kSamples = 160;
constexpr std::string_view kKeys = "0123456789*#ABCD";

// A voice is a byte of A-law, also where a phone speaks µ-law.
char to_mu_law(char byte) {
  const auto sample = media::decode_sample(media::G711::ALaw, static_cast<std::uint8_t>(byte));
  return static_cast<char>(media::encode_sample(media::G711::MuLaw, sample));
}
char from_mu_law(char byte) {
  const auto sample = media::decode_sample(media::G711::MuLaw, static_cast<std::uint8_t>(byte));
  return static_cast<char>(media::encode_sample(media::G711::ALaw, sample));
}
}  // namespace

SimPhone::SimPhone(const runtime::Scheduler& scheduler, SimNetwork& network, const IpAddress& ip,
                   const SocketAddress& server, Account account, char voice)
    : scheduler_(scheduler),
      network_(network),
      ip_(ip),
      server_(server),
      account_(std::move(account)),
      secret_(account_.secret),
      voice_(voice),
      wire_(network, {ip, kSipPort}),
      transactions_(scheduler, wire_, *this, 9) {
  network_.attach(ip, [this](const SocketAddress& from, const SocketAddress& to, std::string bytes) {
    if (to.port == kRtpPort) return on_rtp(bytes);
    if (to.port == kVideoPort && bytes.size() > 12) ++seen_[bytes[12]];
    if (to.port != kSipPort) return;
    sip::Flow flow;
    flow.local = to;
    flow.remote = from;
    transactions_.on_message(flow, bytes.data(), bytes.size());
  });
  register_call_id_ = scheduler_.rng.token(12);
  contact_user_ = account_.name;
  talk_timer_ = scheduler_.timers.set(kPacket, [this] { talk(); });
}

SimPhone::~SimPhone() {
  scheduler_.timers.cancel(talk_timer_);
  network_.detach(ip_);
}

std::size_t SimPhone::open_transactions() const {
  return transactions_.server_count() + transactions_.client_count();
}

SimPhone::CallSide* SimPhone::current() { return calls_.empty() ? nullptr : calls_.back().get(); }

SimPhone::State SimPhone::state() const { return calls_.empty() ? State::Idle : calls_.back()->state; }

SimPhone::CallSide* SimPhone::find(std::string_view call_id) {
  for (auto& call : calls_) {
    if (call->call_id == call_id) return call.get();
  }
  return nullptr;
}

std::string SimPhone::contact() const {
  return fmt::format("<sip:{}@{}:{}>", contact_user_, ip_.to_string(), kSipPort);
}

std::string SimPhone::sdp(std::string_view direction, const std::vector<int>& payload_types) {
  std::string types;
  std::string maps;
  for (const int type : payload_types.empty() ? codecs_ : payload_types) {
    types += fmt::format(" {}", type);
    if (type == kEvents) maps += "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n";
  }
  has_said_video_ = has_said_video_ || video_;
  return fmt::format(
      "v=0\r\no=- 1 {} IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\nm=audio {} RTP/AVP{}\r\n"
      "{}a=ptime:20\r\na={}\r\n{}",
      ++sdp_version_, ip_.to_string(), ip_.to_string(), kRtpPort, types, maps, direction,
      has_said_video_ ? video_line(video_, direction) : std::string{});
}

std::string SimPhone::video_line(bool taken, std::string_view direction) const {
  if (!taken) return fmt::format("m=video 0 RTP/AVPF {}\r\n", kVp8);
  if (!camera_ && direction == "sendrecv") direction = "recvonly";
  return fmt::format("m=video {} RTP/AVPF {}\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na={}\r\n",
                     kVideoPort, kVp8, direction);
}

void SimPhone::turn_video(bool on) {
  video_ = on;
  say_again();
}

void SimPhone::turn_camera(bool on) {
  camera_ = on;
  say_again();
}

void SimPhone::say_again() {
  CallSide* call = current();
  if (call != nullptr && call->state == State::Talking)
    send_change(*call, sip::Method::Invite, sdp("sendrecv", call->wanted));
}

// The answer to what was offered: what the phone has of it, held when the phone holds.
std::string SimPhone::answer_sdp(CallSide& call, std::string_view offer) {
  const auto session = sdp::parse(offer);
  if (!session || session->medias.empty()) return sdp();
  const auto& own = call.wanted.empty() ? codecs_ : call.wanted;
  std::vector<int> taken;
  for (const auto& format : session->medias[0].formats) {
    if (std::find(own.begin(), own.end(), format.payload_type) != own.end())
      taken.push_back(format.payload_type);
  }
  if (taken.empty() || taken == std::vector<int>{kEvents}) return {};
  call.agreed = taken;
  const auto theirs = session->direction_of(session->medias[0]);
  const bool held = theirs == sdp::Direction::SendOnly || theirs == sdp::Direction::Inactive;
  std::string_view direction = call.on_hold ? "sendonly" : "sendrecv";
  if (held) direction = call.on_hold ? "inactive" : "recvonly";
  // As many lines as were offered, whatever was said before.
  const bool offered = session->medias.size() > 1 && session->medias[1].type == "video";
  has_said_video_ = false;
  const bool video = std::exchange(video_, false);
  auto answer = sdp(direction, taken);
  video_ = video;
  has_said_video_ = offered;
  if (offered) answer += video_line(video_ && session->medias[1].port != 0, direction);
  return answer;
}

std::size_t SimPhone::token_of(const CallSide& call) const {
  std::size_t index = 0;
  while (calls_[index].get() != &call) ++index;
  return index + 1;
}

// ---------------------------------------------------------------------------------------------------- registering

void SimPhone::register_at(std::uint32_t expires, std::string_view contact_user) {
  register_expires_ = expires;
  if (!contact_user.empty()) contact_user_ = contact_user;
  register_tried_credentials_ = false;
  register_status_ = 0;
  send_register({});
}

void SimPhone::set_instance(std::string_view urn, int flow) {
  contact_parameters_ = fmt::format(";+sip.instance=\"<{}>\"", urn);
  register_lines_ = "Supported: gruu\r\n";
  if (flow == 0) return;
  contact_parameters_ += fmt::format(";reg-id={}", flow);
  register_lines_ = "Supported: outbound, gruu\r\n";
}

void SimPhone::send_register(const std::string& authorization) {
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  const auto uri = "sip:" + server_.ip.to_string();
  auto writer = sip::Writer::request(sip::Method::Register, uri);
  const auto aor = fmt::format("<sip:{}@{}>", account_.name, server_.ip.to_string());
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow, branch))
      .add(sip::HeaderId::MaxForwards, std::uint64_t{70})
      .add(sip::HeaderId::From, aor + ";tag=" + scheduler_.rng.token(8))
      .add(sip::HeaderId::To, aor)
      .add(sip::HeaderId::CallId, register_call_id_)
      .add(sip::HeaderId::CSeq, fmt::format("{} REGISTER", ++register_cseq_))
      .add(sip::HeaderId::Contact, contact() + contact_parameters_)
      .raw(register_lines_)
      .add(sip::HeaderId::Expires, std::uint64_t{register_expires_});
  if (!authorization.empty()) writer.add(sip::HeaderId::Authorization, authorization);
  transactions_.start(flow, sip::Method::Register, std::move(branch), writer.finish(), kRegisterToken);
}

std::string SimPhone::credentials(const sip::Message& challenge, std::string_view method,
                                  std::string_view uri) {
  const auto value = challenge.header(sip::HeaderId::WwwAuthenticate);
  if (!value) return {};
  const auto parameters = sip::digest::parse(*value);
  if (!parameters) return {};
  return sip::digest::answer(*parameters, {account_.name, account_.secret}, method, uri,
                             scheduler_.rng.token(8), 1);
}

void SimPhone::on_register_response(const sip::Message& response) {
  if (response.status() < 200) return;
  if (response.status() == 401 && !std::exchange(register_tried_credentials_, true)) {
    return send_register(credentials(response, "REGISTER", "sip:" + server_.ip.to_string()));
  }
  register_status_ = response.status();
}

// ---------------------------------------------------------------------------------------------------- calling

void SimPhone::call(const std::string& number) {
  auto call = std::make_unique<CallSide>();
  call->call_id = scheduler_.rng.token(16);
  call->local_tag = scheduler_.rng.token(8);
  call->number = number;
  calls_.push_back(std::move(call));
  send_invite(*calls_.back(), {});
}

/// What was dialled may be a whole address: "102@192.0.2.1;gr=urn:uuid:1".
std::string SimPhone::uri_of(const CallSide& call) const {
  if (call.number.find('@') != std::string::npos) return "sip:" + call.number;
  return fmt::format("sip:{}@{}", call.number, server_.ip.to_string());
}

void SimPhone::send_invite(CallSide& call, const std::string& authorization) {
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  const auto uri = uri_of(call);
  auto writer = sip::Writer::request(sip::Method::Invite, uri);
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow, branch))
      .add(sip::HeaderId::MaxForwards, std::uint64_t{70})
      .add(sip::HeaderId::From,
           fmt::format("<sip:{}@{}>;tag={}", presented_.empty() ? account_.name : presented_,
                       server_.ip.to_string(), call.local_tag))
      .add(sip::HeaderId::To, "<" + uri + ">")
      .add(sip::HeaderId::CallId, call.call_id)
      .add(sip::HeaderId::CSeq, fmt::format("{} INVITE", call.cseq))
      .add(sip::HeaderId::Contact, contact())
      .raw(invite_lines());
  if (!authorization.empty()) writer.add(sip::HeaderId::Authorization, authorization);
  auto bytes = late_offer_ ? writer.finish() : writer.finish("application/sdp", sdp());
  call.client =
      transactions_.start(flow, sip::Method::Invite, std::move(branch), std::move(bytes), token_of(call));
}

void SimPhone::on_invite_response(CallSide& call, const sip::Message& response) {
  const int status = response.status();
  if (status < 200) {
    return take_provisional(call, response);
  }
  if (status < 300) {
    if (!call.dialog) {
      auto dialog = sip::Dialog::from_response(response, call.cseq);
      if (!dialog) return;
      call.dialog = std::move(*dialog);
    }
    if (call.state == State::Calling || call.state == State::RingBack) {
      call.dialog->confirm(response);
      call.state = State::Talking;
      start_session(call, response);
    }
    take_sdp(call, response.body());
    if (acknowledges_) send_ack(call, response);
    if (call.state == State::Ended)
      send_in_dialog(call, sip::Method::Bye);  // hung up while the answer was on its way
    return;
  }
  if (status == 401 && !std::exchange(call.tried_credentials, true)) {
    ++call.cseq;
    if (call.state == State::Ended) return;
    return send_invite(call, credentials(response, "INVITE", uri_of(call)));
  }
  call.last_status = status;
  last_error_ = response.header(sip::HeaderId::Warning).value_or(std::string_view{});
  const auto least = response.number(sip::HeaderId::MinSE);
  if (status == 422 && least && *least && least_session_ < **least) {
    least_session_ = **least;
    ++call.cseq;
    call.tried_credentials = false;
    return send_invite(call, {});
  }
  end(call, &response);
}

void SimPhone::send_ack(CallSide& call, const sip::Message& response) {
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto writer = call.dialog->request(sip::Method::Ack,
                                     sip::TransactionLayer::via_value(flow, transactions_.new_branch()),
                                     response.cseq().number);
  const bool answers = late_offer_ && response.cseq().number == call.cseq && !response.body().empty();
  transactions_.send_stateless(
      flow, answers ? writer.finish("application/sdp", answer_sdp(call, response.body())) : writer.finish());
}

void SimPhone::send_in_dialog(CallSide& call, sip::Method method, std::string_view type,
                              std::string_view body) {
  if (!call.dialog) return;
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  auto writer = call.dialog->request(method, sip::TransactionLayer::via_value(flow, branch));
  transactions_.start(flow, method, std::move(branch), writer.finish(type, body), token_of(call));
}

void SimPhone::hang_up() {
  for (auto it = calls_.rbegin(); it != calls_.rend(); ++it) {
    CallSide& call = **it;
    if (call.state == State::Ended) continue;
    if (call.state == State::Ringing) return reject(486);
    if (call.state == State::Talking) {
      send_in_dialog(call, sip::Method::Bye);
    } else {
      transactions_.cancel(call.client);
    }
    call.state = State::Ended;
    return;
  }
}

void SimPhone::hold(bool on) {
  CallSide* call = current();
  if (call == nullptr || call->state != State::Talking) return;
  call->on_hold = on;
  send_change(*call, sip::Method::Invite, sdp(on ? "sendonly" : "sendrecv", call->wanted));
}

void SimPhone::send_info(char key) {
  if (CallSide* call = current()) {
    send_in_dialog(*call, sip::Method::Info, "application/dtmf-relay",
                   fmt::format("Signal={}\r\nDuration=160\r\n", key));
  }
}

// ---------------------------------------------------------------------------------------------------- being called

void SimPhone::respond(sip::ServerTransactionId id, const sip::Message& request, int status,
                       std::string_view tag, std::string_view body, std::string_view lines) {
  auto writer = sip::response_to(request, status, tag, {server_.ip.to_string(), server_.port});
  writer.copy(sip::HeaderId::RecordRoute, request).add(sip::HeaderId::Contact, contact()).raw(lines);
  if (updates_) writer.add(sip::HeaderId::Allow, "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK");
  transactions_.respond(id, status, writer.finish(body.empty() ? "" : "application/sdp", body));
}

void SimPhone::respond_to_invite(CallSide& call, int status, std::string_view body, std::string_view lines) {
  std::string copy = call.invite_copy;
  const auto request = sip::Message::parse(copy.data(), copy.size());
  if (request) respond(call.invite, *request, status, call.local_tag, body, lines);
}

void SimPhone::on_invite(sip::ServerTransactionId id, const sip::Message& request) {
  if (!request.to().tag().empty()) {
    CallSide* call = find(request.call_id());
    if (call == nullptr) return respond(id, request, 481, {});
    return on_change_request(id, request, *call);
  }
  if (silent_) return;
  if (busy_when_talking_ && state() == State::Talking)
    return respond(id, request, 486, scheduler_.rng.token(8));
  auto call = std::make_unique<CallSide>();
  call->local_tag = scheduler_.rng.token(8);
  if (!judge_session(*call, id, request)) return;
  call->incoming = true;
  call->state = State::Ringing;
  call->call_id = request.call_id();
  call->invite = id;
  call->from = fmt::format("{} <{}>", request.from().display_name, request.from().uri.user);
  if (const auto uri = request.request_uri()) call->asked_for = uri->user_unescaped();
  call->from_number = request.from().uri.user_unescaped();
  call->addressed_to = request.to().uri.user_unescaped();
  const auto diversions = request.name_addrs(sip::HeaderId::Diversion);
  if (diversions && !diversions->empty()) call->diverted_by = diversions->front().uri.user_unescaped();
  for (const auto& field : request.headers())
    call->invite_copy += fmt::format("{}: {}\r\n", field.name, field.value);
  call->invite_copy = fmt::format("INVITE {} SIP/2.0\r\n{}\r\n{}", request.request_uri_text(),
                                  call->invite_copy, request.body());
  take_sdp(*call, request.body());
  if (auto dialog = sip::Dialog::from_request(request, call->local_tag)) call->dialog = std::move(*dialog);
  calls_.push_back(std::move(call));
  CallSide& ringing = *calls_.back();
  if (forks_ != 0) return ring_as_forks(ringing);
  if (early_) {
    ringing.early_media = true;
    ringing.early_sdp = answer_sdp(ringing, request.body());
  }
  const int status = early_ ? 183 : 180;
  if (reliable_) return send_reliably(ringing, status, ringing.early_sdp);
  respond_to_invite(ringing, status, ringing.early_sdp);
}

void SimPhone::answer() {
  CallSide* call = current();
  if (call == nullptr || call->state != State::Ringing) return;
  if (reliable_ && !call->pracked && call->early_media) {
    call->answer_waits = true;
    return;
  }
  call->state = State::Talking;
  std::string copy = call->invite_copy;
  const auto request = sip::Message::parse(copy.data(), copy.size());
  auto body = call->early_sdp;
  if (body.empty()) body = request ? answer_sdp(*call, request->body()) : sdp();
  if (reliable_ && call->early_media) body = {};
  respond_to_invite(*call, 200, body, call->session_lines);
  if (call->refresher) refresh_later(token_of(*call) - 1);
}

void SimPhone::reject(int status) {
  CallSide* call = current();
  if (call == nullptr || call->state != State::Ringing) return;
  respond_to_invite(*call, status);
  call->state = State::Ended;
}

void SimPhone::end(CallSide& call, const sip::Message* because) {
  call.state = State::Ended;
  if (because == nullptr) return;
  if (const auto reason = because->header(sip::HeaderId::Reason)) call.reason = *reason;
}

// ---------------------------------------------------------------------------------------------------- transactions

void SimPhone::on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow&) {
  if (request.method() == sip::Method::Invite) return on_invite(id, request);
  if (request.method() == sip::Method::Message) return on_text(id, request);
  if (request.method() == sip::Method::Notify) return on_notify(id, request);
  CallSide* call = find(request.call_id());
  if (call == nullptr) return respond(id, request, request.method() == sip::Method::Options ? 200 : 481, "x");
  if (request.method() == sip::Method::Update) return on_change_request(id, request, *call);
  if (request.method() == sip::Method::Prack) return on_prack(id, request, *call);
  respond(id, request, 200, call->local_tag);
  if (request.method() == sip::Method::Bye) end(*call, &request);
  if (request.method() == sip::Method::Info) call->infos.emplace_back(request.body());
}

void SimPhone::on_ack(const sip::Message& ack, const sip::Flow&) {
  CallSide* call = find(ack.call_id());
  if (call == nullptr) return;
  transactions_.acknowledged(call->invite);
  call->acknowledged = true;
  if (!ack.body().empty()) take_sdp(*call, ack.body());
}

void SimPhone::on_cancel(sip::ServerTransactionId invite) {
  for (auto& call : calls_) {
    if (call->invite != invite || !call->incoming) continue;
    respond_to_invite(*call, 487);
    end(*call, nullptr);
  }
}

void SimPhone::on_ack_timeout(sip::ServerTransactionId invite) {
  for (auto& call : calls_) {
    if (call->invite == invite) call->state = State::Ended;
  }
}

void SimPhone::on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                           const sip::Flow&) {
  if (token == kRegisterToken) return on_register_response(response);
  if (token == kTextToken) {
    if (response.status() == 401 && !std::exchange(text_tried_, true))
      return send_text(
          credentials(response, "MESSAGE", fmt::format("sip:{}@{}", text_number_, server_.ip.to_string())));
    text_answer_ = response.status();
    return;
  }
  if (token >= kLampTokens && token - kLampTokens < lamps_.size())
    return on_subscribe_response(lamps_[token - kLampTokens], response);
  if (token == 0 || token > calls_.size()) return;
  CallSide& call = *calls_[token - 1];
  if (id == call.client) return on_invite_response(call, response);
  if (response.status() < 200) return;
  call.request_status = response.status();
  if (id == call.change) return on_change_response(call, response);
  // A repeat of an answer to an earlier re-INVITE.
  if (response.method() == sip::Method::Invite && response.status() < 300) send_ack(call, response);
}

void SimPhone::on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure) {
  if (token == 0 || token > calls_.size()) return;
  CallSide& call = *calls_[token - 1];
  if (id == call.client) call.state = State::Ended;
}

void SimPhone::on_stray_response(const sip::Message&, const sip::Flow&) {}

// ---------------------------------------------------------------------------------------------------- sound

void SimPhone::take_sdp(CallSide& call, std::string_view body) {
  const auto session = sdp::parse(body);
  if (!session || session->medias.empty()) return;
  call.remote_rtp = session->rtp_address_of(session->medias[0]);
  const bool video = session->medias.size() > 1 && session->medias[1].type == "video";
  call.remote_video = video ? session->rtp_address_of(session->medias[1]) : std::nullopt;
  call.video_direction = video ? sdp::name(session->direction_of(session->medias[1])) : std::string_view{};
  call.agreed.clear();
  for (const auto& format : session->medias[0].formats) call.agreed.push_back(format.payload_type);
}

void SimPhone::talk() {
  talk_timer_ = scheduler_.timers.set(kPacket, [this] { talk(); });
  for (auto& call : calls_) {
    const bool talking = call->state == State::Talking && !call->on_hold;
    const bool early = call->early_media && (call->state == State::Ringing || call->state == State::RingBack);
    if (!(talking || early) || !call->remote_rtp) continue;
    const auto type = static_cast<std::uint8_t>(call->agreed.empty() ? kPcma : call->agreed.front());
    send_rtp(*call->remote_rtp, type, next_sound(type == kPcmu ? media::G711::MuLaw : media::G711::ALaw),
             false);
    if (video_ && camera_ && call->remote_video) send_picture(*call->remote_video);
  }
}

void SimPhone::send_picture(const SocketAddress& to) {
  std::string packet(12 + 100, voice_);
  packet[0] = static_cast<char>(0x80);
  packet[1] = static_cast<char>(kVp8);
  packet[2] = static_cast<char>(sequence_ >> 8);
  packet[3] = static_cast<char>(sequence_ & 0xff);
  network_.send({ip_, kVideoPort}, to, packet);
}

// Twenty milliseconds of the voice, or of the keys that are pressed.
std::string SimPhone::next_sound(media::G711 law) {
  if (tones_.empty()) {
    const char byte = law == media::G711::MuLaw ? to_mu_law(voice_) : voice_;
    return std::string(kSamples, byte);
  }
  tones_.resize(std::max(tones_.size(), kSamples));
  std::string encoded(kSamples, '\0');
  media::encode(law, std::span(tones_).first(kSamples),
                {reinterpret_cast<std::uint8_t*>(encoded.data()), kSamples});
  tones_.erase(tones_.begin(), tones_.begin() + kSamples);
  return encoded;
}

void SimPhone::press_tone(char key) {
  const auto tone = media::key_tones(key).samples;
  tones_.insert(tones_.end(), tone.begin(), tone.end());
}

void SimPhone::press(char key) {
  CallSide* call = current();
  if (call == nullptr || !call->remote_rtp) return;
  const auto event = static_cast<char>(kKeys.find(key));
  const auto start = timestamp_;
  for (int packet = 0; packet < 6; ++packet) {
    const bool last = packet >= 3;  // RFC 4733 §2.5.1.4: the end is said three times
    const auto duration = static_cast<std::uint16_t>(160 * (std::min(packet, 3) + 1));
    const char payload[] = {event, static_cast<char>((last ? 0x80 : 0) | 10),
                            static_cast<char>(duration >> 8), static_cast<char>(duration & 0xff)};
    timestamp_ = start;
    send_rtp(*call->remote_rtp, kEvents, std::string_view(payload, 4), packet == 0);
  }
  timestamp_ = start + 640;
}

void SimPhone::send_rtp(const SocketAddress& to, std::uint8_t payload_type, std::string_view payload,
                        bool marker) {
  std::string packet(12, '\0');
  packet[0] = static_cast<char>(0x80);
  packet[1] = static_cast<char>(payload_type | (marker ? 0x80 : 0));
  const auto sequence = sequence_++;
  packet[2] = static_cast<char>(sequence >> 8);
  packet[3] = static_cast<char>(sequence & 0xff);
  for (int i = 0; i < 4; ++i) packet[4 + i] = static_cast<char>(timestamp_ >> (24 - 8 * i));
  for (int i = 0; i < 4; ++i) packet[8 + i] = voice_;  // SSRC
  timestamp_ += 160;
  network_.send({ip_, kRtpPort}, to, packet.append(payload));
}

void SimPhone::on_rtp(std::string_view bytes) {
  if (bytes.size() < 13 || (static_cast<unsigned char>(bytes[0]) & 0xc0) != 0x80) return;
  const auto payload_type = static_cast<std::uint8_t>(bytes[1] & 0x7f);
  if (payload_type != kEvents) {
    ++heard_[payload_type == kPcmu ? from_mu_law(bytes[12]) : bytes[12]];
    return hear_tones(payload_type == kPcmu ? media::G711::MuLaw : media::G711::ALaw, bytes.substr(12));
  }
  std::uint32_t timestamp = 0;
  for (int i = 0; i < 4; ++i) timestamp = timestamp << 8 | static_cast<std::uint8_t>(bytes[4 + i]);
  if (timestamp == event_heard_) return;
  event_heard_ = timestamp;
  const auto event = static_cast<std::uint8_t>(bytes[12]);
  if (event < kKeys.size()) digits_heard_ += kKeys[event];
}

void SimPhone::hear_tones(media::G711 law, std::string_view payload) {
  std::vector<std::int16_t> samples;
  for (const char code : payload.substr(0, kSamples))
    samples.push_back(media::decode_sample(law, static_cast<std::uint8_t>(code)));
  if (const auto key = tone_detector_.hear(samples)) tones_heard_ += *key;
}

}  // namespace xivo::flow
