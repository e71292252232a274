#include "api/users/user_holdings.hpp"

#include <fmt/format.h>

#include <tuple>

namespace xivo::api {

using model::Extension;
using model::SipLine;
using model::User;
using model::Voicemail;

std::string number_key(std::string_view exten, std::string_view context) {
  return fmt::format("{}@{}", exten, context);
}

UserDirectory::UserDirectory(const model::Config& config) : config_(config) {
  note_lines();
  note_extensions();
  for (const auto& [id, box] : config.objects<Voicemail>())
    boxes_.emplace(number_key(box->number, context_name(box->context)), &*box);
  for (const auto& [id, user] : config.users()) {
    holdings_[id].voicemail = config.find(user->voicemail);
    by_uuid_.emplace(user->uuid, &*user);
    if (!user->email.empty()) by_email_.emplace(user->email, &*user);
  }
}

void UserDirectory::note_lines() {
  for (const auto& [id, line] : config_.lines()) {
    if (!line->user) continue;
    const SipLine*& main = holdings_[line->user.value].line;
    if (main == nullptr || line->position < main->position) main = &*line;
  }
}

void UserDirectory::note_extensions() {
  for (const auto& [id, extension] : config_.objects<Extension>()) {
    const auto* to = extension->destination.as<model::ToUser>();
    const User* user = to == nullptr ? nullptr : config_.user(to->user);
    if (user == nullptr) continue;
    by_number_.emplace(number_key(extension->exten, context_name(extension->context)), user);
    UserHoldings& owned = holdings_[to->user.value];
    const auto* context = config_.find(extension->context);
    const bool incall = context != nullptr && context->type == "incall";
    const Extension*& main = incall ? owned.incall : owned.extension;
    if (is_better(*extension, main, owned.line)) main = &*extension;
  }
}

/// The one of the line's own context, then the oldest.
bool UserDirectory::is_better(const Extension& candidate, const Extension* best, const SipLine* line) const {
  if (best == nullptr) return true;
  const auto rank = [&](const Extension& e) {
    return std::tuple(line == nullptr || e.context != line->context, e.id.value);
  };
  return rank(candidate) < rank(*best);
}

const UserHoldings& UserDirectory::holdings(model::UserId user) const {
  static const UserHoldings kNothing;
  const auto found = holdings_.find(user.value);
  return found == holdings_.end() ? kNothing : found->second;
}

namespace {
template <class Map>
typename Map::mapped_type find_in(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}
}  // namespace

const User* UserDirectory::by_uuid(const std::string& uuid) const { return find_in(by_uuid_, uuid); }
const User* UserDirectory::by_email(const std::string& email) const { return find_in(by_email_, email); }
const User* UserDirectory::by_number(std::string_view exten, std::string_view context) const {
  return find_in(by_number_, number_key(exten, context));
}
const Voicemail* UserDirectory::voicemail(std::string_view number, std::string_view context) const {
  return find_in(boxes_, number_key(number, context));
}

std::string UserDirectory::context_name(model::ContextId id) const {
  const auto* context = config_.find(id);
  return context == nullptr ? std::string() : context->name;
}

}  // namespace xivo::api
