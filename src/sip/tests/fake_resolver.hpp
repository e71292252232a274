#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/dns/resolver.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::sip::testing {

/// A domain name system in memory. Names that it does not know do not exist; while it is silent, nobody answers.
class FakeResolver final : public runtime::DnsResolver {
 public:
  explicit FakeResolver(const runtime::Scheduler& scheduler) : scheduler_(scheduler) {}

  void ask(const std::string& name, runtime::DnsType type, Done done) override {
    asked.push_back(name);
    if (silent || silent_for.contains(type)) return;
    const auto known = records_.find({name, type});
    runtime::DnsAnswer answer{runtime::DnsAnswer::Status::Nothing, {}, 60};
    if (known != records_.end()) answer = {runtime::DnsAnswer::Status::Found, known->second, 60};
    if (late > runtime::Duration::zero()) {
      scheduler_.timers.set(late, [done = std::move(done), answer] { done(answer); });
    } else {
      scheduler_.defer([done = std::move(done), answer] { done(answer); });
    }
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
  runtime::Duration late{};  // how long each answer takes
  std::set<runtime::DnsType> silent_for;  // questions of these types are never answered
  std::vector<std::string> asked;

 private:
  void add(const std::string& name, runtime::DnsType type, const runtime::DnsRecord& record) {
    records_[{name, type}].push_back(record);
  }

  runtime::Scheduler scheduler_;
  std::map<std::pair<std::string, runtime::DnsType>, std::vector<runtime::DnsRecord>> records_;
};

}  // namespace xivo::sip::testing
