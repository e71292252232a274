#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace xivo {

/// The addresses that share their first bits: "192.0.2.0/24", "2001:db8::/32", or one address.
class IpNetwork {
 public:
  /// Nothing unless the prefix fits the family and no bit is set beyond it.
  static std::optional<IpNetwork> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& ip) const;
  [[nodiscard]] std::string to_string() const;
  bool operator==(const IpNetwork&) const = default;

 private:
  IpAddress first_;
  unsigned prefix_ = 128;  // of the IPv6-mapped form
};

}  // namespace xivo
