#include "endpoint/hops.hpp"

#include <fmt/format.h>

namespace xivo::endpoint {

std::optional<sip::Target> Hops::find(const sip::Whereabouts& where) {
  auto key = fmt::format("{}:{}/{}{}", where.host, where.port,
                         where.transport ? sip::name(*where.transport) : "", where.secure ? "s" : "");
  const auto now = scheduler_.clock.now();
  if (hops_.size() >= kKnownMax)
    std::erase_if(hops_, [now](const auto& each) { return !each.second.asking && each.second.until <= now; });
  if (hops_.size() >= kKnownMax && !hops_.contains(key)) return std::nullopt;
  auto& hop = hops_[key];
  if (!hop.asking && now >= hop.until) {
    hop.asking = true;
    locator_.locate(where, [this, key = std::move(key)](const std::vector<sip::Target>& targets) {
      auto& found = hops_[key];
      found.asking = false;
      found.target = targets.empty() ? std::nullopt : std::optional(targets.front());
      found.until = scheduler_.clock.now() + kKnownFor;
    });
  }
  return hop.target;
}

}  // namespace xivo::endpoint
