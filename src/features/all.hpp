#pragma once

#include <vector>

#include "call/feature.hpp"

namespace xivo::features {

/// Every feature of this build, in the order of src/features/CMakeLists.txt.
const std::vector<const call::FeatureDescriptor*>& all();

}  // namespace xivo::features
