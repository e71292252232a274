#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "endpoint/contact_plan.hpp"

namespace xivo::endpoint {

/// What a REGISTER says of the extensions that the registrar has.              RFC 3327 §5.3, RFC 5626 §6, RFC 5627 §5.1
struct RegistrationExtensions {
  bool path = false;  // the phone understands it
  bool outbound = false;
  bool gruu = false;
  std::vector<std::string> route;  // the Path values, nearest proxy first

  static constexpr std::string_view kSupported = "path, outbound, gruu";
};

/// Errors  420 with `unsupported`: something else is required, or proxies added Path and the phone does not know it;
///         400: a Path that cannot be read, or is too long
struct ExtensionRefusal {
  RegisterRefusal refusal;
  std::string unsupported;  // the value of Unsupported; empty: none
};
Result<RegistrationExtensions, ExtensionRefusal> read_extensions(const sip::Message& request);

/// Judges reg-id: it counts only of a device that says which it is and that it supports outbound, which the first proxy, if
/// there is one, must support too.
/// Errors  439: that proxy does not;  400: several flows in one request                                      RFC 5626 §6
Result<void, RegisterRefusal> settle_flows(const sip::Message& request,
                                           const RegistrationExtensions& extensions, WantedContacts& wanted);

}  // namespace xivo::endpoint
