#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_network.hpp"
#include "endpoint/defence/authenticator.hpp"
#include "endpoint/defence/ban_list.hpp"
#include "endpoint/defence/rate_limiter.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"

namespace xivo::endpoint {

/// Stands between the wire and the transactions: who is banned gets silence, who asks too often is told to come later or
/// gets silence, both before a byte is parsed. Told of what goes on behind it, it asks for bans.
///
/// Networks that are exempt, and sources where a phone has authenticated lately, are never banned by themselves.
/// Thread  the shard's.
class Doorkeeper final : public AttemptWatch {
 public:
  struct Limits {
    RateLimiter::Limits strangers;
    RateLimiter::Limits known{{400, 4'000}, {500, 2'000}, {2'000, 10'000}};
    std::uint32_t unanswered_max = 200;  // requests of a source that never answered a challenge, a window
    std::uint32_t malformed_max = 50;  // what is no SIP, a window
    runtime::Duration nuisance_ban = std::chrono::minutes(5);  // for these two, whose sender may be forged
    std::uint32_t retry_after = 5;  // seconds, told with 503
    std::vector<IpNetwork> exempt;
  };

  Doorkeeper(const runtime::Scheduler& scheduler, AttemptLedger& ledger, const Limits& limits);

  using AskForBan = std::function<void(BanList::Request)>;
  /// Before this, nobody is banned.   Shape  board: outlives the door; ask: may post to whoever owns the list
  void use_bans(const BanBoard& board, AskForBan ask);

  /// With several shards: what each counts is told to the others, which AttemptLedger::apply() it. Called on this shard's loop;
  /// posts.
  void share_counts(std::function<void(const AttemptNote&)> tell) { tell_ = std::move(tell); }
  void apply(const AttemptNote& note) { ledger_.apply(note); }

  enum class Verdict : std::uint8_t {
    Pass,
    Drop,
    Refuse,  // 503 with Retry-After, then forgotten
  };
  /// Shape   peer: the source is a fixed peer of ours
  Verdict admit(const sip::Flow& flow, std::string_view bytes, bool peer);
  /// The 503; empty when the bytes are no request that can be answered. Parses in place.
  [[nodiscard]] std::string refusal(const sip::Flow& flow, char* bytes, std::size_t size,
                                    sip::Flow& way_back) const;

  // ---- what goes on behind it
  void on_malformed(const sip::Flow& flow);
  void on_unanswered(const sip::Flow& flow) override;
  void on_authenticated(const sip::Flow& flow) override;
  void on_shut_out(const sip::Flow& flow, const AttemptLedger::Consequence& consequence) override;
  void on_counted(const AttemptNote& note) override {
    if (tell_) tell_(note);
  }
  /// A person released a ban.
  void on_released(const IpNetwork& network);

  [[nodiscard]] bool is_banned(const IpAddress& ip);
  [[nodiscard]] bool is_exempt(const IpAddress& ip) const override;

 private:
  void nuisance(const sip::Flow& flow, BanReason reason, std::uint32_t count, std::uint32_t most);

  const runtime::Scheduler scheduler_;
  AttemptLedger& ledger_;
  const Limits limits_;
  RateLimiter strangers_;
  RateLimiter known_;
  const BanBoard* board_ = nullptr;
  AskForBan ask_;
  std::function<void(const AttemptNote&)> tell_;
  std::uint64_t seen_ = 0;  // version of bans_
  std::shared_ptr<const BanSnapshot> bans_;
};

}  // namespace xivo::endpoint
