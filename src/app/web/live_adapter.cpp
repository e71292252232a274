#include "app/web/live_adapter.hpp"

#include "app/engine_view.hpp"
#include "app/record_adapter.hpp"
#include "app/web/trunk_copies.hpp"
#include "call/call_registry.hpp"

namespace xivo::app {
namespace {

api::LiveBan::Reason reason_of(endpoint::BanReason reason) {
  using To = api::LiveBan::Reason;
  switch (reason) {
    case endpoint::BanReason::WrongSecrets: return To::WrongSecrets;
    case endpoint::BanReason::UnknownUsers: return To::UnknownUsers;
    case endpoint::BanReason::Scanning: return To::Scanning;
    case endpoint::BanReason::Malformed: return To::Malformed;
    case endpoint::BanReason::Manual: break;
  }
  return To::Manual;
}

api::LiveBan to_live(const endpoint::Ban& ban) {
  return {ban.id,   ban.network.to_string(), reason_of(ban.reason), ban.detail, ban.author, ban.since,
          ban.until};
}

}  // namespace

void LiveAdapter::registrations(std::function<void(std::vector<api::Registration>)> done) {
  shards_.post(0, [this, done = std::move(done)] {
    std::vector<api::Registration> all;
    const auto config = config_.current();
    shards_.shard(0).user_agent().registrar().for_each(
        [&](const endpoint::Binding& binding) { all.push_back(copy_of(binding, *config)); });
    done(std::move(all));
  });
}

void LiveAdapter::registration_failures(std::function<void(std::vector<api::RegistrationFailure>)> done) {
  auto all = std::make_shared<std::vector<endpoint::Failure>>();
  shards_.ask(
      [all](Shard& shard) {
        merge_failures(*all, shard.user_agent().failures().all());
        return true;
      },
      [all, done = std::move(done)] {
        std::vector<api::RegistrationFailure> copies;
        for (auto& failure : *all) copies.push_back(copy_of(std::move(failure)));
        done(std::move(copies));
      });
}

void LiveAdapter::calls(std::function<void(std::vector<api::LiveCall>)> done) {
  auto all = std::make_shared<std::vector<api::LiveCall>>();
  shards_.ask(
      [all](Shard& shard) {
        const auto& calls = shard.calls();
        calls.for_each([&](const call::Call& call) {
          if (call.state() != call::Call::State::Ending) all->push_back(copy_of(call, calls));
        });
        return true;
      },
      [all, done = std::move(done)] { done(std::move(*all)); });
}

void LiveAdapter::call(std::string call_id, std::function<void(std::optional<api::LiveCallDetail>)> done) {
  auto found = std::make_shared<std::optional<api::LiveCallDetail>>();
  shards_.ask(
      [found, id = std::move(call_id)](Shard& shard) {
        const auto* call = shard.calls().find(id);
        if (call == nullptr || call->state() == call::Call::State::Ending) return true;
        api::LiveCallDetail detail;
        detail.call = copy_of(*call, shard.calls());
        detail.config_revision = call->config().revision();
        if (call->feature() != nullptr) detail.feature = call->record().feature;
        detail.trace = trace_json(call->trace());
        *found = std::move(detail);
        return false;
      },
      [found, done = std::move(done)] { done(std::move(*found)); });
}

void LiveAdapter::line(std::int64_t line_id, std::string account, std::function<void(api::LineState)> done) {
  struct Found {
    api::LineState state;
    std::vector<endpoint::Failure> failures;
  };
  auto found = std::make_shared<Found>();
  found->state.started = started_;
  shards_.ask(
      [this, found, line_id, account = std::move(account)](Shard& shard) {
        merge_failures(found->failures, shard.user_agent().failures().of_account(account));
        if (&shard != &shards_.shard(0)) return true;
        const auto config = config_.current();
        for (const auto* binding : shard.user_agent().registrar().contacts({line_id}))
          found->state.contacts.push_back(copy_of(*binding, *config));
        if (const auto went = departures_->find(line_id); went != departures_->end())
          found->state.went = went->second;
        return true;
      },
      [found, done = std::move(done)] {
        for (auto& failure : found->failures) found->state.failures.push_back(copy_of(std::move(failure)));
        done(std::move(found->state));
      });
}

void LiveAdapter::hang_up(std::string call_id, std::function<void(bool found)> done) {
  auto found = std::make_shared<bool>(false);
  shards_.ask(
      [found, id = std::move(call_id)](Shard& shard) {
        *found = shard.calls().hang_up(id, call::Cause::NormalClearing);
        return !*found;
      },
      [found, done = std::move(done)] { done(*found); });
}

void LiveAdapter::trunks(std::function<void(std::vector<api::TrunkState>)> done) {
  auto states = std::make_shared<TrunkStates>();
  shards_.ask(
      [states](Shard& shard) {
        states->visit(shard);
        return true;
      },
      [this, states, done = std::move(done)] { done(states->finish(shards_.shard(0))); });
}

void LiveAdapter::register_trunk(std::int64_t id, std::function<void(bool found)> done) {
  shards_.post(0, [this, id, done = std::move(done)] {
    auto* trunks = shards_.shard(0).user_agent().trunks();
    done(trunks != nullptr && trunks->retry({id}));
  });
}

void LiveAdapter::bans(std::function<void(std::vector<api::LiveBan>)> done) {
  std::vector<api::LiveBan> all;
  const auto current = shards_.ban_board().current();
  for (const auto& ban : current->all()) all.push_back(to_live(ban));
  done(std::move(all));
}

void LiveAdapter::add_ban(api::BanWish wish, std::function<void(std::optional<api::LiveBan>)> done) {
  shards_.post(0, [this, wish = std::move(wish), done = std::move(done)] {
    const auto made =
        shards_.bans().add({wish.network, endpoint::BanReason::Manual, wish.detail, wish.author, wish.lasts});
    done(made ? std::optional(to_live(*made)) : std::nullopt);
  });
}

void LiveAdapter::release_ban(std::int64_t id, std::string author, std::function<void(bool found)> done) {
  shards_.post(0, [this, id, author = std::move(author), done = std::move(done)] {
    done(shards_.bans().release(id, author));
  });
}

std::vector<api::TollAccount> LiveAdapter::toll_accounts() {
  std::vector<api::TollAccount> all;
  const auto now = std::chrono::floor<std::chrono::seconds>(runtime::SystemClock().wall());
  shards_.toll().for_each(now, [&](const call::TollMeter::Account& each) { all.push_back(copy_of(each)); });
  return all;
}

bool LiveAdapter::release_toll(bool is_trunk, std::int64_t id) {
  return is_trunk ? shards_.toll().release(model::TrunkId{id}) : shards_.toll().release(model::UserId{id});
}

}  // namespace xivo::app
