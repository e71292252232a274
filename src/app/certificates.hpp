#pragma once

#include <memory>
#include <string>

#include "app/options.hpp"
#include "base/result.hpp"
#include "runtime/clock.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::app {

/// The certificates of SIP over TLS: those of the options, or one that signs itself, made once in the folder `tls` of
/// `var` and made anew when it is about to expire or cannot be read.
/// Thread  any, one at a time; blocks
class Certificates {
 public:
  static constexpr std::chrono::days kRenewBefore{30};

  Certificates(const Options& options, const runtime::Clock& clock) : options_(options), clock_(clock) {}

  /// Reads every file.
  /// Errors  one sentence that names the file
  Result<std::shared_ptr<const runtime::TlsContext>, std::string> load() const;

 private:
  Result<runtime::TlsCertificate, std::string> own() const;
  [[nodiscard]] bool good(const runtime::TlsCertificate& files) const;

  const Options& options_;
  const runtime::Clock& clock_;
};

/// A line per certificate: file, name, last day.
std::string describe(const runtime::TlsContext& context);

}  // namespace xivo::app
