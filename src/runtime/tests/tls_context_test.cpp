#include "runtime/tls_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "runtime/self_signed.hpp"

namespace xivo::runtime {
namespace {

using ::testing::HasSubstr;

class TlsContextTest : public ::testing::Test {
 protected:
  TlsContextTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-tls.XXXXXX";
    folder = mkdtemp(pattern.data());
    what.host = "pbx.example";
    what.addresses = {*IpAddress::parse("192.0.2.7"), *IpAddress::parse("2001:db8::7")};
    what.from = SystemClock().wall();
  }
  ~TlsContextTest() override { std::filesystem::remove_all(folder); }

  TlsCertificate files(const std::string& name) {
    return {folder + "/" + name + ".pem", folder + "/" + name + ".key"};
  }
  TlsCertificate made(const std::string& name) {
    EXPECT_TRUE(make_self_signed(what, files(name)).has_value());
    return files(name);
  }
  static std::string error_of(const TlsContext::Options& options) {
    const auto loaded = TlsContext::load(options);
    EXPECT_FALSE(loaded.has_value());
    return loaded ? std::string() : loaded.error();
  }

  std::string folder;
  SelfSigned what;
};

TEST_F(TlsContextTest, NamesTheFileThatCannotBeRead) {
  EXPECT_THAT(error_of({{files("none")}, false, {}}), HasSubstr("none.pem"));
  auto half = made("half");
  std::filesystem::remove(half.key_file);
  EXPECT_THAT(error_of({{half}, false, {}}), HasSubstr("half.key"));
  EXPECT_THAT(error_of({{made("a")}, true, folder + "/trust"}), HasSubstr("trust"));
}

TEST_F(TlsContextTest, RefusesAKeyThatIsNotTheCertificates) {
  const auto a = made("a"), b = made("b");
  EXPECT_THAT(error_of({{{a.chain_file, b.key_file}}, false, {}}), HasSubstr("b.key"));
}

TEST_F(TlsContextTest, RefusesAFileThatIsNoCertificate) {
  const auto a = made("a");
  std::ofstream(a.chain_file) << "no certificate";
  EXPECT_THAT(error_of({{a}, false, {}}), HasSubstr("a.pem"));
}

TEST_F(TlsContextTest, RefusesToDoWithoutACertificate) { EXPECT_FALSE(TlsContext::load({}).has_value()); }

TEST_F(TlsContextTest, TellsWhatItLoaded) {
  const auto context = TlsContext::load({{made("a")}, false, {}});
  ASSERT_TRUE(context.has_value());
  ASSERT_EQ((*context)->certificates().size(), 1u);
  const auto& certificate = (*context)->certificates()[0];
  EXPECT_EQ(certificate.subject, "pbx.example");
  EXPECT_EQ(certificate.file, folder + "/a.pem");
  EXPECT_EQ(std::chrono::round<std::chrono::days>(certificate.until - what.from), std::chrono::days(3'650));
}

TEST_F(TlsContextTest, KeepsWhatItMakesForItsOwner) {
  const auto a = made("a");
  for (const auto& path : {a.chain_file, a.key_file}) {
    struct stat status{};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << path;
  }
}

TEST_F(TlsContextTest, MakesACertificateWithItsNamesAndAddresses) {
  what.more_names = {"pbx"};
  FILE* const file = fopen(made("a").chain_file.c_str(), "r");
  ASSERT_NE(file, nullptr);
  X509* const certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
  fclose(file);
  ASSERT_NE(certificate, nullptr);
  EXPECT_EQ(X509_check_host(certificate, "pbx.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate, "pbx", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate, "bank.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate, "192.0.2.7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "2001:db8::7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "192.0.2.8", 0), 0);
  X509_free(certificate);
}

TEST_F(TlsContextTest, SaysWhichFolderIsMissing) {
  const auto result = make_self_signed(what, {folder + "/none/a.pem", folder + "/none/a.key"});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error(), HasSubstr("none/a.key"));
}

}  // namespace
}  // namespace xivo::runtime
