#pragma once

#include <bitset>

#include "sip/message.hpp"

namespace xivo::sip {

/// Reads every byte that a parse result points to, through every accessor, so that a sanitizer sees a wrong view. The
/// sum depends on all of them, or the compiler would leave reads out.
class Toucher {
 public:
  std::size_t sum = 0;

  void read(std::string_view view) {
    for (const char c : view) sum += static_cast<unsigned char>(c);
  }
  void read(const Uri& uri) {
    for (const auto view :
         {uri.scheme, uri.user, uri.password, uri.host, uri.parameters, uri.headers, uri.opaque}) {
      read(view);
    }
    read(uri.parameter("transport").value_or(""));
    read(uri.user_unescaped());
    sum += equivalent(uri, uri) ? 1 : 0;
  }
  void read(const NameAddr& address) {
    for (const auto view : {address.display_name, address.uri_text, address.parameters, address.tag()})
      read(view);
    read(address.parameter("expires").value_or(""));
    read(address.uri);
  }
  void read(const Via& via) {
    for (const auto view : {via.text, via.transport, via.host, via.branch, via.received, via.parameters})
      read(view);
  }
  void read(const Message& message) {
    for (const auto view :
         {message.method_text(), message.request_uri_text(), message.reason(), message.body(),
          message.call_id(), message.cseq().method_text, message.content_type()}) {
      read(view);
    }
    read(message.top_via());
    read(message.from());
    read(message.to());
    if (const auto uri = message.request_uri()) read(*uri);
    if (const auto contacts = message.contacts()) {
      for (const NameAddr& address : contacts->list) read(address);
    }
    std::bitset<kHeaderIds> seen;
    for (const HeaderField& field : message.headers()) {
      read(field.name);
      read(field.value);
      read(message.header(field.name).value_or(""));
      if (const auto via = Via::parse(field.value)) read(*via);
      if (field.id == HeaderId::Unknown || seen.test(static_cast<std::size_t>(field.id))) continue;
      seen.set(static_cast<std::size_t>(field.id));
      read_all(message, field.id);
    }
  }

 private:
  void read_all(const Message& message, HeaderId id) {
    read(message.header(id).value_or(""));
    for (const auto token : message.tokens(id)) read(token);
    sum += message.has_token(id, "100rel") ? 1 : 0;
    if (const auto number = message.number(id)) sum += number->value_or(0);
    if (const auto list = message.name_addrs(id)) {
      for (const NameAddr& address : *list) read(address);
    }
  }
};

inline std::size_t touch(const Result<Message, ParseFault>& result) {
  Toucher toucher;
  toucher.read(result ? *result : result.error().partial);
  return toucher.sum;
}

}  // namespace xivo::sip
