#include "app/dns.hpp"

#include "base/log.hpp"
#include "runtime/dns/cache.hpp"

namespace xivo::app {
namespace {

class CachedDns final : public runtime::DnsResolver {
 public:
  CachedDns(const runtime::Scheduler& scheduler, std::unique_ptr<runtime::DnsResolver> servers)
      : servers_(std::move(servers)), cache_(scheduler, *servers_) {}

  void ask(const std::string& name, runtime::DnsType type, Done done) override {
    cache_.ask(name, type, std::move(done));
  }

 private:
  std::unique_ptr<runtime::DnsResolver> servers_;
  runtime::DnsCache cache_;
};

}  // namespace

std::unique_ptr<runtime::DnsResolver> open_dns(runtime::Loop& loop, const Options& options) {
  runtime::AresResolver::Options wanted;
  wanted.servers = options.dns;
  auto servers = runtime::AresResolver::open(loop, wanted);
  if (!servers) {
    log::warning("dns", "{}: hosts that are known by name cannot be called", servers.error().what);
    return nullptr;
  }
  return std::make_unique<CachedDns>(loop.scheduler(), std::move(*servers));
}

}  // namespace xivo::app
