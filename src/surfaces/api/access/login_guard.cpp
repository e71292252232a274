#include "api/access/login_guard.hpp"

#include <algorithm>

namespace xivo::api {
namespace {

/// What counts as one address.
IpAddress network_of(const IpAddress& address) {
  if (address.is_v4()) return address;
  auto bytes = address.bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return IpAddress::v6(bytes);
}

}  // namespace

bool LoginGuard::admit(const IpAddress& from, runtime::Instant now) {
  const IpAddress network = network_of(from);
  if (!records_.contains(network)) make_room();
  Record& record = records_[network];
  if (record.pending == 0 && now - record.last > kForgetAfter) record = Record{};
  if (record.failures >= kFailuresMax || record.pending >= kPendingMax) return false;
  ++record.pending;
  return true;
}

runtime::Duration LoginGuard::wait_of(const IpAddress& from, runtime::Instant now) const {
  const auto record = records_.find(network_of(from));
  if (record == records_.end() || record->second.failures < kFailuresMax) return kDelayMax;
  return std::max<runtime::Duration>(record->second.last + kForgetAfter - now, std::chrono::seconds(1));
}

runtime::Duration LoginGuard::failed(const IpAddress& from, runtime::Instant now) {
  Record& record = records_[network_of(from)];
  record.last = now;
  ++record.failures;
  runtime::Duration delay = kFirstDelay;
  for (int i = 1; i < record.failures && delay < kDelayMax; ++i) delay *= 2;
  return std::min(delay, kDelayMax);
}

void LoginGuard::answered(const IpAddress& from) {
  const auto record = records_.find(network_of(from));
  if (record == records_.end() || record->second.pending == 0) return;
  if (--record->second.pending == 0 && record->second.failures == 0) records_.erase(record);
}

void LoginGuard::accepted(const IpAddress& from) {
  const auto record = records_.find(network_of(from));
  if (record == records_.end()) return;
  record->second.failures = 0;
  answered(from);
}

void LoginGuard::make_room() {
  if (records_.size() < kAddressesMax) return;
  const auto oldest = std::min_element(records_.begin(), records_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.pending > 0, a.second.last) < std::pair(b.second.pending > 0, b.second.last);
  });
  records_.erase(oldest);
}

}  // namespace xivo::api
