#pragma once

#include <string>
#include <string_view>

#include "sip/message.hpp"

namespace xivo::sip {

/// Builds one message into a string, front to back: start line, header fields in the order they are added,
/// body last. Values that came from outside pass through add_untrusted(), which refuses CR, LF and NUL by
/// replacing them with a space. Thread  the caller's.
class Writer {
 public:
  static Writer request(Method method, std::string_view request_uri);
  static Writer response(int status, std::string_view reason = {});  // empty: the standard phrase

  Writer& add(HeaderId id, std::string_view value);
  Writer& add(HeaderId id, std::uint64_t value);
  Writer& add(std::string_view name, std::string_view value);
  /// To or From with our tag.
  Writer& add_tagged(HeaderId id, std::string_view value, std::string_view tag);
  Writer& add_untrusted(HeaderId id, std::string_view value);
  /// Copies every field of that name, in order.
  Writer& copy(HeaderId id, const Message& from);
  /// Adds whole header lines of our own making, each with its CRLF.
  Writer& raw(std::string_view lines) {
    out_ += lines;
    return *this;
  }
  /// Ends the message with Content-Type, Content-Length and the body (or Content-Length: 0).
  std::string finish(std::string_view content_type = {}, std::string_view body = {});

 private:
  std::string out_;
};

/// Where a message came from, as RFC 3581 needs it.
struct Source {
  std::string ip;  // without brackets
  std::uint16_t port = 0;
};

/// The reason phrase of RFC 3261 §21 and later RFCs; "Unknown" for a number without one.
std::string_view reason_phrase(int status);

/// Via (all, with received and rport filled in on the top one, RFC 3581), From, To (with `to_tag` added
/// unless it has a tag or `to_tag` is empty), Call-ID and CSeq of `request`: how every response starts. RFC
/// 3261 §8.2.6.2
Writer response_to(const Message& request, int status, std::string_view to_tag, const Source& source,
                   std::string_view reason = {});

/// A quoted string, its quotes included (display name, auth parameter): quotes and backslashes escaped,
/// controls replaced by spaces.
std::string quote(std::string_view text);

}  // namespace xivo::sip
