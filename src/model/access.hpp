#pragma once

#include <string>
#include <vector>

#include "model/ids.hpp"
#include "model/language.hpp"

/// Who may administer the system, and what: the configured half. Passwords, second factors, sessions and tokens are kept
/// beside the configuration (store/account_store.hpp), out of reach of its history.
namespace xivo::model {

class Config;
struct Role;
struct Account;
using RoleId = ObjectId<Role>;
using AccountId = ObjectId<Account>;

/// A set of rights with a name.
struct Role {
  RoleId id{};
  std::string name{};
  std::string label{};
  std::string description{};
  std::vector<std::string> rights{};  // scopes, see rights.hpp
};

/// Somebody, or some program, who signs in.
struct Account {
  AccountId id{};
  std::string name{};
  RoleId role{};
  std::string language = "auto";  // of pages and messages: auto (the browser's), fr, en
  std::string email{};
  UserId user{};  // the person with a telephone, if any
  bool enabled = true;
};

/// The roles of a new system. Their names are protected: none of them can be deleted, renamed or left without any right.
const std::vector<Role>& supplied_roles();
bool is_supplied_role(std::string_view name);
/// The label for a reader: of "Superviseur / Supervisor" the side in that language; any other as it is.
std::string label_in(const Role& role, Language language);

/// Whether an enabled account with all rights is there, so that somebody can still change everything.
bool has_administrator(const Config& config);
/// The account of that name; nullptr when there is none.
const Account* account_by_name(const Config& config, std::string_view name);

}  // namespace xivo::model
