// A leg with an operator: challenges of requests inside the dialog, channels, counts.          RFC 3261 §22.2, §22.3
#include "call/call_registry.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"

namespace xivo::endpoint {

void SipLeg::take_side(std::optional<TrunkSide>& side) {
  if (!side) return;
  trunk_ = side->id;
  side_ = std::make_unique<TrunkSide>(std::move(*side));
  side.reset();
}

std::string SipLeg::credentials(sip::Method method, std::string_view uri) {
  if (!side_) return {};
  auto lines = side_->digest.lines(sip::name(method), uri, agent_.scheduler().rng);
  if (method == sip::Method::Invite) side_->invite_credentials = lines;
  return lines;
}

/// Whether the request is to be sent again, with what the challenge asks for.
bool SipLeg::answer_challenge(const sip::Message& response) {
  const int status = response.status();
  if (!side_ || (status != 401 && status != 407)) return false;
  const auto verdict = side_->digest.challenged(response);
  if (verdict == DigestClient::Verdict::Answer) return true;
  remark(verdict == DigestClient::Verdict::Refused ? Remark::CredentialsRefused : Remark::ChallengeUnknown);
  return false;
}

bool SipLeg::claim_channel(std::int64_t most) {
  using Direction = model::routing::Direction;
  if (!side_ || side_->counted || state_ == call::LegState::Ended) return true;
  side_->counted = agent_.calls().census().claim(trunk_, incoming() ? Direction::In : Direction::Out, most);
  return side_->counted;
}

void SipLeg::leave_trunk(const call::Ending& ending) {
  if (!side_) return;
  using Direction = model::routing::Direction;
  if (std::exchange(side_->counted, false))
    agent_.calls().census().release(trunk_, incoming() ? Direction::In : Direction::Out);
  const auto now = agent_.scheduler().clock.wall();
  const bool by_us = !ending.by_remote && ending.status == 0;
  agent_.trunk_ledger().on_ended(trunk_, {.outgoing = !incoming(),
                                          .answered = answered_ != runtime::WallTime{},
                                          .given_up = by_us,
                                          .how = {now, side_->number, ending.cause, ending.status}});
}

}  // namespace xivo::endpoint
