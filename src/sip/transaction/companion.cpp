#include "sip/transaction/companion.hpp"

#include "base/assert.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

constexpr std::uint64_t kMaxForwards = 70;  // RFC 3261 §8.1.1.6

/// What ACK and CANCEL have from the INVITE alike, up to the To.
Writer start_like(const Message& invite, Method method) {
  auto writer = Writer::request(method, invite.request_uri_text());
  writer.add(HeaderId::Via, invite.top_via().text).add(HeaderId::MaxForwards, kMaxForwards);
  writer.copy(HeaderId::Route, invite).copy(HeaderId::From, invite);
  return writer;
}

std::string finish(Writer& writer, const Message& invite, Method method) {
  auto cseq = std::to_string(invite.cseq().number);
  cseq.append(" ").append(name(method));
  return writer.copy(HeaderId::CallId, invite).add(HeaderId::CSeq, cseq).finish();
}

}  // namespace

std::string make_ack(std::string& invite, const Message& response) {
  const auto parsed = Message::parse(invite.data(), invite.size());
  if (!parsed) {
    XIVO_BUG("an INVITE of ours is not a SIP message");
    return {};
  }
  auto writer = start_like(*parsed, Method::Ack);
  writer.add(HeaderId::To, response.header(HeaderId::To).value_or(std::string_view{}));
  return finish(writer, *parsed, Method::Ack);
}

std::string make_cancel(std::string& invite, std::string_view extra_headers) {
  const auto parsed = Message::parse(invite.data(), invite.size());
  if (!parsed) {
    XIVO_BUG("an INVITE of ours is not a SIP message");
    return {};
  }
  auto writer = start_like(*parsed, Method::Cancel);
  writer.copy(HeaderId::To, *parsed).raw(extra_headers);
  return finish(writer, *parsed, Method::Cancel);
}

}  // namespace xivo::sip
