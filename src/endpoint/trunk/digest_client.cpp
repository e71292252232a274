// The client's side of digest authentication.                                        RFC 3261 §22, RFC 7616, RFC 8760
#include "endpoint/trunk/digest_client.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xivo::endpoint {

DigestClient::Verdict DigestClient::challenged(const sip::Message& response) {
  if (credentials_.username.empty()) return Verdict::Unanswerable;
  if (++rounds_ > kRoundsMax) return Verdict::Refused;
  bool answerable = false;
  bool refused = false;
  std::vector<std::pair<bool, std::string>> taken;  // the first of a realm that we can answer is the one
  for (const auto& field : response.headers()) {
    const bool proxy = field.id == sip::HeaderId::ProxyAuthenticate;
    if (!proxy && field.id != sip::HeaderId::WwwAuthenticate) continue;
    auto challenge = sip::digest::parse(field.value);
    if (!challenge) continue;
    const std::pair realm(proxy, challenge->realm);
    if (std::find(taken.begin(), taken.end(), realm) != taken.end()) continue;
    if (!take(proxy, std::move(*challenge), refused)) continue;
    taken.push_back(realm);
    answerable = true;
  }
  if (refused) return Verdict::Refused;
  return answerable ? Verdict::Answer : Verdict::Unanswerable;
}

// False: it cannot be answered. A nonce that was new when we used it and is not called stale was answered wrongly.
bool DigestClient::take(bool proxy, sip::digest::Parameters challenge, bool& refused) {
  if (sip::digest::answer(challenge, credentials_, "OPTIONS", "sip:x", "x", 1).empty()) return false;
  const auto known = std::find_if(realms_.begin(), realms_.end(), [&](const Realm& realm) {
    return realm.proxy == proxy && realm.challenge.realm == challenge.realm;
  });
  if (known == realms_.end()) {
    if (realms_.size() >= kRealmsMax) return false;
    realms_.push_back({proxy, std::move(challenge), 0, false});
    return true;
  }
  if (known->used != 0 && !known->proven && !challenge.stale) refused = true;
  *known = {proxy, std::move(challenge), 0, false};
  return true;
}

std::string DigestClient::lines(std::string_view method, std::string_view uri, runtime::Rng& rng) {
  std::string lines;
  for (auto& realm : realms_) {
    lines += fmt::format(
        "{}: {}\r\n", realm.proxy ? "Proxy-Authorization" : "Authorization",
        sip::digest::answer(realm.challenge, credentials_, method, uri, rng.token(16), ++realm.used));
  }
  return lines;
}

void DigestClient::succeeded() {
  rounds_ = 0;
  for (auto& realm : realms_) realm.proven = true;
}

void DigestClient::reset() {
  rounds_ = 0;
  realms_.clear();
}

}  // namespace xivo::endpoint
