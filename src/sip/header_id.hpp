#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xivo::sip {

/// The methods that the product knows by number; any other token is Unknown and kept as text.
enum class Method : std::uint8_t {
  Unknown,
  Invite,
  Ack,
  Bye,
  Cancel,
  Register,
  Options,
  Info,
  Prack,
  Update,
  Subscribe,
  Notify,
  Refer,
  Message,
  Publish,
};
/// Case-sensitive, as RFC 3261 §7.1 has it.
Method method_from(std::string_view text);
std::string_view name(Method method);

/// Header fields that the product looks at. Compact forms (RFC 3261 §7.3.3 and later RFCs) map to the same
/// id.
enum class HeaderId : std::uint8_t {
  Unknown,
  Accept,
  AcceptContact,
  AcceptEncoding,
  AcceptLanguage,
  AlertInfo,
  Allow,
  AllowEvents,
  AuthenticationInfo,
  Authorization,
  CallId,
  CallInfo,
  Contact,
  ContentDisposition,
  ContentEncoding,
  ContentLanguage,
  ContentLength,
  ContentType,
  CSeq,
  Date,
  Diversion,
  ErrorInfo,
  Event,
  Expires,
  FlowTimer,
  From,
  HistoryInfo,
  Identity,
  IdentityInfo,
  InReplyTo,
  Join,
  MaxForwards,
  MimeVersion,
  MinExpires,
  MinSE,
  Organization,
  PAssertedIdentity,
  PPreferredIdentity,
  PEarlyMedia,
  Path,
  Priority,
  Privacy,
  ProxyAuthenticate,
  ProxyAuthorization,
  ProxyRequire,
  RAck,
  Reason,
  RecordRoute,
  ReferredBy,
  ReferSub,
  ReferTo,
  RejectContact,
  RemotePartyId,
  Replaces,
  ReplyTo,
  RequestDisposition,
  Require,
  RetryAfter,
  Route,
  RSeq,
  Server,
  ServiceRoute,
  SessionExpires,
  SipEtag,
  SipIfMatch,
  Subject,
  SubscriptionState,
  Supported,
  TargetDialog,
  Timestamp,
  To,
  Unsupported,
  UserAgent,
  Via,
  Warning,
  WwwAuthenticate,
};
inline constexpr std::size_t kHeaderIds = static_cast<std::size_t>(HeaderId::WwwAuthenticate) + 1;

/// Ignores case; knows the compact forms. Costs one hash of three characters and one comparison.
HeaderId header_id_from(std::string_view name);
/// The canonical long name: "Call-ID".
std::string_view name(HeaderId id);

}  // namespace xivo::sip
