#include "sip/message.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/parser.hpp"

namespace xivo::sip {
namespace {

using grammar::Scanner;

/// Reads the URI of `addr` without brackets: it ends where header parameters or a list's next element start,
/// and may have neither parameters nor headers of its own (RFC 3261 §20.10).
Result<void> take_bare(Scanner& scanner, NameAddr& addr) {
  addr.uri_text = scanner.take_all(grammar::kParameterValue);
  auto uri = Uri::parse(addr.uri_text);
  if (!uri) return Unexpected{uri.error()};
  if (uri->is_sip() && addr.uri_text.find('?') != std::string_view::npos) {
    return fail("a URI with '?' must stand in angle brackets");
  }
  addr.uri = *uri;
  return {};
}

Result<void> take_bracketed(Scanner& scanner, NameAddr& addr) {
  if (!scanner.take('<')) return fail("no URI after the display name");
  const std::size_t close = scanner.rest.find('>');
  if (close == std::string_view::npos) return fail("angle bracket does not close");
  addr.uri_text = scanner.rest.substr(0, close);
  auto uri = Uri::parse(addr.uri_text);
  if (!uri) return Unexpected{uri.error()};
  addr.uri = *uri;
  scanner.rest.remove_prefix(close + 1);
  return {};
}

/// Reads one address; `scanner` is left at the end or at a comma.
Result<NameAddr> take_name_addr(Scanner& scanner, std::string_view before_bracket) {
  NameAddr addr;
  scanner.skip_space();
  Result<void> done;
  if (scanner.peek() == '"') {
    if (!scanner.take_quoted(addr.display_name)) return fail("quoted string does not end");
    scanner.skip_space();
    done = take_bracketed(scanner, addr);
  } else if (const std::size_t stop = scanner.rest.find_first_of(before_bracket);
             stop != std::string_view::npos && scanner.rest[stop] == '<') {
    addr.display_name = text::trim(scanner.rest.substr(0, stop));
    if (addr.display_name.find('"') != std::string_view::npos) return fail("quote inside a display name");
    scanner.rest.remove_prefix(stop);
    done = take_bracketed(scanner, addr);
  } else {
    done = take_bare(scanner, addr);
  }
  if (!done) return Unexpected{done.error()};
  if (!grammar::take_parameters(scanner, addr.parameters)) return fail("bad header parameter");
  return addr;
}

Result<void> append_name_addrs(std::string_view value, std::vector<NameAddr>& list) {
  Scanner scanner{value};
  do {
    auto addr = take_name_addr(scanner, "<,");
    if (!addr) return Unexpected{addr.error()};
    list.push_back(*addr);
  } while (scanner.take(','));
  return {};
}

}  // namespace

std::optional<std::string_view> find_parameter(std::string_view parameters, std::string_view name) {
  grammar::ParameterReader reader(parameters);
  grammar::Parameter parameter;
  while (reader.next(parameter)) {
    if (text::equal_ignoring_case(parameter.name, name)) return parameter.value;
  }
  return std::nullopt;
}

Result<Via> Via::parse(std::string_view value) {
  Via via;
  Scanner scanner{value};
  scanner.skip_space();
  const char* const begin = scanner.rest.data();
  if (!text::equal_ignoring_case(scanner.take_all(grammar::kToken), "SIP") || !scanner.take_separator('/') ||
      scanner.take_all(grammar::kToken).empty() || !scanner.take_separator('/')) {
    return fail("bad protocol in Via");
  }
  via.transport = scanner.take_all(grammar::kToken);
  if (via.transport.empty() || !text::is_space(scanner.peek())) return fail("bad transport in Via");
  scanner.skip_space();
  if (!scanner.take_host(via.host) || !scanner.take_port(via.port)) return fail("bad sent-by in Via");
  scanner.skip_space();
  const std::string_view all = scanner.rest;
  grammar::ParameterReader reader(all);
  grammar::Parameter parameter;
  while (reader.next(parameter)) {
    if (text::equal_ignoring_case(parameter.name, "branch")) {
      via.branch = parameter.value;
    } else if (text::equal_ignoring_case(parameter.name, "received")) {
      via.received = parameter.value;
    } else if (text::equal_ignoring_case(parameter.name, "rport")) {
      via.has_rport = true;
      if (!parameter.has_value) continue;
      const auto port = text::parse_decimal<std::uint16_t>(parameter.value);
      if (!port) return fail("bad rport in Via");
      via.rport = *port;
    }
  }
  if (reader.failed()) return fail("bad parameter in Via");
  via.parameters = text::trim(all.substr(0, all.size() - reader.rest().size()));
  via.text = text::trim({begin, static_cast<std::size_t>(reader.rest().data() - begin)});
  return via;
}

Result<NameAddr> NameAddr::parse(std::string_view value) {
  Scanner scanner{value};
  auto addr = take_name_addr(scanner, "<");
  if (addr && !scanner.done()) return fail("more than one address");
  return addr;
}

std::optional<std::string_view> NameAddr::parameter(std::string_view name) const {
  return find_parameter(parameters, name);
}

Result<Message, ParseFault> Message::parse(char* bytes, std::size_t size) {
  return Parser(bytes, size).run();
}

std::optional<std::string_view> Message::header(HeaderId id) const {
  if (!has(id)) return std::nullopt;
  for (const HeaderField& field : headers_) {
    if (field.id == id) return field.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Message::header(std::string_view name) const {
  for (const HeaderField& field : headers_) {
    if (text::equal_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

Result<Uri> Message::request_uri() const {
  auto uri = Uri::parse(request_uri_);
  // RFC 3261 §19.1.1, table 1; RFC 4475 §3.1.2.11.
  if (uri && !uri->headers.empty()) return fail("header fields in the Request-URI");
  return uri;
}

Result<Contacts> Message::contacts() const {
  Contacts contacts;
  if (!has(HeaderId::Contact)) return contacts;
  std::size_t fields = 0;
  for (const HeaderField& field : headers_) {
    if (field.id != HeaderId::Contact) continue;
    ++fields;
    if (field.value == "*") {
      contacts.star = true;
    } else if (auto done = append_name_addrs(field.value, contacts.list); !done) {
      return Unexpected{done.error()};
    }
  }
  if (contacts.star && fields > 1) return fail("Contact * beside another Contact");
  return contacts;
}

Result<std::vector<NameAddr>> Message::name_addrs(HeaderId id) const {
  std::vector<NameAddr> list;
  if (!has(id)) return list;
  for (const HeaderField& field : headers_) {
    if (field.id != id) continue;
    if (auto done = append_name_addrs(field.value, list); !done) return Unexpected{done.error()};
  }
  return list;
}

Result<std::optional<std::uint32_t>> Message::number(HeaderId id) const {
  const auto value = header(id);
  if (!value) return std::optional<std::uint32_t>{};
  std::size_t digits = 0;
  while (digits < value->size() && text::is_digit((*value)[digits])) ++digits;
  const auto number = text::parse_decimal<std::uint32_t>(value->substr(0, digits));
  const std::string_view rest = text::trim(value->substr(digits));
  // A comment or parameters may follow: "Retry-After: 120 (in a meeting)", "Session-Expires:
  // 1800;refresher=uac".
  if (!number || !(rest.empty() || rest.front() == ';' || rest.front() == '('))
    return fail("bad number in a header field");
  return std::optional(*number);
}

std::vector<std::string_view> Message::tokens(HeaderId id) const {
  std::vector<std::string_view> all;
  if (!has(id)) return all;
  for (const HeaderField& field : headers_) {
    if (field.id != id) continue;
    std::string_view list = field.value;
    std::string_view element;
    while (grammar::next_element(list, element)) {
      if (!element.empty()) all.push_back(element);
    }
  }
  return all;
}

bool Message::has_token(HeaderId id, std::string_view token) const {
  if (!has(id)) return false;
  for (const HeaderField& field : headers_) {
    if (field.id != id) continue;
    std::string_view list = field.value;
    std::string_view element;
    while (grammar::next_element(list, element)) {
      if (text::equal_ignoring_case(text::trim(element.substr(0, element.find(';'))), token)) return true;
    }
  }
  return false;
}

std::string_view Message::content_type() const {
  const std::string_view value = header(HeaderId::ContentType).value_or(std::string_view{});
  return text::trim(value.substr(0, value.find(';')));
}

}  // namespace xivo::sip
