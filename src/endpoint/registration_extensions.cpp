// RFC 3327 §5.3 (Path), RFC 5626 §6 (Outbound), RFC 5627 §5.1 (GRUU): what a REGISTER asks of them.
#include "endpoint/registration_extensions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

bool lists(const std::vector<std::string_view>& tokens, std::string_view wanted) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](std::string_view token) { return text::equal_ignoring_case(token, wanted); });
}

bool is_known(std::string_view extension) {
  return text::equal_ignoring_case(extension, "path") || text::equal_ignoring_case(extension, "outbound") ||
         text::equal_ignoring_case(extension, "gruu");
}

Unexpected<ExtensionRefusal> bad_extension(std::string unsupported, std::string detail) {
  return {ExtensionRefusal{{420, std::nullopt, std::move(detail)}, std::move(unsupported)}};
}

Unexpected<ExtensionRefusal> malformed(std::string detail) {
  return {ExtensionRefusal{{400, FailureReason::Malformed, std::move(detail)}, {}}};
}

std::size_t via_count(const sip::Message& request) {
  std::size_t count = 0;
  for (const auto& field : request.headers()) {
    if (field.id != sip::HeaderId::Via) continue;
    auto rest = field.value;
    while (const auto via = sip::Via::parse(rest)) {  // several may share a field
      ++count;
      rest.remove_prefix(static_cast<std::size_t>(via->text.data() + via->text.size() - rest.data()));
      const auto comma = rest.find(',');
      if (comma == std::string_view::npos) break;
      rest = text::trim(rest.substr(comma + 1));
    }
  }
  return count;
}

/// Whether the proxy next to the phone supports outbound: it was the first to write a Path, so its value is the last.
bool first_hop_supports_outbound(const sip::Message& request) {
  const auto path = request.name_addrs(sip::HeaderId::Path);
  if (!path || path->empty()) return via_count(request) <= 1;
  return sip::find_parameter(path->back().uri.parameters, "ob").has_value();
}

}  // namespace

Result<RegistrationExtensions, ExtensionRefusal> read_extensions(const sip::Message& request) {
  std::string unknown;
  for (const auto token : request.tokens(sip::HeaderId::Require)) {
    if (!is_known(token)) unknown += fmt::format("{}{}", unknown.empty() ? "" : ", ", token);
  }
  if (!unknown.empty()) return bad_extension(unknown, fmt::format("requires {}", unknown));

  auto tokens = request.tokens(sip::HeaderId::Supported);
  for (const auto token : request.tokens(sip::HeaderId::Require)) tokens.push_back(token);
  RegistrationExtensions extensions;
  extensions.path = lists(tokens, "path");
  extensions.outbound = lists(tokens, "outbound");
  extensions.gruu = lists(tokens, "gruu");

  const auto path = request.name_addrs(sip::HeaderId::Path);
  if (!path) return malformed(fmt::format("Path: {}", path.error().what));
  if (path->empty()) return extensions;
  // RFC 3327 §5.3 leaves it to us whether the phone has to know Path, too. Most desk phones do not, and stand behind proxies
  // all the same.
  if (path->size() > Registrar::kPathMax) return malformed(fmt::format("{} Path values", path->size()));
  for (const auto& hop : *path) {
    const bool clean = std::all_of(hop.uri_text.begin(), hop.uri_text.end(), [](char c) {
      return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>';
    });
    if (!hop.uri.is_sip() || !clean || hop.uri_text.size() > Registrar::kPathBytesMax)
      return malformed("a Path that is no SIP URI, or is too long");
    extensions.route.push_back(fmt::format("<{}>", hop.uri_text));
  }
  return extensions;
}

Result<void, RegisterRefusal> settle_flows(const sip::Message& request,
                                           const RegistrationExtensions& extensions, WantedContacts& wanted) {
  std::size_t flows = 0;
  for (auto& contact : wanted.list) {
    if (!extensions.outbound || contact.instance.empty()) contact.reg_id = 0;
    if (contact.reg_id != 0) ++flows;
  }
  if (flows == 0) return {};
  if (flows > 1 || wanted.list.size() > 1) {
    return Unexpected{
        RegisterRefusal{400, FailureReason::Malformed, "more than one contact beside one with reg-id"}};
  }
  if (!first_hop_supports_outbound(request)) {
    return Unexpected{RegisterRefusal{439, FailureReason::Malformed,
                                      "the proxy next to the phone does not support outbound"}};
  }
  return {};
}

}  // namespace xivo::endpoint
