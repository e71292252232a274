#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace xivo::rtp {

template <auto Free>
struct OpensslDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpensslDeleter<X509_free>>;

/// A certificate that nobody vouches for, and its key: what a fingerprint in SDP refers to.
struct DtlsIdentity {
  PrivateKey key;
  Certificate certificate;

  /// Made anew in memory, EC P-256. Empty pointers when the library fails.
  static DtlsIdentity make();
};

/// The hash functions of a=fingerprint by name; nullptr for unknown ones and for md5, md2.          RFC 8122 §5
const EVP_MD* fingerprint_hash(std::string_view name);
/// Octets; empty when the library fails.
std::string digest_of(const X509* certificate, const EVP_MD* hash);

}  // namespace xivo::rtp
