#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/exit_code.hpp"
#include "base/address.hpp"
#include "base/ip_network.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::app {

/// What the daemon is started with: command line first, then the file given by --config, then these defaults.
struct Options {
  std::string var = "/var/lib/xivo";  // databases, console socket
  std::vector<SocketAddress> sip;  // UDP and TCP each; default 0.0.0.0:5060 and [::]:5060
  std::vector<SocketAddress>
      sip_tls;  // SIP over TLS; default 0.0.0.0:5061 and [::]:5061 unless `sip` is given
  std::vector<runtime::TlsCertificate> certificates;  // of both SIP and HTTP; none: one made in `var`
  bool tls_verify = false;  // of those we connect to
  std::string tls_trust;  // file of certificates to trust; empty: the system's
  std::vector<SocketAddress> dns;  // servers; none: those of /etc/resolv.conf
  std::string web = "/usr/share/xivo/web";  // folder of the built web pages
  SocketAddress http{IpAddress::v4(0x7f000001), 8080};
  std::optional<SocketAddress> https;  // by TLS; default 127.0.0.1:8443 unless `http` is given
  std::vector<IpAddress> external_addresses;  // before our NAT, as phones outside see us; one of each family
  std::vector<IpNetwork> local_networks;  // whose phones see us without that NAT, beside private addresses
  unsigned nat_keep_alive =
      25;  // seconds between packets that keep the way to phones behind NAT open; 0 = none
  std::uint16_t rtp_first = 10'000;
  std::uint16_t rtp_last = 20'000;
  unsigned shards = 1;  // threads that run calls
  unsigned media_loops = 0;  // 0 = one a core, at most 4
  std::vector<std::string> sounds = {"/usr/share/asterisk/sounds"};
  std::string music = "/usr/share/asterisk/moh";
  std::string realm = "xivo";
  std::vector<std::string> digest = {"md5"};  // offered to phones, in order: md5, sha-256
  unsigned calls_max = 20'000;
  unsigned memory_max_mb = 0;  // 0 = no limit of ours
  std::chrono::seconds drain{0};  // how long SIGTERM waits for calls to end by themselves
  unsigned call_duration_max = 36'000;  // seconds; 0 = no limit
  unsigned rtp_timeout = 300;  // seconds without sound and reports after which a call is dead; 0 = never
  unsigned rtp_timeout_hold = 7'200;  // the same while a party is on hold
  std::vector<IpNetwork> exempt;  // never banned by themselves, never slowed down; default: this machine
  bool example = true;  // seed the example company into an empty database
  bool debug = false;
};

/// Ends the program with that code, after `text` (to stderr unless the code is Ok).
struct Quit {
  ExitCode code;
  std::string text;
};

/// Reads argv (and the file it names).
std::variant<Options, Quit> parse_options(int argc, char** argv);

}  // namespace xivo::app
