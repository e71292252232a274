// A certificate for a system that was given none.                                                  RFC 5280, RFC 5922
#include "runtime/self_signed.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/openssl_handles.hpp"

namespace xivo::runtime {
namespace {

using Failure = Unexpected<std::string>;
constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kCommonNameMax = 64;  // RFC 5280 appendix A.1, ub-common-name

Failure broken(const std::string& file, std::string_view step) {
  return {fmt::format("{}: {}: {}", file, step, std::strerror(errno))};
}

std::string alternative_names(const SelfSigned& what) {
  auto names = "DNS:" + what.host;
  for (const auto& name : what.more_names) names += ",DNS:" + name;
  for (const auto& address : what.addresses) names += ",IP:" + address.to_string();
  return names;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const openssl::Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, and not short
  BIGNUM* const number = BN_bin2bn(bytes, sizeof bytes, nullptr);
  const bool set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool fill(X509* certificate, EVP_PKEY* key, const SelfSigned& what) {
  constexpr long kVersion3 = 2;
  X509_set_version(certificate, kVersion3);
  const auto from = std::chrono::duration_cast<std::chrono::seconds>(what.from.time_since_epoch()).count();
  const auto length = std::chrono::duration_cast<std::chrono::seconds>(what.valid).count();
  ASN1_TIME_set(X509_getm_notBefore(certificate), from);
  ASN1_TIME_set(X509_getm_notAfter(certificate), from + length);
  auto* const name = X509_get_subject_name(certificate);
  const auto common = what.host.substr(0, kCommonNameMax);
  return set_serial(certificate) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
         add_extension(certificate, NID_subject_alt_name, alternative_names(what)) &&
         X509_sign(certificate, key, EVP_sha256()) != 0;
}

template <class Write>
std::string pem(Write&& write) {
  const openssl::Bio memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return {};
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

Result<void, std::string> write_file(const std::string& path, std::string_view bytes) {
  unlink(path.c_str());  // of a start that was interrupted
  const Fd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
  if (!fd) return broken(path, "cannot be made");
  if (write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      fsync(fd.get()) != 0)
    return broken(path, "cannot be written");
  return {};
}

}  // namespace

Result<void, std::string> make_self_signed(const SelfSigned& what, const TlsCertificate& files) {
  const openssl::PrivateKey key(EVP_EC_gen("P-256"));
  const openssl::X509Certificate certificate(X509_new());
  if (!key || !certificate || !fill(certificate.get(), key.get(), what)) {
    return Unexpected{fmt::format("no certificate can be made for {}: {}", what.host, openssl::take_error())};
  }
  const std::pair<const std::string*, std::string> parts[] = {
      {&files.key_file, pem([&](BIO* out) {
         return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
       })},
      {&files.chain_file, pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); })}};
  for (const auto& [path, bytes] : parts) {
    if (auto written = write_file(*path + ".new", bytes); !written) return written;
  }
  for (const auto& [path, bytes] : parts) {
    if (std::rename((*path + ".new").c_str(), path->c_str()) != 0) return broken(*path, "cannot be replaced");
  }
  return {};
}

}  // namespace xivo::runtime
