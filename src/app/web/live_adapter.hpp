#pragma once

#include "api/live_view.hpp"
#include "app/shard_team.hpp"

namespace xivo::app {

/// What the REST interface knows of the engine: each question travels from shard to shard, and copies come back.
/// Thread  as api::LiveView.
class LiveAdapter final : public api::LiveView {
 public:
  LiveAdapter(ShardTeam& shards, const model::ConfigSource& config) : shards_(shards), config_(config) {}

  void registrations(std::function<void(std::vector<api::Registration>)> done) override;
  void registration_failures(std::function<void(std::vector<api::RegistrationFailure>)> done) override;
  void calls(std::function<void(std::vector<api::LiveCall>)> done) override;
  void hang_up(std::string call_id, std::function<void(bool found)> done) override;
  void bans(std::function<void(std::vector<api::LiveBan>)> done) override;
  void add_ban(api::BanWish wish, std::function<void(std::optional<api::LiveBan>)> done) override;
  void release_ban(std::int64_t id, std::string author, std::function<void(bool found)> done) override;

 private:
  ShardTeam& shards_;
  const model::ConfigSource& config_;
};

}  // namespace xivo::app
