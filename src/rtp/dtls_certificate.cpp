// RFC 5763 §5, RFC 8122: certificates that are known by their digests.
#include "rtp/dtls_certificate.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>

#include <array>
#include <utility>

namespace xivo::rtp {
namespace {

constexpr long kVersion3 = 2;
constexpr long kBefore = -24 * 3600;  // clocks of far sides differ; most do not look
constexpr long kValid = 10L * 365 * 24 * 3600;  // a process ends before

bool set_serial(X509* certificate, const std::array<unsigned char, 16>& random) {
  BIGNUM* const number = BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr);
  const bool set =
      number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool set_name(X509* certificate, const std::array<unsigned char, 8>& random) {
  std::string name;
  for (const auto octet : random) name += fmt::format("{:02x}", octet);
  auto* const subject = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

}  // namespace

DtlsIdentity DtlsIdentity::make() {
  DtlsIdentity made{PrivateKey(EVP_EC_gen("P-256")), Certificate(X509_new())};
  std::array<unsigned char, 16> serial;
  std::array<unsigned char, 8> name;
  if (!made.key || !made.certificate || RAND_bytes(serial.data(), serial.size()) != 1 ||
      RAND_bytes(name.data(), name.size()) != 1)
    return {};
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40);  // positive, and not short
  auto* const certificate = made.certificate.get();
  const bool filled = X509_set_version(certificate, kVersion3) == 1 && set_serial(certificate, serial) &&
                      set_name(certificate, name) &&
                      X509_gmtime_adj(X509_getm_notBefore(certificate), kBefore) != nullptr &&
                      X509_gmtime_adj(X509_getm_notAfter(certificate), kValid) != nullptr &&
                      X509_set_pubkey(certificate, made.key.get()) == 1 &&
                      X509_sign(certificate, made.key.get(), EVP_sha256()) != 0;
  if (!filled) return {};
  return made;
}

const EVP_MD* fingerprint_hash(std::string_view name) {
  using Hash = const EVP_MD* (*)();
  static constexpr std::pair<std::string_view, Hash> kHashes[] = {{"sha-1", EVP_sha1},
                                                                  {"sha-224", EVP_sha224},
                                                                  {"sha-256", EVP_sha256},
                                                                  {"sha-384", EVP_sha384},
                                                                  {"sha-512", EVP_sha512}};
  for (const auto& [known, hash] : kHashes) {
    if (known == name) return hash();
  }
  return nullptr;
}

std::string digest_of(const X509* certificate, const EVP_MD* hash) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (X509_digest(certificate, hash, digest.data(), &size) != 1) return {};
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace xivo::rtp
