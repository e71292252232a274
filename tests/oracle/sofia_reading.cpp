// Sofia-SIP's message parser, the one of FreeSWITCH.
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_parser.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>

#include <memory>

#include "base/text.hpp"
#include "reading.hpp"

namespace xivo::oracle {
namespace {

std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

std::string written(const url_t& url) {
  if (url.url_type != url_sip && url.url_type != url_sips) {
    return (url.url_type == url_tel ? std::string("tel") : text::to_lower(text_of(url.url_scheme))) + ":";
  }
  return oracle::written({url.url_type == url_sip ? "sip" : "sips",
                          url.url_user == nullptr ? "" : url.url_user,
                          url.url_host == nullptr ? "" : url.url_host,
                          text::parse_decimal<unsigned>(text_of(url.url_port)).value_or(0)});
}

void put(Reading& reading, const char* name, const std::string& value) {
  if (!value.empty()) reading.fields[name] = value;
}

class Sofia final : public Parser {
 public:
  [[nodiscard]] std::string_view name() const override { return "sofia-sip"; }
  [[nodiscard]] Reading read(const std::string& bytes) const override;
};

Reading Sofia::read(const std::string& bytes) const {
  Reading reading;
  const std::unique_ptr<msg_t, decltype(&msg_destroy)> message(
      msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<ssize_t>(bytes.size())), &msg_destroy);
  const sip_t* const sip = message ? sip_object(message.get()) : nullptr;
  if (sip == nullptr || (sip->sip_flags & MSG_FLG_ERROR) != 0 || sip_sanity_check(sip) < 0) return reading;
  if (sip->sip_error != nullptr) reading.why = "some field is skipped";
  reading.accepted = true;
  if (sip->sip_request != nullptr) {
    put(reading, "method", text_of(sip->sip_request->rq_method_name));
    put(reading, "request-uri", written(*sip->sip_request->rq_url));
  } else {
    put(reading, "status", std::to_string(sip->sip_status->st_status));
  }
  std::string contacts;
  for (const sip_contact_t* contact = sip->sip_contact; contact != nullptr; contact = contact->m_next) {
    contacts += (contact->m_url->url_type == url_any ? "*" : written(*contact->m_url)) + " ";
  }
  put(reading, "contacts", contacts);
  put(reading, "call-id", text_of(sip->sip_call_id->i_id));
  put(reading, "cseq", std::to_string(sip->sip_cseq->cs_seq) + " " + text_of(sip->sip_cseq->cs_method_name));
  put(reading, "from-tag", text_of(sip->sip_from->a_tag));
  put(reading, "to-tag", text_of(sip->sip_to->a_tag));
  put(reading, "via-branch", text_of(sip->sip_via->v_branch));
  put(reading, "via-host", oracle::written({"", "", sip->sip_via->v_host, 0}).substr(1));
  put(reading, "via-port", number(text_of(sip->sip_via->v_port)));
  if (sip->sip_payload != nullptr) {
    put(reading, "body", std::string(sip->sip_payload->pl_data, sip->sip_payload->pl_len));
  }
  return reading;
}

}  // namespace

const Parser& sofia_parser() {
  static const Sofia parser;
  return parser;
}

}  // namespace xivo::oracle
