#include "model/kinds/registry.hpp"

#include <algorithm>

namespace xivo::model {

const std::vector<const KindSchema*>& kinds() {
  static const std::vector<const KindSchema*> all{
      &user_kind(),
      &sip_line_kind(),
      &role_kind(),
      &account_kind(),
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
