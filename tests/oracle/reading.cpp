#include "reading.hpp"

#include "base/text.hpp"
#include "sip/message.hpp"

namespace xivo::oracle {
namespace {

std::string written(const sip::Uri& uri) {
  if (uri.is_tel() || !uri.is_sip()) return text::to_lower(uri.scheme) + ":";
  return written(UriParts{uri.scheme, uri.user, uri.host, uri.port});
}

class Ours final : public Parser {
 public:
  [[nodiscard]] std::string_view name() const override { return "xivo"; }
  [[nodiscard]] Reading read(const std::string& bytes) const override;
};

Reading Ours::read(const std::string& bytes) const {
  Reading reading;
  std::string copy = bytes;  // folded lines are unfolded in place
  const auto message = sip::Message::parse(copy.data(), copy.size());
  if (!message) {
    reading.why = message.error().error.what;
    return reading;
  }
  auto& fields = reading.fields;
  if (message->is_request()) {
    const auto uri = message->request_uri();
    if (!uri) {
      reading.why = uri.error().what;
      return reading;
    }
  }
  const auto contacts = message->contacts();
  if (!contacts) {
    reading.why = contacts.error().what;
    return reading;
  }
  reading.accepted = true;
  if (message->is_request()) {
    fields["method"] = message->method_text();
    fields["request-uri"] = written(*message->request_uri());
  } else {
    fields["status"] = std::to_string(message->status());
  }
  for (const auto& contact : contacts->list) fields["contacts"] += written(contact.uri) + " ";
  if (contacts->star) fields["contacts"] = "* ";
  fields["call-id"] = message->call_id();
  fields["cseq"] = std::to_string(message->cseq().number) + " " + std::string(message->cseq().method_text);
  if (const auto tag = message->from().tag(); !tag.empty()) fields["from-tag"] = tag;
  if (const auto tag = message->to().tag(); !tag.empty()) fields["to-tag"] = tag;
  const auto& via = message->top_via();
  if (!via.branch.empty()) fields["via-branch"] = via.branch;
  fields["via-host"] = text::to_lower(via.host);
  if (via.port != 0) fields["via-port"] = std::to_string(via.port);
  if (!message->body().empty()) fields["body"] = message->body();
  return reading;
}

}  // namespace

std::string number(const std::string& digits) {
  if (digits.empty()) return {};
  return std::to_string(text::parse_decimal<std::uint64_t>(digits).value_or(UINT64_MAX));
}

std::string written(const UriParts& uri) {
  std::string text = text::to_lower(uri.scheme) + ":";
  if (!uri.user.empty()) text += sip::unescape(uri.user) + "@";
  text += text::to_lower(uri.host);
  if (uri.port != 0) text += ":" + std::to_string(uri.port);
  return text;
}

const Parser& our_parser() {
  static const Ours parser;
  return parser;
}

std::vector<const Parser*> oracles() {
  std::vector<const Parser*> found;
#ifdef XIVO_HAVE_SOFIA
  found.push_back(&sofia_parser());
#endif
#ifdef XIVO_HAVE_OSIP
  found.push_back(&osip_parser());
#endif
  return found;
}

}  // namespace xivo::oracle
