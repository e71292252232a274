#pragma once

#include "api/live_view.hpp"
#include "app/shard_team.hpp"
#include "app/web/live_copies.hpp"

namespace xivo::app {

/// What the REST interface knows of the engine: each question travels from shard to shard, and copies come back.
/// Thread  as api::LiveView.
class LiveAdapter final : public api::LiveView {
 public:
  LiveAdapter(ShardTeam& shards, const model::ConfigSource& config,
              std::shared_ptr<const Departures> departures)
      : shards_(shards),
        config_(config),
        departures_(std::move(departures)),
        started_(runtime::SystemClock().wall()) {}

  void registrations(std::function<void(std::vector<api::Registration>)> done) override;
  void registration_failures(std::function<void(std::vector<api::RegistrationFailure>)> done) override;
  void calls(std::function<void(std::vector<api::LiveCall>)> done) override;
  void call(std::string call_id, std::function<void(std::optional<api::LiveCallDetail>)> done) override;
  void line(std::int64_t line_id, std::string account, std::function<void(api::LineState)> done) override;
  void hang_up(std::string call_id, std::function<void(bool found)> done) override;
  void trunks(std::function<void(std::vector<api::TrunkState>)> done) override;
  void register_trunk(std::int64_t id, std::function<void(bool found)> done) override;
  void bans(std::function<void(std::vector<api::LiveBan>)> done) override;
  void add_ban(api::BanWish wish, std::function<void(std::optional<api::LiveBan>)> done) override;
  std::vector<api::TollAccount> toll_accounts() override;
  bool release_toll(bool is_trunk, std::int64_t id) override;
  void release_ban(std::int64_t id, std::string author, std::function<void(bool found)> done) override;

 private:
  ShardTeam& shards_;
  const model::ConfigSource& config_;
  const std::shared_ptr<const Departures> departures_;
  const runtime::WallTime started_;
};

}  // namespace xivo::app
