#pragma once

#include "sip/transaction/core.hpp"

namespace xivo::sip {

/// Tells the user of a response, unless it has lost interest. The transaction may be gone afterwards.
inline void tell(const Core& core, ClientTransactionId id, const ClientTransaction& transaction,
                 const Message& response, const Flow& flow) {
  if (!transaction.forgotten) core.user.on_response(id, transaction.token, response, flow);
}

/// Ends the transaction without a final response and tells the user.
inline void end_failed(Core& core, ClientTransactionId id, const ClientTransaction& transaction,
                       ClientFailure failure) {
  const auto token = transaction.token;
  const bool forgotten = transaction.forgotten;
  core.clients.erase(id);
  if (!forgotten) core.user.on_failure(id, token, failure);
}

}  // namespace xivo::sip
