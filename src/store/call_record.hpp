#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.hpp"
#include "runtime/clock.hpp"

namespace xivo::store {

/// How a conversation came out.
enum class Disposition : std::uint8_t { Answered, NoAnswer, Busy, Failed, Cancelled };
/// Who ended it.
enum class HungUpBy : std::uint8_t { Nobody, Caller, Called, System };

std::string_view name(Disposition disposition);  // "answered", "no-answer", "busy", "failed", "cancelled"
std::string_view name(HungUpBy who);             // "nobody", "caller", "called", "system"

/// One leg of a conversation.
struct LegRecord {
  enum class Role : std::uint8_t { Caller, Called };

  int number = 0;          // 1, 2 ... within the call
  Role role = Role::Caller;
  model::SipLineId line;   // 0: a stranger
  std::string channel;     // "SIP/102-0000002a"
  std::string remote;      // address:port of signalling
  std::string codec;
  runtime::WallTime start{};
  std::optional<runtime::WallTime> answer;
  runtime::WallTime end{};
  int cause = 0;           // ITU-T Q.850
  int sip_status = 0;      // final response, 0 = none
  std::string statistics;  // JSON: packets, loss, jitter ...; may be empty
  bool operator==(const LegRecord&) const = default;
};
std::string_view name(LegRecord::Role role);  // "caller", "called"

/// One conversation, from the first INVITE to the last BYE.
struct CallRecord {
  std::int64_t id = 0;     // given by the store
  std::string uuid;        // given by the engine, unique
  runtime::WallTime start{};
  std::optional<runtime::WallTime> answer;
  runtime::WallTime end{};
  model::SipLineId caller_line;  // 0: a stranger
  std::string caller_number;
  std::string caller_name;
  std::string dialled;     // as the caller sent it
  model::UserId called_user;     // 0: none (a feature, or refused)
  std::string called_number;
  std::string called_name;
  Disposition disposition = Disposition::Failed;
  int cause = 0;           // ITU-T Q.850
  HungUpBy hung_up_by = HungUpBy::Nobody;
  model::RevisionNumber config_revision = 0;
  std::string trace;       // JSON; empty in lists
  std::vector<LegRecord> legs;  // empty in lists
  bool operator==(const CallRecord&) const = default;
};

}  // namespace xivo::store
