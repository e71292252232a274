// RFC 3261 §17.2.2, RFC 4320 §4: the non-INVITE server transaction.
//
//   Trying --late--> Proceeding --final--> Completed --J--> gone             Trying, Proceeding --64*T1--> gone
#include "sip/transaction/non_invite_server.hpp"

#include "sip/transaction/reply.hpp"

namespace xivo::sip {
namespace {

/// How long a client needs until its timer E is set to T2: before that no 100 may be sent over UDP, after it one must be.
/// RFC 4320 §4.1
runtime::Duration trying_after(const TransactionTimers& timers) {
  runtime::Duration passed{};
  for (auto interval = timers.t1; interval < timers.t2; interval *= 2) passed += interval;
  return passed;
}

/// The user's bytes may sit in a much larger block; they stay for 32 s.
void fit(std::string& bytes) {
  constexpr std::size_t kSlackMax = 256;
  if (bytes.capacity() > bytes.size() + kSlackMax) bytes.shrink_to_fit();
}

}  // namespace

void NonInviteServer::await_answer(ServerTransactionId id, ServerTransaction& transaction) {
  transaction.repeat = core_.scheduler.timers.set(trying_after(core_.timers), [this, id] { on_trying(id); });
  transaction.deadline = core_.scheduler.timers.set(core_.t1_64(), [this, id] { core_.servers.erase(id); });
}

void NonInviteServer::linger(ServerTransactionId id, ServerTransaction& transaction) {
  core_.stop(transaction.deadline);
  transaction.deadline =
      core_.scheduler.timers.set_lazy(core_.t1_64(), [this, id] { core_.servers.erase(id); });
}

void NonInviteServer::on_retransmission(const ServerTransaction& transaction) {
  if (transaction.state != ServerState::Trying) core_.wire.send(transaction.flow, transaction.response);
}

void NonInviteServer::respond(ServerTransactionId id, ServerTransaction& transaction, int status,
                              std::string bytes) {
  constexpr int kRequestTimeout = 408;
  if (transaction.state == ServerState::Completed || status < 200) return;
  if (status == kRequestTimeout) {  // it would reach nobody who still waits (RFC 4320 §4.2)
    core_.servers.erase(id);
    return;
  }
  if (!fits(transaction.flow, bytes)) bytes = instead_of_too_large(bytes);
  core_.stop(transaction.repeat);
  transaction.response = std::move(bytes);
  core_.wire.send(transaction.flow, transaction.response);
  if (is_reliable(transaction.flow.transport)) {  // timer J is zero
    core_.servers.erase(id);
    return;
  }
  fit(transaction.response);
  transaction.state = ServerState::Completed;
  linger(id, transaction);  // timer J
}

void NonInviteServer::on_trying(ServerTransactionId id) {
  auto* transaction = core_.servers.find(id);
  if (transaction == nullptr) return;
  transaction->repeat = {};
  transaction->state = ServerState::Proceeding;
  core_.wire.send(transaction->flow, transaction->response);
}

}  // namespace xivo::sip
