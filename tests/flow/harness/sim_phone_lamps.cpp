// The lamps of a telephone's keys.                                                                     RFC 6665, RFC 4235
#include <fmt/format.h>

#include <algorithm>

#include "sim_phone.hpp"
#include "sip/writer.hpp"

namespace xivo::flow {

void SimPhone::watch(const std::string& number, std::uint32_t seconds) {
  auto found =
      std::find_if(lamps_.begin(), lamps_.end(), [&](const Lamp& lamp) { return lamp.number == number; });
  if (found == lamps_.end()) {
    found = lamps_.emplace(found);
    found->number = number;
  }
  if (!found->dialog) {
    found->call_id = scheduler_.rng.token(16);
    found->tag = scheduler_.rng.token(8);
  }
  found->seconds = seconds;
  found->status = 0;
  found->tried_credentials = false;
  send_subscribe(*found, {});
}

const SimPhone::Lamp* SimPhone::lamp(std::string_view number) const {
  for (const auto& lamp : lamps_) {
    if (lamp.number == number) return &lamp;
  }
  return nullptr;
}

void SimPhone::send_subscribe(Lamp& lamp, const std::string& authorization) {
  const auto flow = wire_.flow_to(sip::Transport::Udp, server_);
  auto branch = transactions_.new_branch();
  const auto via = sip::TransactionLayer::via_value(flow, branch);
  const auto uri = fmt::format("sip:{}@{}", sip::escape_user(lamp.number), server_.ip.to_string());
  auto writer = lamp.dialog ? lamp.dialog->request(sip::Method::Subscribe, via)
                            : sip::Writer::request(sip::Method::Subscribe, uri);
  if (!lamp.dialog) {
    writer.add(sip::HeaderId::Via, via)
        .add(sip::HeaderId::MaxForwards, std::uint64_t{70})
        .add(sip::HeaderId::From,
             fmt::format("<sip:{}@{}>;tag={}", account_.name, server_.ip.to_string(), lamp.tag))
        .add(sip::HeaderId::To, "<" + uri + ">")
        .add(sip::HeaderId::CallId, lamp.call_id)
        .add(sip::HeaderId::CSeq, fmt::format("{} SUBSCRIBE", ++lamp.cseq));
  }
  writer.add(sip::HeaderId::Contact, contact())
      .add(sip::HeaderId::Event, "dialog")
      .add(sip::HeaderId::Accept, "application/dialog-info+xml")
      .add(sip::HeaderId::Expires, std::uint64_t{lamp.seconds});
  if (!authorization.empty()) writer.add(sip::HeaderId::Authorization, authorization);
  const auto place = static_cast<std::uint64_t>(&lamp - lamps_.data());
  transactions_.start(flow, sip::Method::Subscribe, std::move(branch), writer.finish(), kLampTokens + place);
}

void SimPhone::on_subscribe_response(Lamp& lamp, const sip::Message& response) {
  if (response.status() == 401 && !std::exchange(lamp.tried_credentials, true)) {
    const auto uri = fmt::format("sip:{}@{}", sip::escape_user(lamp.number), server_.ip.to_string());
    return send_subscribe(lamp, credentials(response, "SUBSCRIBE", uri));
  }
  lamp.status = response.status();
  if (response.status() == 481 || lamp.seconds == 0) lamp.dialog.reset();
  if (response.status() != 200 || lamp.dialog || lamp.seconds == 0) return;
  if (auto dialog = sip::Dialog::from_response(response, lamp.cseq)) lamp.dialog = std::move(*dialog);
}

void SimPhone::on_notify(sip::ServerTransactionId id, const sip::Message& request) {
  if (silent_) return;
  for (auto& lamp : lamps_) {
    if (lamp.call_id != request.call_id()) continue;
    const auto begin = request.body().find("<state>");
    const auto end = request.body().find("</state>");
    if (begin != std::string_view::npos && end != std::string_view::npos)
      lamp.state = request.body().substr(begin + 7, end - begin - 7);
    lamp.subscription = request.header(sip::HeaderId::SubscriptionState).value_or("");
    ++lamp.told;
    if (lamp.subscription.starts_with("terminated")) lamp.dialog.reset();
    return respond(id, request, 200, lamp.tag);
  }
  respond(id, request, 481, "x");
}

}  // namespace xivo::flow
