#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "endpoint/trunk/digest_client.hpp"
#include "runtime/scheduler.hpp"
#include "sip/locate.hpp"
#include "sip/transaction.hpp"

namespace xivo::endpoint {

/// What the machines of a trunk work with.
struct TrunkTools {
  runtime::Scheduler scheduler;
  sip::TransactionLayer& transactions;
  sip::Wire& wire;
  sip::Locator* locator = nullptr;  // without one only addresses can be reached
  unsigned shard = 0;
  std::string user_agent;
};

/// One request outside dialogs to an operator at a time: its host is looked for, its places are tried one after another, its
/// challenges answered.
/// Thread  the shard's.
/// Source  RFC 3261 §8.1, §22; RFC 3263 §4.3
class OperatorRequest {
 public:
  /// How long a place may say nothing while there is another one.
  static constexpr auto kSilenceMax = std::chrono::seconds(4);

  struct Draft {
    sip::Method method = sip::Method::Options;
    sip::Whereabouts where;
    std::string request_uri;
    std::string from;  // without a tag
    std::string to;
    std::vector<std::string> route;
    std::function<std::string(const sip::Flow& flow)> lines;  // further header fields, each with CRLF
    std::optional<runtime::Duration> patience;  // for one place; none: the transaction's 32 s
  };
  enum class End : std::uint8_t {
    Answered,
    NotFound,  // the host
    Silent,  // no place answered
    Unreachable,  // no place could be sent to
  };
  struct Outcome {
    End end = End::NotFound;
    const sip::Message* response = nullptr;  // Answered
    bool credentials_refused = false;  // Answered: by the second 401
    sip::Flow flow{};
    runtime::Duration latency{};  // Answered: of the last try
  };
  using Done = std::function<void(const Outcome& outcome)>;

  /// `token`: what its transactions are started with.
  OperatorRequest(const TrunkTools& tools, std::uint64_t token, sip::digest::Credentials credentials);
  ~OperatorRequest();
  OperatorRequest(const OperatorRequest&) = delete;
  OperatorRequest& operator=(const OperatorRequest&) = delete;

  /// Gives up what is under way and begins. `done` is called once, from a later turn, unless cancel() comes first.
  void send(Draft draft, Done done);
  void cancel();
  /// Sends by a way that is known, at once, and does not care what comes of it.
  void say(Draft draft, const sip::Flow& flow);
  [[nodiscard]] bool under_way() const { return static_cast<bool>(done_); }
  /// Where the host was found the last time; the best first.
  [[nodiscard]] const std::vector<sip::Target>& places() const { return places_; }

  void on_response(sip::ClientTransactionId id, const sip::Message& response, const sip::Flow& flow);
  void on_failure(sip::ClientTransactionId id, sip::ClientFailure failure);

 private:
  void on_located(std::vector<sip::Target> targets);
  bool try_next();
  void transmit();
  void watch(runtime::Duration patience);
  void on_silence();
  void finish(const Outcome& outcome);

  const TrunkTools& tools_;
  const std::uint64_t token_;
  DigestClient digest_;
  const std::string call_id_;
  const std::string tag_;
  std::uint32_t cseq_ = 0;
  Draft draft_;
  Done done_;
  sip::Locator::Id search_;
  std::vector<sip::Target> places_;
  std::vector<sip::Target> left_;  // not tried yet
  std::optional<sip::Target> trying_;
  std::optional<sip::Target> good_;  // that answered last
  sip::Flow flow_;
  sip::ClientTransactionId client_;
  runtime::TimerId timer_;
  runtime::Instant sent_{};
  bool silent_ = false;  // some place was sent to and said nothing
};

}  // namespace xivo::endpoint
