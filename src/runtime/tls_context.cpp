// Certificates, and what TLS is spoken with.                                  RFC 8446, RFC 5246, RFC 6066 §3, RFC 9325
#include "runtime/tls_context.hpp"

#include <fmt/format.h>

#include <ctime>

#include "base/address.hpp"
#include "runtime/openssl_handles.hpp"
#include "runtime/tls_channel.hpp"

namespace xivo::runtime {
namespace {

/// TLS 1.2 with forward secrecy and authenticated encryption only; what 1.3 has is all good.        RFC 9325 §4.2
constexpr const char* kCiphers12 = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL";
constexpr unsigned char kSessionOwner[] = "xivo";
constexpr std::size_t kNameMax = 255;

std::string text(const std::string& file, std::string_view what) {
  const auto reason = openssl::take_error();
  return reason.empty() ? fmt::format("{}: {}", file, what) : fmt::format("{}: {} ({})", file, what, reason);
}

/// A key with a passphrase would ask for it on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

WallTime end_of(const X509* certificate) {
  std::tm time{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time);
  return WallTime(std::chrono::seconds(timegm(&time)));
}

std::string subject_of(const X509* certificate) {
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

Result<openssl::Context, std::string> make_context() {
  openssl::Context context(SSL_CTX_new(TLS_method()));
  if (!context) return Unexpected{text("OpenSSL", "TLS cannot be used")};
  auto* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(raw, kCiphers12);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Resumption by tickets, which the client keeps; a cache of ours would be one more thing that grows.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  return context;
}

Result<openssl::Context, std::string> make_context(const TlsCertificate& files) {
  auto context = make_context();
  if (!context) return context;
  auto* const raw = context->get();
  SSL_CTX_set_session_id_context(raw, kSessionOwner, sizeof kSessionOwner - 1);
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(raw, files.chain_file.c_str()) != 1) {
    return Unexpected{text(files.chain_file, "no certificate can be read")};
  }
  if (SSL_CTX_use_PrivateKey_file(raw, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unexpected{text(files.key_file, "no key can be read, or it is not the certificate's")};
  }
  return context;
}

class OpensslContext final : public TlsContext {
 public:
  Result<void, std::string> load_all(const Options& options) {
    if (options.certificates.empty()) return Unexpected{std::string("TLS needs a certificate")};
    if (options.certificates.size() > kCertificatesMax) {
      return Unexpected{fmt::format("more than {} certificates", kCertificatesMax)};
    }
    for (const auto& files : options.certificates) {
      auto made = make_context(files);
      if (!made) return Unexpected{made.error()};
      const auto* const certificate = SSL_CTX_get0_certificate(made->get());
      certificates_.push_back({files.chain_file, subject_of(certificate), end_of(certificate)});
      contexts_.push_back(std::move(*made));
    }
    auto* const first = contexts_.front().get();
    SSL_CTX_set_tlsext_servername_callback(first, choose_by_name);
    SSL_CTX_set_tlsext_servername_arg(first, this);
    verify_ = options.verify;
    return verify_ ? load_trust(options.trust_file) : Result<void, std::string>{};
  }

  Result<void, std::string> load_trust_only(bool verify, const std::string& trust_file) {
    auto made = make_context();
    if (!made) return Unexpected{made.error()};
    contexts_.push_back(std::move(*made));
    verify_ = verify;
    return verify ? load_trust(trust_file) : Result<void, std::string>{};
  }

  [[nodiscard]] std::unique_ptr<Channel> accept(Fd fd) const override {
    openssl::Session session(SSL_new(contexts_.front().get()));
    XIVO_ASSERT(session != nullptr);
    SSL_set_accept_state(session.get());
    return tls_channel(std::move(fd), std::move(session), shared_from_this());
  }

  [[nodiscard]] std::unique_ptr<Channel> connect(Fd fd, const std::string& name) const override {
    openssl::Session session(SSL_new(contexts_.front().get()));
    XIVO_ASSERT(session != nullptr);
    auto* const raw = session.get();
    SSL_set_connect_state(raw);
    const bool is_address = IpAddress::parse(name).has_value();
    if (!is_address && !name.empty()) SSL_set_tlsext_host_name(raw, name.c_str());  // RFC 6066: no addresses
    if (verify_) {
      SSL_set_verify(raw, SSL_VERIFY_PEER, nullptr);
      if (is_address) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(raw), name.c_str());
      } else {
        SSL_set1_host(raw, name.c_str());
      }
    }
    return tls_channel(std::move(fd), std::move(session), shared_from_this());
  }

 private:
  Result<void, std::string> load_trust(const std::string& file) {
    auto* const first = contexts_.front().get();
    const bool loaded = file.empty() ? SSL_CTX_set_default_verify_paths(first) == 1
                                     : SSL_CTX_load_verify_file(first, file.c_str()) == 1;
    if (!loaded) return Unexpected{text(file, "no trusted certificates can be read")};
    return {};
  }

  // Who asks for a name that no certificate has gets the first: phones ask for addresses and for what they please.
  static int choose_by_name(SSL* session, int*, void* self) {
    const char* const name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    const auto size = name == nullptr ? 0 : std::char_traits<char>::length(name);
    if (size == 0 || size > kNameMax) return SSL_TLSEXT_ERR_NOACK;
    for (const auto& context : static_cast<const OpensslContext*>(self)->contexts_) {
      auto* const certificate = SSL_CTX_get0_certificate(context.get());
      if (X509_check_host(certificate, name, size, 0, nullptr) != 1) continue;
      SSL_set_SSL_CTX(session, context.get());
      return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
  }

  std::vector<openssl::Context> contexts_;
  bool verify_ = false;
};

}  // namespace

Result<std::shared_ptr<const TlsContext>, std::string> TlsContext::load(const Options& options) {
  auto context = std::make_shared<OpensslContext>();
  ERR_clear_error();
  if (const auto loaded = context->load_all(options); !loaded) return Unexpected{loaded.error()};
  return std::shared_ptr<const TlsContext>(std::move(context));
}

Result<std::shared_ptr<const TlsContext>, std::string> TlsContext::load_client(
    bool verify, const std::string& trust_file) {
  auto context = std::make_shared<OpensslContext>();
  ERR_clear_error();
  if (const auto loaded = context->load_trust_only(verify, trust_file); !loaded)
    return Unexpected{loaded.error()};
  return std::shared_ptr<const TlsContext>(std::move(context));
}

}  // namespace xivo::runtime
