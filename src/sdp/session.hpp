#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"

namespace xivo::sdp {

// Bounds on a description, whoever sends it. A real offer of a WebRTC browser is about 6 kB and one media.
inline constexpr std::size_t kBytesMax = 65'536;
inline constexpr std::size_t kMediasMax = 16;
inline constexpr std::size_t kFormatsMax = 64;      // per m= line
inline constexpr std::size_t kAttributesMax = 256;  // kept verbatim, per level
inline constexpr std::size_t kBandwidthsMax = 8;    // per level
inline constexpr std::size_t kLineMax = 4'096;      // bytes of one line

/// Which way packets flow, from the view of whoever wrote the description.                    RFC 8866 §6.7
enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };

/// The same flow seen from the other end: SendOnly becomes RecvOnly and back.                 RFC 3264 §6.1
Direction reversed(Direction direction);
/// The widest flow that both views allow; both are of one and the same side.
Direction intersection(Direction a, Direction b);
std::string_view name(Direction direction);  // "sendrecv"
std::optional<Direction> direction_from(std::string_view name);

/// o=. The version is the writer's to increment whenever the content changes.                 RFC 8866 §5.2
struct Origin {
  std::string username = "-";
  std::uint64_t session_id = 0;
  std::uint64_t version = 0;
  std::string network = "IN";
  std::string address_type = "IP4";
  std::string address = "0.0.0.0";
  bool operator==(const Origin&) const = default;
};

/// c=, unicast or multicast. A host name is kept as text and has no `ip`.                      RFC 8866 §5.7
struct Connection {
  std::string host;             // as written, without TTL and count
  std::optional<IpAddress> ip;  // nothing when `host` is a name
  bool operator==(const Connection&) const = default;

  static Connection of(const IpAddress& address);
  /// "0.0.0.0" or "::": the hold of RFC 2543 phones.                                            RFC 3264 §8.4
  [[nodiscard]] bool is_hold() const { return ip && ip->is_unspecified(); }
};

/// b=, e.g. {"AS", 64}.
struct Bandwidth {
  std::string type;
  std::uint64_t value = 0;
  bool operator==(const Bandwidth&) const = default;
};

/// One a= line: "name" or "name:value", kept as it came.
struct Attribute {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const Attribute&) const = default;
};

/// One format of a media line with what rtpmap and fmtp say about it.
/// Shape   for RTP the name is always filled, from a=rtpmap or from the static table of RFC 3551; a dynamic payload
///         type without rtpmap keeps an empty name and is never chosen
struct Format {
  std::string token;  // as in m=: "8", "101"; for other protocols any token ("t38")
  std::uint8_t payload_type = 0;  // 0..127; RTP only
  std::string name;  // encoding name as written: "PCMA", "opus", "telephone-event"
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 1;
  std::string fmtp;  // after "a=fmtp:<pt> ", or empty

  bool operator==(const Format&) const = default;
  /// Same encoding name (any case), clock rate and channels.                                     RFC 3264 §6.1
  [[nodiscard]] bool same_codec(const Format& other) const;
  [[nodiscard]] bool is_telephone_event() const;
  [[nodiscard]] bool is_comfort_noise() const;  // RFC 3389
};

/// What RFC 3551 (§6, tables 4 and 5) says a payload type below 96 is; nothing for unassigned and dynamic ones.
std::optional<Format> static_format(std::uint8_t payload_type);

/// a=rtcp.                                                                                       RFC 3605
struct RtcpPort {
  std::uint16_t port = 0;
  std::optional<Connection> connection;
  bool operator==(const RtcpPort&) const = default;
};

/// One m= section. Inherited values are resolved by the functions, the fields are what was written.
struct Media {
  std::string type = "audio";  // "audio", "video", "image", "application", ...
  std::uint16_t port = 0;  // 0: refused, or (in an offer) not wanted
  std::uint32_t port_count = 1;
  std::string protocol = "RTP/AVP";
  std::vector<Format> formats;  // in order of preference
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;
  std::optional<Direction> direction;
  std::uint32_t ptime_ms = 0;  // 0: not said
  std::uint32_t maxptime_ms = 0;  // 0: not said
  std::optional<RtcpPort> rtcp;
  bool rtcp_mux = false;  // RFC 5761
  std::vector<Attribute> attributes;  // all others, in order, verbatim

  bool operator==(const Media&) const = default;
  [[nodiscard]] bool is_rtp() const;  // RTP/AVP, RTP/SAVP, RTP/AVPF, RTP/SAVPF, UDP/TLS/RTP/...
  [[nodiscard]] const Format* format(std::uint8_t payload_type) const;
  [[nodiscard]] const Attribute* attribute(std::string_view name) const;
};

/// A session description: a value that owns its text.                                            RFC 8866
struct Session {
  Origin origin;
  std::string name = "-";  // s=
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;
  std::optional<Direction> direction;
  std::vector<Attribute> attributes;
  std::vector<Media> medias;

  bool operator==(const Session&) const = default;
  [[nodiscard]] const Attribute* attribute(std::string_view name) const;

  /// The media's own c=, else the session's. Null only when neither was said (allowed for a refused media).
  [[nodiscard]] const Connection* connection_of(const Media& media) const;
  /// The media's own direction, else the session's, else SendRecv; a held connection (0.0.0.0) takes away the
  /// writer's wish to receive: SendRecv becomes SendOnly, RecvOnly becomes Inactive (RFC 3264 §8.4). Not with ICE, where 0.0.0.0
  /// means that the path is yet to be found (RFC 8840 §4.1.1).
  [[nodiscard]] Direction direction_of(const Media& media) const;
  /// Where the writer wants RTP; nothing when refused, held by 0.0.0.0, or named by a host name.
  [[nodiscard]] std::optional<SocketAddress> rtp_address_of(const Media& media) const;
  /// Where it wants RTCP: a=rtcp, else the same port when a=rtcp-mux, else port + 1.              RFC 3605
  [[nodiscard]] std::optional<SocketAddress> rtcp_address_of(const Media& media) const;
};

}  // namespace xivo::sdp
