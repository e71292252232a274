#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/language.hpp"

namespace xivo::model::routing {

/// What a feature of this build is called: "do_not_disturb" is "Ne pas déranger" and "Do not disturb".
struct FeatureTitle {
  std::string_view name;
  Words title;
};

/// Tells the model how to word features, which are built above it. Their texts are literals, which outlive it.
/// Thread  before others run; the first time counts
void declare_features(std::vector<FeatureTitle> titles);

/// Its title; the name itself when nobody has declared it, as with a feature of another version.
/// Thread  any
std::string feature_title(std::string_view name, Language language);

}  // namespace xivo::model::routing
