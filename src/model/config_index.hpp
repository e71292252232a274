#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "model/kinds.hpp"
#include "model/table.hpp"

namespace xivo::model {

/// What SipLine::host says of a fixed peer.
struct FixedHost {
  IpAddress ip;
  std::uint16_t port = 0;  // 0: any
};
/// Reads "192.0.2.1", "192.0.2.1:5060", "2001:db8::1" or "[2001:db8::1]:5060"; nothing for "dynamic" and all else.
std::optional<FixedHost> parse_fixed_host(std::string_view host);

/// What SipLine::host says of a peer that is found by name.
struct NamedHost {
  std::string_view name;
  std::uint16_t port = 0;  // 0: the domain name system says
};
/// Reads "pbx.example" or "pbx.example:5070"; nothing for addresses, for "dynamic" and for all else.
std::optional<NamedHost> parse_named_host(std::string_view host);

/// Lines by some key of theirs. Copying shares everything; a change copies one small shard, so that a change to one of
/// 10,000 lines costs next to nothing.
/// Thread  any may read; add() and remove() belong to the one who made the copy.
template <class Key, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class LineMap {
 public:
  using Lines = std::vector<const SipLine*>;  // in id order

  template <class Like>
  [[nodiscard]] const Lines& find(const Like& key) const {
    static const Lines kNone;
    const auto& shard = shards_[place(key)];
    if (!shard) return kNone;
    const auto found = shard->find(key);
    return found == shard->end() ? kNone : found->second;
  }

  void add(const Key& key, const SipLine* line) {
    Lines& lines = own(place(key))[key];
    const auto after =
        std::find_if(lines.begin(), lines.end(), [&](const SipLine* l) { return l->id > line->id; });
    lines.insert(after, line);
  }

  void remove(const Key& key, const SipLine* line) {
    Shard& shard = own(place(key));
    const auto found = shard.find(key);
    if (found == shard.end()) return;
    std::erase(found->second, line);
    if (found->second.empty()) shard.erase(found);
  }

 private:
  using Shard = std::unordered_map<Key, Lines, Hash, Equal>;
  static constexpr std::size_t kShards = 128;

  template <class Like>
  static std::size_t place(const Like& key) {
    return (Hash{}(key) * 0x9E3779B97F4A7C15) >> 57;  // the top 7 bits: 0..kShards-1
  }
  /// The shard for writing. One that nobody shares is ours already: it can be reached through this map only.
  Shard& own(std::size_t at) {
    auto& shard = shards_[at];
    if (!shard || shard.use_count() > 1)
      shard = shard ? std::make_shared<Shard>(*shard) : std::make_shared<Shard>();
    return *shard;
  }

  std::array<std::shared_ptr<Shard>, kShards> shards_;
};

/// The ways to find a line other than its id. Points into the table it was made for, and lives as long as that.
struct LineIndex {
  struct Number {
    std::string context;
    std::string exten;
  };
  struct NumberView {
    std::string_view context;
    std::string_view exten;
  };
  struct HashNumber {
    using is_transparent = void;
    template <class N>
    std::size_t operator()(const N& number) const {
      return std::hash<std::string_view>{}(number.exten) * 31 + std::hash<std::string_view>{}(number.context);
    }
  };
  struct SameNumber {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.exten == b.exten && a.context == b.context;
    }
  };
  struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  /// Follows the lines from one table to the next. Objects that the tables share are not looked at.
  void update(const Table<SipLine>& before, const Table<SipLine>& after);

  LineMap<std::string, HashText, std::equal_to<>> by_name;
  LineMap<Number, HashNumber, SameNumber> by_number;
  LineMap<std::int64_t> by_user;
  LineMap<IpAddress> by_address;

 private:
  void add(const SipLine& line);
  void remove(const SipLine& line);
};

}  // namespace xivo::model
