#include "endpoint/defence/doorkeeper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/metrics.hpp"
#include "sip/message.hpp"
#include "sip/transaction/reply.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

metrics::Counter dropped_banned("xivo_sip_dropped_banned_total",
                                "SIP messages of banned networks, thrown away");
metrics::Counter dropped_rate("xivo_sip_dropped_rate_total",
                              "SIP messages beyond a source's rate, thrown away without an answer");
metrics::Counter refused_rate("xivo_sip_refused_rate_total",
                              "SIP requests beyond a source's rate, answered with 503");

RateLimiter::Kind kind_of(std::string_view bytes) {
  if (bytes.starts_with("REGISTER ")) return RateLimiter::Kind::Register;
  if (bytes.starts_with("INVITE ")) return RateLimiter::Kind::Invite;
  return RateLimiter::Kind::Other;
}

}  // namespace

Doorkeeper::Doorkeeper(const runtime::Scheduler& scheduler, AttemptLedger& ledger, const Limits& limits)
    : scheduler_(scheduler),
      ledger_(ledger),
      limits_(limits),
      strangers_(limits.strangers),
      known_(limits.known),
      bans_(std::make_shared<const BanSnapshot>()) {}

void Doorkeeper::use_bans(const BanBoard& board, AskForBan ask) {
  board_ = &board;
  ask_ = std::move(ask);
}

bool Doorkeeper::is_exempt(const IpAddress& ip) const {
  return std::any_of(limits_.exempt.begin(), limits_.exempt.end(),
                     [&](const IpNetwork& network) { return network.contains(ip); });
}

bool Doorkeeper::is_banned(const IpAddress& ip) {
  if (board_ == nullptr) return false;
  if (const auto version = board_->version(); version != seen_) {
    seen_ = version;
    bans_ = board_->current();
  }
  return !bans_->empty() && bans_->contains(ip);
}

Doorkeeper::Verdict Doorkeeper::admit(const sip::Flow& flow, std::string_view bytes, bool peer) {
  const auto& from = flow.remote.ip;
  if (is_banned(from)) {
    dropped_banned.add();
    return Verdict::Drop;
  }
  if (is_exempt(from)) return Verdict::Pass;
  const auto now = scheduler_.clock.now();
  auto& limiter = peer || ledger_.is_proven(from) ? known_ : strangers_;
  if (limiter.admit(from, kind_of(bytes), now)) return Verdict::Pass;
  if (limiter.may_refuse(from, now)) return Verdict::Refuse;
  dropped_rate.add();
  return Verdict::Drop;
}

std::string Doorkeeper::refusal(const sip::Flow& flow, char* bytes, std::size_t size,
                                sip::Flow& way_back) const {
  const auto message = sip::Message::parse(bytes, size);
  if (!message || message->is_response() || message->method() == sip::Method::Ack) return {};
  refused_rate.add();
  way_back = sip::way_back(*message, flow);
  return sip::response_to(*message, 503, scheduler_.rng.token(10), sip::source_of(flow))
      .add(sip::HeaderId::RetryAfter, std::uint64_t{limits_.retry_after})
      .finish();
}

void Doorkeeper::on_malformed(const sip::Flow& flow) {
  nuisance(flow, BanReason::Malformed, strangers_.count_malformed(flow.remote.ip, scheduler_.clock.now()),
           limits_.malformed_max);
}

void Doorkeeper::on_unanswered(const sip::Flow& flow) {
  nuisance(flow, BanReason::Scanning, strangers_.count_unanswered(flow.remote.ip, scheduler_.clock.now()),
           limits_.unanswered_max);
}

void Doorkeeper::on_authenticated(const sip::Flow& flow) { strangers_.forgive(flow.remote.ip); }

void Doorkeeper::nuisance(const sip::Flow& flow, BanReason reason, std::uint32_t count, std::uint32_t most) {
  const auto& from = flow.remote.ip;
  if (count < most || !ask_ || is_exempt(from) || ledger_.is_proven(from)) return;
  strangers_.forgive(from);
  BanList::Request request;
  request.network = IpNetwork::holder(from);
  request.reason = reason;
  request.detail = reason == BanReason::Malformed ? fmt::format("{} messages that are no SIP", count)
                                                  : fmt::format("{} requests without credentials", count);
  request.lasts = limits_.nuisance_ban;
  ask_(std::move(request));
}

void Doorkeeper::on_shut_out(const sip::Flow& flow, const AttemptLedger::Consequence& consequence) {
  if (!ask_ || is_exempt(flow.remote.ip)) return;
  BanList::Request request;
  request.network = IpNetwork::holder(flow.remote.ip);
  request.reason = consequence.only_unknown ? BanReason::UnknownUsers : BanReason::WrongSecrets;
  request.detail = fmt::format("{} failed attempts", consequence.failures);
  request.lasts = consequence.locked_for;
  ask_(std::move(request));
}

void Doorkeeper::on_released(const IpNetwork& network) { ledger_.forgive(network); }

}  // namespace xivo::endpoint
