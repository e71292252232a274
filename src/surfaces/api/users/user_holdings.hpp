#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/config.hpp"

namespace xivo::api {

/// What a user owns and a row of the table speaks of: the main one of each. Null: there is none.
struct UserHoldings {
  const model::SipLine* line = nullptr;
  const model::Extension* extension = nullptr;  // at which the user is called inside
  const model::Extension* incall = nullptr;  // and from outside
  const model::Voicemail* voicemail = nullptr;
};

/// The users of one configuration, found as a table names them.
/// Thread  any; points into the configuration, which outlives it.
class UserDirectory {
 public:
  explicit UserDirectory(const model::Config& config);

  [[nodiscard]] const UserHoldings& holdings(model::UserId user) const;
  [[nodiscard]] const model::User* by_uuid(const std::string& uuid) const;
  [[nodiscard]] const model::User* by_email(const std::string& email) const;
  [[nodiscard]] const model::User* by_number(std::string_view exten, std::string_view context) const;
  [[nodiscard]] const model::Voicemail* voicemail(std::string_view number, std::string_view context) const;
  /// Empty when there is no such context.
  [[nodiscard]] std::string context_name(model::ContextId id) const;
  [[nodiscard]] const model::Config& config() const { return config_; }

 private:
  void note_lines();
  void note_extensions();
  [[nodiscard]] bool is_better(const model::Extension& candidate, const model::Extension* best,
                               const model::SipLine* line) const;

  const model::Config& config_;
  std::unordered_map<std::int64_t, UserHoldings> holdings_;
  std::unordered_map<std::string, const model::User*> by_uuid_;
  std::unordered_map<std::string, const model::User*> by_email_;
  std::unordered_map<std::string, const model::User*> by_number_;  // "101@default"
  std::unordered_map<std::string, const model::Voicemail*> boxes_;  // the same
};

/// "101@default"
std::string number_key(std::string_view exten, std::string_view context);

}  // namespace xivo::api
