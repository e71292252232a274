#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/wording.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// Something that happened to a trunk's registration or to the way to it.
struct TrunkEventLine {
  runtime::WallTime at{};
  std::string event{};  // "registered", "wrong-credentials", "silent" ...
  Wording sentence{};
  bool failure = false;
};

/// A call that a trunk did not carry.
struct TrunkFailureLine {
  runtime::WallTime at{};
  std::string number{};  // that was dialled
  int cause = 0;  // ITU-T Q.850
  int status = 0;  // the SIP status that said so; 0: none
};

/// How a trunk that is switched on is doing.
struct TrunkState {
  enum class Registering : std::uint8_t {
    None,  // known by its address
    Unregistered,  // waits for its next try
    RequestSent,
    Registered,
    Rejected,
  };
  enum class Answering : std::uint8_t { Unwatched, Unknown, Reachable, Unreachable };

  std::int64_t id = 0;
  bool usable = false;  // routing sends calls to it

  Registering registering = Registering::None;
  runtime::WallTime since{};
  std::optional<runtime::WallTime> registered_at{};
  std::optional<runtime::WallTime> expires{};
  std::optional<runtime::WallTime> next_try{};
  std::int64_t interval = 0;  // seconds that the operator granted
  std::optional<TrunkEventLine> last_error{};  // since the last success
  std::vector<TrunkEventLine> history{};  // newest first

  Answering answering = Answering::Unwatched;
  std::optional<std::chrono::microseconds> latency{};
  std::optional<runtime::WallTime> answered_at{};  // or was silent

  int channels_in = 0;
  int channels_out = 0;

  std::uint64_t in_calls = 0;  // that are over, since the start
  std::uint64_t in_answered = 0;
  std::uint64_t out_calls = 0;
  std::uint64_t out_answered = 0;
  std::vector<TrunkFailureLine> failures{};  // newest first
};

}  // namespace xivo::api
