#include "sip/writer.hpp"

#include <charconv>

#include "base/address.hpp"
#include "base/text.hpp"
#include "sip/grammar.hpp"

namespace xivo::sip {
namespace {

constexpr std::size_t kUsualBytes = 1024;
constexpr std::size_t kSourceBytes = 64;  // ";received=" and "rport=" with their values

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto [end, code] = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(end - digits));
}

constexpr bool breaks_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

/// RFC 3261 §18.2.1: when sent-by is a name or another address. RFC 3581 §4: always beside rport.
bool needs_received(const Via& via, const Source& source) {
  if (via.has_rport || !via.received.empty()) return true;
  if (text::equal_ignoring_case(via.host, source.ip)) return false;
  const auto sent_by = IpAddress::parse(via.host);
  return !sent_by || sent_by != IpAddress::parse(source.ip);
}

/// The top Via as a response echoes it: what the client said about received and rport gives way to what we
/// saw.
std::string via_with_source(const Via& via, const Source& source) {
  std::string out;
  out.reserve(via.text.size() + kSourceBytes);
  out.append(via.text.substr(0, via.text.size() - via.parameters.size()));
  while (!out.empty() && text::is_space(out.back())) out.pop_back();
  grammar::ParameterReader reader(via.parameters);
  grammar::Parameter parameter;
  while (reader.next(parameter)) {
    if (text::equal_ignoring_case(parameter.name, "received")) continue;
    out.push_back(';');
    if (text::equal_ignoring_case(parameter.name, "rport")) {
      out.append("rport=");
      append_number(out, source.port);
    } else {
      out.append(parameter.text);
    }
  }
  if (needs_received(via, source)) out.append(";received=").append(source.ip);
  return out;
}

}  // namespace

Writer Writer::request(Method method, std::string_view request_uri) {
  Writer writer;
  writer.out_.reserve(kUsualBytes);
  writer.out_.append(name(method)).append(" ").append(request_uri).append(" SIP/2.0\r\n");
  return writer;
}

Writer Writer::response(int status, std::string_view reason) {
  Writer writer;
  writer.out_.reserve(kUsualBytes);
  writer.out_.append("SIP/2.0 ");
  append_number(writer.out_, static_cast<std::uint64_t>(status));
  writer.out_.append(" ").append(reason.empty() ? reason_phrase(status) : reason).append("\r\n");
  return writer;
}

Writer& Writer::add(HeaderId id, std::string_view value) { return add(name(id), value); }

Writer& Writer::add(HeaderId id, std::uint64_t value) {
  out_.append(name(id)).append(": ");
  append_number(out_, value);
  out_.append("\r\n");
  return *this;
}

Writer& Writer::add(std::string_view name, std::string_view value) {
  out_.append(name).append(": ").append(value).append("\r\n");
  return *this;
}

Writer& Writer::add_tagged(HeaderId id, std::string_view value, std::string_view tag) {
  out_.append(name(id)).append(": ").append(value).append(";tag=").append(tag).append("\r\n");
  return *this;
}

Writer& Writer::add_untrusted(HeaderId id, std::string_view value) {
  out_.append(name(id)).append(": ");
  for (const char c : value) out_.push_back(breaks_line(c) ? ' ' : c);
  out_.append("\r\n");
  return *this;
}

Writer& Writer::copy(HeaderId id, const Message& from) {
  for (const HeaderField& field : from.headers()) {
    if (field.id == id) add(id == HeaderId::Unknown ? field.name : name(id), field.value);
  }
  return *this;
}

std::string Writer::finish(std::string_view content_type, std::string_view body) {
  if (!body.empty() || !content_type.empty()) add(HeaderId::ContentType, content_type);
  add(HeaderId::ContentLength, std::uint64_t{body.size()});
  out_.append("\r\n").append(body);
  return std::move(out_);
}

Writer response_to(const Message& request, int status, std::string_view to_tag, const Source& source,
                   std::string_view reason) {
  Writer writer = Writer::response(status, reason);
  const std::string_view top = request.top_via().text;
  bool first = !top.empty();  // empty: the request's Via could not be read, and is echoed as it came
  for (const HeaderField& field : request.headers()) {
    if (field.id != HeaderId::Via) continue;
    if (!first) {
      writer.add(HeaderId::Via, field.value);
      continue;
    }
    first = false;
    std::string value = via_with_source(request.top_via(), source);
    value.append(field.value.substr(static_cast<std::size_t>(top.data() + top.size() - field.value.data())));
    writer.add(HeaderId::Via, value);
  }
  writer.copy(HeaderId::From, request);
  if (to_tag.empty() || !request.to().tag().empty()) {
    writer.copy(HeaderId::To, request);
  } else if (const auto to = request.header(HeaderId::To)) {
    writer.add_tagged(HeaderId::To, *to, to_tag);
  }
  return std::move(writer.copy(HeaderId::CallId, request).copy(HeaderId::CSeq, request));
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c);
  }
  out.push_back('"');
  return out;
}

}  // namespace xivo::sip
