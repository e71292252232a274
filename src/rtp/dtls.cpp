// RFC 6347, RFC 5764: DTLS by OpenSSL, whose datagrams come from and go to memory.
#include "rtp/dtls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>

#include "rtp/dtls_certificate.hpp"

namespace xivo::rtp {
namespace {

using SslContext = std::unique_ptr<SSL_CTX, OpensslDeleter<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, OpensslDeleter<SSL_free>>;
using BioMethod = std::unique_ptr<BIO_METHOD, OpensslDeleter<BIO_meth_free>>;

constexpr const char* kCiphers = "ECDHE+AESGCM:!aNULL:!eNULL";  // RFC 9325 §4.2, RFC 8827 §6.5
constexpr std::string_view kExporterLabel = "EXTRACTOR-dtls_srtp";  // RFC 5764 §4.2
constexpr std::size_t kRecordHeader = 13;
constexpr std::size_t kSealedMin = 8 + 16;  // nonce and tag of AES-GCM, the only cipher here
constexpr std::size_t kOutgoingMax = 32;  // of one step: a flight has five at most
constexpr int kReadsMax = 16;
constexpr long kCertificatesMax = 16 * 1024;  // octets that a far side may show
constexpr unsigned kRetransmissionMaxUs = 3'200'000;

std::optional<SrtpSuite> suite_of(unsigned long profile) {
  switch (profile) {
    case SRTP_AEAD_AES_128_GCM: return SrtpSuite::AeadAes128Gcm;
    case SRTP_AEAD_AES_256_GCM: return SrtpSuite::AeadAes256Gcm;
    case SRTP_AES128_CM_SHA1_80: return SrtpSuite::AesCm128HmacSha1_80;
    default: return std::nullopt;
  }
}

/// The newest error is an alert that the far side has sent.
bool is_alert(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) >= SSL_AD_REASON_OFFSET;
}

/// Whether these are whole DTLS records. OpenSSL 3.0 ends an association over a protected record that is too short for its
/// cipher, which anybody can send.                                                     RFC 6347 §4.1.2.7, RFC 5288 §3
bool are_records(Bytes datagram) {
  if (datagram.empty()) return false;
  while (!datagram.empty()) {
    if (datagram.size() < kRecordHeader) return false;
    const std::size_t size = read16(datagram, 11);
    const bool is_protected = read16(datagram, 3) != 0;
    if (size > datagram.size() - kRecordHeader || (is_protected && size < kSealedMin)) return false;
    datagram = datagram.subspan(kRecordHeader + size);
  }
  return true;
}

/// A source and sink that keeps datagrams apart, which OpenSSL's own memory BIO does not.
struct Datagrams {
  Bytes incoming;
  std::vector<std::vector<std::uint8_t>> outgoing;
};

Datagrams& datagrams_of(BIO* bio) { return *static_cast<Datagrams*>(BIO_get_data(bio)); }

int on_write(BIO* bio, const char* bytes, int size) {
  auto& out = datagrams_of(bio).outgoing;
  if (size > 0 && out.size() < kOutgoingMax) out.emplace_back(bytes, bytes + size);
  return size;
}

int on_read(BIO* bio, char* into, int room) {
  auto& datagrams = datagrams_of(bio);
  BIO_clear_retry_flags(bio);
  if (datagrams.incoming.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto size = std::min(datagrams.incoming.size(), static_cast<std::size_t>(std::max(room, 0)));
  std::memcpy(into, datagrams.incoming.data(), size);
  datagrams.incoming = {};  // what does not fit is lost, as with a socket
  return static_cast<int>(size);
}

long on_control(BIO*, int what, long, void*) {
  switch (what) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT: return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU: return static_cast<long>(DtlsAssociation::kMtu);
    default: return 0;
  }
}

BioMethod make_method() {
  BioMethod method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams"));
  if (method && BIO_meth_set_write(method.get(), on_write) == 1 &&
      BIO_meth_set_read(method.get(), on_read) == 1 && BIO_meth_set_ctrl(method.get(), on_control) == 1)
    return method;
  return nullptr;
}

}  // namespace

// ------------------------------------------------------------------------------------------------ context

struct DtlsContext::Library {
  SslContext context;
  BioMethod method;
  Options options;
};

DtlsContext::DtlsContext() : library_(std::make_unique<Library>()) {}
DtlsContext::~DtlsContext() = default;

struct DtlsAssociation::Library {
  Ssl ssl;
  Datagrams datagrams;
  const EVP_MD* hash = nullptr;
  std::string digest;
  unsigned first_retransmission_us = 0;
  bool other_certificate = false;

  /// Instead of a chain to some authority: the digest that signalling has told. 1: believed.        RFC 5763 §5
  static int verify(X509_STORE_CTX* store, void*) {
    const auto* const ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = *static_cast<Library*>(SSL_get_app_data(ssl));
    const auto shown = digest_of(X509_STORE_CTX_get0_cert(store), self.hash);
    if (!shown.empty() && shown == self.digest) return 1;
    self.other_certificate = true;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
  }

  static unsigned timer(SSL* ssl, unsigned last_us) {
    if (last_us == 0) return static_cast<Library*>(SSL_get_app_data(ssl))->first_retransmission_us;
    return std::min(2 * last_us, kRetransmissionMaxUs);
  }
};

Result<std::shared_ptr<const DtlsContext>> DtlsContext::make(const Options& options) {
  auto made = std::shared_ptr<DtlsContext>(new DtlsContext());
  auto& library = *made->library_;
  library.options = options;
  library.method = make_method();
  library.context.reset(SSL_CTX_new(DTLS_method()));
  const auto identity = DtlsIdentity::make();
  if (!library.method || !library.context || !identity.certificate) return fail("dtls cannot be used");
  auto* const raw = library.context.get();
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(raw, kCertificatesMax);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, DtlsAssociation::Library::verify, nullptr);
  const bool ready = SSL_CTX_set_min_proto_version(raw, DTLS1_2_VERSION) == 1 &&
                     SSL_CTX_set_max_proto_version(raw, DTLS1_2_VERSION) == 1 &&
                     SSL_CTX_set_cipher_list(raw, kCiphers) == 1 &&
                     SSL_CTX_use_certificate(raw, identity.certificate.get()) == 1 &&
                     SSL_CTX_use_PrivateKey(raw, identity.key.get()) == 1 &&
                     (options.profiles.empty() ||
                      SSL_CTX_set_tlsext_use_srtp(raw, options.profiles.c_str()) == 0);  // 0 is success here
  made->fingerprint_ = digest_of(identity.certificate.get(), EVP_sha256());
  ERR_clear_error();
  if (!ready || made->fingerprint_.empty()) return fail("dtls cannot be set up");
  return std::shared_ptr<const DtlsContext>(std::move(made));
}

// ------------------------------------------------------------------------------------------------ association

DtlsAssociation::DtlsAssociation(std::shared_ptr<const DtlsContext> context)
    : context_(std::move(context)), library_(std::make_unique<Library>()) {}
DtlsAssociation::~DtlsAssociation() = default;

Result<std::unique_ptr<DtlsAssociation>> DtlsAssociation::make(std::shared_ptr<const DtlsContext> context,
                                                               Role role, std::string_view hash,
                                                               std::string_view digest) {
  auto made = std::unique_ptr<DtlsAssociation>(new DtlsAssociation(std::move(context)));
  auto& library = *made->library_;
  const auto& shared = *made->context_->library_;
  library.hash = fingerprint_hash(hash);
  if (library.hash == nullptr) return fail("fingerprint hash is not known");
  library.digest = digest;
  library.first_retransmission_us = static_cast<unsigned>(shared.options.first_retransmission.count());
  library.ssl.reset(SSL_new(shared.context.get()));
  BIO* const bio = BIO_new(shared.method.get());
  if (!library.ssl || bio == nullptr) {
    BIO_free(bio);
    return fail("dtls cannot be begun");
  }
  auto* const ssl = library.ssl.get();
  BIO_set_data(bio, &library.datagrams);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_app_data(ssl, &library);
  DTLS_set_timer_cb(ssl, Library::timer);
  SSL_set_mtu(ssl, static_cast<long>(kMtu));
  role == Role::Server ? SSL_set_accept_state(ssl) : SSL_set_connect_state(ssl);
  return made;
}

void DtlsAssociation::begin() {
  if (state_ == State::Handshaking) advance();
}

void DtlsAssociation::take(Bytes datagram) {
  if (state_ == State::Failed || datagram.size() > kDatagramMax || !are_records(datagram)) return;
  library_->datagrams.incoming = datagram;
  if (state_ == State::Handshaking) advance();
  if (state_ == State::Done) read_rest();
  library_->datagrams.incoming = {};
}

void DtlsAssociation::advance() {
  ERR_clear_error();
  const int result = SSL_do_handshake(library_->ssl.get());
  result == 1 ? finish() : on_error(result);
}

void DtlsAssociation::read_rest() {
  std::array<char, 256> nobody_reads;
  for (int i = 0; i < kReadsMax && state_ == State::Done; ++i) {
    ERR_clear_error();
    const int result = SSL_read(library_->ssl.get(), nobody_reads.data(), nobody_reads.size());
    if (result > 0) continue;
    const int kind = SSL_get_error(library_->ssl.get(), result);
    if (kind == SSL_ERROR_WANT_READ) return;
    if (kind == SSL_ERROR_ZERO_RETURN || is_alert(ERR_peek_last_error()))
      return fail_with("association was ended by the far side");
    return;  // OpenSSL has given up on it: the keys are as good as before
  }
}

void DtlsAssociation::on_error(int result) {
  const int kind = SSL_get_error(library_->ssl.get(), result);
  if (kind == SSL_ERROR_WANT_READ) return;
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  if (library_->other_certificate) return fail_with("fingerprint does not match");
  if (kind == SSL_ERROR_ZERO_RETURN) return fail_with("association was ended by the far side");
  if (ERR_GET_REASON(error) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return fail_with("far side showed no certificate");
  if (is_alert(error)) return fail_with("far side refused the handshake");
  fail_with("handshake failed");
}

// RFC 5764 §4.2: client's key, server's key, client's salt, server's salt.
void DtlsAssociation::finish() {
  auto* const ssl = library_->ssl.get();
  const auto* const profile = SSL_get_selected_srtp_profile(ssl);
  const auto suite = profile != nullptr ? suite_of(profile->id) : std::nullopt;
  if (!suite) {
    SSL_shutdown(ssl);
    return fail_with("no protection profile in common");
  }
  const auto key_size = srtp_key_size(*suite);
  const auto salt_size = srtp_salt_size(*suite);
  std::array<std::uint8_t, 2 * (32 + 14)> material{};
  if (SSL_export_keying_material(ssl, material.data(), 2 * (key_size + salt_size), kExporterLabel.data(),
                                 kExporterLabel.size(), nullptr, 0, 0) != 1)
    return fail_with("keys cannot be derived");
  Keys keys;
  auto& of_client = SSL_is_server(ssl) == 1 ? keys.receive : keys.send;
  auto& of_server = SSL_is_server(ssl) == 1 ? keys.send : keys.receive;
  const auto* at = material.data();
  for (auto* key : {&of_client, &of_server}) {
    key->suite = *suite;
    std::copy_n(at, key_size, key->key.begin());
    at += key_size;
  }
  for (auto* key : {&of_client, &of_server}) {
    std::copy_n(at, salt_size, key->salt.begin());
    at += salt_size;
  }
  OPENSSL_cleanse(material.data(), material.size());
  keys_ = keys;
  state_ = State::Done;
}

void DtlsAssociation::fail_with(std::string_view reason) {
  state_ = State::Failed;
  reason_ = reason;
  keys_.reset();
  ERR_clear_error();
}

std::optional<std::chrono::microseconds> DtlsAssociation::next_timeout() const {
  timeval left{};
  if (state_ != State::Handshaking || DTLSv1_get_timeout(library_->ssl.get(), &left) != 1)
    return std::nullopt;
  return std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

void DtlsAssociation::on_timeout() {
  if (state_ != State::Handshaking) return;
  ERR_clear_error();
  if (DTLSv1_handle_timeout(library_->ssl.get()) < 0) fail_with("far side does not answer");
}

void DtlsAssociation::close() {
  if (state_ != State::Done) return;
  ERR_clear_error();
  SSL_shutdown(library_->ssl.get());
  ERR_clear_error();
}

std::vector<std::vector<std::uint8_t>> DtlsAssociation::outgoing() {
  return std::exchange(library_->datagrams.outgoing, {});
}

}  // namespace xivo::rtp
