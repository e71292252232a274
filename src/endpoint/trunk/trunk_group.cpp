// All trunks of the process, and the board that every shard reads.                                   docs/adr/0005
#include "endpoint/trunk/trunk_group.hpp"

#include <fmt/format.h>

#include "sip/digest.hpp"

namespace xivo::endpoint {

TrunkGroup::TrunkGroup(TrunkTools tools, const model::ConfigSource& config, TrunkBoard& board,
                       std::string key)
    : tools_(std::move(tools)), config_(config), board_(board), key_(std::move(key)) {}

TrunkGroup::~TrunkGroup() {
  tools_.scheduler.timers.cancel(timer_);
  tools_.scheduler.timers.cancel(publishing_);
}

// On the loop: the shard may not be complete yet.
void TrunkGroup::start() {
  timer_ = tools_.scheduler.timers.set(runtime::Duration::zero(), [this] { look(); });
}

void TrunkGroup::look() {
  const auto now = config_.current();
  const auto slot = model::kind_slot<model::Trunk>();
  if (!seen_ || seen_->table(slot) != now->table(slot)) follow(*now);
  seen_ = now;
  timer_ = tools_.scheduler.timers.set(kLookEvery, [this] { look(); });
}

void TrunkGroup::follow(const model::Config& config) {
  for (auto kept = trunks_.begin(); kept != trunks_.end();) {
    const auto* trunk = config.find(kept->first);
    const bool same =
        trunk != nullptr && trunk->enabled && config.revision_of(kept->first) == kept->second.revision;
    if (same) {
      ++kept;
      continue;
    }
    kept->second.client->stop();
    kept = trunks_.erase(kept);
  }
  for (const auto& [number, trunk] : config.objects<model::Trunk>()) {
    const model::TrunkId id{number};
    if (!trunk->enabled || trunks_.contains(id)) continue;
    const auto token = kTokenBit | (static_cast<std::uint64_t>(number) << 1U);
    auto& kept = trunks_[id];
    kept.revision = config.revision_of(id);
    kept.client =
        std::make_unique<TrunkClient>(tools_, *trunk, line_of(id), token, [this] { publish_soon(); });
    kept.client->start();
  }
  publish();
}

std::string TrunkGroup::line_of(model::TrunkId id) const {
  constexpr std::size_t kLength = 16;
  const auto text = fmt::format("trunk contact {} {}", id.value, key_);
  return sip::digest::hash(sip::digest::Algorithm::Sha256, text).substr(0, kLength);
}

// Several changes of one turn are one.
void TrunkGroup::publish_soon() {
  if (tools_.scheduler.timers.pending(publishing_)) return;
  publishing_ = tools_.scheduler.timers.set(runtime::Duration::zero(), [this] { publish(); });
}

void TrunkGroup::publish() {
  KnownTrunks known;
  for (const auto& [id, kept] : trunks_) known.all.push_back(kept.client->known());
  board_.publish(std::move(known));
}

void TrunkGroup::for_each(const std::function<void(const TrunkClient&)>& visit) const {
  for (const auto& [id, kept] : trunks_) visit(*kept.client);
}

const TrunkClient* TrunkGroup::find(model::TrunkId id) const {
  const auto found = trunks_.find(id);
  return found == trunks_.end() ? nullptr : found->second.client.get();
}

bool TrunkGroup::retry(model::TrunkId id) {
  const auto found = trunks_.find(id);
  if (found == trunks_.end()) return false;
  found->second.client->retry();
  return true;
}

OperatorRequest* TrunkGroup::request_of(std::uint64_t token) {
  const model::TrunkId id{static_cast<std::int64_t>((token & ~kTokenBit) >> 1U)};
  const auto found = trunks_.find(id);
  if (found == trunks_.end()) return nullptr;
  return found->second.client->request((token & 1U) == 0 ? TrunkClient::Part::Registration
                                                         : TrunkClient::Part::Ping);
}

void TrunkGroup::on_response(std::uint64_t token, sip::ClientTransactionId id, const sip::Message& response,
                             const sip::Flow& flow) {
  if (auto* request = request_of(token)) request->on_response(id, response, flow);
}

void TrunkGroup::on_failure(std::uint64_t token, sip::ClientTransactionId id, sip::ClientFailure failure) {
  if (auto* request = request_of(token)) request->on_failure(id, failure);
}

void TrunkGroup::on_flow_failed(const sip::Flow& flow) {
  for (const auto& [id, kept] : trunks_) kept.client->on_flow_failed(flow);
}

}  // namespace xivo::endpoint
