#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/slot_map.hpp"
#include "call/feature.hpp"
#include "model/config.hpp"
#include "runtime/scheduler.hpp"
#include "sip/dialog.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// Tells phones when the lamp of a function key is to be lit: their subscriptions to the dialog event package, and the NOTIFY
/// requests that follow. What is watched is a feature's code; its lamp is a property of the configuration, so that is looked at
/// again whenever there is another one.
/// Thread  the shard's.
/// Source  RFC 6665 §4.2 (notifier), RFC 4235
class Notifier {
 public:
  struct Limits {
    std::size_t subscriptions_max = 50'000;
    std::size_t per_line_max = 200;  // a phone with its side cars has fewer keys
    std::uint32_t expires_min = 60;  // seconds; less is refused by 423
    std::uint32_t expires_max = 3'600;  // the default, too
    /// A phone may have been switched off; so much later it is asked to subscribe again after a restart of ours.
    std::uint32_t retry_after_stop = 10;
  };
  static constexpr std::string_view kEventLines = "Allow-Events: dialog\r\n";
  static constexpr std::uint64_t kTokenBit = std::uint64_t{1} << 60;
  static bool is_token(std::uint64_t token) { return (token & kTokenBit) != 0; }

  /// What is watched, for whom.
  struct Lamp {
    const call::FeatureDescriptor* feature = nullptr;
    std::string argument;  // what followed its code
    model::SipLineId line;
  };
  struct Tools {
    const runtime::Scheduler& scheduler;
    sip::TransactionLayer& transactions;
    const model::ConfigSource& config;
    unsigned shard = 0;
    std::string server;  // User-Agent and Server
  };

  Notifier(Tools tools, const Limits& limits) : tools_(std::move(tools)), limits_(limits) {}
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Whether the request asks for an event package that is served.
  static bool serves(const sip::Message& subscribe);
  /// A SUBSCRIBE outside a dialog whose sender may watch that lamp: answered here, and followed by the first NOTIFY.
  /// `contact`: the value of our Contact on that flow.
  void subscribe(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow, Lamp lamp,
                 std::string contact);
  /// Whether a dialog is one of a subscription, by our tag in it.
  [[nodiscard]] bool knows(std::string_view our_tag, std::string_view call_id) const;
  /// A request inside such a dialog: answered here.
  void on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow);

  void on_response(std::uint64_t token, const sip::Message& response);
  void on_failure(std::uint64_t token);
  /// Ends every subscription with the advice to come again.
  void close();

  [[nodiscard]] std::size_t size() const { return subscriptions_.size(); }
  struct Seen {
    model::SipLineId line;
    IpAddress phone;
    std::string_view number;
    std::string_view call_id;
    bool lit = false;
    std::chrono::seconds left{};
  };
  void for_each(const std::function<void(const Seen&)>& visit) const;

 private:
  struct Subscription {
    sip::Dialog dialog;
    sip::Flow flow;
    Lamp lamp;
    std::string contact;
    std::string event;  // of the SUBSCRIBE, its id included
    std::string entity;
    std::string number;
    std::uint32_t version = 0;
    bool lit = false;
    bool under_way = false;  // a NOTIFY is not answered
    bool again = false;  // the lamp changed meanwhile
    runtime::Instant expires{};
    runtime::TimerId expiry{};
  };
  using SubscriptionId = SlotMap<Subscription>::Id;
  struct Wanted {
    int refused = 0;  // 0: not
    std::uint32_t seconds = 0;
  };

  [[nodiscard]] Wanted wanted(const sip::Message& request) const;
  [[nodiscard]] std::optional<bool> state_of(const Lamp& lamp, const model::Config& config) const;
  [[nodiscard]] SubscriptionId id_of(std::string_view our_tag) const;
  void refuse(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
              std::string_view tag, int status);
  void accept(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
              SubscriptionId subscription, std::uint32_t seconds);
  void notify(SubscriptionId id);
  void end(SubscriptionId id, std::string_view reason);
  bool send(Subscription& subscription, std::string_view state, std::uint64_t token);
  void forget(SubscriptionId id);
  void look();
  void follow(const model::Config& config);

  const Tools tools_;
  const Limits limits_;
  SlotMap<Subscription> subscriptions_;
  std::unordered_map<model::SipLineId, std::size_t> of_lines_;
  model::ConfigSnapshot seen_;
  runtime::TimerId timer_{};
};

}  // namespace xivo::endpoint
