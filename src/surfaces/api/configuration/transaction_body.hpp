#pragma once

#include <optional>

#include "api/configuration/change_desk.hpp"
#include "model/json.hpp"

namespace xivo::api {

constexpr model::JsonLimits kTransactionLimits{.bytes_max = 8 << 20, .values_max = 1'000'000};
constexpr std::int64_t kMessageMax = 1'000;  // bytes

/// Reads the body of POST /transaction strictly. Nothing when something is wrong with it; all of that has then been answered.
std::optional<ChangeDesk::Wish> read_transaction(const Exchange& exchange, const model::Value& body);

}  // namespace xivo::api
