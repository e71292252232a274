// Requests of a phone inside an answered dialog: hold and resume, BYE, INFO.                      RFC 3261 §14, §15, RFC 6086
#include <fmt/format.h>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sdp_mapping.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {
namespace {

/// The key of "Signal=5" (application/dtmf-relay) or "5" (application/dtmf), and how long it was held.
std::optional<std::pair<char, std::chrono::milliseconds>> info_digit(std::string_view type,
                                                                     std::string_view body) {
  std::string_view signal;
  std::uint32_t duration = 160;
  if (text::equal_ignoring_case(type, "application/dtmf")) {
    signal = body.substr(0, body.find_first_of("\r\n"));
  } else if (text::equal_ignoring_case(type, "application/dtmf-relay")) {
    for (auto line : text::split(body, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = text::trim(line.substr(0, equals));
      const auto value = text::trim(line.substr(equals + 1));
      if (text::equal_ignoring_case(name, "Signal")) signal = value;
      if (text::equal_ignoring_case(name, "Duration")) {
        duration = text::parse_decimal<std::uint32_t>(value).value_or(duration);
      }
    }
  }
  signal = text::trim(signal);
  constexpr std::string_view kKeys = "0123456789*#ABCD";
  if (signal.size() != 1 || kKeys.find(signal[0]) == std::string_view::npos) return std::nullopt;
  return std::pair{signal[0], std::chrono::milliseconds(std::min<std::uint32_t>(duration, 10'000))};
}

}  // namespace

void SipLeg::on_reinvite(sip::ServerTransactionId transaction, const sip::Message& request) {
  if (awaiting_ack_ || reinvite_) {
    return respond_in_dialog(transaction, request, 500, "Retry-After: 1\r\n");  // §14.2
  }
  if (state_ != call::LegState::Up) return respond_in_dialog(transaction, request, 481);
  std::string body;
  const bool was_held = held_;
  if (request.body().empty()) {
    offered_in_response_ = true;
    body = local_offer();
  } else {
    const auto offered = sdp::parse(request.body());
    if (!offered) return respond_in_dialog(transaction, request, 400);
    auto wanted = describe(*offered);
    // A call is not renegotiated behind the other party's back: what both can do already is what may be asked for.
    wanted.codecs = call::common(wanted.codecs, negotiated_);
    if (!call::has_audio(wanted.codecs)) return respond_in_dialog(transaction, request, 488);
    remote_ = std::move(wanted);
    offer_ = std::make_unique<sdp::Session>(*offered);
    body = answer_body(remote_.codecs);
    offer_.reset();
    if (body.empty()) return respond_in_dialog(transaction, request, 488);
  }
  dialog_->refresh_target(request);
  reinvite_ = transaction;
  reinvite_cseq_ = request.cseq().number;
  agent_.remember_invite(transaction, id());
  trace_sent(fmt::format("200 OK ({} INVITE, sdp)", reinvite_cseq_));
  agent_.transactions().respond(
      transaction, 200,
      ResponseTemplate(request, local_tag_, flow_).make(200, dialog_lines(), "application/sdp", body));
  if (held_ != was_held) agent_.calls().on_held(id(), held_);
}

void SipLeg::on_bye(sip::ServerTransactionId transaction, const sip::Message& request) {
  respond_in_dialog(transaction, request, 200);
  const auto cause = reason_cause(request).value_or(call::Cause::NormalClearing);
  // A caller may end an early dialog by BYE instead of CANCEL (§15): its INVITE is then answered by 487.
  if (state_ == call::LegState::Ring) send_final(487, {});
  end({cause, 0, true});
  if (awaiting_ack_) agent_.transactions().acknowledged(invite_);
  release();
}

void SipLeg::on_info(sip::ServerTransactionId transaction, const sip::Message& request) {
  respond_in_dialog(transaction, request, 200);
  if (state_ != call::LegState::Up || request.body().empty()) return;
  const auto type = request.content_type();
  if (const auto digit = info_digit(type, request.body()))
    agent_.calls().on_digit(id(), digit->first, digit->second);
  agent_.calls().on_info(id(), type, request.body());
}

}  // namespace xivo::endpoint
