#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "model/kinds.hpp"

namespace xivo::model {

/// One dialled code and the feature that answers it; comes from the features of the build, not from the database.
struct FeatureCode {
  std::string code;     // "*55"
  std::string feature;  // "echo"
};

/// All objects of a kind at one revision: by id, ordered.
template <class Kind>
using Table = std::map<std::int64_t, std::shared_ptr<const Kind>>;

/// The whole configuration at one revision; immutable once published. Lookups that calls need are indexed.
/// Thread  any, without a lock.
class Config {
 public:
  [[nodiscard]] RevisionNumber revision() const { return revision_; }

  [[nodiscard]] const User* user(UserId id) const;
  [[nodiscard]] const SipLine* line(SipLineId id) const;
  [[nodiscard]] const Table<User>& users() const { return users_; }
  [[nodiscard]] const Table<SipLine>& lines() const { return lines_; }

  [[nodiscard]] const SipLine* line_by_name(std::string_view name) const;
  /// The lines that a number of a context rings, in id order; empty when the number is nobody's.
  [[nodiscard]] const std::vector<const SipLine*>& lines_by_exten(std::string_view context, std::string_view exten) const;
  [[nodiscard]] std::vector<const SipLine*> lines_of(UserId user) const;
  /// The fixed peer (SipLine::host not "dynamic") with that source address, if any.
  [[nodiscard]] const SipLine* line_by_address(const SocketAddress& source) const;
  [[nodiscard]] const FeatureCode* feature_code(std::string_view dialled) const;

 private:
  friend class ConfigBuilder;
  RevisionNumber revision_ = 0;
  Table<User> users_;
  Table<SipLine> lines_;
  std::unordered_map<std::string, const SipLine*> line_by_name_;
  std::unordered_map<std::string, std::vector<const SipLine*>> lines_by_exten_;  // key "exten@context"
  std::unordered_map<IpAddress, std::vector<const SipLine*>> lines_by_address_;
  std::vector<FeatureCode> feature_codes_;
};

using ConfigSnapshot = std::shared_ptr<const Config>;

/// Where everybody finds the configuration of now. Publishing swaps one pointer; the next call sees it, calls in progress
/// keep the one they started with.
/// Thread  any.
class ConfigSource {
 public:
  [[nodiscard]] ConfigSnapshot current() const { return std::atomic_load(&current_); }
  void publish(ConfigSnapshot next) { std::atomic_store(&current_, std::move(next)); }

 private:
  ConfigSnapshot current_ = std::make_shared<const Config>();
};

}  // namespace xivo::model
