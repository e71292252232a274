#pragma once

#include <bitset>

#include "sip/message.hpp"

namespace xivo::sip {

/// Calls every accessor of a parse result and reads every byte it points to, so that a sanitizer sees a wrong view.
/// Returns a value that depends on all of them.
inline std::size_t touch(const Message& message) {
  std::size_t sum = 0;
  const auto read = [&sum](std::string_view view) {
    for (const char c : view) sum += static_cast<unsigned char>(c);
  };
  const auto read_uri = [&](const Uri& uri) {
    for (const auto view :
         {uri.scheme, uri.user, uri.password, uri.host, uri.parameters, uri.headers, uri.opaque}) {
      read(view);
    }
    read(uri.parameter("transport").value_or(""));
    read(uri.user_unescaped());
    sum += equivalent(uri, uri) ? 1 : 0;
  };
  const auto read_address = [&](const NameAddr& address) {
    for (const auto view : {address.display_name, address.uri_text, address.parameters, address.tag()})
      read(view);
    read(address.parameter("expires").value_or(""));
    read_uri(address.uri);
  };
  const Via& via = message.top_via();
  for (const auto view : {message.method_text(), message.request_uri_text(), message.reason(), message.body(),
                          message.call_id(), message.cseq().method_text, message.content_type(), via.text,
                          via.transport, via.host, via.branch, via.received, via.parameters}) {
    read(view);
  }
  read_address(message.from());
  read_address(message.to());
  std::bitset<kHeaderIds> seen;
  for (const HeaderField& field : message.headers()) {
    read(field.name);
    read(field.value);
    read(message.header(field.name).value_or(""));
    if (const auto other = Via::parse(field.value)) read(other->text);
    if (field.id == HeaderId::Unknown || seen.test(static_cast<std::size_t>(field.id))) continue;
    seen.set(static_cast<std::size_t>(field.id));
    read(message.header(field.id).value_or(""));
    for (const auto token : message.tokens(field.id)) read(token);
    sum += message.has_token(field.id, "100rel") ? 1 : 0;
    if (const auto number = message.number(field.id)) sum += number->value_or(0);
    if (const auto list = message.name_addrs(field.id)) {
      for (const NameAddr& address : *list) read_address(address);
    }
  }
  if (const auto uri = message.request_uri()) read_uri(*uri);
  if (const auto contacts = message.contacts()) {
    for (const NameAddr& address : contacts->list) read_address(address);
  }
  return sum;
}

inline std::size_t touch(const Result<Message, ParseFault>& result) {
  return result ? touch(*result) : touch(result.error().partial) + result.error().error.what.size();
}

}  // namespace xivo::sip
