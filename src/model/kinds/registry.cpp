#include "model/kinds/registry.hpp"

#include <algorithm>

namespace xivo::model {

const std::vector<const KindSchema*>& kinds() {
  static const std::vector<const KindSchema*> all{
      &tenant_kind(),         &context_kind(),        &voicemail_kind(),       &schedule_kind(),
      &user_kind(),           &sip_line_kind(),       &extension_kind(),       &feature_code_kind(),
      &general_kind(),        &role_kind(),           &account_kind(),         &trunk_kind(),
      &outgoing_route_kind(), &incoming_route_kind(), &call_permission_kind(), &toll_guard_kind(),
      &scenario_kind(),
  };
  return all;
}

const std::vector<const DestinationType*>& destination_types() {
  static const std::vector<const DestinationType*> all{
      &none_destination(),      &user_destination(),    &sip_line_destination(), &extension_destination(),
      &voicemail_destination(), &outcall_destination(), &hangup_destination(),
  };
  return all;
}

const KindSchema* find_kind(std::string_view name) {
  const auto& all = kinds();
  const auto found = std::find_if(all.begin(), all.end(), [&](const KindSchema* kind) {
    return kind->name() == name || kind->plural() == name;
  });
  return found == all.end() ? nullptr : *found;
}

}  // namespace xivo::model
