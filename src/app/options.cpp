// The only file that knows the command-line library.
#include "app/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/shard_link.hpp"
#include "app/version.hpp"
#include "base/text.hpp"

namespace xivo::app {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 ended as told, 1 internal error, 2 bad option, 3 folder not writable, 4 database cannot "
    "be opened,\n"
    "5 SIP port cannot be opened, 6 HTTP port cannot be opened, 7 console socket cannot be opened, 8 no "
    "media ports.";

std::string check_address(const std::string& text) {
  return SocketAddress::parse(text) ? std::string{} : fmt::format("'{}' is not ADDRESS:PORT", text);
}

std::string check_ip(const std::string& text) {
  return IpAddress::parse(text) ? std::string{} : fmt::format("'{}' is no IP address", text);
}

/// What is not text yet when the library is through.
struct Texts {
  std::vector<std::string> sip;
  std::vector<std::string> external;
  std::vector<std::string> local;
  std::string http;
  std::string https;
  std::string rtp;
};

std::string check_network(const std::string& text) {
  const auto network = IpNetwork::parse(text);
  const bool exact = network && IpAddress::parse(text.substr(0, text.find('/'))) == network->address;
  return exact ? std::string{} : fmt::format("'{}' is not ADDRESS/PREFIX with nothing behind it", text);
}

std::string check_exempt(const std::string& text) {
  if (text == "none" || IpNetwork::parse(text)) return {};
  return fmt::format("'{}' is no address, no network (203.0.113.0/24) and not 'none'", text);
}

std::string check_range(const std::string& text) {
  const auto parts = text::split(text, '-');
  if (parts.size() != 2) return fmt::format("'{}' is not FIRST-LAST", text);
  const auto first = text::parse_decimal<std::uint16_t>(parts[0]);
  const auto last = text::parse_decimal<std::uint16_t>(parts[1]);
  const bool usable = first && last && *first >= 1024 && *last >= *first + 7;
  return usable ? std::string{} : fmt::format("'{}' is no range of at least 8 ports above 1023", text);
}

std::string check_https(const std::string& text) { return text == "none" ? "" : check_address(text); }

/// Where HTTPS is served: as told, or where HTTP is when nothing is said of either.
std::optional<SocketAddress> https_address(const CLI::App& cli, const std::string& text) {
  if (!text.empty()) return SocketAddress::parse(text);
  if (cli.count("--http") != 0) return std::nullopt;
  return SocketAddress{IpAddress::v4(0x7f000001), 8443};
}

struct NetworkTexts {
  std::vector<std::string> addresses;
  std::vector<std::string> chains;
  std::vector<std::string> keys;
  std::vector<std::string> dns;
  std::vector<std::string> exempt = {"127.0.0.0/8", "::1"};
};

void declare_network(CLI::App& cli, Options& options, NetworkTexts& texts) {
  cli.add_option(
         "--sip-tls", texts.addresses,
         "address for SIP over TLS; may be repeated (0.0.0.0:5061 and [::]:5061, unless --sip is given)")
      ->check(check_address);
  cli.add_option("--tls-certificate", texts.chains,
                 "file (PEM) of a certificate with its chain; may be repeated, the name that is asked for "
                 "chooses; without, one is made in the folder of --var")
      ->check(CLI::ExistingFile);
  cli.add_option("--tls-key", texts.keys, "file (PEM) of its key; as many times, in the same order")
      ->check(CLI::ExistingFile);
  cli.add_option("--dns", texts.dns,
                 "address of a DNS server; may be repeated; those of /etc/resolv.conf without")
      ->check(check_address);
  cli.add_option("--exempt", texts.exempt,
                 "networks that are never banned by themselves nor slowed down; 'none' for none")
      ->delimiter(',')
      ->check(check_exempt)
      ->capture_default_str();
  cli.add_flag("--tls-verify", options.tls_verify, "check the certificates of those that are connected to");
  cli.add_option("--tls-trust", options.tls_trust,
                 "file (PEM) of the certificates to check them with; the system's without")
      ->check(CLI::ExistingFile);
}

/// What is wrong with them, or nothing.
std::string take_network(Options& options, const NetworkTexts& texts) {
  if (texts.chains.size() != texts.keys.size()) return "--tls-certificate and --tls-key go in pairs";
  for (std::size_t i = 0; i < texts.chains.size(); ++i) {
    options.certificates.push_back({texts.chains[i], texts.keys[i]});
  }
  for (const auto& network : texts.exempt) {
    if (const auto parsed = IpNetwork::parse(network)) options.exempt.push_back(*parsed);
  }
  for (const auto& address : texts.dns) options.dns.push_back(*SocketAddress::parse(address));
  for (const auto& address : texts.addresses) options.sip_tls.push_back(*SocketAddress::parse(address));
  if (options.sip_tls.empty() && options.sip.empty())
    options.sip_tls = {{IpAddress::v4(0), 5061}, {IpAddress(), 5061}};
  return {};
}

void declare(CLI::App& cli, Options& options, Texts& texts, unsigned& drain_s) {
  cli.set_config("--config", "", "file with these options, one `name = value` a line");
  cli.add_option("--var", options.var, "folder of the databases and the console socket")
      ->capture_default_str();
  cli.add_option("--sip", texts.sip,
                 "address for SIP over UDP and TCP; may be repeated (0.0.0.0:5060 and [::]:5060)")
      ->check(check_address);
  cli.add_option("--http", texts.http,
                 "address of the web pages, the REST interface and SIP over WebSocket (/ws)")
      ->check(check_address)
      ->capture_default_str();
  cli.add_option("--https", texts.https,
                 "address of the same by TLS, or 'none' (127.0.0.1:8443, unless --http is given); browsers "
                 "elsewhere need it for their microphone")
      ->check(check_https);
  cli.add_option("--web", options.web, "folder of the built web pages")->capture_default_str();
  cli.add_option("--rtp-ports", texts.rtp, "range of UDP ports for sound")
      ->check(check_range)
      ->capture_default_str();
  cli.add_option("--shards", options.shards, "threads that run calls; more than one is for large sites")
      ->check(CLI::Range(1U, ShardLink::kShardsMax))
      ->capture_default_str();
  cli.add_option("--external-address", texts.external,
                 "our address before the NAT, for phones that are neither private nor in a local network; "
                 "one a family")
      ->check(check_ip);
  cli.add_option("--local-network", texts.local,
                 "network whose phones reach us without that NAT; may be repeated")
      ->check(check_network);
  cli.add_option("--nat-keep-alive", options.nat_keep_alive,
                 "seconds between packets that keep the way to UDP phones behind NAT open; 0 = none")
      ->check(CLI::Range(0, 3'600))
      ->capture_default_str();
  cli.add_option("--media-loops", options.media_loops, "threads that carry sound; 0 = one a core, at most 4")
      ->check(CLI::Range(0, 64));
  cli.add_option("--sounds", options.sounds, "folders with prompts, one subfolder a language")
      ->capture_default_str();
  cli.add_option("--music", options.music, "folder with music on hold")->capture_default_str();
  cli.add_option("--realm", options.realm, "realm that phones are asked for")->capture_default_str();
  cli.add_option("--digest", options.digest, "algorithms that phones are offered, in order: md5, sha-256")
      ->delimiter(',')
      ->check(CLI::IsMember({"md5", "sha-256"}))
      ->capture_default_str();
  cli.add_option("--calls-max", options.calls_max, "calls at the same time; more are told to try later")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  cli.add_option("--memory-max", options.memory_max_mb,
                 "megabytes; when the process uses more, new calls are told to try later; 0 = no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  cli.add_option("--drain", drain_s,
                 "seconds that SIGTERM waits for calls to end by themselves; new ones are refused")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  cli.add_option("--call-duration-max", options.call_duration_max,
                 "seconds that a call may last; 0 = no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  cli.add_option("--rtp-timeout", options.rtp_timeout,
                 "seconds without RTP and RTCP from a phone after which its call is ended; 0 = never")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  cli.add_option("--rtp-timeout-hold", options.rtp_timeout_hold, "the same while the call is on hold")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  cli.add_flag("!--no-example", options.example, "leave an empty database empty");
  cli.add_flag("--debug", options.debug, "log what only developers want to know");
}

}  // namespace

std::variant<Options, Quit> parse_options(int argc, char** argv) {
  Options options;
  Texts texts;
  texts.http = options.http.to_string();
  texts.rtp = fmt::format("{}-{}", options.rtp_first, options.rtp_last);
  unsigned drain_s = 0;
  CLI::App cli("xivod: a company's telephone system", "xivod");
  cli.footer(kFooter);
  cli.set_version_flag("--version", "xivod " + std::string(kVersion));
  declare(cli, options, texts, drain_s);
  NetworkTexts network;
  declare_network(cli, options, network);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::Success&) {
    const bool version = cli.get_version_ptr() != nullptr && cli.get_version_ptr()->count() > 0;
    return Quit{ExitCode::Ok, version ? cli.version() : cli.help()};
  } catch (const CLI::Error& error) {
    return Quit{ExitCode::BadOption, fmt::format("xivod: {} (xivod --help lists the options)", error.what())};
  }
  for (const auto& address : texts.external) options.external_addresses.push_back(*IpAddress::parse(address));
  for (const auto& local : texts.local) options.local_networks.push_back(*IpNetwork::parse(local));
  for (const auto& address : texts.sip) options.sip.push_back(*SocketAddress::parse(address));
  if (const auto wrong = take_network(options, network); !wrong.empty())
    return Quit{ExitCode::BadOption, fmt::format("xivod: {}", wrong)};
  if (options.sip.empty()) options.sip = {{IpAddress::v4(0), 5060}, {IpAddress(), 5060}};
  options.http = *SocketAddress::parse(texts.http);
  options.https = https_address(cli, texts.https);
  options.drain = std::chrono::seconds(drain_s);
  const auto range = text::split(texts.rtp, '-');
  options.rtp_first = *text::parse_decimal<std::uint16_t>(range[0]);
  options.rtp_last = *text::parse_decimal<std::uint16_t>(range[1]);
  return options;
}

}  // namespace xivo::app
