// RFC 3261 §17.1.1, RFC 6026 §7.2: the INVITE client transaction.
//
//   Calling --1xx--> Proceeding --3xx-6xx, ACK--> Completed --D--> gone
//          \                   \--2xx-----------> Accepted  --M--> gone          Calling --B--> gone
#include "sip/transaction/invite_client.hpp"

#include "sip/transaction/client_end.hpp"
#include "sip/transaction/companion.hpp"

namespace xivo::sip {

void InviteClient::start(ClientTransactionId id, ClientTransaction& transaction) {
  transaction.interval = core_.timers.t1;
  if (!core_.wire.send(transaction.flow, transaction.bytes)) {
    if (large_.fall_back(id, transaction)) return start(id, transaction);
    transaction.state = ClientState::Failing;
    set_deadline(id, transaction, runtime::Duration::zero());
    return;
  }
  set_deadline(id, transaction, core_.t1_64());                              // timer B
  if (transaction.datagram || !is_reliable(transaction.flow.transport))
    set_repeat(id, transaction);  // timer A
}

void InviteClient::set_repeat(ClientTransactionId id, ClientTransaction& transaction) {
  const auto after = transaction.datagram ? large_.patience() : transaction.interval;
  transaction.repeat = core_.scheduler.timers.set(after, [this, id] { on_repeat(id); });
}

void InviteClient::set_deadline(ClientTransactionId id, ClientTransaction& transaction,
                                runtime::Duration after) {
  core_.stop(transaction.deadline);
  transaction.deadline = core_.scheduler.timers.set(after, [this, id] { on_deadline(id); });
}

void InviteClient::linger(ClientTransactionId id, ClientTransaction& transaction) {
  core_.stop(transaction.deadline);
  transaction.deadline = core_.scheduler.timers.set_lazy(core_.t1_64(), [this, id] { on_deadline(id); });
}

void InviteClient::cancel(ClientTransactionId id, ClientTransaction& transaction,
                          std::string_view extra_headers) {
  const bool pending =
      transaction.state == ClientState::Calling || transaction.state == ClientState::Proceeding;
  if (!pending || transaction.cancel_wanted) return;
  transaction.cancel_wanted = true;
  transaction.cancel_headers = extra_headers;
  // Before a provisional response the CANCEL could overtake the INVITE (§9.1).
  if (transaction.state == ClientState::Proceeding) send_cancel(id, transaction);
}

void InviteClient::send_cancel(ClientTransactionId id, ClientTransaction& transaction) {
  transaction.cancelling = true;
  set_deadline(id, transaction, core_.t1_64());  // §9.1: then the INVITE counts as given up
  ClientTransaction cancel;
  cancel.bytes = make_cancel(transaction.bytes, transaction.cancel_headers);
  std::string().swap(transaction.cancel_headers);
  if (cancel.bytes.empty()) return;
  cancel.key = transaction.cancel_key;
  cancel.flow = transaction.flow;
  cancel.method = Method::Cancel;
  cancel.forgotten = true;
  const auto cancel_id = core_.clients.add(std::move(cancel));
  if (auto* added = core_.clients.find(cancel_id)) cancels_.start(cancel_id, *added);
}

void InviteClient::on_response(ClientTransactionId id, ClientTransaction& transaction,
                               const Message& response, const Flow& flow) {
  if (transaction.state == ClientState::Failing) return;
  transaction.datagram.reset();
  if (response.status() < 200) {
    on_provisional(id, transaction, response, flow);
  } else if (response.status() < 300) {
    on_success(id, transaction, response, flow);
  } else {
    on_refusal(id, transaction, response, flow);
  }
}

void InviteClient::on_provisional(ClientTransactionId id, ClientTransaction& transaction,
                                  const Message& response, const Flow& flow) {
  if (transaction.state != ClientState::Calling && transaction.state != ClientState::Proceeding) return;
  if (transaction.state == ClientState::Calling) {
    transaction.state = ClientState::Proceeding;
    core_.stop(transaction.repeat);
    core_.stop(transaction.deadline);  // how long it may ring is the user's affair
  }
  if (transaction.cancel_wanted && !transaction.cancelling) send_cancel(id, transaction);
  tell(core_, id, transaction, response, flow);
}

void InviteClient::on_success(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                              const Flow& flow) {
  if (transaction.state == ClientState::Completed) {
    // Another branch of a fork has been answered after all: somebody has to end that dialog.
    if (!transaction.forgotten) core_.user.on_stray_response(response, flow);
    return;
  }
  if (transaction.state != ClientState::Accepted) {
    transaction.state = ClientState::Accepted;
    core_.stop(transaction.repeat);
    std::string().swap(transaction.bytes);
    std::string().swap(transaction.cancel_headers);
    linger(id, transaction);  // timer M
  }
  tell(core_, id, transaction, response, flow);
}

void InviteClient::on_refusal(ClientTransactionId id, ClientTransaction& transaction, const Message& response,
                              const Flow& flow) {
  if (transaction.state == ClientState::Accepted) return;
  if (transaction.state == ClientState::Completed) {
    core_.wire.send(transaction.flow, transaction.bytes);
    return;
  }
  transaction.state = ClientState::Completed;
  core_.stop(transaction.repeat);
  transaction.bytes = make_ack(transaction.bytes, response);
  transaction.bytes.shrink_to_fit();
  std::string().swap(transaction.cancel_headers);
  core_.wire.send(transaction.flow, transaction.bytes);
  const bool repeats_may_come = !is_reliable(transaction.flow.transport);
  if (repeats_may_come) {
    linger(id, transaction);  // timer D
  } else {
    core_.stop(transaction.deadline);
  }
  tell(core_, id, transaction, response, flow);
  if (!repeats_may_come) core_.clients.erase(id);
}

void InviteClient::on_flow_failed(ClientTransactionId id, ClientTransaction& transaction) {
  if (transaction.state == ClientState::Completed || transaction.state == ClientState::Accepted) return;
  core_.stop(transaction.repeat);
  if (large_.fall_back(id, transaction)) return start(id, transaction);
  end_failed(core_, id, transaction, ClientFailure::Transport);
}

void InviteClient::on_repeat(ClientTransactionId id) {
  auto* transaction = core_.clients.find(id);
  if (transaction == nullptr) return;
  if (large_.fall_back(id, *transaction)) return start(id, *transaction);
  core_.wire.send(transaction->flow, transaction->bytes);
  transaction->interval *= 2;  // timer A has no ceiling but timer B
  set_repeat(id, *transaction);
}

void InviteClient::on_deadline(ClientTransactionId id) {
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
