#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"
#include "sip/transaction.hpp"
#include "sip/transaction/key.hpp"

namespace xivo::sip {

/// The states of both server machines; each uses those its RFC section names.
enum class ServerState : std::uint8_t { Trying, Proceeding, Completed, Confirmed, Accepted };

/// One request that came in. What is kept of it is a key, the way back and the bytes of the last answer.
struct ServerTransaction {
  TransactionKey key;
  TransactionKey merge_key;  // of requests outside a dialog
  Flow flow;                 // where answers go
  std::string
      response;  // the last one, or the 100 that is sent when the user takes long; empty when not needed
  runtime::TimerId repeat;
  runtime::TimerId deadline;
  runtime::Duration interval{};
  ServerState state = ServerState::Trying;
  bool invite = false;
  bool outside_dialog = false;  // merge_key is set
  bool cancelled = false;
  bool acknowledged = false;
  bool success_lost = false;  // a 2xx was too large to be sent: the user has to end what it believes to exist
};

/// The states of both client machines. Failing: the wire refused, and the user is told in a later turn.
enum class ClientState : std::uint8_t { Calling, Proceeding, Completed, Accepted, Failing };

/// One request that went out.
struct ClientTransaction {
  TransactionKey key;
  Flow flow;
  std::unique_ptr<Flow>
      datagram;  // goes by TCP for its size, and nothing was heard yet: the way it would have gone
  std::string bytes;  // the request while it may be repeated or cancelled; then the ACK while that may be
  std::string cancel_headers;  // for the CANCEL that waits for a provisional response
  TransactionKey cancel_key;  // of that CANCEL
  std::uint64_t token = 0;
  runtime::TimerId repeat;
  runtime::TimerId deadline;
  runtime::Duration interval{};
  ClientTransactionId previous;  // on the same remote address, streams only
  ClientTransactionId next;
  Method method = Method::Unknown;
  ClientState state = ClientState::Calling;
  bool cancel_wanted = false;
  bool cancelling = false;
  bool forgotten = false;  // responses are not told
};

/// All server transactions, found by id, by key, and by what merged requests have in common.
class ServerTable {
 public:
  explicit ServerTable(runtime::TimerWheel& timers) : timers_(timers) {}
  ~ServerTable();

  ServerTransactionId add(ServerTransaction transaction);
  [[nodiscard]] ServerTransaction* find(ServerTransactionId id) const { return all_.find(id); }
  [[nodiscard]] ServerTransactionId find(const TransactionKey& key) const;
  /// Cancels the timers, too.
  void erase(ServerTransactionId id);
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  runtime::TimerWheel& timers_;
  SlotMap<ServerTransaction, ServerTransactionTag> all_;
  std::unordered_map<TransactionKey, ServerTransactionId, TransactionKeyHash> index_;
};

/// All client transactions, found by id, by key, and for streams by the remote address.
class ClientTable {
 public:
  explicit ClientTable(runtime::TimerWheel& timers) : timers_(timers) {}
  ~ClientTable();

  /// An empty id when the key is taken.
  ClientTransactionId add(ClientTransaction transaction);
  [[nodiscard]] ClientTransaction* find(ClientTransactionId id) const { return all_.find(id); }
  [[nodiscard]] ClientTransactionId find(const TransactionKey& key) const;
  /// Those that go by a stream to the remote address of `flow`.
  [[nodiscard]] std::vector<ClientTransactionId> on(const Flow& flow) const;
  void set_flow(ClientTransactionId id, ClientTransaction& transaction, const Flow& flow);
  /// Cancels the timers, too.
  void erase(ClientTransactionId id);
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  void link(ClientTransactionId id, ClientTransaction& transaction);
  void unlink(const ClientTransaction& transaction);

  runtime::TimerWheel& timers_;
  SlotMap<ClientTransaction, ClientTransactionTag> all_;
  std::unordered_map<TransactionKey, ClientTransactionId, TransactionKeyHash> index_;
  std::unordered_map<SocketAddress, ClientTransactionId> first_by_remote_;
};

/// What the four machines share.
struct Core {
  Core(const runtime::Scheduler& scheduler_of_shard, Wire& wire_below, TransactionUser& user_above,
       const TransactionTimers& rfc_timers)
      : scheduler(scheduler_of_shard),
        wire(wire_below),
        user(user_above),
        timers(rfc_timers),
        keys(scheduler.rng),
        servers(scheduler.timers),
        clients(scheduler.timers) {}

  /// Stops a timer; an empty or stale id does nothing.
  void stop(runtime::TimerId& id) const {
    scheduler.timers.cancel(id);
    id = {};
  }
  [[nodiscard]] runtime::Duration t1_64() const { return 64 * timers.t1; }  // timers B, F, H, J, L, M
  /// The next wait of timers E and G and of 2xx: twice the last one, up to T2.
  [[nodiscard]] runtime::Duration doubled(runtime::Duration interval) const {
    return std::min(2 * interval, timers.t2);
  }

  const runtime::Scheduler scheduler;
  Wire& wire;
  TransactionUser& user;
  const TransactionTimers timers;
  const KeyMaker keys;
  ServerTable servers;
  ClientTable clients;
};

}  // namespace xivo::sip
