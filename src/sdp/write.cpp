// RFC 8866 §5: the order of lines.
#include "sdp/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace xivo::sdp {
namespace {

/// Builds lines; control characters never get in, so no value can end its line early.
class Lines {
 public:
  Lines() { text_.reserve(kUsual); }

  /// One line of these texts and numbers, one behind the other.
  template <class... Parts>
  void add(const Parts&... parts) {
    (append(parts), ...);
    text_ += "\r\n";
  }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kUsual = 512;

  void append(std::string_view part) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; };
    if (std::none_of(part.begin(), part.end(), is_control)) {
      text_ += part;
    } else {
      std::remove_copy_if(part.begin(), part.end(), std::back_inserter(text_), is_control);
    }
  }
  void append(std::uint64_t number) {
    const fmt::format_int digits(number);
    text_.append(digits.data(), digits.size());
  }

  std::string text_;
};

std::string_view address_type(const Connection& connection) {
  return connection.ip && !connection.ip->is_v4() ? "IP6" : "IP4";
}

void write_connection(Lines& lines, const std::optional<Connection>& connection) {
  if (connection) lines.add("c=IN ", address_type(*connection), " ", connection->host);
}

void write_bandwidths(Lines& lines, const std::vector<Bandwidth>& bandwidths) {
  for (const Bandwidth& b : bandwidths) lines.add("b=", b.type, ":", b.value);
}

void write_attributes(Lines& lines, const std::vector<Attribute>& attributes) {
  for (const Attribute& a : attributes) {
    if (a.value) {
      lines.add("a=", a.name, ":", *a.value);
    } else {
      lines.add("a=", a.name);
    }
  }
}

void write_format(Lines& lines, const Format& f) {
  if (!f.name.empty()) {
    if (f.channels == 1) {
      lines.add("a=rtpmap:", f.token, " ", f.name, "/", f.clock_rate);
    } else {
      lines.add("a=rtpmap:", f.token, " ", f.name, "/", f.clock_rate, "/", f.channels);
    }
  }
  if (!f.fmtp.empty()) lines.add("a=fmtp:", f.token, " ", f.fmtp);
}

void write_media(Lines& lines, const Media& media) {
  std::string formats;
  for (const Format& f : media.formats) formats += " " + f.token;
  if (media.port_count == 1) {
    lines.add("m=", media.type, " ", media.port, " ", media.protocol, formats);
  } else {
    lines.add("m=", media.type, " ", media.port, "/", media.port_count, " ", media.protocol, formats);
  }
  write_connection(lines, media.connection);
  write_bandwidths(lines, media.bandwidths);
  if (media.is_rtp()) {
    for (const Format& f : media.formats) write_format(lines, f);
  }
  if (media.ptime_ms) lines.add("a=ptime:", media.ptime_ms);
  if (media.maxptime_ms) lines.add("a=maxptime:", media.maxptime_ms);
  if (media.direction) lines.add("a=", name(*media.direction));
  if (media.rtcp && media.rtcp->connection) {
    const Connection& c = *media.rtcp->connection;
    lines.add("a=rtcp:", media.rtcp->port, " IN ", address_type(c), " ", c.host);
  } else if (media.rtcp) {
    lines.add("a=rtcp:", media.rtcp->port);
  }
  if (media.rtcp_mux) lines.add("a=rtcp-mux");
  write_attributes(lines, media.attributes);
}

}  // namespace

std::string write(const Session& session) {
  Lines lines;
  const Origin& o = session.origin;
  lines.add("v=0");
  lines.add("o=", o.username, " ", o.session_id, " ", o.version, " ", o.network, " ", o.address_type, " ",
            o.address);
  lines.add("s=", session.name);
  write_connection(lines, session.connection);
  write_bandwidths(lines, session.bandwidths);
  lines.add("t=0 0");
  if (session.direction) lines.add("a=", name(*session.direction));
  write_attributes(lines, session.attributes);
  for (const Media& media : session.medias) write_media(lines, media);
  return lines.take();
}

void continue_session(Session& next, const Session& previous) {
  next.origin = previous.origin;
  if (next != previous) ++next.origin.version;
}

}  // namespace xivo::sdp
