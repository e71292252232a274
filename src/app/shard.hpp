#pragma once

#include "call/call_registry.hpp"
#include "endpoint/user_agent.hpp"
#include "media/engine.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"

namespace xivo::app {

/// One shard of the engine (ShardTeam is all of them): calls, phones and their registrations on one loop, over a network and a media plane that
/// are lent to it. The daemon gives it sockets, a test gives it a simulated network and its own clock.
/// Thread  the shard's loop.
class Shard final : public sip::WireUser {
 public:
  struct Options {
    call::CallRegistry::Limits calls;
    endpoint::UserAgent::Options user_agent;
  };
  struct Parts {
    sip::Wire& wire;
    media::Engine& media;
    const model::ConfigSource& config;
    call::RecordSink& records;
    endpoint::BindingStorage& bindings;
    runtime::DnsResolver* resolver = nullptr;
    const endpoint::ContactSource* contacts = nullptr;  // as in UserAgent::Parts
    endpoint::TrunkBoard* trunks = nullptr;  // the same
    std::shared_ptr<sip::digest::NonceLedger> nonces{};  // the same
  };

  Shard(const runtime::Scheduler& scheduler, const Parts& parts, const Options& options);

  // ---- sip::WireUser
  void on_message(const sip::Flow& flow, char* bytes, std::size_t size) override;
  void on_flow_failed(const sip::Flow& flow) override;

  call::CallRegistry& calls() { return calls_; }
  endpoint::UserAgent& user_agent() { return user_agent_; }

 private:
  call::CallRegistry calls_;
  endpoint::UserAgent user_agent_;
};

/// The codes that the features of this build answer to.
std::vector<model::FeatureCode> feature_codes();

}  // namespace xivo::app
