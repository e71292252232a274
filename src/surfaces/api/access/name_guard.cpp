#include "api/access/name_guard.hpp"

#include <algorithm>

namespace xivo::api {

runtime::Duration NameGuard::delay(const std::string& name, const IpAddress& from,
                                   runtime::Instant now) const {
  const int many = failures(name, now) - kFreeFailures;
  if (many < 0) return {};
  const auto& homes = records_.at(name).homes;
  if (std::find(homes.begin(), homes.end(), from) != homes.end()) return {};
  runtime::Duration delay = kFirstDelay;
  for (int i = 0; i < many && delay < kDelayMax; ++i) delay *= 2;
  return std::min(delay, kDelayMax);
}

int NameGuard::failures(const std::string& name, runtime::Instant now) const {
  const auto record = records_.find(name);
  return record == records_.end() || now - record->second.last > kForgetAfter ? 0 : record->second.failures;
}

void NameGuard::failed(const std::string& name, runtime::Instant now) {
  const int before = failures(name, now);
  Record& record = record_of(name);
  record.failures = before + 1;
  record.last = now;
}

void NameGuard::succeeded(const std::string& name, const IpAddress& from, runtime::Instant now) {
  const int before = failures(name, now);
  Record& record = record_of(name);
  record.failures = before;  // a success does not make the others' guesses any better
  if (record.failures == 0) record.last = now;
  std::erase(record.homes, from);
  record.homes.push_back(from);
  if (record.homes.size() > kHomesMax) record.homes.erase(record.homes.begin());
}

NameGuard::Record& NameGuard::record_of(const std::string& name) {
  if (!records_.contains(name) && records_.size() >= kNamesMax) {
    const auto oldest = std::min_element(records_.begin(), records_.end(), [](const auto& a, const auto& b) {
      return std::pair(!a.second.homes.empty(), a.second.last) <
             std::pair(!b.second.homes.empty(), b.second.last);
    });
    records_.erase(oldest);
  }
  return records_[name];
}

}  // namespace xivo::api
