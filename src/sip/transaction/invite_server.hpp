#pragma once

#include "sip/transaction/core.hpp"

namespace xivo::sip {

/// RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1; and §13.3.1.4, the repeats of a 2xx, which the user would
/// have to do itself otherwise.
class InviteServer {
 public:
  static constexpr auto kTryingAfter = std::chrono::milliseconds(200);  // RFC 3261 §17.2.1

  explicit InviteServer(Core& core) : core_(core) {}

  /// The user has seen the request. `trying`: makes the bytes of a 100, for when the user has not answered at once.
  template <class MakeTrying>
  void after_request(ServerTransactionId id, MakeTrying&& make_trying) {
    auto* transaction = core_.servers.find(id);
    if (transaction == nullptr || transaction->state != ServerState::Proceeding) return;
    if (!transaction->response.empty()) return;
    transaction->response = make_trying();
    set_repeat(id, *transaction, kTryingAfter);
  }
  void on_retransmission(ServerTransaction& transaction);
  /// The ACK for a final response other than 2xx. False when it is not for this machine.
  bool on_ack(ServerTransactionId id, ServerTransaction& transaction);
  void respond(ServerTransactionId id, ServerTransaction& transaction, int status, std::string bytes);
  void acknowledged(ServerTransactionId id, ServerTransaction& transaction);

 private:
  void set_repeat(ServerTransactionId id, ServerTransaction& transaction, runtime::Duration after);
  void set_deadline(ServerTransactionId id, ServerTransaction& transaction, runtime::Duration after);
  void on_repeat(ServerTransactionId id);
  void on_deadline(ServerTransactionId id);

  Core& core_;
};

}  // namespace xivo::sip
