#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slot_map.hpp"
#include "call/leg.hpp"
#include "endpoint/response_template.hpp"
#include "model/ids.hpp"
#include "runtime/scheduler.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// Text from one user to another: a MESSAGE is handed to every phone of the person called, and its sender hears the best of
/// their answers. No dialog, nothing is kept for later.
/// Thread  the shard's.
/// Source  RFC 3428
class MessageRelay {
 public:
  struct Limits {
    std::size_t body_bytes_max = 1300;  // RFC 3428 §8: more does not fit into a datagram that arrives whole
    std::size_t under_way_max = 1000;
    /// A line may send so many at once, and so many a minute in the long run.
    int burst = 20;
    int per_minute = 60;
    /// When no phone has answered until then, the sender is told 480 while it still listens (its timer F is 32 s).
    runtime::Duration answer_time = std::chrono::seconds(20);
  };
  static constexpr std::uint64_t kTokenBit = std::uint64_t{1} << 63;
  static bool is_token(std::uint64_t token) { return (token & kTokenBit) != 0; }

  struct Target {
    sip::Flow flow;
    std::string uri;
    std::vector<std::string> route{};  // RFC 3327
  };
  struct Order {
    sip::ServerTransactionId transaction;
    ResponseTemplate response;
    call::Party from;
    std::string exten;
    int max_forwards = 69;
    unsigned shard = 0;
  };

  MessageRelay(const runtime::Scheduler& scheduler, sip::TransactionLayer& transactions, const Limits& limits)
      : scheduler_(scheduler), transactions_(transactions), limits_(limits) {}
  ~MessageRelay();
  MessageRelay(const MessageRelay&) = delete;
  MessageRelay& operator=(const MessageRelay&) = delete;

  /// The status that refuses a message before anybody is looked for; 0 = none. Counts it against its sender's rate.
  /// Errors  413: too long;  503: too many under way, or too fast
  [[nodiscard]] int refusal(const sip::Message& request, model::SipLineId sender);
  /// Hands it on; the answer to `order.transaction` follows.
  void relay(Order order, const sip::Message& request, const std::vector<Target>& targets);
  /// A message of ours that has come back.
  [[nodiscard]] bool is_ours(std::string_view from_tag, std::string_view call_id) const;

  void on_response(std::uint64_t token, const sip::Message& response);
  void on_failure(std::uint64_t token);
  [[nodiscard]] std::size_t under_way() const { return relays_.size(); }

 private:
  struct Relay {
    Order order;
    std::string call_id;
    std::size_t open = 0;  // phones that have not answered
    int best = 480;
    std::vector<sip::ClientTransactionId> clients;
    runtime::TimerId deadline;
  };
  struct Rate {
    runtime::Instant empty_at{};  // when a burst would be possible again
  };
  using RelayId = SlotMap<Relay>::Id;

  void finish(RelayId id, int status);
  void count_down(RelayId id);

  const runtime::Scheduler scheduler_;
  sip::TransactionLayer& transactions_;
  const Limits limits_;
  SlotMap<Relay> relays_;
  std::unordered_map<std::string, RelayId> by_call_id_;
  std::unordered_map<model::SipLineId, Rate> rates_;  // of lines that exist
};

}  // namespace xivo::endpoint
