#include "model/routing/feature_titles.hpp"

#include <algorithm>
#include <utility>

namespace xivo::model::routing {
namespace {

std::vector<FeatureTitle>& declared() {
  static std::vector<FeatureTitle> titles;
  return titles;
}

}  // namespace

void declare_features(std::vector<FeatureTitle> titles) {
  if (declared().empty()) declared() = std::move(titles);
}

std::string feature_title(std::string_view name, Language language) {
  const auto& titles = declared();
  const auto found =
      std::find_if(titles.begin(), titles.end(), [&](const FeatureTitle& each) { return each.name == name; });
  return std::string(found == titles.end() ? name : found->title.in(language));
}

}  // namespace xivo::model::routing
