// Identity headers towards and from operators.                        RFC 3323 §4, RFC 3325 §9, RFC 5806 §9, RFC 7044
#include "endpoint/trunk/identity.hpp"

#include <fmt/format.h>

#include "base/address.hpp"
#include "base/text.hpp"
#include "sip/uri.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

/// What is shown of a caller that nobody may know.                                         RFC 3323 §4.1.1.3
constexpr std::string_view kAnonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

std::string name_addr(std::string_view name, std::string_view user, std::string_view domain) {
  const auto display = name.empty() ? std::string{} : sip::quote(name) + " ";
  if (user.empty()) return fmt::format("{}<sip:{}>", display, domain);
  return fmt::format("{}<sip:{}@{}>", display, sip::escape_user(user), domain);
}

/// IPv6 in brackets.
std::string uri_host(std::string_view host) {
  const auto ip = IpAddress::parse(host);
  return ip ? ip->to_uri_host() : std::string(host);
}

bool is_anonymous_uri(const sip::Uri& uri) {
  return text::equal_ignoring_case(uri.user, "anonymous") ||
         text::equal_ignoring_case(uri.host, "anonymous.invalid");
}

/// A name without the escapes of its quotes.
std::string plain_name(std::string_view quoted) {
  std::string name;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\\' && i + 1 < quoted.size()) ++i;
    name += quoted[i];
  }
  return name;
}

bool wants_privacy(const sip::Message& request) {
  for (const auto& field : request.headers()) {
    if (field.id != sip::HeaderId::Privacy) continue;
    for (const auto value : text::split(field.value, ';')) {
      for (const std::string_view wish : {"id", "user", "header", "full"}) {
        if (text::equal_ignoring_case(text::trim(value), wish)) return true;
      }
    }
  }
  return false;
}

/// The party that forwarded the call last: of Diversion the first, of History-Info the last but one.
std::string diverting_number(const sip::Message& request) {
  if (const auto diversions = request.name_addrs(sip::HeaderId::Diversion);
      diversions && !diversions->empty())
    return diversions->front().uri.user_unescaped();
  const auto history = request.name_addrs(sip::HeaderId::HistoryInfo);
  if (!history || history->size() < 2) return {};
  return (*history)[history->size() - 2].uri.user_unescaped();
}

}  // namespace

std::string_view host_name(std::string_view host) {
  if (IpAddress::parse(host)) return host;
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

OutgoingIdentity identity_of(const model::Trunk& trunk, std::string_view number,
                             const OutgoingCaller& caller) {
  const auto host = IpAddress::parse(trunk.host) ? uri_host(trunk.host) : trunk.host;
  const auto domain = uri_host(host_name(trunk.from_domain.empty() ? trunk.host : trunk.from_domain));
  const std::string_view transport = trunk.transport == "tls"   ? ";transport=tls"
                                     : trunk.transport == "tcp" ? ";transport=tcp"
                                                                : "";
  const auto& shown = caller.number.empty() ? trunk.username : caller.number;
  OutgoingIdentity made;
  made.request_uri = fmt::format("sip:{}@{}{}", sip::escape_user(number), host, transport);
  made.to = name_addr({}, number, domain);
  if (!trunk.from_user.empty()) {
    made.from = name_addr(caller.anonymous ? "Anonymous" : caller.name, trunk.from_user, domain);
  } else {
    made.from = caller.anonymous ? std::string(kAnonymous) : name_addr(caller.name, shown, domain);
  }
  const auto real = name_addr(caller.name, shown, domain);
  if (trunk.identity_out == "pai" && !shown.empty())
    made.lines += fmt::format("P-Asserted-Identity: {}\r\n", real);
  if (trunk.identity_out == "rpid" && !shown.empty()) {
    made.lines += fmt::format("Remote-Party-ID: {};party=calling;screen=yes;privacy={}\r\n", real,
                              caller.anonymous ? "full" : "off");
  }
  if (caller.anonymous) made.lines += "Privacy: id\r\n";
  if (trunk.diversion_out && !caller.diverted_by.empty()) {
    made.lines +=
        fmt::format("Diversion: {};reason=unconditional\r\n", name_addr({}, caller.diverted_by, domain));
  }
  return made;
}

IncomingIdentity read_identity(const model::Trunk& trunk, const sip::Message& request, bool by_line) {
  IncomingIdentity read;
  const auto uri = request.request_uri();
  if (uri) read.dialled = uri->user_unescaped();
  const bool our_contact = by_line && (read.dialled == trunk.username || read.dialled.empty());
  if (our_contact && !request.to().uri.user.empty()) read.dialled = request.to().uri.user_unescaped();

  const auto* who = &request.from();
  const auto asserted = request.name_addrs(sip::HeaderId::PAssertedIdentity);
  if (trunk.identity_in && asserted) {
    for (const auto& identity : *asserted) {
      if (identity.uri.user.empty()) continue;
      who = &identity;
      break;
    }
  }
  read.diverted_by = diverting_number(request);
  read.anonymous =
      wants_privacy(request) || is_anonymous_uri(who->uri) || is_anonymous_uri(request.from().uri);
  if (read.anonymous) return read;
  read.number = who->uri.user_unescaped();
  read.name = plain_name(who->display_name);
  if (read.name == read.number) read.name.clear();
  return read;
}

}  // namespace xivo::endpoint
