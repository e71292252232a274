#include "app/certificates.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "base/text.hpp"
#include "runtime/self_signed.hpp"

namespace xivo::app {
namespace {

constexpr std::size_t kAddressesMax = 32;

/// As it may stand in a certificate.
std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  std::string host;
  for (const char c : std::string_view(name)) {
    if (text::is_alnum(c) || c == '-' || c == '.') host += c;
  }
  return host.empty() ? "xivo" : host;
}

std::vector<IpAddress> own_addresses() {
  std::vector<IpAddress> addresses;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return addresses;
  for (const auto* each = list; each != nullptr && addresses.size() < kAddressesMax; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    runtime::KernelAddress address;
    std::copy_n(reinterpret_cast<const char*>(each->ifa_addr),
                family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6),
                reinterpret_cast<char*>(&address.storage));
    addresses.push_back(address.to_socket_address().ip);
  }
  freeifaddrs(list);
  return addresses;
}

}  // namespace

Result<std::shared_ptr<const runtime::TlsContext>, std::string> Certificates::load() const {
  runtime::TlsContext::Options wanted{options_.certificates, options_.tls_verify, options_.tls_trust};
  if (wanted.certificates.empty()) {
    const auto made = own();
    if (!made) return Unexpected{made.error()};
    wanted.certificates.push_back(*made);
  }
  return runtime::TlsContext::load(wanted);
}

bool Certificates::good(const runtime::TlsCertificate& files) const {
  const auto loaded = runtime::TlsContext::load({{files}, false, {}});
  return loaded && (*loaded)->certificates().front().until > clock_.wall() + kRenewBefore;
}

Result<runtime::TlsCertificate, std::string> Certificates::own() const {
  namespace fs = std::filesystem;
  const auto folder = options_.var + "/tls";
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return Unexpected{fmt::format("{}: {}", folder, error.message())};
  const runtime::TlsCertificate files{folder + "/self-signed.pem", folder + "/self-signed.key"};
  if (good(files)) return files;
  const bool replaced = fs::exists(files.chain_file, error);
  runtime::SelfSigned what;
  what.host = host_name();
  what.addresses = own_addresses();
  what.from = clock_.wall();
  if (const auto made = runtime::make_self_signed(what, files); !made) return Unexpected{made.error()};
  if (replaced) log::notice("tls", "{} was of no more use and has been made anew", files.chain_file);
  return files;
}

std::string describe(const runtime::TlsContext& context) {
  std::string lines;
  for (const auto& certificate : context.certificates()) {
    const std::chrono::year_month_day last(std::chrono::floor<std::chrono::days>(certificate.until));
    lines += fmt::format("{} ({}, until {:04}-{:02}-{:02})\n", certificate.file, certificate.subject,
                         static_cast<int>(last.year()), static_cast<unsigned>(last.month()),
                         static_cast<unsigned>(last.day()));
  }
  return lines;
}

}  // namespace xivo::app
