#include "endpoint/binding_table.hpp"

#include <algorithm>
#include <utility>

namespace xivo::endpoint {
namespace {

/// Takes `id` out of the list under `key`, and the list with its last element.
template <class Map, class Key>
void take_out(Map& map, const Key& key, BindingId id) {
  const auto list = map.find(key);
  if (list == map.end()) return;
  std::erase(list->second, id);
  if (list->second.empty()) map.erase(list);
}

/// Whether a call would ring the phone in the same way by either.
bool same_way(const Binding& a, const Binding& b) {
  return a.contact == b.contact && a.flow == b.flow && a.q == b.q && a.instance == b.instance &&
         a.path == b.path && a.outbound == b.outbound && a.registration == b.registration;
}

}  // namespace

BindingId BindingTable::add(Binding binding, runtime::Instant due) {
  const auto id = held_.emplace(HeldBinding{std::move(binding), due, next_order_++});
  const Binding& added = held_.find(id)->binding;
  by_line_[added.line].push_back(id);
  by_due_.emplace(due, id.bits());
  index_connection(id, added.flow);
  note(added.line);
  return id;
}

void BindingTable::replace(BindingId id, Binding binding, runtime::Instant due) {
  HeldBinding* held = held_.find(id);
  XIVO_ASSERT(held != nullptr && held->binding.line == binding.line);
  if (held->binding.flow != binding.flow) {
    unindex_connection(id, held->binding.flow);
    index_connection(id, binding.flow);
  }
  if (!same_way(held->binding, binding)) note(binding.line);
  auto node = by_due_.extract(Due{held->due, id.bits()});
  node.value().first = due;
  by_due_.insert(std::move(node));
  held->due = due;
  held->binding = std::move(binding);
}

std::optional<Binding> BindingTable::remove(BindingId id) {
  auto held = held_.take(id);
  if (!held) return std::nullopt;
  take_out(by_line_, held->binding.line, id);
  by_due_.erase(Due{held->due, id.bits()});
  unindex_connection(id, held->binding.flow);
  note(held->binding.line);
  return std::move(held->binding);
}

const std::vector<BindingId>& BindingTable::of_line(model::SipLineId line) const {
  static const std::vector<BindingId> none;
  const auto found = by_line_.find(line);
  return found != by_line_.end() ? found->second : none;
}

std::vector<BindingId> BindingTable::of_connection(const sip::Flow& flow) const {
  std::vector<BindingId> ids;
  const auto found = by_connection_.find(flow.connection);
  if (flow.connection == 0 || found == by_connection_.end()) return ids;
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(ids),
               [&](BindingId id) { return held_.find(id)->binding.flow.transport == flow.transport; });
  return ids;
}

std::optional<runtime::Instant> BindingTable::next_due() const {
  if (by_due_.empty()) return std::nullopt;
  return by_due_.begin()->first;
}

BindingId BindingTable::first_due(runtime::Instant now) const {
  if (by_due_.empty() || by_due_.begin()->first > now) return {};
  return BindingId::from_bits(by_due_.begin()->second);
}

void BindingTable::index_connection(BindingId id, const sip::Flow& flow) {
  if (flow.connection != 0) by_connection_[flow.connection].push_back(id);
}

void BindingTable::unindex_connection(BindingId id, const sip::Flow& flow) {
  if (flow.connection != 0) take_out(by_connection_, flow.connection, id);
}

}  // namespace xivo::endpoint
