#include "endpoint/defence/rate_limiter.hpp"

#include <algorithm>

namespace xivo::endpoint {
namespace {

constexpr std::uint64_t kToken = 1'000'000;

}  // namespace

RateLimiter::Rate RateLimiter::rate(Bucket bucket) const {
  switch (bucket) {
    case Registers: return limits_.registers;
    case Invites: return limits_.invites;
    case Requests: return limits_.requests;
    case Refusals: break;
  }
  return kRefusals;
}

void RateLimiter::start(Source& source, runtime::Instant now) const {
  source.filled = now;
  source.window_start = now;
  for (const auto bucket : {Registers, Invites, Requests, Refusals})
    source.tokens[bucket] = rate(bucket).burst * kToken;
}

/// A token a second is a millionth of one a microsecond, which is the clock's unit.
void RateLimiter::fill(Source& source, runtime::Instant now) const {
  const auto passed = static_cast<std::uint64_t>(
      std::clamp<std::int64_t>((now - source.filled).count(), 0, std::int64_t{3'600} * 1'000'000));
  source.filled = now;
  for (const auto bucket : {Registers, Invites, Requests, Refusals}) {
    auto& tokens = source.tokens[bucket];
    tokens = std::min(tokens + passed * rate(bucket).per_second, rate(bucket).burst * kToken);
  }
}

RateLimiter::Source& RateLimiter::source_of(const IpAddress& from, runtime::Instant now) {
  const auto network = IpNetwork::holder(from);
  const auto found = by_network_.find(network);
  if (found != by_network_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    fill(order_.front(), now);
    return order_.front();
  }
  if (by_network_.size() >= limits_.sources_max) {
    if (now - order_.back().filled < limits_.silent_after) {
      if (crowd_.filled == runtime::Instant{}) start(crowd_, now);
      fill(crowd_, now);
      return crowd_;
    }
    by_network_.erase(order_.back().network);
    order_.pop_back();
  }
  order_.emplace_front();
  order_.front().network = network;
  start(order_.front(), now);
  by_network_[network] = order_.begin();
  return order_.front();
}

bool RateLimiter::take(Source& source, Bucket bucket) {
  auto& tokens = source.tokens[bucket];
  if (tokens < kToken) return false;
  tokens -= kToken;
  return true;
}

bool RateLimiter::admit(const IpAddress& from, Kind kind, runtime::Instant now) {
  auto& source = source_of(from, now);
  if (!take(source, Requests)) return false;
  if (kind == Kind::Register) return take(source, Registers);
  if (kind == Kind::Invite) return take(source, Invites);
  return true;
}

bool RateLimiter::may_refuse(const IpAddress& from, runtime::Instant now) {
  return take(source_of(from, now), Refusals);
}

void RateLimiter::count_from(Source& source, runtime::Instant now) const {
  if (now - source.window_start < limits_.count_window) return;
  source.window_start = now;
  source.malformed = 0;
  source.unanswered = 0;
}

std::uint32_t RateLimiter::count_malformed(const IpAddress& from, runtime::Instant now) {
  auto& source = source_of(from, now);
  if (&source == &crowd_) return 0;
  count_from(source, now);
  return ++source.malformed;
}

std::uint32_t RateLimiter::count_unanswered(const IpAddress& from, runtime::Instant now) {
  auto& source = source_of(from, now);
  if (&source == &crowd_) return 0;
  count_from(source, now);
  return ++source.unanswered;
}

void RateLimiter::forgive(const IpAddress& from) {
  const auto found = by_network_.find(IpNetwork::holder(from));
  if (found == by_network_.end()) return;
  found->second->malformed = 0;
  found->second->unanswered = 0;
}

}  // namespace xivo::endpoint
