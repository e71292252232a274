#pragma once

#include <map>
#include <vector>

#include "api/trunks/trunk_state.hpp"
#include "app/shard.hpp"

namespace xivo::app {

/// Puts together what the shards know of trunks: each is visited in its own thread, the one that looks after them last.
class TrunkStates {
 public:
  void visit(Shard& shard);
  /// In the thread of the shard that looks after them.
  std::vector<api::TrunkState> finish(Shard& keeper);

 private:
  std::map<model::TrunkId, endpoint::TrunkCounts> counts_;
};

}  // namespace xivo::app
