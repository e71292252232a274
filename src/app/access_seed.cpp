#include "app/access_seed.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/access.hpp"
#include "model/history/revision_message.hpp"
#include "model/rights.hpp"

namespace xivo::app {
namespace {

using model::Change;
using model::Value;

constexpr std::size_t kPasswordSize = 16;  // 82 bits
constexpr std::string_view kFirstName = "admin";
constexpr std::int64_t kAdministrator = -1;  // temporary id of the role

bool has_role(const model::Config& config, std::string_view name) {
  const auto& roles = config.objects<model::Role>();
  return std::any_of(roles.begin(), roles.end(), [&](const auto& role) { return role.second->name == name; });
}

std::int64_t administrator_role(const model::Config& config) {
  for (const auto& [id, role] : config.objects<model::Role>()) {
    if (model::Rights(role->rights).allows("*:*")) return id;
  }
  return kAdministrator;
}

Change role_of(const model::Role& role, std::int64_t temporary) {
  return {"role", Change::Op::Create, temporary,
          Value::object({{"name", role.name},
                         {"label", role.label},
                         {"description", role.description},
                         {"rights", Value(role.rights)}}),
          std::nullopt};
}

/// Roles that are missing, and an account for each old one, or the first.
model::Transaction missing_objects(const model::Config& config, const std::vector<std::string>& legacy) {
  model::Transaction transaction{
      .author = "xivod", .message = model::revision_message(model::RevisionMessage::RolesAndAccounts)};
  std::int64_t temporary = kAdministrator;
  for (const model::Role& role : model::supplied_roles()) {
    if (!has_role(config, role.name)) transaction.changes.push_back(role_of(role, temporary));
    --temporary;
  }
  std::vector<std::string> names;
  for (const std::string& name : legacy) names.push_back(text::to_lower(name));
  if (names.empty() && !model::has_administrator(config)) names.emplace_back(kFirstName);
  for (const std::string& name : names) {
    if (model::account_by_name(config, name) != nullptr) continue;
    transaction.changes.push_back({"account", Change::Op::Create, 0,
                                   Value::object({{"name", name}, {"role", administrator_role(config)}}),
                                   std::nullopt});
  }
  return transaction;
}

std::string sentence_of(const store::Refusal& refusal) {
  return refusal.storage ? std::string(refusal.storage->what)
                         : model::describe(refusal.problems.front(), model::Language::English);
}

/// An enabled account with all rights.
const model::Account* an_administrator(const model::Config& config) {
  for (const auto& [id, account] : config.objects<model::Account>()) {
    const auto* role = account->enabled ? config.find(account->role) : nullptr;
    if (role != nullptr && model::Rights(role->rights).allows("*:*")) return account.get();
  }
  return nullptr;
}

}  // namespace

Result<std::string, std::string> seed_access(const AccessParts& parts) {
  const auto failed = [](const Error& error) { return Unexpected{std::string(error.what)}; };
  const auto legacy = parts.accounts.legacy_accounts();
  if (!legacy) return failed(legacy.error());
  auto transaction = missing_objects(*parts.config.current(), *legacy);
  if (!transaction.changes.empty()) {
    transaction.review = model::Review::None;
    const auto written = parts.writer.write(std::move(transaction));
    if (!written) return Unexpected{sentence_of(written.error())};
  }
  const auto config = parts.config.current();
  for (const std::string& name : *legacy) {
    const auto* account = model::account_by_name(*config, text::to_lower(name));
    if (account == nullptr) continue;
    const auto adopted = parts.accounts.adopt_legacy(name, account->id.value, parts.clock.wall());
    if (!adopted) return failed(adopted.error());
  }
  const auto known = parts.accounts.has_passwords();
  if (!known) return failed(known.error());
  const auto* administrator = *known ? nullptr : an_administrator(*config);
  if (administrator == nullptr) return std::string();
  std::string password = parts.rng.token(kPasswordSize);
  const auto set = parts.accounts.set_password(administrator->id.value, password, parts.clock.wall());
  if (!set) return failed(set.error());
  return password;
}

}  // namespace xivo::app
