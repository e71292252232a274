#include "endpoint/defence/authenticator.hpp"

#include <algorithm>
#include <optional>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

namespace digest = sip::digest;
using digest::Algorithm;

constexpr std::size_t kLoggedTextMax = 128;  // bytes of a URI or Call-ID in a log line

metrics::Counter challenges_sent("sip_auth_challenges", "requests answered with a digest challenge");
metrics::Counter attempts_refused("sip_auth_refused",
                                  "requests whose credentials or peer address were refused");

metrics::Counter digests_computed("xivo_sip_digests_total", "digests computed to judge credentials");
metrics::Counter secrets_wrong("xivo_sip_secrets_wrong_total",
                               "attempts with a wrong secret or an unknown account");
metrics::Counter attempts_locked("xivo_sip_attempts_locked_total",
                                 "attempts that were not looked at: account or source locked out");

bool transport_allowed(const model::SipLine& line, sip::Transport transport) {
  if (line.transport == "udp") return transport == sip::Transport::Udp;
  if (line.transport == "tls") return transport == sip::Transport::Tls || transport == sip::Transport::Wss;
  if (line.transport == "ws") return sip::is_websocket(transport);
  if (line.transport == "tcp") return transport == sip::Transport::Tcp || transport == sip::Transport::Tls;
  return true;
}

/// Whether digest-uri and Request-URI mean the same target. Parameters and a default port may differ: phones write the
/// two from different settings, and some (SIPp among them) leave the user out. What must not pass is an answer made
/// for another user, host or port.
bool same_target(std::string_view digest_uri, std::string_view request_uri) {
  if (digest_uri == request_uri) return true;
  const auto a = sip::Uri::parse(digest_uri);
  const auto b = sip::Uri::parse(request_uri);
  if (!a || !b || !a->is_sip() || !b->is_sip()) return false;
  const auto port = [](const sip::Uri& uri) -> int {
    if (uri.port != 0) return uri.port;
    return uri.is_sips() ? 5061 : 5060;
  };
  return a->is_sips() == b->is_sips() && text::equal_ignoring_case(a->host, b->host) &&
         port(*a) == port(*b) &&
         (a->user.empty() || a->user == b->user || a->user_unescaped() == b->user_unescaped());
}

struct Credentials {
  bool given = false;  // an Authorization field is there
  std::optional<digest::Parameters> digest;
};

/// The credentials made for our realm; when there are none such, the first ones.
Credentials credentials_of(const sip::Message& request, std::string_view realm) {
  Credentials found;
  int left = Authenticator::kCredentialsMax;
  for (const auto& field : request.headers()) {
    if (field.id != sip::HeaderId::Authorization || left-- == 0) continue;
    found.given = true;
    auto parsed = digest::parse(field.value);
    if (!parsed) continue;
    const bool ours = parsed->realm == realm;
    if (ours || !found.digest) found.digest = std::move(*parsed);
    if (ours) break;
  }
  return found;
}

/// Whom a request without usable credentials claims to come from.
std::string_view claimed_account(const sip::Message& request) {
  return request.method() == sip::Method::Register ? request.to().uri.user : request.from().uri.user;
}

/// The fixed peer that a request comes from. A peer never registers, so a REGISTER for another account is a phone's that
/// shares the peer's address.
/// The fixed peer that asks. Never over a WebSocket: what comes by one is what a page of any site wants of a browser there.
///                                                                                                  RFC 6455 §10.2
const model::SipLine* peer_of(const sip::Message& request, const sip::Flow& flow,
                              const model::Config& config) {
  if (sip::is_websocket(flow.transport)) return nullptr;
  const model::SipLine* peer = config.line_by_address(flow.remote);
  if (peer == nullptr || request.method() != sip::Method::Register) return peer;
  return claimed_account(request) == peer->name ? peer : nullptr;
}

/// Text of a stranger for a log line that programs cut up at quotes and brackets.
std::string log_text(std::string_view text) {
  std::string safe = printable(text, kLoggedTextMax);
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return c == '\'' || c == '"' || c == '(' || c == ')'; }, '?');
  return safe;
}

/// What fail2ban's asterisk filter looks for; nothing for reasons of which a phone with the right secret is not to blame.
std::string_view log_phrase(FailureReason reason) {
  switch (reason) {
    case FailureReason::StaleNonce:
    case FailureReason::ReplayedNonce:
    case FailureReason::LockedOut: return {};
    case FailureReason::UnknownUser: return "No matching endpoint found";
    default: return "Failed to authenticate";
  }
}

}  // namespace

/// Why a request was refused; `allowed` when it was not.
struct Authenticator::Refusal {
  enum class Proof : std::uint8_t {
    None,  // the credentials said nothing about the secret
    Right,
    Wrong,
    Locked,  // not looked at
  };
  bool allowed = false;
  FailureReason reason{};
  std::string detail;
  bool stale = false;
  Proof proof = Proof::None;
  AttemptLedger::Consequence consequence{};
};

Authenticator::Authenticator(const runtime::Scheduler& scheduler, FailureMemory& failures, std::string realm,
                             std::vector<Algorithm> offered, const AttemptLedger::Limits& attempts,
                             std::shared_ptr<digest::NonceLedger> nonces)
    : scheduler_(scheduler),
      failures_(failures),
      realm_(std::move(realm)),
      offered_(std::move(offered)),
      nonces_(scheduler, nonces ? std::move(nonces) : std::make_shared<digest::NonceLedger>(scheduler)),
      ledger_(scheduler, attempts),
      dummy_secret_(scheduler.rng.token(12)) {}

Authenticator::Verdict Authenticator::check(const sip::Message& request, const sip::Flow& flow,
                                            const model::Config& config) {
  const model::SipLine* peer = peer_of(request, flow, config);
  if (peer != nullptr && peer->enabled && transport_allowed(*peer, flow.transport)) {
    failures_.forget_credentials(peer->name, flow.remote.ip);
    return Known{peer->id, true};
  }
  const Credentials credentials = credentials_of(request, realm_);
  if (!credentials.given) {
    if (peer != nullptr) {
      refuse(request, flow, peer->name,
             peer->enabled ? wrong_transport(*peer, flow)
                           : Refusal{false, FailureReason::Disabled, "a fixed peer"});
    } else if (watch_ != nullptr) {
      watch_->on_unanswered(flow);
    }
    return challenge(flow, {});
  }
  if (!credentials.digest) {
    Refusal refusal{false, FailureReason::Malformed, "credentials cannot be read"};
    count(flow, claimed_account(request), false, refusal);
    refuse(request, flow, claimed_account(request), refusal);
    return challenge(flow, refusal);
  }
  const auto& account = credentials.digest->username;
  const model::SipLine* line = config.line_by_name(account);
  Refusal refusal = judge({request, flow, *credentials.digest, line});
  if (refusal.allowed) {
    failures_.forget_credentials(line->name, flow.remote.ip);
    const bool news = ledger_.succeeded(account, flow.remote.ip);
    if (watch_ != nullptr) watch_->on_authenticated(flow);
    if (watch_ != nullptr && news)
      watch_->on_counted({AttemptNote::Kind::Succeeded, account, flow.remote.ip, true});
    return Known{line->id, false};
  }
  count(flow, account, line != nullptr, refusal);
  refuse(request, flow, account, refusal);
  return challenge(flow, refusal);
}

/// The nonce is looked at first: what was not made for a nonce that this very source holds proves nothing, neither about the
/// sender nor against it, and is told "stale" whatever the secret was (RFC 7616 §3.3).
Authenticator::Refusal Authenticator::judge(Attempt attempt) {
  const auto& credentials = attempt.credentials;
  const auto& source = attempt.flow.remote.ip;
  if (!digest::algorithm_from(credentials.algorithm)) {
    return {false, FailureReason::Malformed,
            fmt::format("algorithm '{}' was not offered", credentials.algorithm)};
  }
  if (!credentials.qop.empty() && !text::equal_ignoring_case(credentials.qop, "auth")) {
    return {false, FailureReason::Malformed, fmt::format("qop '{}' was not offered", credentials.qop)};
  }
  if (!credentials.qop.empty() && (credentials.nc.empty() || credentials.cnonce.empty())) {
    return {false, FailureReason::Malformed, "qop without nc and cnonce"};
  }
  attempt.nonce = nonces_.probe(credentials.nonce, source);
  switch (attempt.nonce.state) {
    case digest::NonceState::Fresh: break;
    case digest::NonceState::Stale: return {false, FailureReason::StaleNonce, "the nonce is too old", true};
    default: return {false, FailureReason::StaleNonce, "the nonce is not ours, or another address's", true};
  }
  const bool exempt = watch_ != nullptr && watch_->is_exempt(source);
  if (!exempt && ledger_.is_locked(credentials.username, source)) {
    return {false, FailureReason::LockedOut, "too many wrong secrets from there", false,
            Refusal::Proof::Locked};
  }
  auto refusal = judge_secret(attempt);
  if (exempt) refusal.proof = Refusal::Proof::None;
  return refusal;
}

/// The digest is computed before anything is looked at that tells users apart, and from a secret in every case.
Authenticator::Refusal Authenticator::judge_secret(const Attempt& attempt) {
  const auto& credentials = attempt.credentials;
  const model::SipLine* line = attempt.line;
  using Proof = Refusal::Proof;
  const auto algorithm = *digest::algorithm_from(credentials.algorithm);
  const std::string& secret = line != nullptr ? line->secret : dummy_secret_;
  const auto a1 = digest::a1_hash(algorithm, credentials.username, credentials.realm, secret);
  const auto expected = digest::response(algorithm, a1, attempt.request.method_text(), credentials);
  digests_computed.add();
  const bool same = digest::equal_constant_time(expected, credentials.response);
  const bool right = same && !secret.empty() && line != nullptr;
  const auto proof = right ? Proof::Right : Proof::Wrong;

  if (line == nullptr) {
    return {false, FailureReason::UnknownUser, "no line has this name", false, proof};
  }
  if (!line->enabled) {
    return {false, FailureReason::Disabled, "the line is disabled", false, proof};
  }
  if (credentials.realm != realm_) {
    return {false, FailureReason::WrongRealm,
            fmt::format("realm '{}' instead of '{}'; the secret is {}", credentials.realm, realm_,
                        right ? "right" : "wrong, too"),
            false, proof};
  }
  if (!right) {
    return {false, FailureReason::WrongSecret,
            secret.empty() ? "the line has no secret" : "the response was made with another secret", false,
            proof};
  }
  return judge_right_answer(attempt);
}

/// The sender knows the secret: what else keeps the request from being the line's?
Authenticator::Refusal Authenticator::judge_right_answer(const Attempt& attempt) {
  const auto& credentials = attempt.credentials;
  const std::string_view target = attempt.request.request_uri_text();
  if (!same_target(credentials.uri, target)) {
    return {false, FailureReason::Malformed,
            fmt::format("digest made for '{}' instead of '{}'", credentials.uri, target)};
  }
  const std::string_view nc = credentials.qop.empty() ? std::string_view{} : credentials.nc;
  switch (nonces_.check(attempt.nonce, nc)) {
    case digest::NonceState::Fresh: break;
    case digest::NonceState::Stale: return {false, FailureReason::StaleNonce, "the nonce is too old", true};
    case digest::NonceState::Forged: return {false, FailureReason::StaleNonce, "the nonce is not ours"};
    case digest::NonceState::Replayed:
      // Nothing a stranger can see: only who holds (or heard) a right answer gets here. With stale=true a phone that
      // does not count its requests tries again by itself instead of asking its user for a password.
      return {false, FailureReason::ReplayedNonce, fmt::format("nc {} was used before", credentials.nc),
              true};
  }
  if (!transport_allowed(*attempt.line, attempt.flow.transport))
    return wrong_transport(*attempt.line, attempt.flow);
  return {true, {}, {}};
}

Authenticator::Refusal Authenticator::wrong_transport(const model::SipLine& line, const sip::Flow& flow) {
  return {false, FailureReason::WrongTransport,
          fmt::format("{} instead of {}", sip::label(flow.transport), line.transport)};
}

/// What the attempt costs its source.
void Authenticator::count(const sip::Flow& flow, std::string_view account, bool exists, Refusal& refusal) {
  switch (refusal.proof) {
    case Refusal::Proof::Right: return;
    case Refusal::Proof::None:
      if (watch_ != nullptr) watch_->on_unanswered(flow);
      return;
    case Refusal::Proof::Wrong:
      secrets_wrong.add();
      refusal.consequence = ledger_.failed(account, flow.remote.ip, exists);
      break;
    case Refusal::Proof::Locked:
      attempts_locked.add();
      refusal.consequence = ledger_.refused(flow.remote.ip, exists);
      break;
  }
  if (watch_ == nullptr) return;
  const auto kind =
      refusal.proof == Refusal::Proof::Wrong ? AttemptNote::Kind::Failed : AttemptNote::Kind::Refused;
  watch_->on_counted({kind, std::string(account), flow.remote.ip, exists});
  if (refusal.consequence.shut_out) watch_->on_shut_out(flow, refusal.consequence);
}

void Authenticator::refuse(const sip::Message& request, const sip::Flow& flow, std::string_view account,
                           Refusal refusal) {
  attempts_refused.add();
  log(request, flow, account, refusal);
  Failure failure = failure_of(request, flow, scheduler_.clock.wall());
  failure.account = account;
  failure.reason = refusal.reason;
  failure.detail = std::move(refusal.detail);
  failures_.remember(std::move(failure));
}

/// Two lines an event: one in Asterisk's words, for filters that were written for it, and one of our own. A lock is told
/// whenever one begins, the rest within RefusalLimit.
void Authenticator::log(const sip::Message& request, const sip::Flow& flow, std::string_view account,
                        const Refusal& refusal) {
  const auto security = [&](std::string_view event, std::string_view more) {
    log::notice("security",
                R"(security event="{}" proto="sip/{}" account="{}" remote="{}" port="{}" ua="{}"{})", event,
                sip::label(flow.transport), log_text(account), flow.remote.ip.to_string(), flow.remote.port,
                log_text(request.header(sip::HeaderId::UserAgent).value_or(std::string_view{})), more);
  };
  const auto phrase = log_phrase(refusal.reason);
  if (!phrase.empty() && log_limit_.admit(flow.remote.ip, scheduler_.clock.now())) {
    log::notice("sip", "Request '{}' from '<{}>' failed for '{}' (callid: {}) - {}",
                log_text(request.method_text()), log_text(request.from().uri_text), flow.remote.to_string(),
                log_text(request.call_id()), phrase);
    security(refusal.reason == FailureReason::UnknownUser ? "unknown_account" : "auth_failed", {});
  }
  const auto& led_to = refusal.consequence;
  if (!led_to.account_locked && !led_to.source_locked) return;
  security(led_to.source_locked ? "source_locked" : "account_locked",
           fmt::format(R"( seconds="{}")",
                       std::chrono::duration_cast<std::chrono::seconds>(led_to.locked_for).count()));
}

Authenticator::Challenge Authenticator::challenge(const sip::Flow& flow, const Refusal& refusal) {
  challenges_sent.add();
  const auto nonce = nonces_.issue(flow.remote.ip);
  Challenge made;
  made.values.reserve(2);
  for (const auto algorithm : offered_)
    made.values.push_back(digest::challenge(realm_, nonce, algorithm, refusal.stale));
  made.delay = refusal.consequence.delay;
  return made;
}

}  // namespace xivo::endpoint
