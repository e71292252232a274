#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "media/dtls/ice_path.hpp"
#include "rtp/dtls.hpp"

namespace xivo::media {

/// How a session comes by its keys: what signalling has said, the path that is found for it, and the handshake. Lives in the
/// session's margin; made in the shard, used by the media loop.
struct KeyAgreement {
  static constexpr auto kHandshakeMax = std::chrono::seconds(30);
  /// A far side that ends its association is about to end the call: BYE comes another way, and is given this long.
  static constexpr auto kGoodbye = std::chrono::seconds(2);

  KeyAgreement(KeyExchange exchange, std::shared_ptr<const rtp::DtlsContext> context)
      : wanted(std::move(exchange)), dtls(std::move(context)) {
    if (wanted.ice) path.emplace(*wanted.ice);
  }
  /// The same association, described again: only ICE's credentials may be others.
  [[nodiscard]] bool same_association(const KeyExchange& other) const {
    return wanted.generation == other.generation;
  }
  [[nodiscard]] bool armed() const { return deadline != runtime::Instant{}; }

  KeyExchange wanted;
  std::shared_ptr<const rtp::DtlsContext> dtls;
  std::optional<IcePath> path;  // nothing: the described address is it
  std::unique_ptr<rtp::DtlsAssociation> association;  // once the handshake has begun
  SocketAddress peer;  // where its flights go
  RateLimit rate;
  runtime::Instant give_up{};  // the handshake, by then
  runtime::Instant deadline{};  // something is to be done
  std::string_view ended;  // why it came to nothing; empty: it has not
};

}  // namespace xivo::media
