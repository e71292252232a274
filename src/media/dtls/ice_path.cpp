// RFC 8445: the lite side of ICE.
#include "media/dtls/ice_path.hpp"

#include <algorithm>

#include "rtp/stun.hpp"

namespace xivo::media {
namespace {

// A far side begins with one check each 50 ms (RFC 8445 §14.2) and path; then one every few seconds.
constexpr auto kCheckInterval = std::chrono::milliseconds(10);
constexpr int kCheckBurst = 100;

}  // namespace

void IcePath::renew(const KeyExchange::Ice& credentials) {
  if (credentials == credentials_) return;
  credentials_ = credentials;
  name_ = credentials.ours.fragment + ":" + credentials.theirs.fragment;
  priority_ = 0;
}

IcePath::Outcome IcePath::take(rtp::Bytes datagram, const SocketAddress& from, runtime::Instant now,
                               rtp::WritableBytes out) {
  const auto check = rtp::parse_stun(datagram);
  if (!check || !check->is_binding(rtp::StunClass::Request) || check->username != name_) return {};
  const auto& password = credentials_.ours.password;
  if (!rate_.allows(kCheckInterval, kCheckBurst, now) || !check->authentic(password)) return {};
  Outcome outcome;
  outcome.valid = true;
  alive_ = now;
  if (check->unknown_count > 0) {
    outcome.answer = rtp::write_binding_error(out, *check, 420, password);
    return outcome;
  }
  note(from, now);
  if (check->use_candidate) outcome.moved = nominate(from, check->priority.value_or(0), now);
  outcome.answer = rtp::write_binding_success(out, *check, from, password);
  return outcome;
}

void IcePath::note(const SocketAddress& from, runtime::Instant now) {
  auto place = std::find_if(checked_.begin(), checked_.end(), [&](const auto& c) { return c.from == from; });
  if (place == checked_.end()) {
    place = std::min_element(checked_.begin(), checked_.end(), [&](const auto& a, const auto& b) {
      const bool a_stays = a.from == path_ && a.from.port != 0;
      const bool b_stays = b.from == path_ && b.from.port != 0;
      return a_stays != b_stays ? b_stays : a.at < b.at;
    });
  }
  *place = {from, now};
}

bool IcePath::nominate(const SocketAddress& from, std::uint32_t priority, runtime::Instant now) {
  const bool same = from == path_;
  const bool silent = path_.port == 0 || now - path_heard_ > kSilent;
  if (!same && !silent && priority < priority_) return false;
  path_ = from;
  priority_ = priority;
  path_heard_ = now;
  return !same;
}

void IcePath::heard(const SocketAddress& from, runtime::Instant now) {
  alive_ = now;
  if (from == path_) path_heard_ = now;
}

bool IcePath::checked(const SocketAddress& from) const {
  return std::any_of(checked_.begin(), checked_.end(),
                     [&](const auto& c) { return c.from == from && from.port != 0; });
}

}  // namespace xivo::media
