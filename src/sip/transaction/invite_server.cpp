// RFC 3261 §17.2.1, RFC 6026 §7.1: the INVITE server transaction.
//
//   Proceeding --3xx-6xx--> Completed --ACK--> Confirmed --I--> gone
//             \--2xx-----> Accepted  --L----------------------> gone         Completed --H--> gone
#include "sip/transaction/invite_server.hpp"

#include <utility>

#include "sip/transaction/reply.hpp"

namespace xivo::sip {

void InviteServer::set_repeat(ServerTransactionId id, ServerTransaction& transaction,
                              runtime::Duration after) {
  transaction.repeat = core_.scheduler.timers.set(after, [this, id] { on_repeat(id); });
}

void InviteServer::set_deadline(ServerTransactionId id, ServerTransaction& transaction,
                                runtime::Duration after) {
  core_.stop(transaction.deadline);
  transaction.deadline = core_.scheduler.timers.set_lazy(after, [this, id] { on_deadline(id); });
}

void InviteServer::on_retransmission(ServerTransaction& transaction) {
  switch (transaction.state) {
    case ServerState::Proceeding:
      core_.stop(transaction.repeat);  // this is the 100, if it was still to be sent
      break;
    case ServerState::Completed: break;
    default: return;  // absorbed; an unacknowledged 2xx is repeated by its timer
  }
  if (!transaction.response.empty()) core_.wire.send(transaction.flow, transaction.response);
}

bool InviteServer::on_ack(ServerTransactionId id, ServerTransaction& transaction) {
  if (transaction.state == ServerState::Accepted) return false;
  if (transaction.state != ServerState::Completed) return true;
  core_.stop(transaction.repeat);
  if (std::exchange(transaction.success_lost, false)) {
    core_.user.on_ack_timeout(id);
    return true;  // and Timer H ends it
  }
  if (is_reliable(transaction.flow.transport)) {  // timer I is zero
    core_.servers.erase(id);
    return true;
  }
  transaction.state = ServerState::Confirmed;
  std::string().swap(transaction.response);
  set_deadline(id, transaction, core_.timers.t4);  // timer I
  return true;
}

void InviteServer::respond(ServerTransactionId id, ServerTransaction& transaction, int status,
                           std::string bytes) {
  if (transaction.state != ServerState::Proceeding) return;  // a final response has been given
  if (!fits(transaction.flow, bytes)) {
    if (status < 200) return;
    transaction.success_lost = status < 300;
    bytes = instead_of_too_large(bytes);
    status = 500;
  }
  core_.stop(transaction.repeat);
  transaction.response = std::move(bytes);
  core_.wire.send(transaction.flow, transaction.response);
  if (status < 200) return;

  const bool success = status < 300;
  transaction.state = success ? ServerState::Accepted : ServerState::Completed;
  transaction.interval = core_.timers.t1;
  set_deadline(id, transaction, core_.t1_64());  // timer L or H
  // A 2xx is repeated over streams as well: further on the way there may be a hop over UDP (§13.3.1.4).
  if (success || !is_reliable(transaction.flow.transport)) set_repeat(id, transaction, transaction.interval);
}

void InviteServer::acknowledged(ServerTransactionId id, ServerTransaction& transaction) {
  if (transaction.state != ServerState::Accepted) return;
  if (is_reliable(transaction.flow.transport)) {  // no repeat of the INVITE can come any more
    core_.servers.erase(id);
    return;
  }
  transaction.acknowledged = true;
  core_.stop(transaction.repeat);
  std::string().swap(transaction.response);
}

void InviteServer::on_repeat(ServerTransactionId id) {
  auto* transaction = core_.servers.find(id);
  if (transaction == nullptr) return;
  transaction->repeat = {};
  core_.wire.send(transaction->flow, transaction->response);
  if (transaction->state == ServerState::Proceeding) return;  // that was the 100
  transaction->interval = core_.doubled(transaction->interval);
  set_repeat(id, *transaction, transaction->interval);
}

void InviteServer::on_deadline(ServerTransactionId id) {
  const auto* transaction = core_.servers.find(id);
  if (transaction == nullptr) return;
  const bool unacknowledged = transaction->success_lost ||
                              (transaction->state == ServerState::Accepted && !transaction->acknowledged);
  core_.servers.erase(id);
  if (unacknowledged) core_.user.on_ack_timeout(id);
}

}  // namespace xivo::sip
