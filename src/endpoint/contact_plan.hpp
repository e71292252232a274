#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "endpoint/binding_table.hpp"
#include "model/config.hpp"

/// What a REGISTER wants and what it would change, worked out before anything is changed: all of it or nothing.
///                                                                                  RFC 3261 §10.3 steps 6 and 7
namespace xivo::endpoint {

/// One Contact of a REGISTER, checked and within bounds. Views into the request.
struct WantedContact {
  std::string_view uri_text;  // without headers, which a Request-URI may not have
  sip::Uri uri;
  std::string_view instance;  // +sip.instance without quotes; empty when absent
  std::uint32_t reg_id = 0;  // RFC 5626; 0 = absent
  std::uint16_t q = 1000;
  std::uint32_t expires = 0;  // seconds; 0 = remove
};

struct WantedContacts {
  bool remove_all = false;  // "*"
  std::vector<WantedContact> list;
};

/// The answer to a REGISTER that is refused, and what is remembered of it.
struct RegisterRefusal {
  int status = 400;
  std::optional<FailureReason> reason;
  std::string detail;
  std::uint32_t min_expires = 0;  // with 423
};

/// Reads Contact and Expires.
/// Errors  400: unreadable, not sip: or sips:, "*" in other company or without "Expires: 0";  403: more contacts than
///         one request may name;  423: an interval that is too brief
Result<WantedContacts, RegisterRefusal> read_contacts(const sip::Message& request,
                                                      const Registrar::Limits& limits);

struct ContactPlan {
  struct Write {
    const WantedContact* contact;
    BindingId existing;  // empty: a new binding
  };
  std::vector<BindingId> removals;
  std::vector<Write> writes;
  std::size_t added = 0;
};

/// Finds for each wanted contact the binding of the same device, which it replaces or ends.
/// Shape   wanted: outlives the plan
/// Errors  500: CSeq not above the one that the binding was made with under the same Call-ID;  403: too many contacts
Result<ContactPlan, RegisterRefusal> plan_contacts(const BindingTable& table, const model::SipLine& line,
                                                   const sip::Message& request, const sip::Flow& flow,
                                                   const WantedContacts& wanted);

}  // namespace xivo::endpoint
