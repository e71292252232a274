#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rtp/bytes.hpp"
#include "rtp/srtp_cipher.hpp"

namespace xivo::rtp {

/// What all associations of a process share: a self-signed certificate (EC P-256, random names, in memory only) and how DTLS is
/// spoken with it: version 1.2, ECDHE with AES-GCM, no resumption, no renegotiation.
/// Thread  any, once made
class DtlsContext {
 public:
  struct Options {
    /// Before a flight is first sent again; it doubles from then on. RFC 6347 §4.2.4.1 proposes a second for want of better
    /// knowledge; where somebody waits to be heard, less is usual.
    std::chrono::microseconds first_retransmission = std::chrono::milliseconds(400);
    /// Of SRTP, in OpenSSL's names, the preferred first; empty offers none (tests).
    std::string profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";
  };

  /// Errors  the crypto library refused (out of memory)
  static Result<std::shared_ptr<const DtlsContext>> make(const Options& options);
  static Result<std::shared_ptr<const DtlsContext>> make() { return make(Options{}); }
  ~DtlsContext();
  DtlsContext(const DtlsContext&) = delete;
  DtlsContext& operator=(const DtlsContext&) = delete;

  /// SHA-256 of the certificate: 32 octets.                                                       RFC 8122 §5
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

 private:
  friend class DtlsAssociation;
  struct Library;
  DtlsContext();

  std::unique_ptr<Library> library_;
  std::string fingerprint_;
};

/// One DTLS association that agrees on SRTP keys, as server or client, without a socket: datagrams go in by take() and come out by
/// outgoing(). The far side has to show a certificate, whichever it is; one whose digest is not the expected one ends the
/// handshake. After it only its end and repeated flights are looked for: no data pass.
///
/// Time is the kernel's, because OpenSSL reads it by itself: who uses next_timeout() must not live in another.
/// Source  RFC 6347 (DTLS 1.2), RFC 5764 (use_srtp, keys), RFC 5763 §5 (fingerprint)
/// Thread  one at a time; may be handed from one to another
class DtlsAssociation {
 public:
  enum class Role : std::uint8_t { Server, Client };
  enum class State : std::uint8_t {
    Handshaking,
    Done,  // keys() are there
    Failed,  // reason() says why; also when the far side has ended it after it was done
  };
  struct Keys {
    SrtpKey send;
    SrtpKey receive;
  };
  static constexpr std::size_t kMtu = 1200;
  static constexpr std::size_t kDatagramMax = 2048;

  /// Shape   hash: "sha-256" and the like in lower case; digest: octets
  /// Errors  "fingerprint hash is not known" (md5 is refused), the crypto library refused
  static Result<std::unique_ptr<DtlsAssociation>> make(std::shared_ptr<const DtlsContext> context, Role role,
                                                       std::string_view hash, std::string_view digest);
  ~DtlsAssociation();
  DtlsAssociation(const DtlsAssociation&) = delete;
  DtlsAssociation& operator=(const DtlsAssociation&) = delete;

  /// Client: the first flight. Server: nothing to be done.
  void begin();
  /// A datagram has come. What is no DTLS, too long or not authentic changes nothing.
  void take(Bytes datagram);
  /// When the last flight has to be sent again unless an answer comes; nothing when none is waited for.
  [[nodiscard]] std::optional<std::chrono::microseconds> next_timeout() const;
  /// Sends it again if it is due.
  void on_timeout();
  /// Tells the far side that it is over (close_notify).
  void close();

  [[nodiscard]] State state() const { return state_; }
  /// In a few words, static.
  [[nodiscard]] std::string_view reason() const { return reason_; }
  [[nodiscard]] const std::optional<Keys>& keys() const { return keys_; }
  /// Datagrams to be sent now, in order; the list is empty afterwards.
  std::vector<std::vector<std::uint8_t>> outgoing();

 private:
  friend class DtlsContext;
  struct Library;
  explicit DtlsAssociation(std::shared_ptr<const DtlsContext> context);
  void advance();
  void read_rest();
  void on_error(int result);
  void finish();
  void fail_with(std::string_view reason);

  std::shared_ptr<const DtlsContext> context_;
  std::unique_ptr<Library> library_;
  State state_ = State::Handshaking;
  std::string_view reason_;
  std::optional<Keys> keys_;
};

}  // namespace xivo::rtp
