#include "sip/dialog.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::sip {
namespace {

constexpr std::uint64_t kMaxForwards = 70;  // RFC 3261 §8.1.1.6

/// A From or To without its tag and other parameters, always with angle brackets.
std::string party(const NameAddr& addr, std::string_view value) {
  const auto bracket = addr.uri_text.data() + addr.uri_text.size();
  const auto end = value.data() + value.size();
  const bool bracketed = bracket < end && *bracket == '>';
  if (bracketed) return std::string(value.data(), bracket + 1);
  return std::string("<").append(addr.uri_text).append(">");
}

std::string party(const NameAddr& addr, const Message& message, HeaderId id) {
  return party(addr, message.header(id).value_or(std::string_view{}));
}

std::string with_tag(std::string_view party, std::string_view tag) {
  std::string value(party);
  if (!tag.empty()) value.append(";tag=").append(tag);
  return value;
}

/// The one Contact of a message, or nothing; a URI that no request could be sent to is an error.
Result<std::string> target_of(const Message& message) {
  const auto contacts = message.contacts();
  if (!contacts) return Unexpected{contacts.error()};
  if (contacts->list.empty()) return std::string();
  const auto& contact = contacts->list.front();
  if (!contact.uri.is_sip()) return fail("Contact is not a SIP URI");
  // Header fields are not allowed in a Request-URI (§19.1.1, table 1).
  return std::string(contact.uri_text.substr(0, contact.uri_text.find('?')));
}

Result<std::vector<std::string>> routes_of(const Message& message) {
  const auto recorded = message.name_addrs(HeaderId::RecordRoute);
  if (!recorded) return Unexpected{recorded.error()};
  std::vector<std::string> routes;
  routes.reserve(recorded->size());
  for (const auto& hop : *recorded) {
    routes.push_back(std::string("<").append(hop.uri_text).append(">").append(hop.parameters));
  }
  return routes;
}

/// The URI between the brackets of a member of the route set.
std::string_view uri_of(std::string_view route) { return route.substr(1, route.find('>') - 1); }

bool is_loose(std::string_view route) {
  const auto uri = Uri::parse(uri_of(route));
  return uri && uri->parameter("lr").has_value();
}

}  // namespace

Result<Dialog> Dialog::from_request(const Message& request, std::string_view local_tag) {
  auto target = target_of(request);
  if (!target) return Unexpected{target.error()};
  if (target->empty()) return fail("no Contact");
  auto routes = routes_of(request);
  if (!routes) return Unexpected{routes.error()};
  Dialog dialog;
  dialog.id_ = {std::string(request.call_id()), std::string(local_tag), std::string(request.from().tag())};
  dialog.local_uri_ = party(request.to(), request, HeaderId::To);
  dialog.remote_uri_ = party(request.from(), request, HeaderId::From);
  dialog.remote_target_ = std::move(*target);
  dialog.route_set_ = std::move(*routes);
  dialog.remote_cseq_ = request.cseq().number;
  dialog.remote_cseq_known_ = true;
  return dialog;
}

Result<Dialog> Dialog::from_response(const Message& response, std::uint32_t local_cseq) {
  const bool provisional = response.status() < 200;
  const auto remote_tag = response.to().tag();
  // A final response without a tag is from before RFC 3261; its tag counts as empty (§12.1.2).
  if (remote_tag.empty() && provisional) return fail("no tag in To");
  auto target = target_of(response);
  if (!target) return Unexpected{target.error()};
  if (target->empty() && !provisional) return fail("no Contact");
  auto routes = routes_of(response);
  if (!routes) return Unexpected{routes.error()};
  std::reverse(routes->begin(), routes->end());
  Dialog dialog;
  dialog.id_ = {std::string(response.call_id()), std::string(response.from().tag()), std::string(remote_tag)};
  dialog.local_uri_ = party(response.from(), response, HeaderId::From);
  dialog.remote_uri_ = party(response.to(), response, HeaderId::To);
  // Many phones leave the Contact out of a 180. Until the 2xx brings one, the address called has to do.
  dialog.remote_target_ = target->empty() ? std::string(response.to().uri_text) : std::move(*target);
  dialog.route_set_ = std::move(*routes);
  dialog.local_cseq_ = local_cseq;
  return dialog;
}

Writer Dialog::request(Method method, std::string_view via_value, std::uint32_t cseq_override) {
  const bool strict = !route_set_.empty() && !is_loose(route_set_.front());
  auto writer = Writer::request(method, strict ? uri_of(route_set_.front()) : remote_target_);
  writer.add(HeaderId::Via, via_value).add(HeaderId::MaxForwards, kMaxForwards);
  for (std::size_t hop = strict ? 1 : 0; hop < route_set_.size(); ++hop) {
    writer.add(HeaderId::Route, route_set_[hop]);
  }
  if (strict) writer.add(HeaderId::Route, std::string("<").append(remote_target_).append(">"));
  writer.add(HeaderId::From, with_tag(local_uri_, id_.local_tag));
  writer.add(HeaderId::To, with_tag(remote_uri_, id_.remote_tag));
  writer.add(HeaderId::CallId, id_.call_id);
  const auto number = cseq_override != 0 ? cseq_override : ++local_cseq_;
  writer.add(HeaderId::CSeq, std::to_string(number).append(" ").append(name(method)));
  return writer;
}

std::string_view Dialog::next_hop() const {
  return route_set_.empty() ? std::string_view(remote_target_) : uri_of(route_set_.front());
}

Dialog::Order Dialog::accept_cseq(const Message& request) {
  // ACK and CANCEL bear the number of their INVITE, which others may have overtaken.
  if (request.method() == Method::Ack || request.method() == Method::Cancel) return Order::Ok;
  const auto number = request.cseq().number;
  if (remote_cseq_known_ && number < remote_cseq_) return Order::Old;
  remote_cseq_ = number;
  remote_cseq_known_ = true;
  return Order::Ok;
}

std::string Dialog::contact_of(const Message& message) { return target_of(message).value_or(std::string{}); }

void Dialog::refresh_target(const Message& message) { set_remote_target(contact_of(message)); }

void Dialog::confirm(const Message& response) {
  refresh_target(response);
  auto routes = routes_of(response);
  if (!routes) return;
  std::reverse(routes->begin(), routes->end());
  route_set_ = std::move(*routes);
}

}  // namespace xivo::sip
