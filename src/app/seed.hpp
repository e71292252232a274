#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/transaction.hpp"
#include "runtime/rng.hpp"

namespace xivo::app {

/// What every start must find: the codes of the features that the configuration knows none for. Empty: nothing to do.
model::Transaction missing_feature_codes(const model::Config& config,
                                         const std::vector<model::FeatureCode>& built);

/// What a first start makes: a tenant, the contexts that XiVO starts with and the general settings, set-up not done.
model::Transaction first_objects();

/// A phone account as it is told to a person once.
struct PhoneAccount {
  std::string user;  // "Alice Martin"
  std::string number;  // "101"
  std::string name;  // SIP user name
  std::string secret;
};

/// A small example company for a first run, on top of first_objects(): number ranges, and three people, each with a line
/// and a number, every secret drawn anew.
struct ExampleCompany {
  model::Transaction transaction;
  std::vector<PhoneAccount> phones;
};
ExampleCompany example_company(runtime::Rng& rng);

}  // namespace xivo::app
