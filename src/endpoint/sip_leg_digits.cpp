// Key presses of a phone and to it: telephone events and tones in its sound, SIP INFO.          RFC 4733, RFC 6086
#include <fmt/format.h>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::endpoint {

DtmfMode SipLeg::dtmf_mode() const {
  const auto& config = agent_.calls().config_of(call());
  if (const auto* trunk = config.find(trunk_)) return dtmf_mode_of(trunk->dtmf_mode);
  const auto* config_line = config.line(line());
  return config_line == nullptr ? DtmfMode::Auto : dtmf_mode_of(config_line->dtmf_mode);
}

void SipLeg::on_digit(media::SessionId, char digit, std::chrono::milliseconds) {
  const bool events = media::event_codec(negotiated()) != nullptr;
  agent_.calls().on_digit(id(), digit, events ? call::KeyPress::Event : call::KeyPress::Tone);
}

void SipLeg::on_info(sip::ServerTransactionId transaction, const sip::Message& request) {
  respond_in_dialog(transaction, request, 200);
  if (state_ != call::LegState::Up || request.body().empty()) return;
  const auto type = request.content_type();
  if (const auto digit = info_digit(type, request.body()))
    return agent_.calls().on_digit(id(), *digit, call::KeyPress::Info);
  agent_.calls().on_info(id(), type, request.body());
}

void SipLeg::send_info(std::string_view content_type, std::string_view body) {
  if (state_ == call::LegState::Up && dialog_)
    send_request(*dialog_, sip::Method::Info, {}, content_type, body);
}

void SipLeg::send_digit(char digit, call::KeyPress how) {
  const auto mode = dtmf_mode();
  if (mode == DtmfMode::Info) return send_info("application/dtmf-relay", info_of_digit(digit));
  const bool events = mode != DtmfMode::Inband && media::event_codec(negotiated()) != nullptr;
  if (how == (events ? call::KeyPress::Event : call::KeyPress::Tone))
    return;  // it has it from the media plane
  if (mode == DtmfMode::Rfc4733 && !events) {
    return remark(Remark::DigitLost, {{"digit", std::string_view(&digit, 1)}}, TraceRing::Kind::Media);
  }
  if (const auto now = keys_.press(digit, agent_.scheduler().clock.now())) play_digit(*now);
}

void SipLeg::play_digit(char digit) {
  media::Engine::Play what;
  what.file = fmt::format("dtmf:{}", digit);
  const auto* events = dtmf_mode() == DtmfMode::Inband ? nullptr : media::event_codec(negotiated());
  const auto* codec = events != nullptr ? events : call::first_audio(negotiated());
  if (codec != nullptr) what.codec = *codec;
  agent_.media().play(offers_.session(), what);
}

void SipLeg::on_play_ended(media::SessionId, bool reached_end) {
  if (const auto next = keys_.ended(agent_.scheduler().clock.now())) play_digit(*next);
  agent_.calls().on_play_ended(id(), reached_end);
}

}  // namespace xivo::endpoint
