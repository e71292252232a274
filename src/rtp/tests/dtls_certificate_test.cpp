// Certificates of our own, and their digests.
#include "rtp/dtls_certificate.hpp"

#include <gtest/gtest.h>

namespace xivo::rtp {
namespace {

TEST(DtlsCertificate, KnowsNoBrokenOrUnknownHash) {
  for (const char* name : {"md5", "md2", "SHA-256", "sha256", "sha-512/256", ""})
    EXPECT_EQ(fingerprint_hash(name), nullptr) << name;
}

TEST(DtlsCertificate, HasADigestOfEachHash) {
  const auto identity = DtlsIdentity::make();
  ASSERT_TRUE(identity.certificate);
  for (const auto& [name, size] :
       {std::pair("sha-1", 20u), std::pair("sha-224", 28u), std::pair("sha-256", 32u),
        std::pair("sha-384", 48u), std::pair("sha-512", 64u)}) {
    ASSERT_NE(fingerprint_hash(name), nullptr);
    EXPECT_EQ(digest_of(identity.certificate.get(), fingerprint_hash(name)).size(), size);
  }
}

TEST(DtlsCertificate, IsAnotherEachTime) {
  const auto* const hash = fingerprint_hash("sha-256");
  EXPECT_NE(digest_of(DtlsIdentity::make().certificate.get(), hash),
            digest_of(DtlsIdentity::make().certificate.get(), hash));
}

TEST(DtlsCertificate, IsSignedByItselfAndValidNow) {
  const auto identity = DtlsIdentity::make();
  auto* const certificate = identity.certificate.get();
  EXPECT_EQ(X509_verify(certificate, identity.key.get()), 1);
  EXPECT_LT(X509_cmp_current_time(X509_get0_notBefore(certificate)), 0);
  EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(certificate)), 0);
}

}  // namespace
}  // namespace xivo::rtp
