#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/trunks/trunk_state.hpp"
#include "base/address.hpp"
#include "base/ip_network.hpp"
#include "model/guard/guard.hpp"
#include "runtime/clock.hpp"

namespace xivo::api {

/// One place where a line can be reached now.
struct Registration {
  std::int64_t line_id = 0;
  std::string line{};            // SIP user name
  std::string exten{};           // empty: reachable by nobody
  std::int64_t user_id = 0;    // 0: nobody's
  std::string user{};            // full name; empty: nobody's
  std::string contact{};         // URI as registered
  SocketAddress source{};        // where requests go back to
  std::string transport{};       // "udp", "tcp", "tls", "ws", "wss"
  std::string user_agent{};
  runtime::WallTime registered{};
  std::optional<runtime::WallTime> expires{};  // none for a fixed peer
  std::uint16_t q = 1000;      // thousandths
};

/// Why attempts of an account from an address failed, repeats counted.
struct RegistrationFailure {
  enum class Reason : std::uint8_t {
    UnknownUser,
    WrongSecret,
    WrongRealm,
    WrongTransport,
    WrongPort,
    TooManyContacts,
    Disabled,
    FixedHost,
    StaleNonce,
    ReplayedNonce,
    Malformed,
    IntervalTooBrief,
    LockedOut,
    Other,
  };

  runtime::WallTime first{};
  runtime::WallTime last{};
  std::string account{};         // as claimed
  SocketAddress source{};
  std::string transport{};
  std::string method{};          // "REGISTER", "INVITE"
  Reason reason = Reason::Other;
  std::string detail{};          // what was claimed and what was expected, never a secret
  std::string user_agent{};
  std::uint32_t count = 1;
};

/// One leg of a call in progress.
/// How a phone's sound was in the last seconds.
struct LiveQuality {
  int loss_permille = 0;
  int jitter_ms = 0;
  int round_trip_ms = 0;         // 0: unknown
  int remote_loss_permille = 0;  // what the phone says of ours
  int mos_hundredths = 0;        // 100 to 450
};

struct LiveLeg {
  std::int64_t line_id = 0;    // 0: no line of ours
  std::string peer{};            // the line's name, else the address
  std::string number{};
  std::string name{};
  bool caller = false;
  std::string channel{};         // "SIP/101-0000001a"
  std::string state{};           // "ringing", "up", "held", "ending", ...
  std::string codec{};           // empty before an answer was agreed
  SocketAddress address{};       // of signalling
  std::optional<LiveQuality> quality{};  // once packets have flowed for some seconds
};

/// One call in progress.
struct LiveCall {
  std::string id{};              // as DELETE /calls/{id} takes it
  std::string caller_number{};
  std::string caller_name{};
  std::string dialled{};
  std::string state{};           // "starting", "ringing", "feature", "up", "ending"
  runtime::WallTime since{};   // start of the call
  std::optional<runtime::WallTime> answered{};
  std::vector<LiveLeg> legs{};
};

/// A network that the engine does not listen to.
struct LiveBan {
  enum class Reason : std::uint8_t { WrongSecrets, UnknownUsers, Scanning, Malformed, Manual };

  std::int64_t id = 0;
  std::string network{};         // "203.0.113.9", "2001:db8::/64"
  Reason reason = Reason::Manual;
  std::string detail{};          // a person's words, or what was counted
  std::string author{};          // empty: the system
  runtime::WallTime since{};
  std::optional<runtime::WallTime> until{};  // none: until it is released
};

/// A ban that somebody asks for.
struct BanWish {
  IpNetwork network;
  std::string detail{};
  std::string author{};
  std::optional<std::chrono::seconds> lasts{};  // none: until it is released
};

/// One call in progress with all that explains it.
struct LiveCallDetail {
  LiveCall call;
  std::int64_t config_revision = 0;  // that it follows
  std::string feature{};             // that took the call; empty: none
  std::string trace{};               // so far, as call records store it
};

/// What the registrar knows of one line.
struct LineState {
  std::vector<Registration> contacts{};
  std::vector<RegistrationFailure> failures{};  // newest first
  std::optional<runtime::WallTime> went{};      // when it lost its last contact, since the start
  runtime::WallTime started{};                  // of the system
};

/// Why a toll-fraud guard blocks somebody.
struct TollBlock {
  model::guard::Verdict verdict{};
  runtime::WallTime since{};
};

/// What a user or a trunk calls to the outside.
struct TollAccount {
  bool is_trunk = false;  // else a user
  std::int64_t id = 0;
  int in_progress = 0;
  int hour = 0;                  // begun within the last hour
  int international_hour = 0;    // of those
  int premium_hour = 0;
  std::optional<TollBlock> block{};
};

/// What the API knows of the engine and may ask of it. The program that wires everything implements it: the web thread
/// asks, a shard answers by message.
/// Thread  called on the web loop. Each `done` is called at most once, on any thread, within the call itself too. A `done`
///         that never comes costs its request Limits::answer_timeout and nothing else.
class LiveView {
 public:
  virtual ~LiveView() = default;

  virtual void registrations(std::function<void(std::vector<Registration>)> done) = 0;
  /// Newest first.
  virtual void registration_failures(std::function<void(std::vector<RegistrationFailure>)> done) = 0;
  virtual void calls(std::function<void(std::vector<LiveCall>)> done) = 0;
  /// Shape   done: nothing when there is no such call
  virtual void call(std::string call_id, std::function<void(std::optional<LiveCallDetail>)> done) = 0;
  /// Shape   account: the line's SIP user name
  virtual void line(std::int64_t line_id, std::string account, std::function<void(LineState)> done) = 0;
  /// Ends a call. Shape   done: false when there is no such call
  virtual void hang_up(std::string call_id, std::function<void(bool found)> done) = 0;
  /// Oldest first.
  virtual void bans(std::function<void(std::vector<LiveBan>)> done) = 0;
  /// Shape   done: the ban that holds now; nothing when the list is full
  virtual void add_ban(BanWish wish, std::function<void(std::optional<LiveBan>)> done) = 0;
  /// Everybody who calls out, called out within the hour, or is blocked.
  virtual std::vector<TollAccount> toll_accounts() { return {}; }
  /// False: nobody of that number is blocked.
  virtual bool release_toll(bool /*is_trunk*/, std::int64_t /*id*/) { return false; }
  /// Of those that are switched on; in no order.
  virtual void trunks(std::function<void(std::vector<TrunkState>)> done) = 0;
  /// Registers a trunk now instead of when its turn comes. Shape   done: false when it is not switched on
  virtual void register_trunk(std::int64_t id, std::function<void(bool found)> done) = 0;
  /// Shape   done: false when there is no such ban
  virtual void release_ban(std::int64_t id, std::string author, std::function<void(bool found)> done) = 0;
};

}  // namespace xivo::api
