// RFC 5764, RFC 5763, RFC 8445: sessions whose keys are agreed on in the media, by a path that checks have found. Inside a media loop
// they are secure from the first moment: until there are keys, no packet passes.
#include <algorithm>
#include <utility>

#include "media/core.hpp"
#include "rtp/demultiplex.hpp"
#include "rtp/stun.hpp"

namespace xivo::media {
namespace {

// A flight is five datagrams; what floods beyond that costs a comparison.
constexpr auto kDatagramInterval = std::chrono::milliseconds(10);
constexpr int kDatagramBurst = 50;
// OpenSSL counts the last 15 ms as over; this keeps a timer of its that is not from turning us round.
constexpr auto kTurnLeast = std::chrono::milliseconds(10);

std::string_view name_of(rtp::SrtpSuite suite) {
  switch (suite) {
    case rtp::SrtpSuite::AeadAes128Gcm: return name(Protection::Suite::AeadAes128Gcm);
    case rtp::SrtpSuite::AeadAes256Gcm: return name(Protection::Suite::AeadAes256Gcm);
    case rtp::SrtpSuite::AesCm128HmacSha1_32: return name(Protection::Suite::AesCm128HmacSha1_32);
    case rtp::SrtpSuite::AesCm128HmacSha1_80: break;
  }
  return name(Protection::Suite::AesCm128HmacSha1_80);
}

// What checks have found does not hold for a far side that is described otherwise.
void forget_path(Session& session) {
  session.latch = {};
  session.lost = false;
}

}  // namespace

// ------------------------------------------------------------------------------------------------ what is wanted

void Core::agree(Slot slot, Session& session, std::unique_ptr<KeyAgreement> wanted) {
  auto& agreement = margin(slot).agreement;
  if (session.ice && !wanted->path) forget_path(session);
  session.ice = wanted->path.has_value();
  if (agreement != nullptr) {  // what checks have found holds for the next association, too
    if (agreement->path && wanted->path) {
      agreement->path->renew(*wanted->wanted.ice);
      wanted->path = agreement->path;
    }
    if (agreement->same_association(wanted->wanted)) {
      agreement->path = std::move(wanted->path);
      agreement->wanted = std::move(wanted->wanted);
      return;
    }
  }
  if (session.latch.connected()) {  // the handshake may come from anywhere
    network_.unlock(slot);
    session.latch.relearn();
  }
  agreement = std::move(wanted);
  margin(slot).srtp.reset();
  session.secure = session.keyed = session.awaits_keys = true;
}

void Core::drop_agreement(Slot slot, Session& session) {
  if (session.ice) forget_path(session);
  session.keyed = session.awaits_keys = session.ice = false;
  margin(slot).agreement.reset();
}

// ------------------------------------------------------------------------------------------------ packets

bool Core::on_checked_path(Slot slot, PortKind kind, const SocketAddress* from) const {
  return kind == PortKind::Rtp && from != nullptr && margin(slot).agreement->path->checked(*from);
}

void Core::on_exchange(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
                       runtime::Instant now) {
  session.carried_packets = true;  // its port is known to somebody
  const auto kind = rtp::classify(bytes);
  if (kind == rtp::DatagramKind::Stun && session.ice) return on_check(slot, session, from, bytes, now);
  if (kind == rtp::DatagramKind::Dtls) return on_dtls(slot, session, from, bytes, now);
  refuse(session);
}

void Core::on_check(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
                    runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  KeyAgreement& agreement = *extra.agreement;
  std::array<std::uint8_t, rtp::kStunAnswerMax> out;
  const auto outcome = agreement.path->take(bytes, from, now, out);
  if (!outcome.valid) return refuse(session);
  if (!outcome.answer.empty()) network_.send(slot, PortKind::Rtp, &from, outcome.answer);
  // Consent (RFC 7675): who still checks is there, even if muted or on hold. Before there are keys it proves nothing.
  if (!session.awaits_keys) extra.heard = now;
  if (outcome.moved) {
    session.latch.follow(agreement.path->path());
    agreement.peer = agreement.path->path();
  }
  if (outcome.moved || session.lost) {
    session.lost = false;
    visit_from_now_on(slot, session, now);
    start_waiting_stream(slot, session, now);
  }
  begin_handshake(slot, session, now);
}

// Nothing goes to somebody who has long stopped asking for it: there may be another behind that address. A check or a packet of
// his brings him back. Returns false when there is no need to look again.
bool Core::look_for_consent(Slot slot, Session& session, runtime::Instant now) const {
  if (!session.ice || session.lost || !session.latch.known()) return false;
  session.lost = !margin(slot).agreement->path->consents(now);
  return !session.lost;
}

void Core::on_dtls(Slot slot, Session& session, const SocketAddress& from, rtp::Bytes bytes,
                   runtime::Instant now) {
  KeyAgreement& agreement = *margin(slot).agreement;
  const bool believed = session.ice ? agreement.path->checked(from) : session.latch.might_be(from, now);
  if (!believed || !agreement.ended.empty() || !agreement.rate.allows(kDatagramInterval, kDatagramBurst, now))
    return refuse(session);
  if (agreement.association == nullptr && !make_association(slot, session, now)) return;
  if (session.awaits_keys) agreement.peer = from;
  agreement.association->take(bytes);
  settle_handshake(slot, session, now);
}

// ------------------------------------------------------------------------------------------------ the handshake

// As the client we begin when there is somewhere to begin to; as the server with what comes.
void Core::begin_handshake(Slot slot, Session& session, runtime::Instant now) {
  KeyAgreement& agreement = *margin(slot).agreement;
  if (agreement.association != nullptr || !agreement.ended.empty() ||
      agreement.wanted.role != KeyExchange::Role::Client)
    return;
  const auto to = agreement.path ? agreement.path->likely() : session.latch.target();
  if (to.port == 0 || !make_association(slot, session, now)) return;
  agreement.peer = to;
  agreement.association->begin();
  settle_handshake(slot, session, now);
}

bool Core::make_association(Slot slot, Session& session, runtime::Instant now) {
  KeyAgreement& agreement = *margin(slot).agreement;
  const auto role = agreement.wanted.role == KeyExchange::Role::Server ? rtp::DtlsAssociation::Role::Server
                                                                       : rtp::DtlsAssociation::Role::Client;
  const auto& theirs = agreement.wanted.theirs;
  auto made = rtp::DtlsAssociation::make(agreement.dtls, role, theirs.hash, theirs.digest);
  if (!made) {
    end_agreement(slot, session, made.error().what);
    return false;
  }
  agreement.association = std::move(*made);
  agreement.give_up = now + KeyAgreement::kHandshakeMax;
  return true;
}

// After each step: what it wants sent, and what has come of it.
void Core::settle_handshake(Slot slot, Session& session, runtime::Instant now) {
  KeyAgreement& agreement = *margin(slot).agreement;
  auto& association = *agreement.association;
  for (const auto& datagram : association.outgoing())
    network_.send(slot, PortKind::Rtp, &agreement.peer, datagram);
  switch (association.state()) {
    case rtp::DtlsAssociation::State::Handshaking: {
      const auto left = association.next_timeout();
      const auto turn = left ? now + std::max<runtime::Duration>(*left, kTurnLeast) : agreement.give_up;
      return arm_handshake(slot, agreement, std::min(turn, agreement.give_up));
    }
    case rtp::DtlsAssociation::State::Done:
      if (session.awaits_keys) adopt_keys(slot, session, now);
      return;
    case rtp::DtlsAssociation::State::Failed: break;
  }
  if (session.awaits_keys) return end_agreement(slot, session, association.reason());
  session.awaits_keys =
      true;  // it is ended: nothing passes from here on, and the call is given a moment to end by itself
  margin(slot).srtp.reset();
  agreement.ended = association.reason();
  arm_handshake(slot, agreement, now + KeyAgreement::kGoodbye);
}

void Core::adopt_keys(Slot slot, Session& session, runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  KeyAgreement& agreement = *extra.agreement;
  const auto& keys = *agreement.association->keys();
  extra.srtp = SrtpSession::of(keys.send, keys.receive);
  if (extra.srtp == nullptr) return end_agreement(slot, session, "keys cannot be used");
  agreement.deadline = {};
  session.awaits_keys = false;
  extra.heard = now;
  // The handshake proves its source better than packets in a row do.
  if (!session.ice && agreement.peer != session.latch.target()) session.latch.follow(agreement.peer);
  tell_text(slot, SessionEvent::Kind::KeysAgreed, name_of(keys.send.suite));
  start_waiting_stream(slot, session, now);
}

void Core::end_agreement(Slot slot, Session& session, std::string_view reason) {
  KeyAgreement& agreement = *margin(slot).agreement;
  agreement.ended = reason;
  agreement.association.reset();
  agreement.deadline = {};
  session.awaits_keys = true;
  margin(slot).srtp.reset();
  tell_text(slot, SessionEvent::Kind::KeyExchangeFailed, reason);
}

void Core::tell_text(Slot slot, SessionEvent::Kind kind, std::string_view text) {
  const SessionMargin& extra = margin(slot);
  SessionEvent event;
  event.kind = kind;
  event.id = extra.id;
  event.slot = slot;
  event.text = text;
  events_.tell(extra.face, std::move(event));
}

// ------------------------------------------------------------------------------------------------ time

void Core::arm_handshake(Slot slot, KeyAgreement& agreement, runtime::Instant deadline) {
  if (!agreement.armed()) handshakes_.push_back(slot);
  agreement.deadline = deadline;
  next_handshake_ = std::min(next_handshake_, deadline);
}

void Core::run_handshakes(runtime::Instant now) {
  next_handshake_ = runtime::Instant::max();
  const auto over = [&](Slot slot) {
    Session* session = find(slot);
    const auto* agreement = session != nullptr ? margin(slot).agreement.get() : nullptr;
    if (agreement == nullptr || !agreement->armed()) return true;
    if (agreement->deadline <= now) turn_handshake(slot, *session, now);
    if (!agreement->armed()) return true;
    next_handshake_ = std::min(next_handshake_, agreement->deadline);
    return false;
  };
  handshakes_.erase(std::remove_if(handshakes_.begin(), handshakes_.end(), over), handshakes_.end());
}

void Core::turn_handshake(Slot slot, Session& session, runtime::Instant now) {
  KeyAgreement& agreement = *margin(slot).agreement;
  if (!agreement.ended.empty()) return end_agreement(slot, session, agreement.ended);
  if (now >= agreement.give_up) return end_agreement(slot, session, "handshake took too long");
  agreement.association->on_timeout();
  settle_handshake(slot, session, now);
}

}  // namespace xivo::media
