#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "model/kinds.hpp"
#include "model/table.hpp"

namespace xivo::model {

/// What SipLine::host says of a fixed peer.
struct FixedHost {
  IpAddress ip;
  std::uint16_t port = 0;  // 0: any
};
/// Reads "192.0.2.1", "192.0.2.1:5060", "2001:db8::1" or "[2001:db8::1]:5060"; nothing for "dynamic" and all else.
std::optional<FixedHost> parse_fixed_host(std::string_view host);

/// The ways to find a line other than its id. Points into the table it was made of, and lives as long as that.
struct LineIndex {
  using Lines = std::vector<const SipLine*>;
  /// Views into the lines themselves: no copy of any text.
  struct Number {
    std::string_view context;
    std::string_view exten;
    bool operator==(const Number&) const = default;
  };
  struct NumberHash {
    std::size_t operator()(const Number& number) const {
      return std::hash<std::string_view>{}(number.exten) * 31 + std::hash<std::string_view>{}(number.context);
    }
  };

  explicit LineIndex(const Table<SipLine>& lines);

  std::unordered_map<std::string_view, const SipLine*> by_name;
  std::unordered_map<Number, Lines, NumberHash> by_number;
  std::unordered_map<std::int64_t, Lines> by_user;
  std::unordered_map<IpAddress, Lines> by_address;
};

}  // namespace xivo::model
