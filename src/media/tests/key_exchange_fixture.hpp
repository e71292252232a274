#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inline_fixture.hpp"
#include "rtp/dtls.hpp"
#include "rtp/srtp.hpp"
#include "rtp/stun.hpp"

namespace xivo::media {

inline const KeyExchange::Ice kIce{{"ours", "a password of ours, long"}, {"theirs", "a password of theirs"}};

/// A certificate for all tests of a program, with retransmissions that can be waited for: OpenSSL counts less than 15 ms as over.
inline std::shared_ptr<const rtp::DtlsContext> quick_dtls() {
  static const auto kContext = [] {
    rtp::DtlsContext::Options options;
    options.first_retransmission = milliseconds(20);
    return *rtp::DtlsContext::make(options);
  }();
  return kContext;
}

inline std::string text_of(rtp::Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// A connectivity check as the far side's.
struct Check {
  bool nominates = false;
  std::uint32_t priority = 100;
  std::string name = "ours:theirs";
  std::string password = kIce.ours.password;
  std::uint16_t strange = 0;  // an attribute

  [[nodiscard]] std::string bytes() const {
    std::array<std::uint8_t, 256> out;
    const std::array<std::uint8_t, 12> transaction{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    rtp::StunWriter writer(out, rtp::StunClass::Request, transaction);
    writer.username(name);
    writer.priority(priority);
    writer.controlling(7);
    if (nominates) writer.use_candidate();
    if (strange != 0) writer.attribute(strange, {});
    writer.integrity(password);
    writer.fingerprint();
    return text_of(writer.written());
  }
};

/// What a browser does behind one address: the handshake, and SRTP after it.
struct Browser {
  explicit Browser(rtp::DtlsAssociation::Role role, const std::string& expected) {
    association = *rtp::DtlsAssociation::make(context, role, "sha-256", expected);
  }
  void take_keys() {
    if (!association->keys() || out) return;
    out.emplace(*rtp::SrtpProtector::make(association->keys()->send));
    in.emplace(*rtp::SrtpUnprotector::make(association->keys()->receive));
  }
  std::string seal(const std::string& packet, bool rtcp = false) {
    std::vector<std::uint8_t> bytes(packet.begin(), packet.end());
    bytes.resize(packet.size() + rtp::kSrtpOverheadMax);
    const auto size = rtcp ? out->protect_rtcp(bytes, packet.size()) : out->protect_rtp(bytes, packet.size());
    return text_of(rtp::Bytes(bytes).first(*size));
  }
  /// Empty when it is not authentic.
  std::string open(const std::string& packet, bool rtcp = false) {
    std::vector<std::uint8_t> bytes(packet.begin(), packet.end());
    const auto size = rtcp ? in->unprotect_rtcp(bytes) : in->unprotect_rtp(bytes);
    return size ? text_of(rtp::Bytes(bytes).first(*size)) : std::string();
  }

  std::shared_ptr<const rtp::DtlsContext> context = *rtp::DtlsContext::make();
  std::unique_ptr<rtp::DtlsAssociation> association;
  std::optional<rtp::SrtpProtector> out;
  std::optional<rtp::SrtpUnprotector> in;
};

}  // namespace xivo::media
