#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/kinds/trunk.hpp"
#include "sip/message.hpp"

/// Who calls, as an operator is told and as it tells us.   RFC 3323, RFC 3325, RFC 5806, RFC 7044, draft-ietf-sip-privacy-04
namespace xivo::endpoint {

/// What our call to an operator says of who calls whom.
struct OutgoingCaller {
  std::string number;  // in the trunk's form; empty: the account's own
  std::string name;
  bool anonymous = false;
  std::string diverted_by;  // the number that the call was forwarded from; empty: none
};
struct OutgoingIdentity {
  std::string request_uri;
  std::string from;  // without a tag
  std::string to;
  std::string lines;  // identity, privacy, diversion; each with CRLF
};
/// By Trunk::from_user, from_domain, identity_out and diversion_out. An anonymous call tells the operator its number all the same,
/// where identity_out says how.
OutgoingIdentity identity_of(const model::Trunk& trunk, std::string_view number,
                             const OutgoingCaller& caller);

/// What a call from an operator says.
struct IncomingIdentity {
  std::string number;  // empty: withheld
  std::string name;
  bool anonymous = false;
  std::string dialled;
  std::string diverted_by;  // the number that forwarded the call to us; empty: none
};
/// P-Asserted-Identity counts where Trunk::identity_in says so, From otherwise; whoever asks for privacy has neither number nor
/// name. The number dialled is the Request-URI's, unless that only repeats our own Contact.
IncomingIdentity read_identity(const model::Trunk& trunk, const sip::Message& request, bool by_line);

/// The host of a trunk as it stands in URIs: without its port.
std::string_view host_name(std::string_view host);

}  // namespace xivo::endpoint
