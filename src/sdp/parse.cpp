// RFC 8866 §5 (lines), §9 (grammar): one pass over the lines, no backtracking.
#include "sdp/parse.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace xivo::sdp {
namespace {

constexpr std::size_t kTokenMax = 64;   // an encoding name, a media type, a protocol
constexpr std::size_t kHostMax = 255;   // RFC 1035 §2.3.4

/// Takes the next word off `rest`; empty when nothing is left. Several spaces count as one: phones write them.
std::string_view next_word(std::string_view& rest) {
  rest = text::trim(rest);
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

/// A host of c=, o= or a=rtcp: an address literal or a name.
std::optional<Connection> read_host(std::string_view host) {
  host = host.substr(0, host.find('/'));  // TTL and count of multicast
  if (host.empty() || host.size() > kHostMax) return std::nullopt;
  if (const auto ip = IpAddress::parse(host)) return Connection::of(*ip);
  if (host.find_first_not_of("0123456789.:") == std::string_view::npos)
    return std::nullopt;  // a broken literal
  const bool name_like = std::all_of(
      host.begin(), host.end(), [](char c) { return text::is_alnum(c) || c == '.' || c == '-' || c == '_'; });
  if (!name_like) return std::nullopt;
  return Connection{std::string(host), std::nullopt};
}

/// "IN IP4 192.0.2.1"
std::optional<Connection> read_connection(std::string_view value) {
  const auto network = next_word(value);
  const auto type = next_word(value);
  const auto host = next_word(value);
  if (network != "IN" || (type != "IP4" && type != "IP6") || !text::trim(value).empty()) return std::nullopt;
  return read_host(host);
}

std::optional<Origin> read_origin(std::string_view value) {
  Origin origin;
  origin.username = std::string(next_word(value));
  const auto id = text::parse_decimal<std::uint64_t>(next_word(value));
  const auto version = text::parse_decimal<std::uint64_t>(next_word(value));
  origin.network = std::string(next_word(value));
  origin.address_type = std::string(next_word(value));
  origin.address = std::string(next_word(value));
  if (!id || !version || origin.address.empty() || origin.address.size() > kHostMax) return std::nullopt;
  if (!text::trim(value).empty()) return std::nullopt;
  origin.session_id = *id;
  origin.version = *version;
  return origin;
}

std::optional<Bandwidth> read_bandwidth(std::string_view value) {
  const auto colon = value.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > kTokenMax) return std::nullopt;
  const auto number = text::parse_decimal<std::uint64_t>(text::trim(value.substr(colon + 1)));
  if (!number) return std::nullopt;
  return Bandwidth{std::string(value.substr(0, colon)), *number};
}

/// Reads a number of milliseconds that some phones write with a fraction ("20.0").
std::uint32_t read_milliseconds(std::string_view value) {
  value = text::trim(value);
  return text::parse_decimal<std::uint32_t>(value.substr(0, value.find('.'))).value_or(0);
}

/// The formats of m= for RTP: payload types, a repeated one counts once.
bool read_payload_types(std::string_view list, std::vector<Format>& formats) {
  while (true) {
    const auto word = next_word(list);
    if (word.empty()) return true;
    const auto type = text::parse_decimal<std::uint8_t>(word);
    if (!type || *type > 127) return false;
    const bool repeated =
        std::any_of(formats.begin(), formats.end(), [&](const Format& f) { return f.payload_type == *type; });
    if (repeated) continue;
    if (formats.size() == kFormatsMax) return false;
    Format format = static_format(*type).value_or(Format{});
    format.token = std::to_string(*type);
    format.payload_type = *type;
    formats.push_back(std::move(format));
  }
}

bool read_tokens(std::string_view list, std::vector<Format>& formats) {
  while (true) {
    const auto word = next_word(list);
    if (word.empty()) return true;
    if (formats.size() == kFormatsMax) return false;
    Format format;
    format.token = std::string(word);
    formats.push_back(std::move(format));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Session> run() {
    if (text_.size() > kBytesMax)
      return fail("description is too long", static_cast<std::int64_t>(text_.size()));
    while (at_ < text_.size()) {
      if (!line()) return fail(wrong_, static_cast<std::int64_t>(line_start_));
    }
    if (!finish()) return fail(wrong_, static_cast<std::int64_t>(line_start_));
    return std::move(session_);
  }

 private:
  bool refuse(std::string_view phrase) {
    wrong_ = phrase;
    return false;
  }

  /// Cuts the next line off the text and reads it.
  bool line() {
    line_start_ = at_;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return first_ ? refuse("description starts with an empty line") : true;
    if (line.size() > kLineMax) return refuse("line is too long");
    const bool clean = std::all_of(line.begin(), line.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; });
    if (!clean) return refuse("control character in a line");
    if (line.size() < 2 || line[1] != '=') return refuse("line is not of the form x=value");
    return dispatch(line[0], line.substr(2));
  }

  bool dispatch(char type, std::string_view value) {
    if (first_) {
      first_ = false;
      return type == 'v' && text::trim(value) == "0" ? true : refuse("version is not 0");
    }
    switch (type) {
      case 'v': return refuse("version is repeated");
      case 'o': return on_origin(value);
      case 's': return on_name(value);
      case 'c': return on_connection(value);
      case 'b': return on_bandwidth(value);
      case 'm': return on_media(value);
      case 'a': return on_attribute(value);
      default: return true;  // t=, i=, u=, e=, p=, k=, r=, z= mean nothing to a call; others may come later
    }
  }

  bool on_origin(std::string_view value) {
    if (has_origin_ || media_) return refuse("origin is repeated or misplaced");
    auto origin = read_origin(value);
    if (!origin) return refuse("origin is malformed");
    session_.origin = std::move(*origin);
    has_origin_ = true;
    return true;
  }

  bool on_name(std::string_view value) {
    if (!media_ && !text::trim(value).empty()) session_.name = std::string(value);
    return true;
  }

  bool on_connection(std::string_view value) {
    auto connection = read_connection(value);
    if (!connection) return refuse("connection is malformed");
    auto& place = media_ ? media_->connection : session_.connection;
    if (!place) place = std::move(connection);  // more than one is layered multicast: the first will do
    return true;
  }

  bool on_bandwidth(std::string_view value) {
    auto& list = media_ ? media_->bandwidths : session_.bandwidths;
    auto bandwidth = read_bandwidth(value);
    if (!bandwidth) return true;
    if (list.size() == kBandwidthsMax) return refuse("too many bandwidths");
    list.push_back(std::move(*bandwidth));
    return true;
  }

  bool on_media(std::string_view value) {
    if (session_.medias.size() == kMediasMax) return refuse("too many medias");
    Media media;
    media.type = std::string(next_word(value));
    std::string_view port = next_word(value);
    media.protocol = std::string(next_word(value));
    if (media.protocol.empty()) return refuse("media line is incomplete");
    if (media.type.size() > kTokenMax || media.protocol.size() > kTokenMax)
      return refuse("media line is malformed");
    if (const auto slash = port.find('/'); slash != std::string_view::npos) {
      const auto count = text::parse_decimal<std::uint16_t>(port.substr(slash + 1));
      if (!count || *count == 0) return refuse("port count is malformed");
      media.port_count = *count;
      port = port.substr(0, slash);
    }
    const auto number = text::parse_decimal<std::uint16_t>(port);
    if (!number) return refuse("port is malformed");
    media.port = *number;
    if (media.is_rtp() ? !read_payload_types(value, media.formats) : !read_tokens(value, media.formats)) {
      return refuse("formats are malformed or too many");
    }
    if (media.formats.empty() && media.port != 0) return refuse("media has no format");
    session_.medias.push_back(std::move(media));
    media_ = &session_.medias.back();
    mapped_.clear();
    return true;
  }

  bool on_attribute(std::string_view value) {
    value = text::trim(value);
    const auto colon = value.find(':');
    const std::string_view name = value.substr(0, colon);
    if (name.empty()) return true;
    std::optional<std::string_view> content;
    if (colon != std::string_view::npos) content = text::trim(value.substr(colon + 1));
    if (!content) {
      if (const auto direction = direction_from(name)) {
        (media_ ? media_->direction : session_.direction) = *direction;
        return true;
      }
      if (media_ && name == "rtcp-mux") {
        media_->rtcp_mux = true;
        return true;
      }
    } else if (media_ && on_known(name, *content)) {
      return true;
    }
    auto& list = media_ ? media_->attributes : session_.attributes;
    if (list.size() == kAttributesMax) return refuse("too many attributes");
    list.push_back({std::string(name), content ? std::optional<std::string>(*content) : std::nullopt});
    return true;
  }

  /// The attributes that have a field of their own. A value that makes no sense is dropped: what it describes then
  /// has its default, which serves a call better than a refusal.
  bool on_known(std::string_view name, std::string_view value) {
    if (name == "ptime") {
      media_->ptime_ms = read_milliseconds(value);
    } else if (name == "maxptime") {
      media_->maxptime_ms = read_milliseconds(value);
    } else if (name == "rtcp") {
      on_rtcp(value);
    } else if (media_->is_rtp() && name == "rtpmap") {
      on_rtpmap(value);
    } else if (media_->is_rtp() && name == "fmtp") {
      on_fmtp(value);
    } else {
      return false;
    }
    return true;
  }

  void on_rtcp(std::string_view value) {  // RFC 3605 §2.1
    const auto port = text::parse_decimal<std::uint16_t>(next_word(value));
    if (!port || media_->rtcp) return;
    RtcpPort rtcp{*port, std::nullopt};
    if (!text::trim(value).empty()) {
      rtcp.connection = read_connection(value);
      if (!rtcp.connection) return;
    }
    media_->rtcp = std::move(rtcp);
  }

  Format* find_format(std::string_view payload_type) {
    const auto type = text::parse_decimal<std::uint8_t>(payload_type);
    if (!type) return nullptr;
    const auto at = std::find_if(media_->formats.begin(), media_->formats.end(),
                                 [&](const Format& f) { return f.payload_type == *type; });
    return at == media_->formats.end() ? nullptr : &*at;
  }

  void on_rtpmap(std::string_view value) {  // "101 telephone-event/8000[/channels]"
    Format* format = find_format(next_word(value));
    if (!format || std::count(mapped_.begin(), mapped_.end(), format->payload_type) != 0) return;
    value = text::trim(value);
    const auto slash = value.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash > kTokenMax) return;
    const std::string_view name = value.substr(0, slash);
    value.remove_prefix(slash + 1);
    const auto second = value.find('/');
    const auto rate = text::parse_decimal<std::uint32_t>(text::trim(value.substr(0, second)));
    const auto channels = second == std::string_view::npos
                              ? std::optional<std::uint8_t>(1)
                              : text::parse_decimal<std::uint8_t>(text::trim(value.substr(second + 1)));
    if (!rate || *rate == 0 || !channels || *channels == 0) return;
    if (name.find_first_of(" \t") != std::string_view::npos) return;
    format->name = std::string(name);
    format->clock_rate = *rate;
    format->channels = *channels;
    mapped_.push_back(format->payload_type);
  }

  void on_fmtp(std::string_view value) {
    Format* format = find_format(next_word(value));
    if (format && format->fmtp.empty()) format->fmtp = std::string(text::trim(value));
  }

  /// What can only be judged once everything was read.
  bool finish() {
    if (first_) return refuse("description is empty");
    if (!has_origin_) return refuse("origin is missing");
    for (const Media& media : session_.medias) {
      if (media.port != 0 && !session_.connection_of(media)) return refuse("media has no connection");
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::string_view wrong_;
  bool first_ = true;
  bool has_origin_ = false;
  Session session_;
  Media* media_ = nullptr;
  std::vector<std::uint8_t> mapped_;  // payload types of media_ that had their rtpmap: the first one counts
};

}  // namespace

Result<Session> parse(std::string_view text) { return Parser(text).run(); }

}  // namespace xivo::sdp
