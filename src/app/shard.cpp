#include "app/shard.hpp"

#include "features/all.hpp"

namespace xivo::app {

Shard::Shard(const runtime::Scheduler& scheduler, const Parts& parts, const Options& options)
    : calls_(scheduler, parts.media, parts.config, parts.records, features::all(), options.calls),
      user_agent_(scheduler, parts.wire, parts.media, calls_, parts.config, parts.bindings, options.user_agent) {}

std::vector<model::FeatureCode> feature_codes() {
  std::vector<model::FeatureCode> codes;
  for (const auto* feature : features::all()) {
    for (const auto code : feature->codes) codes.push_back({std::string(code), std::string(feature->name)});
  }
  return codes;
}

}  // namespace xivo::app
