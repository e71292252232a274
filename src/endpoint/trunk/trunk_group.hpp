#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "endpoint/trunk/trunk_client.hpp"
#include "model/config.hpp"

namespace xivo::endpoint {

/// Every trunk that is switched on, looked after by one shard of the process; the others read the board.   docs/adr/0005
/// Follows the configuration: a trunk that was changed begins anew, one that was removed withdraws its registration.
/// Thread  the shard's.
class TrunkGroup {
 public:
  /// How long a change of the configuration may wait to be seen.
  static constexpr auto kLookEvery = std::chrono::seconds(1);
  static constexpr std::uint64_t kTokenBit = std::uint64_t{1} << 62;
  static bool is_token(std::uint64_t token) { return (token & kTokenBit) != 0; }

  /// `key`: what the lines of our Contacts are derived from; the same over restarts, so that a registrar keeps one binding.
  TrunkGroup(TrunkTools tools, const model::ConfigSource& config, TrunkBoard& board, std::string key);
  ~TrunkGroup();
  TrunkGroup(const TrunkGroup&) = delete;
  TrunkGroup& operator=(const TrunkGroup&) = delete;

  /// Once; before it nothing is sent.
  void start();
  void for_each(const std::function<void(const TrunkClient&)>& visit) const;
  [[nodiscard]] const TrunkClient* find(model::TrunkId id) const;
  /// Registers at once instead of when its turn comes. False: it is not switched on.
  bool retry(model::TrunkId id);

  void on_response(std::uint64_t token, sip::ClientTransactionId id, const sip::Message& response,
                   const sip::Flow& flow);
  void on_failure(std::uint64_t token, sip::ClientTransactionId id, sip::ClientFailure failure);
  void on_flow_failed(const sip::Flow& flow);

 private:
  struct Kept {
    model::RevisionNumber revision = 0;
    std::unique_ptr<TrunkClient> client;
  };

  void look();
  void follow(const model::Config& config);
  void publish_soon();
  void publish();
  [[nodiscard]] std::string line_of(model::TrunkId id) const;
  [[nodiscard]] OperatorRequest* request_of(std::uint64_t token);

  const TrunkTools tools_;
  const model::ConfigSource& config_;
  TrunkBoard& board_;
  const std::string key_;
  model::ConfigSnapshot seen_;
  std::map<model::TrunkId, Kept> trunks_;
  runtime::TimerId timer_;
  runtime::TimerId publishing_;
};

}  // namespace xivo::endpoint
