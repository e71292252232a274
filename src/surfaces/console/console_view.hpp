#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.hpp"
#include "base/ip_network.hpp"
#include "base/trace_ring.hpp"
#include "runtime/clock.hpp"

namespace xivo::console {

using runtime::WallTime;

/// The language of the one-line helps and of what a trace tells; everything else is English, as Asterisk's console is.
enum class Language : std::uint8_t { English, French };

/// The program that answers. Never changes while the process lives.
struct Version {
  std::string version;  // "0.1.0"
  std::string host;  // the machine it runs on, without a domain: becomes the prompt
  std::string built_by;  // "root"
  std::string built_on;  // the machine it was built on
  std::string machine;  // "x86_64"
  std::string system;  // "Linux"
  std::string build_date;  // "2026-03-01 10:00:00 UTC"
  std::int64_t process = 0;
};

/// How a contact answered the last OPTIONS sent to it.
enum class ContactStatus : std::uint8_t { NotQualified, Unknown, Available, Unavailable };

/// One place where a line can be reached now.
struct Contact {
  std::string uri;  // as registered
  std::string hash;  // ten hex digits, the same as long as the contact lives
  SocketAddress address;
  std::string transport;  // "udp", "tcp", "tls", "ws", "wss"
  std::string user_agent;
  WallTime registered{};
  std::optional<WallTime> expires;  // none for a contact that was configured
  ContactStatus status = ContactStatus::NotQualified;
  std::optional<std::chrono::microseconds> round_trip;
};

/// The state of a line as lamps show it.
enum class DeviceState : std::uint8_t {
  Unknown,
  NotInUse,
  InUse,
  Busy,
  Invalid,
  Unavailable,
  Ringing,
  RingInUse,
  OnHold,
};

/// Whether we answer to the source of a packet instead of to what the phone claims.
enum class NatTreatment : std::uint8_t { No, Yes, AutoNo, AutoYes };

/// A configured line (telephone or trunk) and where it is reachable.
struct Peer {
  std::string name;
  std::string username;  // for authentication; empty when it is the name
  std::string description;  // the person or the place
  std::string caller_name;  // what the called party sees
  std::string caller_number;
  std::string context;
  bool dynamic = true;  // registers; false: a fixed address
  bool restricted = false;  // only some addresses may use it
  bool monitored = false;  // OPTIONS are sent regularly
  NatTreatment force_rport = NatTreatment::Yes;
  NatTreatment symmetric_rtp = NatTreatment::Yes;
  DeviceState state = DeviceState::Unknown;
  std::uint32_t calls = 0;
  std::uint32_t calls_max = 0;  // 0 = no limit
  std::uint32_t contacts_max = 1;
  std::chrono::milliseconds lagged_after{2000};
  std::vector<Contact> contacts;  // the one called first, first
  std::vector<std::pair<std::string, std::string>>
      parameters;  // of `pjsip show endpoint`; any order, no secret
};

/// Asterisk's states of a channel, in its order.
enum class ChannelState : std::uint8_t {
  Down,
  Reserved,
  OffHook,
  Dialing,
  Ring,
  Ringing,
  Up,
  Busy,
  DialingOffHook,
  PreRing,
  Unknown,
};

/// One leg of a call, in the words of Asterisk's console.
struct Channel {
  std::string name;  // "SIP/101-0000001a"
  std::string unique_id;  // "1700000000.26"
  std::string call;  // the call it belongs to, as `trace` takes it
  std::string peer;  // the line; empty when it is none of ours
  std::string context;
  std::string extension;
  std::uint32_t priority = 1;
  ChannelState state = ChannelState::Down;
  std::string application;  // "Dial", "Queue", "VoiceMail"; empty = none
  std::string application_text;  // what it was given
  std::string caller_number;
  std::string caller_name;
  std::string connected_number;
  std::string connected_name;
  std::string account;
  std::string peer_account;
  std::uint32_t ama_flags = 3;  // 3 = documentation, Asterisk's default
  std::string bridge;  // empty = with nobody
  std::string language;
  std::string codec;  // "alaw"; empty before an answer was agreed
  bool on_hold = false;
  SocketAddress remote;
  std::string sip_call_id;
  std::string last_message;  // "Rx: ACK"
  WallTime created{};
  std::vector<std::pair<std::string, std::string>> variables;
};

/// A call that is over, or one in progress when `ended` is empty.
struct CallSummary {
  std::string id;  // as `trace` takes it
  WallTime started{};
  std::optional<WallTime> answered;
  std::optional<WallTime> ended;
  std::string from_name;
  std::string from_number;
  std::string dialled;
  std::string reached;  // who answered; empty = nobody
  std::string outcome;  // "answered", "busy", "no answer", "refused" ...
  std::string reason;  // one sentence; empty when there is nothing to explain
};

/// Why attempts of one account from one address failed.
struct Failure {
  std::string account;
  SocketAddress source;
  std::string transport;
  std::string method;  // "REGISTER", "INVITE"
  std::string reason;  // one phrase: "wrong secret"
  std::string user_agent;
  std::string detail;  // claimed and expected, never a secret
  WallTime first{};
  WallTime last{};
  std::uint32_t count = 1;
};

/// A registration of ours with somebody else's server.
struct OutgoingRegistration {
  std::string host;  // with the port
  std::string username;
  std::uint32_t refresh_seconds = 0;
  std::string
      state;  // Unregistered, Request Sent, Auth. Sent, Registered, Rejected, No Authentication, Failed
  std::optional<WallTime> registered;
  std::optional<WallTime> expires{};
  std::string name{};  // of the trunk
};

/// A lamp on somebody's phone.
struct Subscription {
  IpAddress address;  // of the phone
  std::string user;
  std::string sip_call_id;
  std::string exten;
  std::string context;
  bool lit = false;
  std::uint32_t expires_seconds = 0;
};

/// The active configuration.
struct Revision {
  std::int64_t number = 0;
  WallTime published{};
  std::string author;
  std::string summary;
};

/// Everything the console shows of the engine, copied at one moment.
struct EngineSnapshot {
  WallTime taken{};
  WallTime started{};
  Revision revision;
  std::uint64_t active_calls = 0;
  std::uint64_t active_calls_max = 0;  // 0 = no limit
  std::uint64_t processed_calls = 0;
  std::vector<Peer> peers;
  std::vector<Channel> channels;
  std::vector<Failure> failures;  // newest first
  std::vector<OutgoingRegistration> registrations;
  std::vector<Subscription> subscriptions;
};

/// The remembered story of one call.
struct TraceListing {
  std::string call;
  std::string title;  // "101 -> 102, answered, 42 s"
  std::vector<TraceRing::Entry> entries;  // oldest first
  std::uint32_t dropped = 0;  // older entries that were overwritten
};

/// A network that the engine does not listen to.
struct Ban {
  std::int64_t id = 0;
  std::string network;  // "203.0.113.9", "2001:db8::/64"
  std::string reason;  // one phrase: "too many wrong secrets"
  std::string detail;  // a person's words, or what was counted
  std::string author;  // empty: the system
  WallTime since{};
  std::optional<WallTime> until;  // none: until it is released
};

/// All of them, and the time they were looked at.
struct BanListing {
  WallTime taken{};
  std::vector<Ban> bans;  // oldest first
};

/// What a user or a trunk calls to the outside, as the toll-fraud guards count it.
struct TollAccount {
  bool is_trunk = false;
  std::int64_t id = 0;
  std::string label;
  int in_progress = 0;
  int hour = 0;
  int international_hour = 0;
  int premium_hour = 0;
  std::string blocked;  // why; empty: not blocked
  WallTime since{};  // of the block
};

/// Which SIP messages are published to the consoles.
struct SipDebug {
  enum class Mode : std::uint8_t { Off, All, Address, Peer };
  Mode mode = Mode::Off;
  IpAddress address;  // Mode::Address; Mode::Peer: where it is now
  std::uint16_t port = 0;  // 0 = any
  std::string peer;  // Mode::Peer
};

/// What came of reading the certificates of TLS anew.
struct ReloadedCertificates {
  bool failed = false;  // the old ones stay in use
  std::string text;  // a line each, or why it failed; empty = TLS is not in use
};

/// What the console knows of the engine and may ask of it. The program that wires everything implements it.
/// Thread  called on the console's loop only. Each `done` is called on that loop too, at most once; within the call
///         itself is allowed. A `done` that never comes costs its command ten seconds and nothing else.
class ConsoleView {
 public:
  virtual ~ConsoleView() = default;

  [[nodiscard]] virtual Version version() const = 0;
  virtual void snapshot(std::function<void(EngineSnapshot)> done) = 0;

  /// Ends the call of one channel, or every call when `channel` is empty.
  /// Shape   done: how many channels were asked to end; 0 = there is no such channel
  virtual void hang_up(std::optional<std::string> channel, std::function<void(std::size_t)> done) = 0;

  /// The trace of a call in progress or of a remembered one.
  /// Shape   call: an id as shown by `calls last`, a channel's name or a SIP Call-ID
  virtual void trace(std::string call, Language language,
                     std::function<void(std::optional<TraceListing>)> done) = 0;

  /// The newest `count` calls, newest first, those in progress included.
  virtual void last_calls(std::size_t count, std::function<void(std::vector<CallSummary>)> done) = 0;

  /// Reads the files of the certificates; connections go on with what they have.
  virtual void reload_certificates(std::function<void(ReloadedCertificates)> done) = 0;
  virtual void bans(std::function<void(BanListing)> done) = 0;
  /// Shape   done: the ban that holds now; nothing when the list is full
  virtual void add_ban(IpNetwork network, std::string detail, std::string author,
                       std::function<void(std::optional<Ban>)> done) = 0;
  /// Releases every ban that an address is in, or that is exactly a network.
  /// Shape   done: those that were released
  virtual void release_bans(IpNetwork network, std::string author,
                            std::function<void(std::vector<Ban>)> done) = 0;

  /// Everybody who calls out, called out within the hour, or is blocked; who is blocked first.
  virtual std::vector<TollAccount> toll_accounts() { return {}; }
  /// False: nobody of that number is blocked.
  virtual bool release_toll(bool /*is_trunk*/, std::int64_t /*id*/, const std::string& /*author*/) {
    return false;
  }

  virtual void set_sip_debug(const SipDebug& filter) = 0;
  virtual void set_core_debug(int level) = 0;
  /// The highest verbosity any open console wants: nothing above it needs to be worded.
  virtual void set_verbose(int highest) = 0;
  /// Ends the process: at once, or when the last call has ended and meanwhile refusing new ones.
  virtual void stop(bool graceful) = 0;
};

}  // namespace xivo::console
