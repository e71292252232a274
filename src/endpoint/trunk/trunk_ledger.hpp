#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "call/cause.hpp"
#include "model/ids.hpp"
#include "runtime/clock.hpp"

namespace xivo::endpoint {

/// A call that a trunk did not carry.
struct TrunkFailure {
  runtime::WallTime at{};
  std::string number{};  // that was dialled
  call::Cause cause = call::Cause::NormalClearing;
  int status = 0;  // the SIP status that said so; 0: none
};

/// What a trunk's calls came to, since the start of the process.
struct TrunkCounts {
  static constexpr std::size_t kFailuresMax = 20;

  std::uint64_t in_calls = 0;  // that are over
  std::uint64_t in_answered = 0;
  std::uint64_t out_calls = 0;
  std::uint64_t out_answered = 0;
  std::deque<TrunkFailure> failures{};  // of outgoing calls, newest first; busy and no answer are none

  void add(const TrunkCounts& other);
};

/// The counts of one shard.
/// Thread  the shard's.
class TrunkLedger {
 public:
  struct Ended {
    bool outgoing = false;
    bool answered = false;
    bool given_up = false;  // by our side, before it came to anything
    TrunkFailure how{};
  };
  void on_ended(model::TrunkId trunk, const Ended& ended);
  [[nodiscard]] const std::map<model::TrunkId, TrunkCounts>& all() const { return counts_; }

 private:
  std::map<model::TrunkId, TrunkCounts> counts_;
};

}  // namespace xivo::endpoint
