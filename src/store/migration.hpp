#pragma once

#include <span>
#include <string_view>

#include "store/sqlite.hpp"

namespace xivo::store {

/// One step of a database's schema. Never edited once released: its text is remembered by checksum.
struct Migration {
  int number;  // 1, 2, 3 ...
  std::string_view name;
  std::string_view sql;
};

/// Brings one set of tables to the newest step, in one transaction. Several sets may live in one file.
/// Errors  Failure::Newer when the file knows a step that this program does not; a checksum that differs is refused
Result<void> migrate(Database& database, std::string_view set, std::span<const Migration> steps);

std::span<const Migration> configuration_migrations();  // config_store
std::span<const Migration> access_migrations();  // account_store, session_store, token_store, audit_store
std::span<const Migration>
call_migrations();  // call_record_store, binding_store, ban_store, toll_block_store

/// open() and migrate() in one.
Result<Database> open_configuration(const std::string& path);
Result<Database> open_access(const std::string& path);  // beside the configuration, in the same file
Result<Database> open_calls(const std::string& path);

}  // namespace xivo::store
