#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "endpoint/registrar.hpp"

namespace xivo::app {

/// The contacts of lines whose phones register, as they were at one moment. Immutable, shared by the shards.
struct LineContacts {
  model::SipLineId line;
  std::shared_ptr<const std::vector<endpoint::Binding>>
      bindings;  // highest q first, then newest first; null: none
};

/// Copies of these lines' contacts.
/// Thread  the registrar's
std::vector<LineContacts> copy_contacts(const endpoint::Registrar& registrar,
                                        const std::vector<model::SipLineId>& lines);

/// What a shard that takes no registrations knows of them: told by the shard that does, line by line.
/// Thread  the shard's
class ContactReplica final : public endpoint::ContactSource {
 public:
  void set(const std::vector<LineContacts>& changed);

  [[nodiscard]] std::vector<const endpoint::Binding*> contacts(model::SipLineId line) const override;
  [[nodiscard]] int contact_count(model::SipLineId line) const override;

 private:
  std::unordered_map<model::SipLineId, std::shared_ptr<const std::vector<endpoint::Binding>>> lines_;
};

}  // namespace xivo::app
