#include "api/access/totp.hpp"

#include <gtest/gtest.h>

#include <set>

namespace xivo::api {
namespace {

using namespace std::chrono_literals;

// RFC 6238, appendix B: the ASCII secret "12345678901234567890".
const std::string kSecret = to_base32("12345678901234567890");

runtime::WallTime at(std::int64_t seconds) { return runtime::WallTime(std::chrono::seconds(seconds)); }

TEST(Base32, IsThatOfTheRfc) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(from_base32("mzxw6ytboi"), "foobar");
  EXPECT_EQ(from_base32("MZXW6YT!"), std::nullopt);
  EXPECT_EQ(from_base32("MZ XW"), std::nullopt);
}

TEST(Totp, GivesTheCodesOfTheRfc) {
  EXPECT_EQ(totp_code(kSecret, totp_step(at(59))), "287082");
  EXPECT_EQ(totp_code(kSecret, totp_step(at(1'111'111'109))), "081804");
  EXPECT_EQ(totp_code(kSecret, totp_step(at(2'000'000'000))), "279037");
  EXPECT_EQ(totp_code(kSecret, totp_step(at(20'000'000'000))), "353130");
}

TEST(Totp, TakesTheCodesOfOneStepAroundAndNoOthers) {
  const auto now = at(1'800'000'000);
  const std::int64_t step = totp_step(now);
  for (const std::int64_t near : {step - 1, step, step + 1}) {
    EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, near), now, 0), near);
  }
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, step - 2), now, 0), std::nullopt);
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, step + 2), now, 0), std::nullopt);
}

TEST(Totp, TakesNoStepTwiceNorAnEarlierOne) {
  const auto now = at(1'800'000'000);
  const std::int64_t step = totp_step(now);
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, step), now, step), std::nullopt);
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, step - 1), now, step), std::nullopt);
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, step + 1), now, step), step + 1);
}

TEST(Totp, TakesNothingThatIsNoCode) {
  for (const char* wrong : {"", "12345", "1234567", "abcdef", "      "}) {
    EXPECT_EQ(matching_step(kSecret, wrong, at(1'800'000'000), 0), std::nullopt) << wrong;
  }
  EXPECT_EQ(matching_step("", "287082", at(59), 0), std::nullopt);
  EXPECT_EQ(matching_step("no base32!", "287082", at(59), 0), std::nullopt);
}

TEST(Totp, TellsAuthenticatorsAllTheyNeed) {
  EXPECT_EQ(totp_uri("ABCD", "jeanne@site"),
            "otpauth://totp/XiVO:jeanne%40site?secret=ABCD&issuer=XiVO&algorithm=SHA1&digits=6&period=30");
}

TEST(Totp, MakesSecretsAndRecoveryCodesAnew) {
  EXPECT_EQ(make_totp_secret().size(), 32U);
  EXPECT_NE(make_totp_secret(), make_totp_secret());
  const auto codes = make_recovery_codes(10);
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
  EXPECT_EQ(codes[0].size(), 19U);
  EXPECT_EQ(codes[0][4], '-');
}

}  // namespace
}  // namespace xivo::api
