#include "sdp/session.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::sdp {
namespace {

struct StaticType {
  std::uint8_t payload_type;
  std::string_view name;
  std::uint32_t clock_rate;
  std::uint8_t channels;
};

// RFC 3551 §6, tables 4 and 5. G722 says 8000 although it samples at 16 kHz: a historical error kept by §4.5.2.
constexpr std::array<StaticType, 24> kStaticTypes{{
    {0, "PCMU", 8000, 1},   {3, "GSM", 8000, 1},    {4, "G723", 8000, 1},   {5, "DVI4", 8000, 1},
    {6, "DVI4", 16000, 1},  {7, "LPC", 8000, 1},    {8, "PCMA", 8000, 1},   {9, "G722", 8000, 1},
    {10, "L16", 44100, 2},  {11, "L16", 44100, 1},  {12, "QCELP", 8000, 1}, {13, "CN", 8000, 1},
    {14, "MPA", 90000, 1},  {15, "G728", 8000, 1},  {16, "DVI4", 11025, 1}, {17, "DVI4", 22050, 1},
    {18, "G729", 8000, 1},  {25, "CelB", 90000, 1}, {26, "JPEG", 90000, 1}, {28, "nv", 90000, 1},
    {31, "H261", 90000, 1}, {32, "MPV", 90000, 1},  {33, "MP2T", 90000, 1}, {34, "H263", 90000, 1},
}};

constexpr std::array<std::string_view, 4> kDirectionNames{"sendrecv", "sendonly", "recvonly", "inactive"};

constexpr bool sends(Direction d) { return d == Direction::SendRecv || d == Direction::SendOnly; }
constexpr bool receives(Direction d) { return d == Direction::SendRecv || d == Direction::RecvOnly; }
constexpr Direction flow(bool send, bool receive) {
  if (send) return receive ? Direction::SendRecv : Direction::SendOnly;
  return receive ? Direction::RecvOnly : Direction::Inactive;
}

const Attribute* find(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto at =
      std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& a) { return a.name == name; });
  return at == attributes.end() ? nullptr : &*at;
}

}  // namespace

Direction reversed(Direction direction) { return flow(receives(direction), sends(direction)); }

Direction intersection(Direction a, Direction b) {
  return flow(sends(a) && sends(b), receives(a) && receives(b));
}

std::string_view name(Direction direction) { return kDirectionNames[static_cast<std::size_t>(direction)]; }

std::optional<Direction> direction_from(std::string_view name) {
  for (std::size_t i = 0; i < kDirectionNames.size(); ++i) {
    if (kDirectionNames[i] == name) return static_cast<Direction>(i);
  }
  return std::nullopt;
}

std::optional<Format> static_format(std::uint8_t payload_type) {
  for (const StaticType& type : kStaticTypes) {
    if (type.payload_type != payload_type) continue;
    Format format;
    format.token = std::to_string(payload_type);
    format.payload_type = payload_type;
    format.name = std::string(type.name);
    format.clock_rate = type.clock_rate;
    format.channels = type.channels;
    return format;
  }
  return std::nullopt;
}

Connection Connection::of(const IpAddress& address) { return {address.to_string(), address}; }

bool Format::same_codec(const Format& other) const {
  return !name.empty() && clock_rate == other.clock_rate && channels == other.channels &&
         text::equal_ignoring_case(name, other.name);
}

bool Format::is_telephone_event() const { return text::equal_ignoring_case(name, "telephone-event"); }

bool Format::is_comfort_noise() const { return text::equal_ignoring_case(name, "CN"); }

bool Media::is_rtp() const {
  std::string_view rest = protocol;
  while (true) {
    const auto slash = rest.find('/');
    if (rest.substr(0, slash) == "RTP") return true;
    if (slash == std::string_view::npos) return false;
    rest.remove_prefix(slash + 1);
  }
}

const Format* Media::format(std::uint8_t payload_type) const {
  if (!is_rtp()) return nullptr;
  const auto at = std::find_if(formats.begin(), formats.end(),
                               [&](const Format& f) { return f.payload_type == payload_type; });
  return at == formats.end() ? nullptr : &*at;
}

const Attribute* Media::attribute(std::string_view wanted) const { return find(attributes, wanted); }
const Attribute* Session::attribute(std::string_view wanted) const { return find(attributes, wanted); }

const Connection* Session::connection_of(const Media& media) const {
  if (media.connection) return &*media.connection;
  return connection ? &*connection : nullptr;
}

Direction Session::direction_of(const Media& media) const {
  const Direction said = media.direction.value_or(direction.value_or(Direction::SendRecv));
  const Connection* to = connection_of(media);
  const bool finds_path = media.attribute("ice-ufrag") != nullptr || attribute("ice-ufrag") != nullptr;
  return to && to->is_hold() && !finds_path ? intersection(said, Direction::SendOnly) : said;
}

std::optional<SocketAddress> Session::rtp_address_of(const Media& media) const {
  const Connection* to = connection_of(media);
  if (media.port == 0 || !to || !to->ip || to->is_hold()) return std::nullopt;
  return SocketAddress{*to->ip, media.port};
}

std::optional<SocketAddress> Session::rtcp_address_of(const Media& media) const {
  const auto rtp = rtp_address_of(media);
  if (!rtp) return std::nullopt;
  if (media.rtcp_mux) return rtp;
  if (media.rtcp) {
    if (media.rtcp->port == 0) return std::nullopt;
    if (!media.rtcp->connection) return SocketAddress{rtp->ip, media.rtcp->port};
    if (!media.rtcp->connection->ip) return std::nullopt;
    return SocketAddress{*media.rtcp->connection->ip, media.rtcp->port};
  }
  if (rtp->port == 65'535) return std::nullopt;
  return SocketAddress{rtp->ip, static_cast<std::uint16_t>(rtp->port + 1)};
}

}  // namespace xivo::sdp
