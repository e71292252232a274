// RFC 3711 §3: which packet is which, and none twice.
#include "rtp/srtp.hpp"

#include <algorithm>
#include <optional>

#include "rtp/packet.hpp"

namespace xivo::rtp {
namespace {

constexpr std::uint64_t kWindow = 64;
constexpr std::uint32_t kRtcpIndexMax = 0x7fffffff;
constexpr std::size_t kRtcpClear = 8;
constexpr std::size_t kWord = 4;

/// Octets before the payload. Not rtp::parse(): padding is under the encryption.
std::optional<std::size_t> header_size(Bytes packet) {
  if (packet.size() < kHeaderSize || (packet[0] >> 6) != 2) return std::nullopt;
  std::size_t size = kHeaderSize + 4u * (packet[0] & 0x0f);
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < size + 4) return std::nullopt;
    size += 4 + 4u * read16(packet, size + 2);
  }
  if (packet.size() < size) return std::nullopt;
  return size;
}

struct Ciphers {
  SrtpCipher rtp;
  SrtpCipher rtcp;
};

Result<Ciphers> make_ciphers(const SrtpKey& key) {
  const auto rtp_keys = SrtpSessionKeys::derive(key, SrtpSessionKeys::Of::Rtp);
  if (!rtp_keys) return Unexpected{rtp_keys.error()};
  const auto rtcp_keys = SrtpSessionKeys::derive(key, SrtpSessionKeys::Of::Rtcp);
  if (!rtcp_keys) return Unexpected{rtcp_keys.error()};
  auto rtp = SrtpCipher::make(key.suite, *rtp_keys);
  if (!rtp) return Unexpected{rtp.error()};
  auto rtcp = SrtpCipher::make(key.suite, *rtcp_keys);
  if (!rtcp) return Unexpected{rtcp.error()};
  return Ciphers{std::move(*rtp), std::move(*rtcp)};
}

}  // namespace

// ------------------------------------------------------------------------------------------------ sources

bool SrtpSources::Window::fresh(std::uint64_t index) const {
  if (seen == 0 || index > highest) return true;
  const auto behind = highest - index;
  return behind < kWindow && ((seen >> behind) & 1) == 0;
}

void SrtpSources::Window::note(std::uint64_t index) {
  if (seen == 0 || index > highest) {
    const auto step = seen == 0 ? kWindow : index - highest;
    seen = step >= kWindow ? 1 : (seen << step) | 1;
    highest = index;
  } else {
    seen |= std::uint64_t{1} << (highest - index);
  }
}

std::size_t SrtpSources::find(std::uint32_t ssrc) const {
  if (last_ < sources_.size() && sources_[last_].ssrc == ssrc) return last_;
  const auto at =
      std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.ssrc == ssrc; });
  return static_cast<std::size_t>(at - sources_.begin());
}

SrtpSources::Source SrtpSources::look(std::uint32_t ssrc) const {
  const auto at = find(ssrc);
  if (at == sources_.size()) return {ssrc, {}, {}};
  last_ = at;
  return sources_[at];
}

bool SrtpSources::keep(const Source& source) {
  const auto at = find(source.ssrc);
  if (at < sources_.size()) {
    sources_[at] = source;
    return true;
  }
  if (sources_.size() == kMax) return false;
  sources_.push_back(source);
  return true;
}

// RFC 3711 §3.3.1 and appendix A: of the three possible roll-over counters, the one that lies nearest.
std::uint64_t SrtpSources::index_of(std::uint16_t sequence, const Window& window) {
  if (window.seen == 0) return sequence;
  auto roll_over = window.highest >> 16;
  const auto last = static_cast<std::uint16_t>(window.highest);
  const int ahead = int{sequence} - int{last};
  if (ahead > 0x8000 && roll_over > 0) {
    --roll_over;
  } else if (ahead < -0x8000) {
    ++roll_over;
  }
  return (roll_over << 16) | sequence;
}

// ------------------------------------------------------------------------------------------------ sending

Result<SrtpProtector> SrtpProtector::make(const SrtpKey& key) {
  auto ciphers = make_ciphers(key);
  if (!ciphers) return Unexpected{ciphers.error()};
  return SrtpProtector(key.suite, std::move(ciphers->rtp), std::move(ciphers->rtcp));
}

Result<std::size_t> SrtpProtector::protect_rtp(WritableBytes buffer, std::size_t size) {
  const auto clear = header_size(buffer.first(size));
  if (!clear) return fail("header is malformed");
  if (buffer.size() < size + srtp_tag_size(suite_)) return fail("no room for the tag");
  auto source = sources_.look(read32(buffer, 8));
  const auto index = SrtpSources::index_of(read16(buffer, 2), source.rtp);
  if (!source.rtp.fresh(index)) return fail("packet has been sent before", static_cast<std::int64_t>(index));
  source.rtp.note(index);
  if (!sources_.keep(source)) return fail("too many sources");
  if (!rtp_.seal_rtp(buffer, *clear, size, source.ssrc, index)) return fail("cannot encrypt");
  return size + srtp_tag_size(suite_);
}

Result<std::size_t> SrtpProtector::protect_rtcp(WritableBytes buffer, std::size_t size) {
  if (size < kRtcpClear) return fail("packet is too short");
  if (buffer.size() < size + srtcp_tag_size(suite_) + kWord) return fail("no room for the tag");
  auto source = sources_.look(read32(buffer, 4));
  const auto index = source.rtcp.seen == 0 ? 1 : source.rtcp.highest + 1;
  if (index > kRtcpIndexMax) return fail("key is worn out");
  source.rtcp.note(index);
  if (!sources_.keep(source)) return fail("too many sources");
  if (!rtcp_.seal_rtcp(buffer, size, source.ssrc, static_cast<std::uint32_t>(index)))
    return fail("cannot encrypt");
  return size + srtcp_tag_size(suite_) + kWord;
}

// ------------------------------------------------------------------------------------------------ receiving

Result<SrtpUnprotector> SrtpUnprotector::make(const SrtpKey& key) {
  auto ciphers = make_ciphers(key);
  if (!ciphers) return Unexpected{ciphers.error()};
  return SrtpUnprotector(key.suite, std::move(ciphers->rtp), std::move(ciphers->rtcp));
}

Result<std::size_t> SrtpUnprotector::unprotect_rtp(WritableBytes packet) {
  const auto clear = header_size(packet);
  if (!clear) return fail("header is malformed");
  if (packet.size() < *clear + srtp_tag_size(suite_)) return fail("packet is too short");
  auto source = sources_.look(read32(packet, 8));
  const auto index = SrtpSources::index_of(read16(packet, 2), source.rtp);
  if (!source.rtp.fresh(index)) return fail("packet came before", static_cast<std::int64_t>(index));
  if (!rtp_.open_rtp(packet, *clear, packet.size(), source.ssrc, index))
    return fail("packet is not authentic");
  source.rtp.note(index);
  if (!sources_.keep(source)) return fail("too many sources");
  return packet.size() - srtp_tag_size(suite_);
}

Result<std::size_t> SrtpUnprotector::unprotect_rtcp(WritableBytes packet) {
  const auto added = srtcp_tag_size(suite_) + kWord;
  if (packet.size() < kRtcpClear + added || (packet[0] >> 6) != 2) return fail("packet is too short");
  const auto word = read32(packet, packet.size() - (is_aead(suite_) ? kWord : added));
  const auto index = word & kRtcpIndexMax;
  auto source = sources_.look(read32(packet, 4));
  if (!source.rtcp.fresh(index)) return fail("packet came before", index);
  if (!rtcp_.open_rtcp(packet, packet.size(), source.ssrc, index, (word >> 31) != 0))
    return fail("packet is not authentic");
  source.rtcp.note(index);
  if (!sources_.keep(source)) return fail("too many sources");
  return packet.size() - added;
}

}  // namespace xivo::rtp
