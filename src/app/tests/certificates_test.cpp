#include "app/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace xivo::app {
namespace {

using ::testing::HasSubstr;

class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-certificates.XXXXXX";
    options.var = mkdtemp(pattern.data());
  }
  ~CertificatesTest() override { std::filesystem::remove_all(options.var); }

  [[nodiscard]] std::string made() const {
    std::ifstream file(options.var + "/tls/self-signed.pem");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Options options;
  runtime::ManualClock clock;
};

TEST_F(CertificatesTest, NamesTheFileThatCannotBeRead) {
  options.certificates = {{options.var + "/no.pem", options.var + "/no.key"}};
  const auto loaded = Certificates(options, clock).load();
  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(loaded.error(), HasSubstr("no.pem"));
}

TEST_F(CertificatesTest, MakesOneOnceWhenNoneIsGiven) {
  const Certificates certificates(options, clock);
  const auto loaded = certificates.load();
  ASSERT_TRUE(loaded.has_value()) << loaded.error();
  EXPECT_THAT(describe(**loaded), HasSubstr("/tls/self-signed.pem ("));
  const auto first = made();
  EXPECT_THAT(first, HasSubstr("BEGIN CERTIFICATE"));
  ASSERT_TRUE(certificates.load().has_value());
  EXPECT_EQ(made(), first);
}

TEST_F(CertificatesTest, MakesItAnewBeforeItExpires) {
  const Certificates certificates(options, clock);
  ASSERT_TRUE(certificates.load().has_value());
  const auto first = made();
  clock.advance(std::chrono::hours(24) * (3'650 - 29));
  ASSERT_TRUE(certificates.load().has_value());
  EXPECT_NE(made(), first);
}

TEST_F(CertificatesTest, MakesItAnewWhenItsKeyIsLost) {
  const Certificates certificates(options, clock);
  ASSERT_TRUE(certificates.load().has_value());
  std::filesystem::remove(options.var + "/tls/self-signed.key");
  EXPECT_TRUE(certificates.load().has_value());
}

}  // namespace
}  // namespace xivo::app
