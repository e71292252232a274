#pragma once

#include "sip/transaction/core.hpp"

namespace xivo::sip {

/// RFC 3261 §17.2.2 as RFC 4320 changes it: no provisional response but a late 100, no 408, nothing once the client has given
/// up.
class NonInviteServer {
 public:
  explicit NonInviteServer(Core& core) : core_(core) {}

  /// The user has seen the request. `make_trying`: makes the bytes of a 100, for when the user has not answered at once.
  template <class MakeTrying>
  void after_request(ServerTransactionId id, MakeTrying&& make_trying) {
    auto* transaction = core_.servers.find(id);
    if (transaction == nullptr || transaction->state != ServerState::Trying) return;
    transaction->response = make_trying();
    await_answer(id, *transaction);
  }
  void on_retransmission(const ServerTransaction& transaction);
  void respond(ServerTransactionId id, ServerTransaction& transaction, int status, std::string bytes);

 private:
  void await_answer(ServerTransactionId id, ServerTransaction& transaction);
  void linger(ServerTransactionId id, ServerTransaction& transaction);
  void on_trying(ServerTransactionId id);

  Core& core_;
};

}  // namespace xivo::sip
