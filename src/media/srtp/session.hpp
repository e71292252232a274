#pragma once

#include <memory>
#include <optional>

#include "media/dtls/agreement.hpp"
#include "media/engine.hpp"
#include "media/srtp/protection.hpp"
#include "rtp/srtp.hpp"

namespace xivo::media {

/// The ciphers and replay windows of a protected session. Lives in its margin; made in the shard, used by the media loop.
struct SrtpSession {
  rtp::SrtpProtector out;
  rtp::SrtpUnprotector in;

  /// Nothing when the keys do not have their suite's size: such a session carries no packet, rather than a plain one.
  static std::unique_ptr<SrtpSession> of(const Protection& protection);
  static std::unique_ptr<SrtpSession> of(const rtp::SrtpKey& send, const rtp::SrtpKey& receive);
};

/// What a session is to be protected with from now on. `wanted` without `ciphers`: by keys that nobody can use.
struct SrtpChange {
  bool wanted = false;
  std::unique_ptr<SrtpSession> ciphers;
  std::unique_ptr<KeyAgreement> agreement;  // set: by keys that this is to find, and the rest does not count
};

/// What the loop of a session has last been told of its protection.
class ToldProtection {
 public:
  /// What another description changes; nothing when all stays as it is. One command for all of it, so that no packet falls
  /// into a moment between two protections.
  std::optional<SrtpChange> change_to(const Remote& remote,
                                      const std::shared_ptr<const rtp::DtlsContext>& dtls);

 private:
  std::uint32_t generation_ = 0;  // of its keys; 0 = plain
  bool keyed_ = false;
};

}  // namespace xivo::media
