#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/shard.hpp"
#include "console/console_view.hpp"

/// Copies of the engine's state for people to look at.
/// Thread  the shard's loop.
namespace xivo::app {

/// What the legs of one line are doing right now.
struct LineUse {
  std::uint32_t calls = 0;
  bool up = false;
  bool ringing = false;
  bool held = false;
};

/// Puts together what the shards know: each is visited in its own thread, the one with the registrations last.
class SnapshotMaker {
 public:
  void visit(Shard& shard);
  /// Everything but `taken` and `started`; in the thread of the shard with the registrations.
  console::EngineSnapshot finish(Shard& registrations, const model::Config& config);

 private:
  console::EngineSnapshot snapshot_;
  std::unordered_map<std::int64_t, LineUse> use_;  // by line
  std::vector<endpoint::Failure> failures_;
  std::vector<std::pair<model::SipLineId, console::Subscription>> lamps_;
};

/// Puts failures that another shard remembered into `all`: one of the same account, address and reason adds to its count;
/// newest first.
void merge_failures(std::vector<endpoint::Failure>& all, std::vector<endpoint::Failure> more);
void add_live_calls(Shard& shard, std::vector<console::CallSummary>& all);  // in no order
/// By call id or channel name; its decisions as they are kept, not yet in words.
std::optional<console::TraceListing> live_trace(Shard& shard, const std::string& wanted);

}  // namespace xivo::app
