// TLS on a non-blocking socket.                                                            RFC 8446, RFC 5246
#include "runtime/tls_channel.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <climits>
#include <cstring>

namespace xivo::runtime {
namespace {

int descriptor_of(BIO* bio) { return static_cast<const Fd*>(BIO_get_data(bio))->get(); }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = send(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && would_block()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* bytes, int room) {
  BIO_clear_retry_flags(bio);
  const auto size = recv(descriptor_of(bio), bytes, static_cast<std::size_t>(room), 0);
  if (size < 0 && would_block()) BIO_set_retry_read(bio);
  return static_cast<int>(size);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

/// OpenSSL's own socket BIO would raise SIGPIPE.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const kMethod = [] {
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
    return method;
  }();
  return kMethod;
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(Fd fd, openssl::Session session, std::shared_ptr<const TlsContext> context)
      : context_(std::move(context)), fd_(std::move(fd)), session_(std::move(session)) {
    BIO* const bio = BIO_new(socket_method());
    XIVO_ASSERT(bio != nullptr);
    BIO_set_data(bio, &fd_);
    BIO_set_init(bio, 1);
    SSL_set_bio(session_.get(), bio, bio);
  }

  ~TlsChannel() override { finish(); }

  Outcome handshake() override {
    return outcome_of([&] { return SSL_do_handshake(session_.get()); });
  }

  Transferred read(char* bytes, std::size_t room) override {
    std::size_t size = 0;
    const auto outcome = outcome_of([&] { return SSL_read_ex(session_.get(), bytes, room, &size); });
    return {outcome, size, false};
  }

  Transferred write(std::string_view bytes) override {
    std::size_t size = 0;
    const auto outcome =
        outcome_of([&] { return SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &size); });
    return {outcome, size, false};
  }

  void finish() override {
    if (!broken_ && SSL_is_init_finished(session_.get()) == 1) SSL_shutdown(session_.get());
    ERR_clear_error();
    shutdown(fd_.get(), SHUT_WR);
  }

  [[nodiscard]] bool wants_write() const override { return wants_write_; }
  [[nodiscard]] std::string_view why_closed() const override { return why_; }
  [[nodiscard]] const Fd& fd() const override { return fd_; }

 private:
  template <class Step>
  Outcome outcome_of(Step&& step) {
    ERR_clear_error();
    const int result = step();
    wants_write_ = false;
    if (result == 1) return Outcome::Done;
    switch (SSL_get_error(session_.get(), result)) {
      case SSL_ERROR_WANT_WRITE: wants_write_ = true; return Outcome::Blocked;
      case SSL_ERROR_WANT_READ: return Outcome::Blocked;
      case SSL_ERROR_ZERO_RETURN: return Outcome::Closed;
      default: break;
    }
    broken_ = true;
    why_ = openssl::take_error();
    if (const long verdict = SSL_get_verify_result(session_.get()); verdict != X509_V_OK && !why_.empty()) {
      why_.append(": ").append(X509_verify_cert_error_string(verdict));
    }
    return Outcome::Closed;
  }

  std::shared_ptr<const TlsContext> context_;
  Fd fd_;
  openssl::Session session_;
  std::string why_;
  bool wants_write_ = false;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Channel> tls_channel(Fd fd, openssl::Session session,
                                     std::shared_ptr<const TlsContext> context) {
  return std::make_unique<TlsChannel>(std::move(fd), std::move(session), std::move(context));
}

}  // namespace xivo::runtime
