#include <gtest/gtest.h>

#include <string>

#include "sip/digest.hpp"

namespace xivo::sip::digest {
namespace {

Parameters mufasa(std::string_view nonce, std::string_view uri) {
  Parameters p;
  p.username = "Mufasa";
  p.nonce = nonce;
  p.uri = uri;
  return p;
}

TEST(DigestResponse, IsThatOfRfc2617) {
  Parameters p = mufasa("dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html");
  p.qop = "auth";
  p.nc = "00000001";
  p.cnonce = "0a4f113b";
  const std::string a1 = a1_hash(Algorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
  EXPECT_EQ(a1, "939e7578ed9e3c518a452acee763bce9");
  EXPECT_EQ(response(Algorithm::Md5, a1, "GET", p), "6629fae49393a05397450978507c4ef1");
}

TEST(DigestResponse, IsThatOfRfc2069WithoutQop) {
  // The RFC's own text has a wrong value here; this is the one of its erratum 749.
  const std::string a1 = a1_hash(Algorithm::Md5, "Mufasa", "testrealm@host.com", "CircleOfLife");
  EXPECT_EQ(
      response(Algorithm::Md5, a1, "GET", mufasa("dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html")),
      "1949323746fe6a43ef61f9606e7febea");
}

TEST(DigestResponse, IsThatOfRfc7616ForBothAlgorithms) {
  Parameters p = mufasa("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "/dir/index.html");
  p.qop = "auth";
  p.nc = "00000001";
  p.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const auto of = [&](Algorithm algorithm) {
    return response(algorithm, a1_hash(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life"), "GET",
                    p);
  };
  EXPECT_EQ(of(Algorithm::Md5), "8ca523f5e9506fed4657c9700eebdbec");
  EXPECT_EQ(of(Algorithm::Sha256), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestHash, IsLowerCaseHex) {
  EXPECT_EQ(hash(Algorithm::Md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hash(Algorithm::Sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestCompare, IsExact) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(DigestAlgorithm, IsMd5WhenUnsaidAndNothingWhenUnknown) {
  EXPECT_EQ(algorithm_from(""), Algorithm::Md5);
  EXPECT_EQ(algorithm_from("md5"), Algorithm::Md5);
  EXPECT_EQ(algorithm_from("sha-256"), Algorithm::Sha256);
  for (const char* text : {"MD5-sess", "SHA-256-sess", "SHA-512-256", "x"})
    EXPECT_EQ(algorithm_from(text), std::nullopt);
}

}  // namespace
}  // namespace xivo::sip::digest
