#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "rtp/bytes.hpp"
#include "rtp/srtp_cipher.hpp"

namespace xivo::rtp {

/// What protection adds to a packet at most: an AEAD tag and the index word of RTCP.
inline constexpr std::size_t kSrtpOverheadMax = 20;

/// Which packets of each source have been seen: an RTP packet's index beyond its 16-bit sequence number, and a window of
/// 64 packets in which none is taken twice.
/// Source  RFC 3711 §3.3.1 (index), §3.3.2 (replay)
class SrtpSources {
 public:
  /// Sources of one key: every hold may begin a new one. Beyond that new ones are refused, for a forgotten source could be
  /// replayed, and a sender that forgot would use a key stream twice.
  static constexpr std::size_t kMax = 256;

  struct Window {
    std::uint64_t highest = 0;
    std::uint64_t seen = 0;  // bit n: `highest` - n has been
    [[nodiscard]] bool fresh(std::uint64_t index) const;
    void note(std::uint64_t index);
  };
  struct Source {
    std::uint32_t ssrc = 0;
    Window rtp;
    Window rtcp;
  };

  /// The source's state, or that of one not yet heard of; nothing is kept before keep().
  [[nodiscard]] Source look(std::uint32_t ssrc) const;
  /// False when there is no room for another source.
  bool keep(const Source& source);
  /// Where a sequence number stands among those of its source.
  static std::uint64_t index_of(std::uint16_t sequence, const Window& window);

 private:
  [[nodiscard]] std::size_t find(std::uint32_t ssrc) const;

  std::vector<Source> sources_;
  mutable std::size_t last_ = 0;  // nearly always the one that is asked for next
};

/// Protects what we send with one master key. Several sources may share it.
/// Errors  "packet has been sent before" (a repeated index would lay the plain text open), "too many sources", "packet is too
///         short", "no room for the tag", "key is worn out"
/// Thread  the media loop's; no allocation except when a source begins
class SrtpProtector {
 public:
  static Result<SrtpProtector> make(const SrtpKey& key);
  /// `size` octets of `buffer` are the packet; kSrtpOverheadMax more must be there. Returns the new size.
  Result<std::size_t> protect_rtp(WritableBytes buffer, std::size_t size);
  Result<std::size_t> protect_rtcp(WritableBytes buffer, std::size_t size);

 private:
  SrtpProtector(SrtpSuite suite, SrtpCipher rtp, SrtpCipher rtcp)
      : suite_(suite), rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}
  SrtpSuite suite_;
  SrtpCipher rtp_;
  SrtpCipher rtcp_;
  SrtpSources sources_;
};

/// Takes what the far side protected with its master key. State changes only by packets that are authentic.
/// Errors  "packet is not authentic" (the bytes may be spoilt), "packet came before", "packet is too short", "header is malformed",
///         "too many sources"
/// Thread  the media loop's; no allocation except when a source begins
class SrtpUnprotector {
 public:
  static Result<SrtpUnprotector> make(const SrtpKey& key);
  /// Opens the packet in place. Returns its size without what protection had added.
  Result<std::size_t> unprotect_rtp(WritableBytes packet);
  Result<std::size_t> unprotect_rtcp(WritableBytes packet);

 private:
  SrtpUnprotector(SrtpSuite suite, SrtpCipher rtp, SrtpCipher rtcp)
      : suite_(suite), rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}
  SrtpSuite suite_;
  SrtpCipher rtp_;
  SrtpCipher rtcp_;
  SrtpSources sources_;
};

}  // namespace xivo::rtp
