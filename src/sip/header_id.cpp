#include "sip/header_id.hpp"

#include <array>
#include <iterator>

#include "base/text.hpp"

namespace xivo::sip {
namespace {

struct MethodName {
  Method method;
  std::string_view name;
};
constexpr MethodName kMethods[] = {
    {Method::Unknown, ""},        {Method::Invite, "INVITE"},       {Method::Ack, "ACK"},
    {Method::Bye, "BYE"},         {Method::Cancel, "CANCEL"},       {Method::Register, "REGISTER"},
    {Method::Options, "OPTIONS"}, {Method::Info, "INFO"},           {Method::Prack, "PRACK"},
    {Method::Update, "UPDATE"},   {Method::Subscribe, "SUBSCRIBE"}, {Method::Notify, "NOTIFY"},
    {Method::Refer, "REFER"},     {Method::Message, "MESSAGE"},     {Method::Publish, "PUBLISH"},
};

struct HeaderName {
  HeaderId id;
  std::string_view name;
  char compact = '\0';  // RFC 3261 §7.3.3 and the IANA registry of SIP header fields
};
constexpr HeaderName kHeaders[] = {
    {HeaderId::Unknown, ""},
    {HeaderId::Accept, "Accept"},
    {HeaderId::AcceptContact, "Accept-Contact", 'a'},
    {HeaderId::AcceptEncoding, "Accept-Encoding"},
    {HeaderId::AcceptLanguage, "Accept-Language"},
    {HeaderId::AlertInfo, "Alert-Info"},
    {HeaderId::Allow, "Allow"},
    {HeaderId::AllowEvents, "Allow-Events", 'u'},
    {HeaderId::AuthenticationInfo, "Authentication-Info"},
    {HeaderId::Authorization, "Authorization"},
    {HeaderId::CallId, "Call-ID", 'i'},
    {HeaderId::CallInfo, "Call-Info"},
    {HeaderId::Contact, "Contact", 'm'},
    {HeaderId::ContentDisposition, "Content-Disposition"},
    {HeaderId::ContentEncoding, "Content-Encoding", 'e'},
    {HeaderId::ContentLanguage, "Content-Language"},
    {HeaderId::ContentLength, "Content-Length", 'l'},
    {HeaderId::ContentType, "Content-Type", 'c'},
    {HeaderId::CSeq, "CSeq"},
    {HeaderId::Date, "Date"},
    {HeaderId::Diversion, "Diversion"},
    {HeaderId::ErrorInfo, "Error-Info"},
    {HeaderId::Event, "Event", 'o'},
    {HeaderId::Expires, "Expires"},
    {HeaderId::FlowTimer, "Flow-Timer"},
    {HeaderId::From, "From", 'f'},
    {HeaderId::HistoryInfo, "History-Info"},
    {HeaderId::Identity, "Identity", 'y'},
    {HeaderId::IdentityInfo, "Identity-Info", 'n'},
    {HeaderId::InReplyTo, "In-Reply-To"},
    {HeaderId::Join, "Join"},
    {HeaderId::MaxForwards, "Max-Forwards"},
    {HeaderId::MimeVersion, "MIME-Version"},
    {HeaderId::MinExpires, "Min-Expires"},
    {HeaderId::MinSE, "Min-SE"},
    {HeaderId::Organization, "Organization"},
    {HeaderId::PAssertedIdentity, "P-Asserted-Identity"},
    {HeaderId::PPreferredIdentity, "P-Preferred-Identity"},
    {HeaderId::PEarlyMedia, "P-Early-Media"},
    {HeaderId::Path, "Path"},
    {HeaderId::Priority, "Priority"},
    {HeaderId::Privacy, "Privacy"},
    {HeaderId::ProxyAuthenticate, "Proxy-Authenticate"},
    {HeaderId::ProxyAuthorization, "Proxy-Authorization"},
    {HeaderId::ProxyRequire, "Proxy-Require"},
    {HeaderId::RAck, "RAck"},
    {HeaderId::Reason, "Reason"},
    {HeaderId::RecordRoute, "Record-Route"},
    {HeaderId::ReferredBy, "Referred-By", 'b'},
    {HeaderId::ReferSub, "Refer-Sub"},
    {HeaderId::ReferTo, "Refer-To", 'r'},
    {HeaderId::RejectContact, "Reject-Contact", 'j'},
    {HeaderId::RemotePartyId, "Remote-Party-ID"},
    {HeaderId::Replaces, "Replaces"},
    {HeaderId::ReplyTo, "Reply-To"},
    {HeaderId::RequestDisposition, "Request-Disposition", 'd'},
    {HeaderId::Require, "Require"},
    {HeaderId::RetryAfter, "Retry-After"},
    {HeaderId::Route, "Route"},
    {HeaderId::RSeq, "RSeq"},
    {HeaderId::Server, "Server"},
    {HeaderId::ServiceRoute, "Service-Route"},
    {HeaderId::SessionExpires, "Session-Expires", 'x'},
    {HeaderId::SipEtag, "SIP-ETag"},
    {HeaderId::SipIfMatch, "SIP-If-Match"},
    {HeaderId::Subject, "Subject", 's'},
    {HeaderId::SubscriptionState, "Subscription-State"},
    {HeaderId::Supported, "Supported", 'k'},
    {HeaderId::TargetDialog, "Target-Dialog"},
    {HeaderId::Timestamp, "Timestamp"},
    {HeaderId::To, "To", 't'},
    {HeaderId::Unsupported, "Unsupported"},
    {HeaderId::UserAgent, "User-Agent"},
    {HeaderId::Via, "Via", 'v'},
    {HeaderId::Warning, "Warning"},
    {HeaderId::WwwAuthenticate, "WWW-Authenticate"},
};

constexpr bool tables_are_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kHeaders); ++i) {
    if (static_cast<std::size_t>(kHeaders[i].id) != i) return false;
  }
  for (std::size_t i = 0; i < std::size(kMethods); ++i) {
    if (static_cast<std::size_t>(kMethods[i].method) != i) return false;
  }
  return std::size(kHeaders) == kHeaderIds;
}
static_assert(tables_are_in_enum_order());

/// Open addressing over three characters and the length: with this many slots nearly every known name is
/// found, and nearly every unknown one refused, at the first probe.
constexpr std::size_t kSlots = 512;
static_assert(std::size(kHeaders) < 256);

constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text::lower(name[i])));
  };
  return (at(0) * 7 + at(name.size() / 2) * 31 + at(name.size() - 1) * 101 + name.size() * 13) % kSlots;
}

constexpr std::array<std::uint8_t, kSlots> make_slots() {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t i = 1; i < std::size(kHeaders); ++i) {
    std::size_t slot = slot_of(kHeaders[i].name);
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint8_t>(i);
  }
  return slots;
}
constexpr std::array<std::uint8_t, kSlots> kSlotTable = make_slots();

constexpr std::array<HeaderId, 26> make_compact() {
  std::array<HeaderId, 26> table{};
  for (const HeaderName& header : kHeaders) {
    if (header.compact != '\0') table[static_cast<std::size_t>(header.compact - 'a')] = header.id;
  }
  return table;
}
constexpr std::array<HeaderId, 26> kCompact = make_compact();

}  // namespace

Method method_from(std::string_view text) {
  if (text.empty()) return Method::Unknown;
  for (const MethodName& candidate : kMethods) {
    if (candidate.name == text) return candidate.method;
  }
  return Method::Unknown;
}

std::string_view name(Method method) {
  const auto index = static_cast<std::size_t>(method);
  return index < std::size(kMethods) ? kMethods[index].name : std::string_view{};
}

HeaderId header_id_from(std::string_view name) {
  if (name.size() < 2) {
    const char c = name.empty() ? '\0' : text::lower(name.front());
    return c >= 'a' && c <= 'z' ? kCompact[static_cast<std::size_t>(c - 'a')] : HeaderId::Unknown;
  }
  for (std::size_t slot = slot_of(name); kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const HeaderName& candidate = kHeaders[kSlotTable[slot]];
    if (text::equal_ignoring_case(candidate.name, name)) return candidate.id;
  }
  return HeaderId::Unknown;
}

std::string_view name(HeaderId id) {
  const auto index = static_cast<std::size_t>(id);
  return index < std::size(kHeaders) ? kHeaders[index].name : std::string_view{};
}

}  // namespace xivo::sip
