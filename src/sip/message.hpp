#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sip/header_id.hpp"
#include "sip/uri.hpp"

namespace xivo::sip {

/// One header field as it stood in the message. Views into the message's bytes; continuation lines are
/// unfolded in place.
struct HeaderField {
  HeaderId id = HeaderId::Unknown;
  std::string_view name;   // as written: "f", "From", "X-Thing"
  std::string_view value;  // trimmed
};

/// Via: SIP/2.0/UDP host:port;branch=...;received=...;rport=...          RFC 3261 §20.42, RFC 3581
struct Via {
  std::string_view text;       // the whole value, without what follows its comma
  std::string_view transport;  // "UDP", as written
  std::string_view host;       // IPv6 in brackets
  std::uint16_t port = 0;      // 0 = absent
  std::string_view branch;
  std::string_view received;
  bool has_rport = false;
  std::uint16_t rport = 0;      // 0 = asked for, or absent
  std::string_view parameters;  // all of them, from the first ';' on (empty when none)

  /// Shape   value: a Via field value; of a list the first element, whose extent is then `text`
  static Result<Via> parse(std::string_view value);
};

/// A value in header parameters (";name=value;flag", white space allowed), without its quotes; an empty view
/// for a flag; nothing when absent. Names ignore case.
std::optional<std::string_view> find_parameter(std::string_view parameters, std::string_view name);

/// From, To, Contact, Route, Record-Route, P-Asserted-Identity ...: a URI with optional display name and
/// parameters.
struct NameAddr {
  std::string_view display_name;  // without its quotes; escapes left as they are
  std::string_view uri_text;      // between < and >, or the bare addr-spec
  Uri uri;                        // of uri_text; scheme "*" never gets here
  std::string_view parameters;    // header parameters, from the first ';' on

  /// One name-addr or addr-spec, alone. Before '<' any display name without a quote is taken, as RFC 4475
  /// §3.1.2.15 allows.
  static Result<NameAddr> parse(std::string_view value);
  /// A header parameter's value without its quotes; an empty view for a flag; nothing when absent.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  [[nodiscard]] std::string_view tag() const { return parameter("tag").value_or(std::string_view{}); }
};

/// Contact: either "*" or a list.
struct Contacts {
  bool star = false;
  std::vector<NameAddr> list;
};

/// CSeq: a number up to 2^31-1 and the method it counts for.                                 RFC 3261 §20.16
struct CSeq {
  std::uint32_t number = 0;
  Method method = Method::Unknown;
  std::string_view method_text;
};

struct ParseFault;

/// One SIP message, parsed once. A message owns nothing: everything is a view into the bytes given to
/// parse(), which must stay where they are, unchanged, while the message is used. RFC 3261 §7
///
/// parse() walks the bytes once and indexes the header fields. It checks what every message must get right
/// before it may be answered (start line, header syntax, Content-Length against the bytes, single
/// Call-ID/CSeq/From/To/Max-Forwards, mandatory fields, CSeq within 2^31 and its method the request's). Typed
/// accessors parse their field on first use.
class Message {
 public:
  static constexpr std::size_t kBytesMax = 65'535;
  static constexpr std::size_t kHeadersMax = 256;

  /// Parses in place: folded lines are unfolded by overwriting CR LF with spaces, which is why the bytes are
  /// mutable. Shape   bytes: exactly one message (a datagram, or what StreamFramer cut);  leading CR LF pairs
  /// are skipped Errors  a ParseFault says what an answer may say; never throws Thread  any
  static Result<Message, ParseFault> parse(char* bytes, std::size_t size);

  [[nodiscard]] bool is_request() const { return status_ == 0; }
  [[nodiscard]] bool is_response() const { return status_ != 0; }
  [[nodiscard]] Method method() const { return method_; }  // of the request, or of the response's CSeq
  [[nodiscard]] std::string_view method_text() const { return method_text_; }
  [[nodiscard]] std::string_view request_uri_text() const { return request_uri_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }
  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] const std::vector<HeaderField>& headers() const { return headers_; }

  /// The first field of that name, or nothing.
  [[nodiscard]] std::optional<std::string_view> header(HeaderId id) const;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;  // for unknown names

  // Always there after parse().
  [[nodiscard]] std::string_view call_id() const { return call_id_; }
  [[nodiscard]] const CSeq& cseq() const { return cseq_; }
  [[nodiscard]] const Via& top_via() const { return top_via_; }
  [[nodiscard]] const NameAddr& from() const { return from_; }
  [[nodiscard]] const NameAddr& to() const { return to_; }

  // Parsed on each call; errors are for a 400.
  [[nodiscard]] Result<Uri> request_uri() const;
  [[nodiscard]] Result<Contacts> contacts() const;
  [[nodiscard]] Result<std::vector<NameAddr>> name_addrs(
      HeaderId id) const;  // Route, Record-Route, Path, P-Asserted-Identity
  [[nodiscard]] Result<std::optional<std::uint32_t>> number(
      HeaderId id) const;  // Expires, Max-Forwards, Min-Expires, RSeq
  /// Comma-separated tokens over all fields of that name: Supported, Require, Allow, Accept ...
  [[nodiscard]] std::vector<std::string_view> tokens(HeaderId id) const;
  [[nodiscard]] bool has_token(HeaderId id, std::string_view token) const;
  /// "application/sdp", lower case not guaranteed; empty when absent. Parameters cut off.
  [[nodiscard]] std::string_view content_type() const;

 private:
  friend class Parser;
  void index(HeaderId id) { present_[static_cast<std::size_t>(id) / 64] |= bit(id); }
  [[nodiscard]] bool has(HeaderId id) const {
    return (present_[static_cast<std::size_t>(id) / 64] & bit(id)) != 0;
  }
  static constexpr std::uint64_t bit(HeaderId id) {
    return std::uint64_t{1} << (static_cast<std::size_t>(id) % 64);
  }

  int status_ = 0;
  Method method_ = Method::Unknown;
  std::string_view method_text_;
  std::string_view request_uri_;
  std::string_view reason_;
  std::vector<HeaderField> headers_;
  std::array<std::uint64_t, kHeaderIds / 64 + 1>
      present_{};  // which ids occur: most look-ups are for what is not there
  std::string_view body_;
  std::string_view call_id_;
  CSeq cseq_;
  Via top_via_;
  NameAddr from_;
  NameAddr to_;
};

/// Why bytes are not a message that may be processed, and what can be answered.
struct ParseFault {
  enum class Answer : std::uint8_t {
    None,  // not recognisable as a request that could be answered: drop
    BadRequest,  // 400
    Version,  // 505
    UriScheme,  // 416 (never from parse(); for callers)
    TooLarge,  // 513
  };
  Error error;
  Answer answer = Answer::None;
  /// When answer != None: what an answer must echo, as far as it could be read (Via lines, From, To, Call-ID,
  /// CSeq).
  Message partial;
};

}  // namespace xivo::sip
