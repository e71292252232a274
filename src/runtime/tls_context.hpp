#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/channel.hpp"
#include "runtime/clock.hpp"

namespace xivo::runtime {

/// The files of one certificate, PEM: the chain with our own certificate first, and its key.
struct TlsCertificate {
  std::string chain_file;
  std::string key_file;
};

/// What we show those who connect to us over TLS and ask of those we connect to. Never changes: new files make a new
/// context, and the channels made by the old one live on with it.
/// Source  RFC 8446, RFC 5246 (1.2 and above, forward secrecy, no renegotiation), RFC 6066 §3 (server name)
/// Thread  any
class TlsContext : public std::enable_shared_from_this<TlsContext> {
 public:
  static constexpr std::size_t kCertificatesMax = 64;

  struct Options {
    /// The first is for those who ask for no name, or for a name that no certificate has.
    std::vector<TlsCertificate> certificates;
    /// Those we connect to must show a trusted certificate with the name, or the address, that we meant to reach.
    bool verify = false;
    std::string trust_file;  // of trusted certificates, PEM; empty: those of the system
  };
  struct Certificate {
    std::string file;
    std::string subject;  // its common name
    WallTime until{};
  };

  /// Reads the files: not for a loop that carries calls.
  /// Errors  one sentence that names the file
  static Result<std::shared_ptr<const TlsContext>, std::string> load(const Options& options);
  /// The same for a program that only connects and shows no certificate of its own.
  static Result<std::shared_ptr<const TlsContext>, std::string> load_client(bool verify,
                                                                            const std::string& trust_file);
  virtual ~TlsContext() = default;

  /// As server of a connection that has been accepted, as client of one that has been made.
  /// Shape   name: of the host we mean to reach, or its address as text; for the server name and for checking
  [[nodiscard]] virtual std::unique_ptr<Channel> accept(Fd fd) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Channel> connect(Fd fd, const std::string& name) const = 0;

  [[nodiscard]] const std::vector<Certificate>& certificates() const { return certificates_; }

 protected:
  std::vector<Certificate> certificates_;
};

}  // namespace xivo::runtime
