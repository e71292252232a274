#include "app/web/invite_preview.hpp"

#include "base/text.hpp"
#include "endpoint/trunk/identity.hpp"

namespace xivo::app {

api::SentInvite preview_of(const model::Trunk& trunk, const model::routing::TrunkAttempt& attempt,
                           const std::string& diverted_by) {
  const auto identity = endpoint::identity_of(
      trunk, attempt.number, {attempt.caller_number, attempt.caller_name, attempt.anonymous, diverted_by});
  api::SentInvite sent{identity.request_uri, {{"From", identity.from}, {"To", identity.to}}};
  for (std::string_view line : text::split(identity.lines, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    sent.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return sent;
}

}  // namespace xivo::app
