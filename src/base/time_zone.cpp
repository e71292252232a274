#include "base/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>

namespace xivo {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

/// The library's way to say that there is no such zone, or no database, is an exception.
const date::time_zone* find(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return nullptr;
  }
}

// What is asked about lies between these; the database goes to 2037.
constexpr sys_seconds kFirst = std::chrono::sys_days{std::chrono::year{1970} / 1 / 1};
constexpr sys_seconds kLast = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

}  // namespace

bool TimeZone::before(sys_seconds at, const Change& change) { return at < change.at; }

std::shared_ptr<const TimeZone> TimeZone::load(std::string_view name) {
  const date::time_zone* found = find(name);
  if (found == nullptr) return nullptr;
  auto zone = std::make_shared<TimeZone>();
  zone->name_ = name;
  try {
    for (sys_seconds at = kFirst; at < kLast;) {
      const date::sys_info now = found->get_info(date::sys_seconds(at.time_since_epoch()));
      zone->changes_.push_back({at, now.offset});
      const sys_seconds next{now.end.time_since_epoch()};
      if (next <= at) break;
      at = next;
    }
  } catch (const std::exception&) {  // a file of the database that cannot be read
    return nullptr;
  }
  return zone;
}

bool TimeZone::exists(std::string_view name) { return find(name) != nullptr; }

const std::shared_ptr<const TimeZone>& TimeZone::utc() {
  static const std::shared_ptr<const TimeZone> kUtc = [] {
    auto zone = std::make_shared<TimeZone>();
    zone->name_ = "UTC";
    zone->changes_.push_back({kFirst, seconds{0}});
    return zone;
  }();
  return kUtc;
}

seconds TimeZone::offset_at(sys_seconds at) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), at, before);
  return after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
}

std::optional<sys_seconds> TimeZone::change_after(sys_seconds at) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), at, before);
  return after == changes_.end() ? std::nullopt : std::optional(after->at);
}

sys_seconds TimeZone::system(std::chrono::local_seconds wall) const {
  // The two offsets that may hold: those of a day before and after, between which no zone changes twice.
  const sys_seconds plain{wall.time_since_epoch()};
  const seconds old = offset_at(plain - std::chrono::days{1});
  const seconds next = offset_at(plain + std::chrono::days{1});
  if (const sys_seconds at = plain - old; local(at) == wall) return at;
  if (const sys_seconds at = plain - next; local(at) == wall) return at;
  return change_after(plain - std::max(old, next)).value_or(plain - next);
}

}  // namespace xivo
