#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// A person with a telephone. Names and defaults are XiVO's.
struct User {
  UserId id{};
  std::string uuid{};            // assigned at creation, read-only
  std::string firstname{};
  std::string lastname{};
  std::string email{};
  std::string caller_id{};       // shown to the called party; empty = "firstname lastname"
  std::string language = "fr_FR";
  std::int64_t ring_seconds = 30;
  std::int64_t simultaneous_calls = 5;
  bool call_waiting = true;    // a second call rings while in one; off = busy
  std::string music_on_hold = "default";
  bool enabled = true;

  [[nodiscard]] std::string full_name() const;
};

/// A SIP account and the number it answers to. Several lines of one user may share a number: all ring.
struct SipLine {
  SipLineId id{};
  std::string name{};            // SIP user name, unique
  std::string secret{};          // never read back
  UserId user{};                 // 0: no user (a static peer)
  std::string exten{};           // the number that rings it; empty = reachable by nobody
  std::string context = "default";
  std::int64_t max_contacts = 10;
  std::vector<std::string> codecs = {"alaw", "g722", "opus", "ulaw"};
  std::string transport = "any";  // any, udp, tcp
  std::string encryption = "no";  // of media, by SRTP: no, optional, required
  /// "dynamic": the phone registers. Otherwise "address[:port]": a fixed peer (gateway, another PBX) that is
  /// recognised by that address and not asked for a password.
  std::string host = "dynamic";
  bool enabled = true;
};

}  // namespace xivo::model
