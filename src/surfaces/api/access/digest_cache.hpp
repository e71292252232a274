#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>

#include "runtime/clock.hpp"

namespace xivo::api {

/// What a database said of a token, believed for a few seconds.
/// Thread  the web loop.
template <class Row>
class DigestCache {
 public:
  static constexpr std::size_t kRememberedMax = 1024;
  static constexpr runtime::Duration kTrusted = std::chrono::seconds(5);

  /// nullptr when it is not remembered (any more).
  const Row* find(const std::string& digest, runtime::Instant now) {
    const auto found = rows_.find(digest);
    if (found == rows_.end()) return nullptr;
    if (found->second.until > now) return &found->second.row;
    rows_.erase(found);
    return nullptr;
  }
  void remember(const std::string& digest, const Row& row, runtime::Instant now) {
    if (rows_.size() >= kRememberedMax) rows_.clear();
    rows_[digest] = {row, now + kTrusted};
  }
  template <class Predicate>
  void forget_if(Predicate predicate) {
    std::erase_if(rows_, [&](const auto& entry) { return predicate(entry.second.row); });
  }

 private:
  struct Remembered {
    Row row;
    runtime::Instant until;
  };
  std::unordered_map<std::string, Remembered> rows_;
};

}  // namespace xivo::api
