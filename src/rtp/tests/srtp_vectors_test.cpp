// The test vectors of RFC 3711 appendix B and RFC 7714 §16, and libsrtp as an oracle for whole packets.
#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <cstring>

#include "rtp/srtp.hpp"
#include "srtp_samples.hpp"

namespace xivo::rtp {
namespace {

using namespace samples;

template <std::size_t N>
Octets first(const std::array<std::uint8_t, N>& array, std::size_t size) {
  return {array.begin(), array.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(SrtpVectors, DeriveTheKeysOfRfc3711) {  // appendix B.3
  SrtpKey master;
  put(master.key, "E1F97A0D3E018BE0D64FA32C06DE4139");
  put(master.salt, "0EC675AD498AFEEBB6960B3AABE6");
  const auto keys = SrtpSessionKeys::derive(master, SrtpSessionKeys::Of::Rtp);
  ASSERT_TRUE(keys);
  EXPECT_EQ(first(keys->cipher, 16), hex("C61E7A93744F39EE10734AFE3FF7A087"));
  EXPECT_EQ(first(keys->salt, 14), hex("30CBBC08863D8C85D49DB34A9AE1"));
  EXPECT_EQ(first(keys->authentication, 20), hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

TEST(SrtpVectors, GiveTheKeyStreamOfRfc3711) {  // appendix B.2
  SrtpSessionKeys keys;
  put(keys.cipher, "2B7E151628AED2A6ABF7158809CF4F3C");
  put(keys.salt, "F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
  auto cipher = SrtpCipher::make(SrtpSuite::AesCm128HmacSha1_80, keys);
  ASSERT_TRUE(cipher);
  Octets zeros(48 + kSrtpOverheadMax);
  ASSERT_TRUE(cipher->seal_rtp(zeros, 0, 48, 0, 0));
  zeros.resize(48);
  EXPECT_EQ(zeros, hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB"
                       "41E95B3BB0A2E8DD477901E4FCA894C0"));
}

TEST(SrtpVectors, GiveTheGcmPacketOfRfc7714) {  // §16.1.1
  SrtpSessionKeys keys;
  put(keys.cipher, "000102030405060708090a0b0c0d0e0f");
  put(keys.salt, "51756964 2070726f 2071756f");
  auto cipher = SrtpCipher::make(SrtpSuite::AeadAes128Gcm, keys);
  ASSERT_TRUE(cipher);
  auto packet =
      hex("8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070"
          "61727465 73207472 6573");
  const auto size = packet.size();
  packet.resize(size + 16);
  ASSERT_TRUE(cipher->seal_rtp(packet, 12, size, 0x5501a0b2, 0xf17b));
  EXPECT_EQ(packet,
            hex("8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a"
                "51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce"));
}

class Oracle : public testing::TestWithParam<SrtpSuite> {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(srtp_init(), srtp_err_status_ok); }
  static void TearDownTestSuite() { srtp_shutdown(); }

  static bool make(srtp_t& session, srtp_ssrc_type_t direction) {
    srtp_policy_t policy;
    std::memset(&policy, 0, sizeof policy);
    switch (GetParam()) {
      case SrtpSuite::AesCm128HmacSha1_80:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        break;
      case SrtpSuite::AesCm128HmacSha1_32:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        break;
      case SrtpSuite::AeadAes128Gcm:
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
        break;
      case SrtpSuite::AeadAes256Gcm:
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
        break;
    }
    const auto master = key_of(GetParam());
    auto key = first(master.key, srtp_key_size(GetParam()));
    const auto salt = first(master.salt, srtp_salt_size(GetParam()));
    key.insert(key.end(), salt.begin(), salt.end());
    policy.ssrc.type = direction;
    policy.key = key.data();
    policy.window_size = 128;
    return srtp_create(&session, &policy) == srtp_err_status_ok;
  }
  SrtpProtector ours_out = *SrtpProtector::make(key_of(GetParam()));
  SrtpUnprotector ours_in = *SrtpUnprotector::make(key_of(GetParam()));
};

INSTANTIATE_TEST_SUITE_P(Suites, Oracle,
                         testing::Values(SrtpSuite::AesCm128HmacSha1_80, SrtpSuite::AesCm128HmacSha1_32,
                                         SrtpSuite::AeadAes128Gcm, SrtpSuite::AeadAes256Gcm));

TEST_P(Oracle, ReadsWhatWeProtect) {
  srtp_t theirs = nullptr;
  if (!make(theirs, ssrc_any_inbound)) GTEST_SKIP() << "this libsrtp was built without the suite";
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto plain = rtp_packet(static_cast<std::uint16_t>(65'000 + i), 5, i % 300);
    auto packet = sealed(ours_out, plain);
    int size = static_cast<int>(packet.size());
    ASSERT_EQ(srtp_unprotect(theirs, packet.data(), &size), srtp_err_status_ok) << i;
    packet.resize(static_cast<std::size_t>(size));
    ASSERT_EQ(packet, plain);
    auto report = sealed_rtcp(ours_out, rtcp_packet(5));
    size = static_cast<int>(report.size());
    ASSERT_EQ(srtp_unprotect_rtcp(theirs, report.data(), &size), srtp_err_status_ok) << i;
    report.resize(static_cast<std::size_t>(size));
    ASSERT_EQ(report, rtcp_packet(5));
  }
  srtp_dealloc(theirs);
}

TEST_P(Oracle, IsReadByUs) {
  srtp_t theirs = nullptr;
  if (!make(theirs, ssrc_any_outbound)) GTEST_SKIP() << "this libsrtp was built without the suite";
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto plain = rtp_packet(static_cast<std::uint16_t>(65'000 + i), 5, i % 300);
    auto packet = plain;
    packet.resize(plain.size() + SRTP_MAX_TRAILER_LEN);
    int size = static_cast<int>(plain.size());
    ASSERT_EQ(srtp_protect(theirs, packet.data(), &size), srtp_err_status_ok);
    packet.resize(static_cast<std::size_t>(size));
    ASSERT_EQ(opened(ours_in, packet), plain) << i;
    auto report = rtcp_packet(5);
    size = static_cast<int>(report.size());
    report.resize(report.size() + SRTP_MAX_TRAILER_LEN + 4);
    ASSERT_EQ(srtp_protect_rtcp(theirs, report.data(), &size), srtp_err_status_ok);
    report.resize(static_cast<std::size_t>(size));
    ASSERT_EQ(opened_rtcp(ours_in, report), rtcp_packet(5)) << i;
  }
  srtp_dealloc(theirs);
}

}  // namespace
}  // namespace xivo::rtp
