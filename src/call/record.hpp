#pragma once

#include <string>
#include <vector>

#include "base/trace_ring.hpp"
#include "call/leg.hpp"

namespace xivo::call {

enum class Disposition : std::uint8_t { Answered, NoAnswer, Busy, Failed, Congestion };
std::string_view name(Disposition disposition);  // "ANSWERED", "NO ANSWER", ... as in Asterisk's CDR

enum class EndedBy : std::uint8_t { Caller, Called, System };

/// One leg of a finished conversation.
struct LegRecord {
  std::string channel;
  bool incoming = false;
  model::SipLineId line;
  Party party;
  std::string remote_address;
  std::string codec;                 // the one first negotiated; empty = never got that far
  runtime::WallTime created{};
  runtime::WallTime answered{};      // epoch = never
  runtime::WallTime ended{};
  Ending ending;
  media::Statistics statistics;
};

/// One finished conversation with everything that explains it.
struct CallRecord {
  std::string uuid;  // "1764029000.12": seconds since the epoch at its start, then a counter
  runtime::WallTime start{};
  runtime::WallTime answer{};  // epoch = never
  runtime::WallTime end{};
  Party caller;
  model::SipLineId caller_line;
  std::string dialled;
  Party called;  // the called user, when it was one
  model::UserId called_user;
  std::string feature;  // the feature that took the call, if one did
  Disposition disposition = Disposition::Failed;
  Cause cause = Cause::NormalClearing;
  EndedBy ended_by = EndedBy::System;
  model::RevisionNumber revision = 0;
  std::vector<LegRecord> legs;
  TraceRing trace;
};

/// Where finished conversations go. Must not block.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void on_record(CallRecord record) = 0;
};

}  // namespace xivo::call
