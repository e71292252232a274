#include "app/shard.hpp"

#include <utility>

#include "features/all.hpp"
#include "model/routing/feature_titles.hpp"

namespace xivo::app {

Shard::Shard(const runtime::Scheduler& scheduler, const Parts& parts, const Options& options)
    : calls_(scheduler, parts.media, parts.config, parts.records, features::all(), options.calls),
      user_agent_(scheduler,
                  {parts.wire, parts.media, calls_, parts.config, parts.bindings, parts.resolver,
                   parts.contacts, parts.trunks, parts.nonces},
                  options.user_agent) {}

void Shard::on_message(const sip::Flow& flow, char* bytes, std::size_t size) {
  if (user_agent_.admit(flow, bytes, size)) user_agent_.transactions().on_message(flow, bytes, size);
}

void Shard::on_flow_failed(const sip::Flow& flow) { user_agent_.on_flow_failed(flow); }

std::vector<model::FeatureCode> feature_codes() {
  std::vector<model::FeatureCode> codes;
  std::vector<model::routing::FeatureTitle> titles;
  for (const auto* feature : features::all()) {
    titles.push_back({feature->name, {feature->title_fr, feature->title_en}});
    for (const auto code : feature->codes) codes.push_back({std::string(code), std::string(feature->name)});
  }
  model::routing::declare_features(std::move(titles));
  return codes;
}

}  // namespace xivo::app
