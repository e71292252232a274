#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/dns/resolver.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::runtime {

/// Remembers answers, also that there is nothing, for as long as they say within bounds. One question to the resolver
/// below serves all who ask the same meanwhile. When nobody answers, an answer that is past its time does for a while.
/// Source  RFC 2308 (nothing), RFC 8767 (past its time)
/// Thread  the loop's. Outlived by the resolver below.
class DnsCache final : public DnsResolver {
 public:
  struct Limits {
    std::size_t entries_max = 4'096;
    std::size_t waiting_max = 10'000;  // of those who wait for an answer; more fail at once
    std::chrono::seconds found_min{5};
    std::chrono::seconds found_max{3'600};
    std::chrono::seconds nothing_min{5};
    std::chrono::seconds nothing_max{300};
    std::chrono::seconds failed_for{2};  // before somebody is asked again
    std::chrono::seconds stale_max{3'600};
  };

  DnsCache(const Scheduler& scheduler, DnsResolver& below) : DnsCache(scheduler, below, Limits()) {}
  DnsCache(const Scheduler& scheduler, DnsResolver& below, const Limits& limits);
  ~DnsCache() override;

  void ask(const std::string& name, DnsType type, Done done) override;
  /// Forgets everything but who waits.
  void clear();
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    DnsAnswer answer;
    Instant until;
    Instant found_until;  // of a Found that may still serve when it is stale
    bool asking = false;
    std::vector<Done> waiting;
  };

  void on_answer(const std::string& key, const DnsAnswer& answer);
  void keep(Entry& entry, const DnsAnswer& answer);
  void make_room();
  void tell_later(Done done, const DnsAnswer& answer);

  const Scheduler scheduler_;
  DnsResolver& below_;
  const Limits limits_;
  std::unordered_map<std::string, Entry> entries_;
  std::size_t waiting_ = 0;
  std::shared_ptr<bool> alive_;
};

}  // namespace xivo::runtime
