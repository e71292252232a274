#pragma once

#include <functional>

#include "model/transaction.hpp"

namespace xivo::call {

/// Where callers' changes of the configuration are handed in (a code that switches a forward on). The change is validated, made
/// durable and published as any other; `done` then hears, once, whether it was. Returns false, and `done` hears nothing,
/// when too many are waiting.
/// Thread  the shard's, `done` too; never blocks
using ConfigDesk = std::function<bool(model::Transaction transaction, std::function<void(bool saved)> done)>;

}  // namespace xivo::call
