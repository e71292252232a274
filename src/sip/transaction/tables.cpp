#include "sip/transaction/core.hpp"

namespace xivo::sip {

ServerTable::~ServerTable() {
  all_.for_each([this](ServerTransactionId, const ServerTransaction& transaction) {
    timers_.cancel(transaction.repeat);
    timers_.cancel(transaction.deadline);
  });
}

ServerTransactionId ServerTable::add(ServerTransaction transaction) {
  const auto key = transaction.key;
  const auto merge_key = transaction.merge_key;
  const bool outside_dialog = transaction.outside_dialog;
  const auto id = all_.emplace(std::move(transaction));
  index_.emplace(key, id);
  if (outside_dialog) index_.emplace(merge_key, id);
  return id;
}

ServerTransactionId ServerTable::find(const TransactionKey& key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? ServerTransactionId{} : found->second;
}

void ServerTable::erase(ServerTransactionId id) {
  const auto transaction = all_.take(id);
  if (!transaction) return;
  timers_.cancel(transaction->repeat);
  timers_.cancel(transaction->deadline);
  index_.erase(transaction->key);
  if (transaction->outside_dialog) index_.erase(transaction->merge_key);
}

ClientTable::~ClientTable() {
  all_.for_each([this](ClientTransactionId, const ClientTransaction& transaction) {
    timers_.cancel(transaction.repeat);
    timers_.cancel(transaction.deadline);
  });
}

ClientTransactionId ClientTable::add(ClientTransaction transaction) {
  const auto [place, is_new] = index_.try_emplace(transaction.key);
  if (!is_new) return {};
  const auto id = all_.emplace(std::move(transaction));
  place->second = id;
  auto* added = all_.find(id);
  if (is_reliable(added->flow.transport)) link(id, *added);
  return id;
}

ClientTransactionId ClientTable::find(const TransactionKey& key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? ClientTransactionId{} : found->second;
}

std::vector<ClientTransactionId> ClientTable::on(const Flow& flow) const {
  std::vector<ClientTransactionId> ids;
  const auto first = first_by_remote_.find(flow.remote);
  if (first == first_by_remote_.end()) return ids;
  const ClientTransaction* transaction = nullptr;
  for (auto id = first->second; (transaction = all_.find(id)) != nullptr; id = transaction->next) {
    if (transaction->flow.transport == flow.transport) ids.push_back(id);
  }
  return ids;
}

void ClientTable::set_flow(ClientTransactionId id, ClientTransaction& transaction, const Flow& flow) {
  if (is_reliable(transaction.flow.transport)) unlink(transaction);
  transaction.previous = transaction.next = {};
  transaction.flow = flow;
  if (is_reliable(flow.transport)) link(id, transaction);
}

void ClientTable::erase(ClientTransactionId id) {
  const auto transaction = all_.take(id);
  if (!transaction) return;
  timers_.cancel(transaction->repeat);
  timers_.cancel(transaction->deadline);
  index_.erase(transaction->key);
  if (is_reliable(transaction->flow.transport)) unlink(*transaction);
}

void ClientTable::link(ClientTransactionId id, ClientTransaction& transaction) {
  auto& first = first_by_remote_[transaction.flow.remote];
  transaction.next = first;
  if (auto* second = all_.find(first)) second->previous = id;
  first = id;
}

void ClientTable::unlink(const ClientTransaction& transaction) {
  if (auto* next = all_.find(transaction.next)) next->previous = transaction.previous;
  if (auto* previous = all_.find(transaction.previous)) {
    previous->next = transaction.next;
  } else if (transaction.next) {
    first_by_remote_[transaction.flow.remote] = transaction.next;
  } else {
    first_by_remote_.erase(transaction.flow.remote);
  }
}

}  // namespace xivo::sip
