#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/slot_map.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::sip {

struct ServerTransactionTag;
struct ClientTransactionTag;
using ServerTransactionId = Handle<ServerTransactionTag>;
using ClientTransactionId = Handle<ClientTransactionTag>;

/// RFC 3261 §17.1.1.1 and table 4.
struct TransactionTimers {
  runtime::Duration t1 = std::chrono::milliseconds(500);
  runtime::Duration t2 = std::chrono::seconds(4);
  runtime::Duration t4 = std::chrono::seconds(5);
};

/// Why a request of ours got no final response.
enum class ClientFailure : std::uint8_t { Timeout, Transport };

/// Whoever uses transactions: the only face between the protocol core and what stands above it, kept narrow so that another
/// stack could be put under it. Every id may be stale by the time it is used; the layer then does nothing.
/// Thread  the shard's. A message dies when the callback returns.
class TransactionUser {
 public:
  virtual ~TransactionUser() = default;

  /// A new request that is neither ACK nor CANCEL; retransmissions never get here. It must be answered by respond().
  virtual void on_request(ServerTransactionId id, const Message& request, const Flow& flow) = 0;
  /// An ACK that belongs to no transaction: the one for a 2xx (matched by dialog), or a stray.
  virtual void on_ack(const Message& ack, const Flow& flow) = 0;
  /// The INVITE is cancelled and still unanswered. The CANCEL itself has been answered; the user sends 487.
  virtual void on_cancel(ServerTransactionId invite) = 0;
  /// A 2xx that respond() was to repeat has not been acknowledged within 64*T1 (RFC 3261 §13.3.1.4): end the dialog by BYE.
  virtual void on_ack_timeout(ServerTransactionId invite) = 0;

  /// Each response of the transaction: provisionals, then one final; for INVITE every 2xx (forks, and repeats: the user
  /// answers each with an ACK, RFC 6026). `token` is what start() was given.
  virtual void on_response(ClientTransactionId id, std::uint64_t token, const Message& response,
                           const Flow& flow) = 0;
  /// Timer B/F, or the wire refused. Terminal: no response follows.
  virtual void on_failure(ClientTransactionId id, std::uint64_t token, ClientFailure failure) = 0;
  /// A 2xx to an INVITE whose transaction is gone (arrived after 64*T1). Others of that kind are dropped.
  virtual void on_stray_response(const Message& response, const Flow& flow) = 0;
  /// Bytes came that are no SIP message; they have been answered, if at all.
  virtual void on_malformed(const Flow&) {}
};

/// RFC 3261 §17 with RFC 6026 (Accepted state) and RFC 4320. Keeps the bytes of a response, never a message.
/// A request is matched by branch + sent-by + method (ACK and CANCEL to the INVITE), or as RFC 3261 §17.2.3 says for
/// branches without the magic cookie. Merged requests (482, §8.2.2.2) are recognised here.
/// Thread  the shard's.
class TransactionLayer final : public WireUser {
 public:
  struct Limits {
    /// Then new requests get 503 with Retry-After. Requests inside dialogs may use a quarter more.
    std::size_t server_max = 200'000;
    std::size_t client_max = 200'000;
  };

  /// `shard` is written into every branch that new_branch() makes: "z9hG4bK-<shard>-<token>".
  TransactionLayer(const runtime::Scheduler& scheduler, Wire& wire, TransactionUser& user, unsigned shard,
                   const TransactionTimers& timers, const Limits& limits);
  TransactionLayer(const runtime::Scheduler& scheduler, Wire& wire, TransactionUser& user, unsigned shard)
      : TransactionLayer(scheduler, wire, user, shard, TransactionTimers{}, Limits{}) {}
  ~TransactionLayer() override;

  // ---- server side
  /// Sends a response (complete bytes). Provisional: remembered for repeats. Final: ends the user's part; a 2xx to INVITE is
  /// repeated until acknowledged(). After a final response further ones are ignored. Returns false for a stale id.
  bool respond(ServerTransactionId id, int status, std::string bytes);
  /// The ACK for the 2xx of this INVITE has come. Until then the 2xx is repeated, over streams, too (RFC 3261 §13.3.1.4).
  void acknowledged(ServerTransactionId id);
  /// Sends a response without a transaction (to a request that could not be parsed).
  void respond_stateless(const Flow& flow, std::string_view bytes);

  // ---- client side
  [[nodiscard]] std::string new_branch();
  /// The value of our Via for that flow: "SIP/2.0/UDP 192.0.2.1:5060;branch=...;rport"
  [[nodiscard]] static std::string via_value(const Flow& flow, std::string_view branch);
  /// Starts a client transaction. `bytes`: the whole request, its top Via made by via_value(flow, branch).
  /// A wire failure is told by on_failure from a later turn, never from inside. An empty id when the limit is reached.
  ClientTransactionId start(const Flow& flow, Method method, std::string branch, std::string bytes,
                            std::uint64_t token);
  /// CANCELs a pending INVITE: at once when a provisional has come, else when it comes; nothing after a final response.
  /// Should no final response come within 64*T1 after it, on_failure(Timeout) is told (RFC 3261 §9.1).
  /// `extra_headers`: whole header lines with CRLF to add to the CANCEL, e.g. "Reason: SIP;cause=200;text=\"...\"\r\n".
  void cancel(ClientTransactionId id, std::string_view extra_headers = {});
  /// Sends without a transaction: the ACK to a 2xx.
  bool send_stateless(const Flow& flow, std::string_view bytes);
  /// The user is no longer interested: responses are absorbed silently from now on.
  void forget(ClientTransactionId id);

  [[nodiscard]] std::size_t server_count() const;
  [[nodiscard]] std::size_t client_count() const;

  // ---- WireUser
  void on_message(const Flow& flow, char* bytes, std::size_t size) override;
  void on_flow_failed(const Flow& flow) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::sip
