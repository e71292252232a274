#include "app/options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace xivo::app {
namespace {

std::variant<Options, Quit> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "xivod");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

void expect_refused(const std::vector<std::string>& words) {
  const auto parsed = parse(words);
  const auto* quit = std::get_if<Quit>(&parsed);
  ASSERT_NE(quit, nullptr);
  EXPECT_EQ(quit->code, ExitCode::BadOption);
  EXPECT_EQ(quit->text.find('\n'), std::string::npos) << quit->text;
}

TEST(Options, what_is_not_understood_is_refused_in_one_line) {
  expect_refused({"--nonsense"});
  expect_refused({"--sip", "here"});
  expect_refused({"--sip", "192.0.2.1"});
  expect_refused({"--rtp-ports", "20000-10000"});
  expect_refused({"--rtp-ports", "80-90"});
  expect_refused({"--calls-max", "0"});
  expect_refused({"--sip-tls", "5061"});
  expect_refused({"--https", "8443"});
  expect_refused({"--dns", "192.0.2.53"});
  expect_refused({"--tls-certificate", "/nonexistent/pbx.pem"});
  expect_refused({"--tls-key", "/dev/null"});
  expect_refused({"--external-address", "pbx.example.org"});
  expect_refused({"--local-network", "192.0.2.1/24"});
  expect_refused({"--rtp-timeout", "-1"});
  expect_refused({"--config", "/nonexistent/xivo.conf"});
}

TEST(Options, name_how_phones_outside_see_us) {
  const auto parsed = parse({"--external-address", "203.0.113.9", "--external-address", "2001:db8::9",
                             "--local-network", "198.51.100.0/24", "--local-network", "2001:db8:1::/48"});
  const auto* options = std::get_if<Options>(&parsed);
  ASSERT_NE(options, nullptr);
  ASSERT_EQ(options->external_addresses.size(), 2u);
  EXPECT_EQ(options->external_addresses[1].to_string(), "2001:db8::9");
  ASSERT_EQ(options->local_networks.size(), 2u);
  EXPECT_EQ(options->local_networks[0].to_string(), "198.51.100.0/24");
}

TEST(Options, serve_https_where_http_is_unless_told_otherwise) {
  EXPECT_EQ(std::get<Options>(parse({})).https->to_string(), "127.0.0.1:8443");
  EXPECT_FALSE(std::get<Options>(parse({"--http", "192.0.2.1:80"})).https);
  EXPECT_FALSE(std::get<Options>(parse({"--https", "none"})).https);
  EXPECT_EQ(
      std::get<Options>(parse({"--http", "192.0.2.1:80", "--https", "192.0.2.1:443"})).https->to_string(),
      "192.0.2.1:443");
}

TEST(Options, bound_dead_and_forgotten_calls) {
  const auto defaults = parse({});
  EXPECT_EQ(std::get<Options>(defaults).rtp_timeout, 300u);
  EXPECT_EQ(std::get<Options>(defaults).rtp_timeout_hold, 7'200u);
  EXPECT_EQ(std::get<Options>(defaults).call_duration_max, 36'000u);
  const auto off = parse({"--rtp-timeout", "0", "--rtp-timeout-hold", "0", "--call-duration-max", "0"});
  EXPECT_EQ(std::get<Options>(off).rtp_timeout, 0u);
  EXPECT_EQ(std::get<Options>(off).call_duration_max, 0u);
}

TEST(Options, help_and_version_are_no_errors) {
  for (const auto* word : {"--help", "--version"}) {
    const auto parsed = parse({word});
    const auto* quit = std::get_if<Quit>(&parsed);
    ASSERT_NE(quit, nullptr);
    EXPECT_EQ(quit->code, ExitCode::Ok);
    EXPECT_FALSE(quit->text.empty());
  }
}

TEST(Options, without_words_sip_is_on_every_address_and_rest_on_this_machine_only) {
  const auto options = std::get<Options>(parse({}));
  ASSERT_EQ(options.sip.size(), 2u);
  EXPECT_EQ(options.sip[0].to_string(), "0.0.0.0:5060");
  EXPECT_EQ(options.sip[1].to_string(), "[::]:5060");
  ASSERT_EQ(options.sip_tls.size(), 2u);
  EXPECT_EQ(options.sip_tls[0].to_string(), "0.0.0.0:5061");
  EXPECT_TRUE(options.http.ip.is_loopback());
}

TEST(Options, who_says_where_sip_is_says_where_tls_is) {
  EXPECT_TRUE(std::get<Options>(parse({"--sip", "192.0.2.1:5060"})).sip_tls.empty());
  const auto options = std::get<Options>(parse({"--sip", "192.0.2.1:5060", "--sip-tls", "192.0.2.1:5071",
                                                "--tls-certificate", "/dev/null", "--tls-key", "/dev/null"}));
  ASSERT_EQ(options.sip_tls.size(), 1u);
  EXPECT_EQ(options.sip_tls[0].to_string(), "192.0.2.1:5071");
  ASSERT_EQ(options.certificates.size(), 1u);
  EXPECT_EQ(options.certificates[0].key_file, "/dev/null");
}

TEST(Options, addresses_ranges_and_flags_are_taken) {
  const auto options = std::get<Options>(
      parse({"--sip", "192.0.2.1:5070", "--sip", "[2001:db8::1]:5070", "--rtp-ports", "30000-30099",
             "--no-example", "--http", "127.0.0.1:0", "--web", "build/web/dist"}));
  ASSERT_EQ(options.sip.size(), 2u);
  EXPECT_EQ(options.sip[1].to_string(), "[2001:db8::1]:5070");
  EXPECT_EQ(options.rtp_first, 30000);
  EXPECT_EQ(options.rtp_last, 30099);
  EXPECT_FALSE(options.example);
  EXPECT_EQ(options.http.port, 0);
  EXPECT_EQ(options.web, "build/web/dist");
}

}  // namespace
}  // namespace xivo::app
