#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/dns/answer.hpp"
#include "runtime/loop.hpp"

namespace xivo::runtime {

/// Asks the domain name system. Implemented by c-ares on a loop, by a cache in front of that, and by tests.
/// Thread  the loop's
class DnsResolver {
 public:
  using Done = std::function<void(const DnsAnswer&)>;

  virtual ~DnsResolver() = default;
  /// `done` is called exactly once, never from inside ask(); not any more once the resolver is destroyed.
  virtual void ask(const std::string& name, DnsType type, Done done) = 0;
};

/// The servers of /etc/resolv.conf, or others, asked by c-ares over sockets of the loop. Nothing blocks.
class AresResolver final : public DnsResolver {
 public:
  struct Options {
    std::vector<SocketAddress> servers;  // empty: those of /etc/resolv.conf
    std::chrono::milliseconds patience{1'500};  // with one server, before the next is asked
    int tries = 2;  // of each
    std::size_t in_flight_max = 1'000;  // more questions fail at once
  };

  /// Reads /etc/resolv.conf: not for a loop that carries calls.
  /// Errors  "DNS cannot be used"
  static Result<std::unique_ptr<AresResolver>> open(Loop& loop, const Options& options);
  ~AresResolver() override;

  void ask(const std::string& name, DnsType type, Done done) override;

  struct State;

 private:
  struct Impl;
  explicit AresResolver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::runtime
