// GNU oSIP's message parser, the one of many telephones.
#include <sys/time.h>

#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>

#include <cstdarg>
#include <memory>

#include "base/text.hpp"
#include "reading.hpp"

namespace xivo::oracle {
namespace {

std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

std::string written(const osip_uri_t* uri) {
  if (uri == nullptr) return {};
  const auto scheme = text_of(uri->scheme);
  if (uri->string != nullptr) return text::to_lower(scheme) + ":";
  const auto host = text_of(uri->host);
  const bool ipv6 = host.find(':') != std::string::npos;
  return oracle::written({scheme, uri->username == nullptr ? "" : uri->username,
                          ipv6 ? "[" + host + "]" : host,
                          text::parse_decimal<unsigned>(text_of(uri->port)).value_or(0)});
}

void put(Reading& reading, const char* name, const std::string& value) {
  if (!value.empty()) reading.fields[name] = value;
}

std::string tag_of(osip_from_t* from) {
  osip_generic_param_t* tag = nullptr;
  if (from == nullptr) return {};
  osip_generic_param_get_byname(&from->gen_params, const_cast<char*>("tag"), &tag);
  return tag == nullptr ? std::string() : text_of(tag->gvalue);
}

void read_via(osip_message_t* sip, Reading& reading) {
  auto* const via = static_cast<osip_via_t*>(osip_list_get(&sip->vias, 0));
  osip_generic_param_t* branch = nullptr;
  osip_via_param_get_byname(via, const_cast<char*>("branch"), &branch);
  if (branch != nullptr) put(reading, "via-branch", text_of(branch->gvalue));
  const auto host = text_of(via->host);
  const bool ipv6 = host.find(':') != std::string::npos;
  put(reading, "via-host", oracle::written({"", "", ipv6 ? "[" + host + "]" : host, 0}).substr(1));
  put(reading, "via-port", number(text_of(via->port)));
}

void read_contacts(osip_message_t* sip, Reading& reading) {
  std::string contacts;
  for (int i = 0; i < osip_list_size(&sip->contacts); ++i) {
    const auto* const contact = static_cast<osip_contact_t*>(osip_list_get(&sip->contacts, i));
    contacts += (contact->url == nullptr ? text_of(contact->displayname) : written(contact->url)) + " ";
  }
  put(reading, "contacts", contacts);
}

class Osip final : public Parser {
 public:
  Osip() {
    parser_init();
    osip_trace_initialize_func(END_TRACE_LEVEL,
                               [](const char*, int, osip_trace_level_t, const char*, va_list) {});
  }
  [[nodiscard]] std::string_view name() const override { return "osip2"; }
  [[nodiscard]] Reading read(const std::string& bytes) const override;
};

Reading Osip::read(const std::string& bytes) const {
  Reading reading;
  osip_message_t* sip = nullptr;
  if (osip_message_init(&sip) != 0) return reading;
  const std::unique_ptr<osip_message_t, decltype(&osip_message_free)> keep(sip, &osip_message_free);
  if (osip_message_parse(sip, bytes.data(), bytes.size()) != 0) return reading;
  // Its transaction layer refuses what lacks these; its parser leaves that to it.
  if (osip_list_size(&sip->vias) <= 0 || sip->call_id == nullptr || sip->cseq == nullptr ||
      sip->from == nullptr || sip->to == nullptr) {
    return reading;
  }
  reading.accepted = true;
  if (MSG_IS_REQUEST(sip)) {
    put(reading, "method", text_of(sip->sip_method));
    put(reading, "request-uri", written(sip->req_uri));
  } else {
    put(reading, "status", std::to_string(sip->status_code));
  }
  const auto host = text_of(sip->call_id->host);
  put(reading, "call-id", text_of(sip->call_id->number) + (host.empty() ? "" : "@" + host));
  put(reading, "cseq", number(text_of(sip->cseq->number)) + " " + text_of(sip->cseq->method));
  put(reading, "from-tag", tag_of(sip->from));
  put(reading, "to-tag", tag_of(sip->to));
  read_via(sip, reading);
  read_contacts(sip, reading);
  std::string body;
  for (int i = 0; i < osip_list_size(&sip->bodies); ++i) {
    const auto* const part = static_cast<osip_body_t*>(osip_list_get(&sip->bodies, i));
    body.append(part->body, part->length);
  }
  put(reading, "body", body);
  return reading;
}

}  // namespace

const Parser& osip_parser() {
  static const Osip parser;
  return parser;
}

}  // namespace xivo::oracle
