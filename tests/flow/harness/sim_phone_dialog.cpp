// What a telephone can do inside a dialog: reliable provisionals, changes of the session, session timers; and texts.
#include <fmt/format.h>

#include "base/text.hpp"
#include "sim_phone.hpp"
#include "sip/writer.hpp"

namespace xivo::flow {
namespace {
constexpr auto kRepeat = std::chrono::milliseconds(500);
}  // namespace

// ---------------------------------------------------------------------------------------------------- its own changes

void SimPhone::send_change(CallSide& call, sip::Method method, const std::string& body) {
  if (!call.dialog) return;
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  auto writer = call.dialog->request(method, sip::TransactionLayer::via_value(flow, branch));
  writer.add(sip::HeaderId::Contact, contact());
  if (call.session != 0) {
    writer.add(sip::HeaderId::Supported, "timer");
    writer.add(sip::HeaderId::SessionExpires,
               fmt::format("{};refresher={}", call.session, call.refresher ? "uac" : "uas"));
  }
  call.change_body = body;
  call.change =
      transactions_.start(flow, method, std::move(branch),
                          writer.finish(body.empty() ? "" : "application/sdp", body), token_of(call));
}

void SimPhone::change_codecs(std::vector<int> payload_types) {
  CallSide* call = current();
  if (call == nullptr) return;
  call->wanted = std::move(payload_types);
  send_change(*call, sip::Method::Invite, sdp("sendrecv", call->wanted));
}

void SimPhone::update(std::string_view direction) {
  CallSide* call = current();
  if (call == nullptr) return;
  if (!direction.empty()) call->on_hold = direction == "sendonly";
  send_change(*call, sip::Method::Update, direction.empty() ? std::string{} : sdp(direction));
}

void SimPhone::on_change_response(CallSide& call, const sip::Message& response) {
  const auto method = response.method();
  if (response.status() == 491) {
    ++call.collisions;
    const auto wait = std::chrono::milliseconds(call.incoming ? 1000 : 3000);
    scheduler_.timers.set(wait, [this, index = token_of(call) - 1, method] {
      CallSide& again = *calls_[index];
      if (again.state == State::Talking) send_change(again, method, again.change_body);
    });
  }
  call.change = {};
  if (response.status() >= 300) return;
  if (method == sip::Method::Invite) send_ack(call, response);
  take_sdp(call, response.body());
}

void SimPhone::refer(const std::string& target) {
  CallSide* call = current();
  if (call == nullptr || !call->dialog) return;
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  auto writer = call->dialog->request(sip::Method::Refer, sip::TransactionLayer::via_value(flow, branch));
  writer.add(sip::HeaderId::Contact, contact());
  if (!target.empty()) writer.add(sip::HeaderId::ReferTo, target);
  transactions_.start(flow, sip::Method::Refer, std::move(branch), writer.finish(), token_of(*call));
}

void SimPhone::redirect(const std::string& number) {
  CallSide* call = current();
  if (call == nullptr || call->state != State::Ringing) return;
  std::string copy = call->invite_copy;
  const auto request = sip::Message::parse(copy.data(), copy.size());
  auto writer = sip::response_to(*request, 302, call->local_tag, {server_.ip.to_string(), server_.port});
  writer.add(sip::HeaderId::Contact, fmt::format("<sip:{}@{}>", number, server_.ip.to_string()));
  transactions_.respond(call->invite, 302, writer.finish());
  call->state = State::Ended;
}

// ---------------------------------------------------------------------------------------------------- changes of the other side

void SimPhone::on_change_request(sip::ServerTransactionId id, const sip::Message& request, CallSide& call) {
  if (call.change) {  // RFC 3261 §14.2
    ++call.collisions;
    return respond(id, request, 491, call.local_tag);
  }
  if (refuses_changes_) return respond(id, request, 488, call.local_tag);
  const auto body = request.body().empty() ? std::string{} : answer_sdp(call, request.body());
  if (body.empty() && !request.body().empty()) return respond(id, request, 488, call.local_tag);
  ++call.refreshes;
  if (!request.body().empty()) {
    const auto agreed = call.agreed;
    take_sdp(call, request.body());
    call.agreed = agreed;
  }
  if (request.method() == sip::Method::Invite) call.invite = id;
  std::string lines;
  if (const auto expires = request.header(sip::HeaderId::SessionExpires); expires && session_.expires != 0)
    lines = fmt::format("Session-Expires: {}\r\nRequire: timer\r\n", *expires);
  respond(id, request, 200, call.local_tag, body, lines);
}

// ---------------------------------------------------------------------------------------------------- reliable provisionals

std::string SimPhone::invite_lines() const {
  std::string lines;
  if (updates_) lines += "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK\r\n";
  if (!reliable_field_.empty()) lines += reliable_field_ + ": 100rel\r\n";
  if (session_.expires != 0) {
    lines +=
        fmt::format("Supported: timer\r\nSession-Expires: {}{}\r\n",
                    std::max(session_.expires, least_session_), session_.refreshes ? ";refresher=uac" : "");
    if (least_session_ != 0) lines += fmt::format("Min-SE: {}\r\n", least_session_);
  }
  return lines;
}

void SimPhone::send_reliably(CallSide& call, int status, const std::string& body) {
  if (call.pracked || call.state != State::Ringing) return;
  if (call.rseq == 0) call.rseq = 1 + static_cast<std::uint32_t>(scheduler_.rng.below(1000));
  respond_to_invite(call, status, body, fmt::format("Require: 100rel\r\nRSeq: {}\r\n", call.rseq));
  scheduler_.timers.set(kRepeat, [this, index = token_of(call) - 1, status, body] {
    send_reliably(*calls_[index], status, body);
  });
}

// A proxy between: several telephones ring, each with its own tag and sound; the last of them is the one that answers.
void SimPhone::ring_as_forks(CallSide& call) {
  std::string copy = call.invite_copy;
  const auto request = sip::Message::parse(copy.data(), copy.size());
  if (!request) return;
  for (int fork = 1; fork <= forks_; ++fork) {
    if (fork != 1) call.local_tag = scheduler_.rng.token(8);
    const auto body = answer_sdp(call, request->body());
    const auto lines = reliable_ ? fmt::format("Require: 100rel\r\nRSeq: {}\r\n", 100 * fork) : std::string{};
    respond(call.invite, *request, 183, call.local_tag, body, lines);
  }
  if (auto dialog = sip::Dialog::from_request(*request, call.local_tag)) call.dialog = std::move(*dialog);
  call.rseq = static_cast<std::uint32_t>(100 * forks_);
}

void SimPhone::on_prack(sip::ServerTransactionId id, const sip::Message& request, CallSide& call) {
  const auto rack = fmt::format("{} ", call.rseq);
  const bool matched = request.header(sip::HeaderId::RAck).value_or("").starts_with(rack);
  respond(id, request, matched || forks_ != 0 ? 200 : 481, request.to().tag());
  if (!matched) return;
  call.pracked = true;
  if (std::exchange(call.answer_waits, false)) answer();
}

void SimPhone::take_provisional(CallSide& call, const sip::Message& response) {
  call.provisionals.push_back(response.status());
  const bool rings = response.status() == 180 || response.status() > 181;
  if (call.state == State::Calling && rings) call.state = State::RingBack;
  if (response.status() == 100 || call.state == State::Ended) return;
  if (!call.dialog) {
    if (auto dialog = sip::Dialog::from_response(response, call.cseq)) call.dialog = std::move(*dialog);
  }
  const auto rseq = response.number(sip::HeaderId::RSeq);
  const bool reliable = response.has_token(sip::HeaderId::Require, "100rel") && rseq && *rseq;
  if (reliable && call.rseq != 0 && **rseq != call.rseq + 1) {
    ++call.ignored_rseqs;
    return;
  }
  std::string answer;
  if (!response.body().empty()) {
    call.early_media = true;
    take_sdp(call, response.body());
    if (late_offer_) answer = answer_sdp(call, response.body());
  }
  if (!reliable || !pracks_ || !call.dialog) return;
  call.rseq = **rseq;
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  auto writer = call.dialog->request(sip::Method::Prack, sip::TransactionLayer::via_value(flow, branch));
  writer.add(sip::HeaderId::RAck, fmt::format("{} {} INVITE", call.rseq, call.cseq));
  transactions_.start(flow, sip::Method::Prack, std::move(branch),
                      writer.finish(answer.empty() ? "" : "application/sdp", answer), token_of(call));
}

// ---------------------------------------------------------------------------------------------------- session timers

bool SimPhone::judge_session(CallSide& call, sip::ServerTransactionId id, const sip::Message& request) {
  if (session_.expires == 0) return true;
  const auto value = request.header(sip::HeaderId::SessionExpires).value_or("0");
  const auto asked = text::parse_decimal<std::uint32_t>(value.substr(0, value.find(';'))).value_or(0);
  if (asked < session_.least) {
    respond(id, request, 422, call.local_tag, {}, fmt::format("Min-SE: {}\r\n", session_.least));
    return false;
  }
  call.session = asked == 0 ? session_.expires : std::min(asked, std::max(session_.expires, session_.least));
  call.refresher = session_.refreshes;
  call.session_lines = fmt::format("Session-Expires: {};refresher={}\r\nRequire: timer\r\n", call.session,
                                   call.refresher ? "uas" : "uac");
  return true;
}

void SimPhone::start_session(CallSide& call, const sip::Message& response) {
  const auto value = response.header(sip::HeaderId::SessionExpires);
  if (!value) return;
  call.session = text::parse_decimal<std::uint32_t>(value->substr(0, value->find(';'))).value_or(0);
  call.refresher = value->find("refresher=uac") != std::string_view::npos;
  if (call.refresher) refresh_later(token_of(call) - 1);
}

void SimPhone::refresh_later(std::size_t index) {
  scheduler_.timers.set(std::chrono::seconds(calls_[index]->session / 2), [this, index] {
    CallSide& call = *calls_[index];
    if (call.state != State::Talking) return;
    send_change(call, updates_ ? sip::Method::Update : sip::Method::Invite, updates_ ? std::string{} : sdp());
    refresh_later(index);
  });
}

// ---------------------------------------------------------------------------------------------------- texts

void SimPhone::write(const std::string& number, const std::string& text) {
  text_number_ = number;
  text_ = text;
  text_tried_ = false;
  text_answer_ = 0;
  text_call_id_ = scheduler_.rng.token(16);
  text_tag_ = scheduler_.rng.token(8);
  send_text({});
}

void SimPhone::send_text(const std::string& authorization) {
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  const auto uri = fmt::format("sip:{}@{}", text_number_, server_.ip.to_string());
  auto writer = sip::Writer::request(sip::Method::Message, uri);
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow, branch))
      .add(sip::HeaderId::MaxForwards, std::uint64_t{70})
      .add(sip::HeaderId::From,
           fmt::format("<sip:{}@{}>;tag={}", account_.name, server_.ip.to_string(), text_tag_))
      .add(sip::HeaderId::To, "<" + uri + ">")
      .add(sip::HeaderId::CallId, text_call_id_)  // the same with credentials: RFC 3261 §8.1.3.5
      .add(sip::HeaderId::CSeq, fmt::format("{} MESSAGE", ++text_cseq_));
  if (!authorization.empty()) writer.add(sip::HeaderId::Authorization, authorization);
  transactions_.start(flow, sip::Method::Message, std::move(branch), writer.finish("text/plain", text_),
                      kTextToken);
}

void SimPhone::on_text(sip::ServerTransactionId id, const sip::Message& request) {
  if (silent_) return;
  if (text_status_ < 300) texts_.emplace_back(request.body());
  respond(id, request, text_status_, scheduler_.rng.token(8));
}

}  // namespace xivo::flow
