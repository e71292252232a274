#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/destination.hpp"
#include "model/ids.hpp"

namespace xivo::model {

/// The organisation that contexts belong to; XiVO's "entity".
struct Tenant {
  TenantId id{};
  std::string uuid{};  // assigned at creation, read-only
  std::string name{};  // unique
  std::string description{};
};

/// Numbers of one length from `start` to `end`, both included; an empty `end`: `start` alone.
struct NumberRange {
  std::string start{};
  std::string end{};
};

/// The same for numbers that come from outside: their last `did_length` digits are looked at; 0: all.
struct IncallRange {
  std::string start{};
  std::string end{};
  std::int64_t did_length = 0;
};

/// A numbering zone: which numbers exist in it, and whose numbers besides may be dialled from it.
struct Context {
  ContextId id{};
  std::string name{};  // unique
  std::string label{};
  std::string type = "internal";  // internal, incall, outcall, services, others
  TenantId tenant{};
  std::string description{};
  bool enabled = true;
  std::vector<ContextId> includes{};  // whose numbers can be dialled, too; the first that has the number wins
  std::vector<NumberRange> user_ranges{};
  std::vector<NumberRange> group_ranges{};
  std::vector<NumberRange> ivr_ranges{};
  std::vector<NumberRange> queue_ranges{};
  std::vector<NumberRange> conference_room_ranges{};
  std::vector<IncallRange> incall_ranges{};
};

/// A person with a telephone. Names and defaults are XiVO's.
struct User {
  UserId id{};
  std::string uuid{};  // assigned at creation, read-only
  std::string firstname{};
  std::string lastname{};
  std::string email{};
  std::string caller_id{};  // shown to the called party; empty = "firstname lastname"
  std::string language = "fr_FR";
  std::int64_t ring_seconds = 30;
  std::int64_t simultaneous_calls = 5;
  bool call_waiting = true;  // a second call rings while in one; off = busy
  std::string music_on_hold = "default";
  bool enabled = true;
  VoicemailId voicemail{};
  std::string username{};
  std::string mobile_phone_number{};
  std::string outgoing_caller_id = "default";
  std::string timezone{};  // empty: the company's
  std::string userfield{};
  std::string description{};
  bool supervision_enabled = true;
  bool call_transfer_enabled = false;
  bool dtmf_hangup_enabled = false;
  bool online_call_record_enabled = false;
  bool call_record_incoming_internal_enabled = false;
  bool call_record_incoming_external_enabled = false;
  bool call_record_outgoing_internal_enabled = false;
  bool call_record_outgoing_external_enabled = false;
  std::string call_permission_password{};
  std::int64_t subscription_type = 0;
  bool dnd_enabled = false;  // busy for everybody
  bool forward_unconditional_enabled = false;
  std::string forward_unconditional_destination{};  // a number, dialled with the user's own rights
  bool forward_busy_enabled = false;
  std::string forward_busy_destination{};
  bool forward_noanswer_enabled = false;
  std::string forward_noanswer_destination{};
  Destination fallback_noanswer{};  // where calls go that no forward of the user's own takes
  Destination fallback_busy{};
  Destination fallback_congestion{};
  Destination fallback_fail{};
  std::vector<std::string>
      blocklist{};  // callers from outside, as the country dials them; numbers and _patterns
  ScheduleId schedule{};  // none: always there

  [[nodiscard]] std::string full_name() const;
};

/// A SIP account: of a user's telephone, or of a peer with a fixed address.
struct SipLine {
  SipLineId id{};
  std::string name{};  // SIP user name, unique
  std::string secret{};  // never read back
  UserId user{};  // 0: no user (a static peer)
  std::int64_t position = 1;  // among the user's lines; the first is the main one
  ContextId context{};  // where its calls start; 0: it can call nobody but features
  std::int64_t max_contacts = 10;
  std::string profile =
      "phone";  // phone; webrtc: a browser; trunk: another telephone system that has an account here
  std::vector<std::string> codecs = {"alaw", "g722", "opus", "ulaw"};
  std::string transport = "any";  // any, udp, tcp (or tls), tls, ws (or wss)
  std::string encryption = "no";  // of media, by SRTP: no, optional, required
  std::string dtmf_mode = "auto";  // how key presses come and go: auto, rfc4733, info, inband
  /// "dynamic": the phone registers. Otherwise "address[:port]": a fixed peer (gateway, another PBX) that is
  /// recognised by that address and not asked for a password.
  std::string host = "dynamic";
  bool enabled = true;
};

/// A number of a context and where calls to it go.
struct Extension {
  ExtensionId id{};
  std::string exten{};
  ContextId context{};
  bool enabled = true;
  Destination destination{};
};

/// A mailbox. A record as yet: nothing takes messages.
struct Voicemail {
  VoicemailId id{};
  std::string name{};
  std::string number{};  // unique in its context
  ContextId context{};
  std::string password{};
  std::string email{};
  std::string language = "fr_FR";
  std::string timezone{};  // empty: the company's
  std::int64_t max_messages = 100;
  bool attach_audio = true;
  bool delete_messages = false;
  bool ask_password = true;
  bool enabled = true;
};

/// A code that calls one of the features of the build.
struct FeatureCode {
  std::string code{};  // "*55", unique
  std::string feature{};  // "echo"
  bool enabled = true;
  FeatureCodeId id{};
};

/// What holds for the whole system; one object.
struct General {
  GeneralId id{};
  std::string company{};
  std::string language = "fr_FR";
  std::string country = "FR";
  std::string timezone = "Europe/Paris";
  std::vector<std::string> emergency_numbers{};  // none: the country's, numbering/number_plan.hpp
  bool hold_scenarios = false;  // every scenario holds back what would break it
  bool setup_done = false;  // false: the web interface starts with its first-run wizard
};

/// The options of the types of destination.
struct ToUser {
  UserId user{};
  std::int64_t ring_seconds = 0;  // 0: the user's own
};
struct ToLine {
  SipLineId line{};
  std::int64_t ring_seconds = 30;
};
struct ToExtension {
  std::string exten{};
  ContextId context{};  // none: the context in which the destination was met
};
struct ToVoicemail {
  VoicemailId voicemail{};
  std::string greeting = "none";  // none, busy, unavailable
  bool skip_instructions = false;
};
struct ToHangup {
  std::string cause = "normal";  // normal, busy, congestion
};

}  // namespace xivo::model
