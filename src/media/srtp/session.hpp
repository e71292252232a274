#pragma once

#include <memory>
#include <optional>

#include "media/srtp/protection.hpp"
#include "rtp/srtp.hpp"

namespace xivo::media {

/// The ciphers and replay windows of a protected session. Lives in its margin; made in the shard, used by the media loop.
struct SrtpSession {
  rtp::SrtpProtector out;
  rtp::SrtpUnprotector in;

  /// Nothing when the keys do not have their suite's size: such a session carries no packet, rather than a plain one.
  static std::unique_ptr<SrtpSession> of(const Protection& protection);
};

/// What a session is to be protected with from now on. `wanted` without `ciphers`: by keys that nobody can use.
struct SrtpChange {
  bool wanted = false;
  std::unique_ptr<SrtpSession> ciphers;

  static SrtpChange to(const std::optional<Protection>& protection);
};

}  // namespace xivo::media
