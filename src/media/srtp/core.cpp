// RFC 3711: where protected sessions meet the rest. Inside a media loop all packets are plain; they are opened as they come in, before
// anything is believed of them, and sealed as they go out.
#include <cstring>

#include "media/core.hpp"

namespace xivo::media {

void Core::protect(Slot slot, SrtpChange change) {
  Session* session = find(slot);
  if (session == nullptr) return;
  if (change.agreement) return agree(slot, *session, std::move(change.agreement));
  drop_agreement(slot, *session);
  session->secure = change.wanted;
  margin(slot).srtp = std::move(change.ciphers);
}

std::optional<rtp::WritableBytes> Core::open_sealed(Slot slot, bool rtcp, rtp::WritableBytes bytes) {
  auto* srtp = margin(slot).srtp.get();
  if (srtp == nullptr) return std::nullopt;
  const auto size = rtcp ? srtp->in.unprotect_rtcp(bytes) : srtp->in.unprotect_rtp(bytes);
  if (!size) return std::nullopt;
  return bytes.first(*size);
}

std::optional<rtp::Bytes> Core::seal(Slot slot, bool rtcp, rtp::Bytes bytes) {
  auto* srtp = margin(slot).srtp.get();
  if (srtp == nullptr || bytes.size() > sealed_.size() - rtp::kSrtpOverheadMax) return std::nullopt;
  std::memcpy(sealed_.data(), bytes.data(), bytes.size());
  const auto size =
      rtcp ? srtp->out.protect_rtcp(sealed_, bytes.size()) : srtp->out.protect_rtp(sealed_, bytes.size());
  if (!size) return std::nullopt;
  return rtp::Bytes(sealed_).first(*size);
}

}  // namespace xivo::media
