#include "media/srtp/session.hpp"

#include <cstring>

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
  if (!send || !receive) return nullptr;
  auto out = rtp::SrtpProtector::make(*send);
  auto in = rtp::SrtpUnprotector::make(*receive);
  if (!out || !in) return nullptr;
  return std::make_unique<SrtpSession>(SrtpSession{std::move(*out), std::move(*in)});
}

SrtpChange SrtpChange::to(const std::optional<Protection>& protection) {
  if (!protection) return {};
  return {true, SrtpSession::of(*protection)};
}

}  // namespace xivo::media
