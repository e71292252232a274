#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xivo {

/// A time zone of the system's time zone database, read once.
/// Thread  load() and exists() may read files and belong off the path of calls; everything else reads memory only, from any thread.
class TimeZone {
 public:
  /// "Europe/Paris"; null when the database has no such zone.
  static std::shared_ptr<const TimeZone> load(std::string_view name);
  static bool exists(std::string_view name);
  static const std::shared_ptr<const TimeZone>& utc();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::chrono::seconds offset_at(std::chrono::sys_seconds at) const;
  [[nodiscard]] std::chrono::local_seconds local(std::chrono::sys_seconds at) const {
    return std::chrono::local_seconds{at.time_since_epoch() + offset_at(at)};
  }
  /// Of a time that comes twice the first; of one that the clock jumps over the moment of the jump.
  [[nodiscard]] std::chrono::sys_seconds system(std::chrono::local_seconds wall) const;

  /// The next moment at which the clocks are changed.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> change_after(std::chrono::sys_seconds at) const;

 private:
  struct Change {
    std::chrono::sys_seconds at;
    std::chrono::seconds offset;  // from then on
  };
  static bool before(std::chrono::sys_seconds at, const Change& change);

  std::string name_;
  std::vector<Change> changes_;  // by time; the first holds since ever
};

}  // namespace xivo
