#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/dns_resolver.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::sip::testing {

/// A domain name system in memory. Names that it does not know do not exist; while it is silent, nobody answers.
class FakeResolver final : public runtime::DnsResolver {
 public:
  explicit FakeResolver(const runtime::Scheduler& scheduler) : scheduler_(scheduler) {}

  void ask(const std::string& name, runtime::DnsType type, Done done) override {
    asked.push_back(name);
    if (silent) return;
    const auto known = records_.find({name, type});
    runtime::DnsAnswer answer{runtime::DnsAnswer::Status::Nothing, {}, 60};
    if (known != records_.end()) answer = {runtime::DnsAnswer::Status::Found, known->second, 60};
    scheduler_.defer([done = std::move(done), answer] { done(answer); });
  }

  void address(const std::string& name, std::string_view ip) {
    runtime::DnsRecord record;
    record.address = *IpAddress::parse(ip);
    add(name, record.address.is_v4() ? runtime::DnsType::A : runtime::DnsType::Aaaa, record);
  }
  void service(const std::string& name, std::uint16_t priority, std::uint16_t weight, std::uint16_t port,
               const std::string& target) {
    runtime::DnsRecord record;
    record.priority = priority;
    record.weight = weight;
    record.port = port;
    record.target = target;
    add(name, runtime::DnsType::Srv, record);
  }
  void pointer(const std::string& name, std::uint16_t order, const std::string& service,
               const std::string& target) {
    runtime::DnsRecord record;
    record.priority = order;
    record.flags = "s";
    record.service = service;
    record.target = target;
    add(name, runtime::DnsType::Naptr, record);
  }

  bool silent = false;
  std::vector<std::string> asked;

 private:
  void add(const std::string& name, runtime::DnsType type, const runtime::DnsRecord& record) {
    records_[{name, type}].push_back(record);
  }

  runtime::Scheduler scheduler_;
  std::map<std::pair<std::string, runtime::DnsType>, std::vector<runtime::DnsRecord>> records_;
};

}  // namespace xivo::sip::testing
