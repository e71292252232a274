#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// The texts of a cell that holds several, "a;b": trimmed, empty ones left out.
std::vector<std::string> texts_of_cell(std::string_view cell);
std::string cell_of_texts(const std::vector<std::string>& texts);

/// Which call permissions which users have, as the rows of a table say one after the other.
/// A permission whose name has a semicolon cannot be named in a cell: it is neither shown nor taken away.
/// Thread  any; points into the configuration, which outlives it.
class UserPermissions {
 public:
  explicit UserPermissions(const model::Config& config);

  /// The names of the user's permissions, in their order.
  [[nodiscard]] std::vector<std::string> names_of(model::UserId user) const;

  /// Makes the named permissions those of a user, and no other; `user` may be an id within the transaction. Returns the first name
  /// that no permission has, and then changes nothing; empty when all is well.
  std::string give(std::int64_t user, const std::vector<std::string>& names, std::size_t line);

  /// A permission that has other users than before, and the rows (lines of the text) that made it so.
  struct Changed {
    std::int64_t permission = 0;
    model::Value::List users;
    std::vector<std::size_t> lines;
  };
  [[nodiscard]] std::vector<Changed> changed() const;

 private:
  struct Entry {
    const model::CallPermission* permission = nullptr;
    std::vector<std::int64_t> users;
    std::vector<std::size_t> lines;
  };
  std::map<std::string, Entry, std::less<>> by_name_;
};

}  // namespace xivo::api
