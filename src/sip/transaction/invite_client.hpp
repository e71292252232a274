#pragma once

#include "sip/transaction/core.hpp"
#include "sip/transaction/large_request.hpp"
#include "sip/transaction/non_invite_client.hpp"

namespace xivo::sip {

/// RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2, and CANCEL (§9.1).
class InviteClient {
 public:
  InviteClient(Core& core, LargeRequests& large, NonInviteClient& cancels)
      : core_(core), large_(large), cancels_(cancels) {}

  void start(ClientTransactionId id, ClientTransaction& transaction);
  void cancel(ClientTransactionId id, ClientTransaction& transaction, std::string_view extra_headers);
  void on_response(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                   const Flow& flow);
  void on_flow_failed(ClientTransactionId id, ClientTransaction& transaction);

 private:
  void on_provisional(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                      const Flow& flow);
  void on_success(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                  const Flow& flow);
  void on_refusal(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                  const Flow& flow);
  void send_cancel(ClientTransactionId id, ClientTransaction& transaction);
  void set_repeat(ClientTransactionId id, ClientTransaction& transaction);
  void set_deadline(ClientTransactionId id, ClientTransaction& transaction, runtime::Duration after);
  void linger(ClientTransactionId id, ClientTransaction& transaction);
  void on_repeat(ClientTransactionId id);
  void on_deadline(ClientTransactionId id);

  Core& core_;
  LargeRequests& large_;
  NonInviteClient& cancels_;
};

}  // namespace xivo::sip
