#include "media/srtp/session.hpp"

#include <cstring>
#include <utility>

namespace xivo::media {
namespace {

rtp::SrtpSuite suite_of(Protection::Suite suite) {
  switch (suite) {
    case Protection::Suite::AesCm128HmacSha1_32: return rtp::SrtpSuite::AesCm128HmacSha1_32;
    case Protection::Suite::AeadAes128Gcm: return rtp::SrtpSuite::AeadAes128Gcm;
    case Protection::Suite::AeadAes256Gcm: return rtp::SrtpSuite::AeadAes256Gcm;
    case Protection::Suite::AesCm128HmacSha1_80: break;
  }
  return rtp::SrtpSuite::AesCm128HmacSha1_80;
}

std::optional<rtp::SrtpKey> key_of(Protection::Suite suite, const std::string& octets) {
  rtp::SrtpKey key;
  key.suite = suite_of(suite);
  const auto key_size = rtp::srtp_key_size(key.suite);
  const auto salt_size = rtp::srtp_salt_size(key.suite);
  if (octets.size() != key_size + salt_size) return std::nullopt;
  std::memcpy(key.key.data(), octets.data(), key_size);
  std::memcpy(key.salt.data(), octets.data() + key_size, salt_size);
  return key;
}

}  // namespace

std::unique_ptr<SrtpSession> SrtpSession::of(const Protection& protection) {
  const auto send = key_of(protection.suite, protection.send_key);
  const auto receive = key_of(protection.suite, protection.receive_key);
  return send && receive ? of(*send, *receive) : nullptr;
}

std::unique_ptr<SrtpSession> SrtpSession::of(const rtp::SrtpKey& send, const rtp::SrtpKey& receive) {
  auto out = rtp::SrtpProtector::make(send);
  auto in = rtp::SrtpUnprotector::make(receive);
  if (!out || !in) return nullptr;
  return std::make_unique<SrtpSession>(SrtpSession{std::move(*out), std::move(*in)});
}

std::optional<SrtpChange> ToldProtection::change_to(const Remote& remote,
                                                    const std::shared_ptr<const rtp::DtlsContext>& dtls) {
  const auto& keys = remote.protection;
  const auto generation = keys && !remote.key_exchange ? keys->generation : 0;
  const bool renewed = std::exchange(generation_, generation) != generation;
  const bool was_keyed = std::exchange(keyed_, remote.key_exchange.has_value());
  if (remote.key_exchange)
    return SrtpChange{true, nullptr, std::make_unique<KeyAgreement>(*remote.key_exchange, dtls)};
  if (!renewed && !was_keyed) return std::nullopt;
  return SrtpChange{keys.has_value(), keys ? SrtpSession::of(*keys) : nullptr, nullptr};
}

}  // namespace xivo::media
