#pragma once

#include "api/live_view.hpp"
#include "app/shard.hpp"
#include "runtime/loop.hpp"

namespace xivo::app {

/// What the REST interface knows of the engine: each question travels to the shard's loop, which answers with copies.
/// Thread  as api::LiveView.
class LiveAdapter final : public api::LiveView {
 public:
  LiveAdapter(runtime::Loop& shard_loop, Shard& shard, const model::ConfigSource& config)
      : shard_loop_(shard_loop), shard_(shard), config_(config) {}

  void registrations(std::function<void(std::vector<api::Registration>)> done) override;
  void registration_failures(std::function<void(std::vector<api::RegistrationFailure>)> done) override;
  void calls(std::function<void(std::vector<api::LiveCall>)> done) override;
  void hang_up(std::string call_id, std::function<void(bool found)> done) override;

 private:
  runtime::Loop& shard_loop_;
  Shard& shard_;
  const model::ConfigSource& config_;
};

}  // namespace xivo::app
