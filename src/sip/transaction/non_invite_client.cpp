// RFC 3261 §17.1.2: the non-INVITE client transaction.
//
//   Calling ("Trying") --1xx--> Proceeding --final--> Completed --K--> gone      Calling, Proceeding --F--> gone
#include "sip/transaction/non_invite_client.hpp"

#include "sip/transaction/client_end.hpp"

namespace xivo::sip {

void NonInviteClient::start(ClientTransactionId id, ClientTransaction& transaction) {
  transaction.interval = core_.timers.t1;
  if (!core_.wire.send(transaction.flow, transaction.bytes)) {
    if (large_.fall_back(id, transaction)) return start(id, transaction);
    transaction.state = ClientState::Failing;
    set_deadline(id, transaction, runtime::Duration::zero());
    return;
  }
  set_deadline(id, transaction, core_.t1_64());  // timer F
  if (transaction.datagram || !is_reliable(transaction.flow.transport))
    set_repeat(id, transaction);  // timer E
}

void NonInviteClient::set_repeat(ClientTransactionId id, ClientTransaction& transaction) {
  const auto after = transaction.datagram ? large_.patience() : transaction.interval;
  transaction.repeat = core_.scheduler.timers.set(after, [this, id] { on_repeat(id); });
}

void NonInviteClient::set_deadline(ClientTransactionId id, ClientTransaction& transaction,
                                   runtime::Duration after) {
  core_.stop(transaction.deadline);
  transaction.deadline = core_.scheduler.timers.set(after, [this, id] { on_deadline(id); });
}

void NonInviteClient::on_response(ClientTransactionId id, ClientTransaction& transaction,
                                  const Message& response, const Flow& flow) {
  if (transaction.state != ClientState::Calling && transaction.state != ClientState::Proceeding) return;
  if (transaction.datagram) core_.stop(transaction.repeat);
  transaction.datagram.reset();
  if (response.status() < 200) {
    transaction.state = ClientState::Proceeding;
    tell(core_, id, transaction, response, flow);
    return;
  }
  core_.stop(transaction.repeat);
  transaction.state = ClientState::Completed;
  std::string().swap(transaction.bytes);
  const bool linger = !is_reliable(transaction.flow.transport);
  if (linger) {
    core_.stop(transaction.deadline);  // timer K
    transaction.deadline = core_.scheduler.timers.set_lazy(core_.timers.t4, [this, id] { on_deadline(id); });
  } else {
    core_.stop(transaction.deadline);
  }
  tell(core_, id, transaction, response, flow);
  if (!linger) core_.clients.erase(id);
}

void NonInviteClient::on_flow_failed(ClientTransactionId id, ClientTransaction& transaction) {
  if (transaction.state == ClientState::Completed) return;
  core_.stop(transaction.repeat);
  if (large_.fall_back(id, transaction)) return start(id, transaction);
  end_failed(core_, id, transaction, ClientFailure::Transport);
}

void NonInviteClient::on_repeat(ClientTransactionId id) {
  auto* transaction = core_.clients.find(id);
  if (transaction == nullptr) return;
  if (large_.fall_back(id, *transaction)) return start(id, *transaction);
  core_.wire.send(transaction->flow, transaction->bytes);
  transaction->interval =
      transaction->state == ClientState::Proceeding ? core_.timers.t2 : core_.doubled(transaction->interval);
  set_repeat(id, *transaction);
}

void NonInviteClient::on_deadline(ClientTransactionId id) {
  auto* transaction = core_.clients.find(id);
  if (transaction == nullptr) return;
  switch (transaction->state) {
    case ClientState::Failing: return end_failed(core_, id, *transaction, ClientFailure::Transport);
    case ClientState::Calling:
    case ClientState::Proceeding: return end_failed(core_, id, *transaction, ClientFailure::Timeout);
    case ClientState::Completed:
    case ClientState::Accepted: return core_.clients.erase(id);
  }
}

}  // namespace xivo::sip
