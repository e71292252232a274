#pragma once

#include <string>

#include "base/result.hpp"
#include "runtime/rng.hpp"
#include "store/account_store.hpp"
#include "store/config_writer.hpp"

namespace xivo::app {

/// What a system needs so that somebody can sign in.
struct AccessParts {
  model::ConfigSource& config;
  store::ConfigWriter& writer;
  store::AccountStore& accounts;
  const runtime::Clock& clock;
  runtime::Rng& rng;
};

/// Creates what is missing: the supplied roles, an administrator, his password. Accounts of a database from before
/// accounts were objects become administrators with the password they had. May be interrupted anywhere and done again.
/// Returns the password that was made, with which "admin" signs in; empty when nobody needed one.
/// Errors  a sentence
Result<std::string, std::string> seed_access(const AccessParts& parts);

}  // namespace xivo::app
