#pragma once

#include <string>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"
#include "runtime/clock.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::runtime {

struct SelfSigned {
  std::string host;  // common name, and the first of the names
  std::vector<std::string> more_names;
  std::vector<IpAddress> addresses;
  WallTime from{};
  std::chrono::days valid{3'650};
};

/// Makes a certificate that signs itself, EC P-256, and writes it and its key, both readable by their owner only. Replaces
/// both files at once or not at all, as far as a file system can.
/// Errors  one sentence that names the file
/// Source  RFC 5280 §4.2.1.6 (names), RFC 5922 (what SIP wants to find in them)
/// Thread  any; blocks
Result<void, std::string> make_self_signed(const SelfSigned& what, const TlsCertificate& files);

}  // namespace xivo::runtime
