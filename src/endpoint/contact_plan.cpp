#include "endpoint/contact_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::uint32_t kMalformedExpires = 3600;  // RFC 3261 §10.2.1.1
constexpr std::uint32_t kNeverTooBrief = 3600;  // §10.3 step 7: an hour or more must not be refused with 423

Unexpected<RegisterRefusal> malformed(std::string detail) {
  return {RegisterRefusal{400, FailureReason::Malformed, std::move(detail)}};
}

std::uint32_t parse_expires(std::string_view text) {
  return text::parse_decimal<std::uint32_t>(text).value_or(kMalformedExpires);
}

/// qvalue: 0 to 1 with at most three decimals, in thousandths.                        RFC 3261 §25.1
std::optional<std::uint16_t> parse_q(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int thousandths = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = 100;
  for (std::size_t i = 2; i < text.size(); ++i, weight /= 10) {
    if (!text::is_digit(text[i])) return std::nullopt;
    thousandths += (text[i] - '0') * weight;
  }
  if (thousandths > 1000) return std::nullopt;
  return static_cast<std::uint16_t>(thousandths);
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

/// Whether the text can be given back inside < > or quotes as it came.
bool may_be_repeated(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

std::string_view without_headers(std::string_view uri_text, const sip::Uri& uri) {
  if (uri.headers.empty()) return uri_text;
  return uri_text.substr(0, static_cast<std::size_t>(uri.headers.data() - uri_text.data()) - 1);
}

/// The interval the registrar grants, or the refusal of it.                              RFC 3261 §10.3 step 7
Result<std::uint32_t, RegisterRefusal> bounded(std::uint32_t expires, const Registrar::Limits& limits) {
  if (expires != 0 && expires < std::min(limits.expires_min, kNeverTooBrief)) {
    return Unexpected{RegisterRefusal{
        423, FailureReason::IntervalTooBrief,
        fmt::format("{} s instead of {} s or more", expires, limits.expires_min), limits.expires_min}};
  }
  return std::min(expires, limits.expires_max);
}

Result<WantedContact, RegisterRefusal> read_contact(const sip::NameAddr& contact,
                                                    std::uint32_t expires_header,
                                                    const Registrar::Limits& limits) {
  WantedContact wanted;
  wanted.uri = contact.uri;
  if (!contact.uri.is_sip() || contact.uri.host.empty())
    return malformed("a Contact that is not sip: or sips:");
  wanted.uri_text = without_headers(contact.uri_text, contact.uri);
  wanted.uri.headers = {};
  if (wanted.uri_text.size() > Registrar::kContactBytesMax) return malformed("a Contact that is too long");
  if (!may_be_repeated(wanted.uri_text)) return malformed("a Contact with characters that no URI has");

  const auto expires_text = contact.parameter("expires");
  const auto expires = bounded(expires_text ? parse_expires(*expires_text) : expires_header, limits);
  if (!expires) return Unexpected{expires.error()};
  wanted.expires = *expires;
  if (const auto q = contact.parameter("q")) wanted.q = parse_q(*q).value_or(wanted.q);
  if (const auto instance = contact.parameter("+sip.instance")) {
    const auto text = unquoted(*instance);
    if (text.size() <= Registrar::kInstanceBytesMax && may_be_repeated(text)) wanted.instance = text;
  }
  if (const auto reg_id = contact.parameter("reg-id"); reg_id && !wanted.instance.empty()) {
    wanted.reg_id = text::parse_decimal<std::uint32_t>(*reg_id).value_or(0);
  }
  return wanted;
}

std::uint32_t expires_header_of(const sip::Message& request, const Registrar::Limits& limits) {
  const auto text = request.header(sip::HeaderId::Expires);
  return text ? parse_expires(*text) : limits.expires_default;
}

// ---------------------------------------------------------------- which binding is the same device?

enum class Likeness : std::uint8_t {
  Identity,  // same instance and reg-id, or equivalent URIs that no instance tells apart
  Device,  // a device that wrote its URI anew: same instance, or same source and same place in the URI
  Source,  // same source and user part: good enough when there is no room for another contact
};

/// Both say which device and flow they are, and say different things.                    RFC 5626 §6
bool told_apart(const Binding& binding, const WantedContact& wanted) {
  if (binding.instance.empty() || wanted.instance.empty()) return false;
  if (binding.instance != wanted.instance) return true;
  return binding.reg_id != 0 && wanted.reg_id != 0 && binding.reg_id != wanted.reg_id;
}

bool alike(const Binding& binding, const WantedContact& wanted, const sip::Flow& flow, Likeness likeness) {
  if (told_apart(binding, wanted)) return false;
  const bool same_instance = !wanted.instance.empty() && binding.instance == wanted.instance;
  if (same_instance && wanted.reg_id != 0 && binding.reg_id == wanted.reg_id) return true;
  if (binding.contact == wanted.uri_text) return true;
  const auto uri = sip::Uri::parse(binding.contact);
  if (!uri) return false;
  if (likeness == Likeness::Identity) return sip::equivalent(*uri, wanted.uri);
  if (likeness == Likeness::Device && same_instance) return true;
  const bool same_source = binding.flow == flow && uri->user == wanted.uri.user;
  if (likeness == Likeness::Source) return same_source;
  return same_source && text::equal_ignoring_case(uri->host, wanted.uri.host) && uri->port == wanted.uri.port;
}

/// Assigns bindings of a line to wanted contacts, each to one at most.
class Matching {
 public:
  Matching(const BindingTable& table, const std::vector<BindingId>& bindings, const sip::Flow& flow)
      : table_(table), flow_(flow), free_(bindings) {}

  void match(std::vector<ContactPlan::Write>& steps, Likeness likeness) {
    for (auto& step : steps) {
      if (step.existing) continue;
      // An end is meant for the contact it names, not for one that looks like it.
      if (step.contact->expires == 0 && likeness != Likeness::Identity) continue;
      const auto found = std::find_if(free_.begin(), free_.end(), [&](BindingId id) {
        return alike(table_.find(id)->binding, *step.contact, flow_, likeness);
      });
      if (found == free_.end()) continue;
      step.existing = *found;
      free_.erase(found);
    }
  }

 private:
  const BindingTable& table_;
  const sip::Flow& flow_;
  std::vector<BindingId> free_;
};

/// One step a contact; of two that mean the same the later one counts.
std::vector<ContactPlan::Write> steps_for(const std::vector<WantedContact>& wanted) {
  std::vector<ContactPlan::Write> steps;
  steps.reserve(wanted.size());
  for (const auto& contact : wanted) {
    std::erase_if(steps, [&](const ContactPlan::Write& step) {
      return step.contact->instance == contact.instance && step.contact->reg_id == contact.reg_id &&
             sip::equivalent(step.contact->uri, contact.uri);
    });
    steps.push_back({&contact, {}});
  }
  return steps;
}

std::size_t count_added(const std::vector<ContactPlan::Write>& steps) {
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](const auto& step) {
    return !step.existing && step.contact->expires != 0;
  }));
}

std::size_t count_removed(const std::vector<ContactPlan::Write>& steps) {
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](const auto& step) {
    return step.existing && step.contact->expires == 0;
  }));
}

std::optional<RegisterRefusal> out_of_order(const Binding& binding, const sip::Message& request) {
  if (binding.call_id != request.call_id() || request.cseq().number > binding.cseq) return std::nullopt;
  return RegisterRefusal{
      500, FailureReason::Malformed,
      fmt::format("CSeq {} is not above {} of the same Call-ID", request.cseq().number, binding.cseq)};
}

Result<ContactPlan, RegisterRefusal> in_order(const BindingTable& table, const sip::Message& request,
                                              ContactPlan plan) {
  for (const auto id : plan.removals) {
    if (auto refusal = out_of_order(table.find(id)->binding, request)) return Unexpected{std::move(*refusal)};
  }
  for (const auto& write : plan.writes) {
    if (!write.existing) continue;
    if (auto refusal = out_of_order(table.find(write.existing)->binding, request))
      return Unexpected{std::move(*refusal)};
  }
  return plan;
}

}  // namespace

Result<WantedContacts, RegisterRefusal> read_contacts(const sip::Message& request,
                                                      const Registrar::Limits& limits) {
  const auto contacts = request.contacts();
  if (!contacts) return malformed(fmt::format("Contact: {}", contacts.error().what));
  WantedContacts wanted;
  wanted.remove_all = contacts->star;
  if (contacts->star) {
    const auto expires = request.header(sip::HeaderId::Expires);
    if (!contacts->list.empty()) return malformed("Contact \"*\" beside others");
    if (!expires || text::parse_decimal<std::uint32_t>(*expires) != 0U)
      return malformed("Contact \"*\" without Expires: 0");
    return wanted;
  }
  if (contacts->list.size() > Registrar::kContactsPerRequestMax) {
    return Unexpected{RegisterRefusal{403, FailureReason::TooManyContacts,
                                      fmt::format("{} contacts in one request", contacts->list.size())}};
  }
  const auto expires_header = expires_header_of(request, limits);
  wanted.list.reserve(contacts->list.size());
  for (const auto& contact : contacts->list) {
    auto read = read_contact(contact, expires_header, limits);
    if (!read) return Unexpected{read.error()};
    wanted.list.push_back(*read);
  }
  return wanted;
}

Result<ContactPlan, RegisterRefusal> plan_contacts(const BindingTable& table, const model::SipLine& line,
                                                   const sip::Message& request, const sip::Flow& flow,
                                                   const WantedContacts& wanted) {
  const auto& existing = table.of_line(line.id);
  ContactPlan plan;
  if (wanted.remove_all) {
    plan.removals = existing;
    return in_order(table, request, std::move(plan));
  }
  auto steps = steps_for(wanted.list);
  Matching matching(table, existing, flow);
  matching.match(steps, Likeness::Identity);
  matching.match(steps, Likeness::Device);

  const auto contacts_max = std::min(static_cast<std::size_t>(std::max<std::int64_t>(line.max_contacts, 0)),
                                     Registrar::kContactsPerLineMax);
  const auto too_many = [&] {
    const auto added = count_added(steps);
    return added > 0 && existing.size() - count_removed(steps) + added > contacts_max;
  };
  if (too_many()) matching.match(steps, Likeness::Source);
  if (too_many()) {
    return Unexpected{RegisterRefusal{403, FailureReason::TooManyContacts,
                                      fmt::format("would exceed max contacts of {}", contacts_max)}};
  }
  plan.added = count_added(steps);
  for (const auto& step : steps) {
    if (step.contact->expires != 0) plan.writes.push_back(step);
    if (step.contact->expires == 0 && step.existing) plan.removals.push_back(step.existing);
  }
  return in_order(table, request, std::move(plan));
}

}  // namespace xivo::endpoint
