#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/rng.hpp"
#include "sip/uri.hpp"

/// Globally routable user agent URIs.                                                          RFC 5627
namespace xivo::sip {

/// The value of "gr" in a URI: empty for a temporary GRUU, which has the flag alone; nothing when it is no GRUU.
std::optional<std::string> gruu_instance(const Uri& uri);

/// "sip:101@example.net;gr=urn:uuid:f81d4fae-...": public, the same for as long as the instance keeps its id.
/// Shape   instance: as in +sip.instance, with or without < >         Source  RFC 5627 §3.1.1
std::string public_gruu(std::string_view user, std::string_view host, std::string_view instance);

/// What the user part of a temporary GRUU says to us, and to nobody else.
struct TemporaryName {
  std::int64_t line = 0;
  std::uint64_t registration =
      0;  // which one of the line's; another number ends the validity of all names before
  bool operator==(const TemporaryName&) const = default;
};

/// Makes and reads the user parts of temporary GRUUs. Each is new, none is remembered: it is the sealed name itself
/// (AES-128-GCM), so that nobody can make one, tell two of one phone from two of different ones, or read whose it is.
/// Thread  the owner's.                                                Source  RFC 5627 §3.1.2, appendix A
class TemporaryGruus {
 public:
  static constexpr std::size_t kKeyBytes = 16;
  using Key = std::array<std::uint8_t, kKeyBytes>;

  explicit TemporaryGruus(const Key& key) : key_(key) {}
  static Key new_key(runtime::Rng& rng);

  /// Shape   "tgruu." and 88 hex digits
  [[nodiscard]] std::string seal(const TemporaryName& name, runtime::Rng& rng) const;
  /// Nothing when we did not make it.
  [[nodiscard]] std::optional<TemporaryName> open(std::string_view user) const;

 private:
  Key key_;
};

}  // namespace xivo::sip
