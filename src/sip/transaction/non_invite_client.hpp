#pragma once

#include "sip/transaction/core.hpp"
#include "sip/transaction/large_request.hpp"

namespace xivo::sip {

/// RFC 3261 §17.1.2. Carries the CANCELs of the INVITE machine, too, as transactions that nobody is told about.
class NonInviteClient {
 public:
  NonInviteClient(Core& core, LargeRequests& large) : core_(core), large_(large) {}

  void start(ClientTransactionId id, ClientTransaction& transaction);
  void on_response(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                   const Flow& flow);
  void on_flow_failed(ClientTransactionId id, ClientTransaction& transaction);

 private:
  void set_repeat(ClientTransactionId id, ClientTransaction& transaction);
  void set_deadline(ClientTransactionId id, ClientTransaction& transaction, runtime::Duration after);
  void on_repeat(ClientTransactionId id);
  void on_deadline(ClientTransactionId id);

  Core& core_;
  LargeRequests& large_;
};

}  // namespace xivo::sip
