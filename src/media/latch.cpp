#include "media/latch.hpp"

#include <algorithm>

namespace xivo::media {
namespace {
// A stronger source counts as alive this long after its last packet: over ten packets of 20 ms.
constexpr auto kAlive = std::chrono::milliseconds(250);
}  // namespace

LatchCandidates::Candidate* LatchCandidates::place_for(const SocketAddress& from, Claim claim) {
  const auto same = std::find_if(candidates_.begin(), candidates_.end(), [&](const Candidate& c) {
    return c.claim != Claim::None && c.from == from;
  });
  if (same != candidates_.end()) return &*same;
  const auto weakest = std::min_element(
      candidates_.begin(), candidates_.end(),
      [](const auto& a, const auto& b) { return a.claim != b.claim ? a.claim < b.claim : a.seen < b.seen; });
  if (weakest->claim > claim) return nullptr;
  *weakest = {};
  weakest->from = from;
  return &*weakest;
}

std::uint8_t LatchCandidates::note(const SocketAddress& from, Claim claim, const rtp::Header& header,
                                   runtime::Instant now) {
  Candidate* candidate = place_for(from, claim);
  if (candidate == nullptr) return 0;
  candidate->claim = claim;
  candidate->seen = now;
  const bool same_source = candidate->in_row > 0 && candidate->ssrc == header.ssrc;
  const auto after = static_cast<std::uint16_t>(header.sequence + 1);
  if (same_source && after == candidate->next_sequence)
    return candidate->in_row;  // the network has doubled a packet
  const bool follows = same_source && header.sequence == candidate->next_sequence;
  candidate->in_row =
      follows ? static_cast<std::uint8_t>(std::min(candidate->in_row + 1, 255)) : std::uint8_t{1};
  candidate->ssrc = header.ssrc;
  candidate->next_sequence = after;
  return candidate->in_row;
}

bool LatchCandidates::stronger_alive(Claim claim, runtime::Instant now) const {
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const Candidate& c) { return c.claim > claim && now - c.seen <= kAlive; });
}

bool Latch::expect(const SocketAddress& described, const IpAddress& signalling, bool nat_suspect,
                   runtime::Instant now) {
  signalling_ = signalling;
  nat_suspect_ = nat_suspect;
  window_end_ = now + kStartWindow;
  const bool changed = described != described_;
  if (!changed) return false;
  described_ = described;
  learned_ = {};
  claim_ = Claim::None;
  locked_ = connected_ = cannot_connect_ = follows_ = false;
  return true;
}

void Latch::follow(const SocketAddress& proven) {
  learned_ = proven;
  claim_ = Claim::Exact;
  locked_ = follows_ = true;
}

void Latch::relearn() {
  claim_ = Claim::None;
  locked_ = connected_ = cannot_connect_ = false;
}

Claim Latch::claim_of(const SocketAddress& from, runtime::Instant now) const {
  if (!known()) return Claim::None;
  if (from == described_ || (learned_.port != 0 && from == learned_)) return Claim::Exact;
  if (from.ip == described_.ip || from.ip == signalling_ || (learned_.port != 0 && from.ip == learned_.ip)) {
    return Claim::SameHost;
  }
  return nat_suspect_ && now < window_end_ ? Claim::AnySource : Claim::None;
}

Latch::Verdict Latch::judge(const SocketAddress& from, const rtp::Header& header, LatchCandidates& candidates,
                            runtime::Instant now) {
  if (locked_ && from == learned_) return Verdict::Accepted;
  const auto claim = claim_of(from, now);
  if (claim == Claim::None || (locked_ && claim <= claim_)) return Verdict::Stranger;
  const auto in_row = candidates.note(from, claim, header, now);
  if (in_row >= kProofPackets && !candidates.stronger_alive(claim, now)) {
    locked_ = true;
    claim_ = claim;
    learned_ = from;
    candidates.clear();
    return Verdict::Accepted;
  }
  return claim == Claim::Exact && !locked_ ? Verdict::Accepted : Verdict::Unproven;
}

bool Latch::wants_connect(runtime::Instant now) const {
  return locked_ && !connected_ && !cannot_connect_ && !follows_ &&
         (claim_ > Claim::AnySource || now >= window_end_);
}

void Latch::set_connected(bool worked) {
  connected_ = worked;
  cannot_connect_ = !worked;
}

}  // namespace xivo::media
