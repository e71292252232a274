#include "app/contact_replica.hpp"

namespace xivo::app {

std::vector<LineContacts> copy_contacts(const endpoint::Registrar& registrar,
                                        const std::vector<model::SipLineId>& lines) {
  std::vector<LineContacts> copies;
  copies.reserve(lines.size());
  for (const auto line : lines) {
    auto& copy = copies.emplace_back(LineContacts{line, nullptr});
    const auto contacts = registrar.contacts(line);
    if (contacts.empty()) continue;
    std::vector<endpoint::Binding> bindings;
    bindings.reserve(contacts.size());
    for (const auto* binding : contacts) bindings.push_back(*binding);
    copy.bindings = std::make_shared<const std::vector<endpoint::Binding>>(std::move(bindings));
  }
  return copies;
}

void ContactReplica::set(const std::vector<LineContacts>& changed) {
  for (const auto& change : changed) {
    if (change.bindings) {
      lines_[change.line] = change.bindings;
    } else {
      lines_.erase(change.line);
    }
  }
}

std::vector<const endpoint::Binding*> ContactReplica::contacts(model::SipLineId line) const {
  std::vector<const endpoint::Binding*> all;
  const auto found = lines_.find(line);
  if (found == lines_.end()) return all;
  for (const auto& binding : *found->second) all.push_back(&binding);
  return all;
}

int ContactReplica::contact_count(model::SipLineId line) const {
  const auto found = lines_.find(line);
  return found == lines_.end() ? 0 : static_cast<int>(found->second->size());
}

}  // namespace xivo::app
