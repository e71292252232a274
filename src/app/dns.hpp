#pragma once

#include <memory>

#include "app/options.hpp"
#include "runtime/dns/resolver.hpp"

namespace xivo::app {

/// The domain name system for one loop: c-ares behind a cache. Nothing, and a line in the log, when it cannot be used.
std::unique_ptr<runtime::DnsResolver> open_dns(runtime::Loop& loop, const Options& options);

}  // namespace xivo::app
